"""目标分解: who carries what, one's own duties, how far the units are; twin of the pages."""

from typing import Any

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.decomposing import read_progress, read_trees
from api.rest import decomposition_shapes as of
from api.rest import shapes
from api.rest.addresses import group
from api.security.session import caller
from engine.people.persons import Person
from processes.decomposition.sets import Part
from processes.decomposition.showing import Branch, Duty, Tree, duties_of
from processes.planning.versions import exact_text

router: APIRouter = group("目标分解 decomposition")


@router.get("/units/{unit_id}/decomposition", summary="一个单位的目标分解：谁承担什么")
def show_trees(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.BrokenTarget]:
    """A unit's targets in force; a division's id gives what was given to that division."""
    with house.database.read() as connection:
        found = read_trees(connection, person, unit_id, cycle, today=house.today)
    return shapes.Listed[of.BrokenTarget](items=[_target(tree) for tree in found.trees])


@router.get("/me/duties", summary="我的指标")
def show_duties(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.MyDuty]:
    """What the caller answers for, the newest year first."""
    with house.database.read() as connection:
        duties = duties_of(connection, person.id)
    return shapes.Listed[of.MyDuty](items=[_duty(duty) for duty in duties])


@router.get("/cycles/{cycle_id}/decomposition", summary="各单位分解到哪里了")
def show_progress(
    cycle_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[of.UnitProgress]:
    """Every unit with targets in force, by code."""
    with house.database.read() as connection:
        _, _, units = read_progress(connection, person, cycle_id, today=house.today)
    return shapes.Listed[of.UnitProgress](items=[of.UnitProgress.model_validate(unit) for unit in units])


def _carried(part: Part) -> dict[str, Any]:
    return {
        "holder": part.holder,
        "division_id": part.division_id,
        "user_id": part.user_id,
        "duty": part.duty,
        "weight": exact_text(part.weight),
        "due_on": part.due_on,
        "verdict": part.verdict,
        "reason": part.reason,
    }


def _share(branch: Branch) -> of.Share:
    duties = [of.Carried.model_validate(_carried(duty)) for duty in branch.duties]
    return of.Share(**_carried(branch.part), duties=duties)


def _target(tree: Tree) -> of.BrokenTarget:
    return of.BrokenTarget(
        id=tree.target.id,
        label=tree.target.label,
        requirement=tree.target.shown(),
        state=tree.state,
        version=tree.version,
        reason=tree.reason,
        shares=[_share(branch) for branch in tree.branches],
    )


def _duty(duty: Duty) -> of.MyDuty:
    return of.MyDuty(
        **_carried(duty.part),
        year=duty.year,
        cycle_id=duty.cycle_id,
        unit_id=duty.unit_id,
        unit=duty.unit_name,
        division=duty.division,
        target_id=duty.target.id,
        target=duty.target.label,
        requirement=duty.target.shown(),
        current=duty.current,
    )
