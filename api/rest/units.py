"""Units, their targets, and giving targets their values."""

from fastapi import APIRouter, Depends

from api.calendars import assessor_of
from api.house import House, house_of
from api.office.assigning import assign
from api.office.cycles import start_process
from api.office.target_pages import read_targets
from api.people.allowed import LOOK, require
from api.rest import shapes, unit_shapes
from api.rest.addresses import group
from api.rest.work import plain
from api.security.session import caller
from engine.people.persons import Person
from engine.people.units import list_units
from processes.planning.queries import TargetHistory, cycles_of
from processes.planning.reading import MeasureView
from processes.planning.versions import exact_text

router: APIRouter = group("单位与目标 units")


@router.get("/units", summary="单位")
def list_all_units(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[unit_shapes.Unit]:
    """Units that exist today, by code, for whom the page 单位 is open. Everybody's own unit is in /me."""
    require(person, *LOOK, "run_cycle")
    with house.database.read() as connection:
        units = list_units(connection, on=house.today)
    return shapes.Listed[unit_shapes.Unit](
        items=[
            unit_shapes.Unit(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                short_name=unit.short_name,
                kind=unit.kind,
                tier=unit.tier,
                group=unit.unit_group,
                parent_id=unit.parent_id,
                assessor_id=unit.assessor_id,
                assessed=unit.assessed,
            )
            for unit in units
        ]
    )


@router.get("/cycles", summary="考评年度")
def list_cycles(
    person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[shapes.Cycle]:
    """The cycles of the caller's assessor, newest first; none for a caller without a post."""
    assessor = assessor_of(person)
    with house.database.read() as connection:
        found = cycles_of(connection, assessor) if assessor else []
    return shapes.Listed[shapes.Cycle](items=[shapes.Cycle.model_validate(cycle) for cycle in found])


@router.post("/cycles/{cycle_id}/start", summary="发起一个年度流程", status_code=201)
def start_in_cycle(
    cycle_id: str,
    sent: shapes.StartProcess,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> shapes.StartedProcess:
    """Start a process such as `plan_setting` for a whole cycle; 409 when it was started before."""
    return shapes.StartedProcess(instance_id=start_process(house, person, cycle_id, sent.process))


@router.get("/units/{unit_id}/targets", summary="一个单位的年度目标及其版本")
def list_targets(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[unit_shapes.UnitTarget]:
    """Targets of a cycle (the newest by default) with measures, milestones and versions."""
    with house.database.read() as connection:
        found = read_targets(connection, person, unit_id, cycle)[3]
    return shapes.Listed[unit_shapes.UnitTarget](items=[_target(one) for one in found])


@router.post("/targets/{target_id}/assign", summary="下达指标： 给目标一个值", status_code=202)
def assign_figures(
    target_id: str,
    sent: unit_shapes.Assignment,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> unit_shapes.Assigned:
    """Stored at once; its own process makes the next version and the unit's task."""
    message = assign(house, person, target_id, sent.figures, document=sent.document)
    return unit_shapes.Assigned(target_id=target_id, message_id=message.message_id)


def _target(one: TargetHistory) -> unit_shapes.UnitTarget:
    row = one.target.row
    return unit_shapes.UnitTarget(
        id=one.target.id,
        code=row["code"],
        kind=row["kind"],
        title=one.target.title,
        text=row["text"],
        locked=bool(row["locked"]),
        pending=bool(row["pending"]),
        scorable=bool(row["scorable"]),
        state=row["state"],
        measures=[_measure(measure) for measure in one.target.measures],
        versions=[
            unit_shapes.TargetVersion(
                number=version["number"],
                text=version["text"],
                basis=version["basis"],
                made_at=version["made_at"],
                figures=plain(version["figures"]),
            )
            for version in one.versions
        ],
    )


def _measure(measure: MeasureView) -> unit_shapes.Measure:
    return unit_shapes.Measure(
        id=measure.id,
        name=measure.row["name"],
        unit=measure.row["unit"],
        comparator=measure.row["comparator"],
        value=exact_text(measure.value),
        awaits=measure.row["awaits"],
        milestones={
            str(month): exact_text(value) or "" for month, value in sorted(measure.milestones.items())
        },
    )
