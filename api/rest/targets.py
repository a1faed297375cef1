"""Targets: a unit's year with its versions, what still waits for a value, and giving it one."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends

from api.house import House, house_of
from api.office.assigning import assign, target_to_assign, waiting_targets
from api.office.target_pages import read_targets
from api.rest import shapes, target_shapes
from api.rest.addresses import group
from api.rest.work import plain
from api.security.session import caller
from engine.people.persons import Person
from processes.planning.differences import Difference, told
from processes.planning.queries import TargetHistory, taken_back
from processes.planning.reading import MeasureView, TargetView
from processes.planning.versions import exact_text

router: APIRouter = group("目标 targets")


@router.get("/units/{unit_id}/targets", summary="一个单位的年度目标及其版本")
def list_targets(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[target_shapes.UnitTarget]:
    """Targets of a cycle (by default the one of today's year) with measures, milestones and versions."""
    with house.database.read() as connection:
        found = read_targets(connection, person, unit_id, cycle, today=house.today)[3]
    return shapes.Listed[target_shapes.UnitTarget](items=[_target(one) for one in found])


@router.get("/units/{unit_id}/targets/taken-back", summary="单位签过又撤回的职能指标")
def list_taken_back(
    unit_id: str, cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[target_shapes.TakenBack]:
    """Function indicators that the unit signed once and took back later, with all their versions."""
    with house.database.read() as connection:
        chosen = read_targets(connection, person, unit_id, cycle, today=house.today)[1]
        gone = taken_back(connection, cycle_id=chosen["id"], unit_id=unit_id) if chosen else []
    return shapes.Listed[target_shapes.TakenBack](
        items=[
            target_shapes.TakenBack(
                id=versions[-1]["target_id"],
                title=versions[-1]["title"],
                versions=[_version(*pair) for pair in zip(versions, told(versions), strict=True)],
            )
            for versions in gone
        ]
    )


@router.get("/targets", summary="待下达的目标：还在等上级给数值")
def list_waiting(
    cycle: str = "", person: Person = Depends(caller), house: House = Depends(house_of)
) -> shapes.Listed[target_shapes.WaitingTarget]:
    """Targets of a cycle (by default the one of today's year) without a value; `missing`: its figures."""
    with house.database.read() as connection:
        rows = waiting_targets(connection, person, cycle, today=house.today)[2]
    return shapes.Listed[target_shapes.WaitingTarget](
        items=[
            target_shapes.WaitingTarget(
                id=row["target"].id,
                code=row["target"].row["code"],
                title=row["target"].title,
                unit_id=row["unit_id"],
                unit=row["unit_name"],
                awaits=row["awaits"],
                missing=[_measure(measure) for measure in row["missing"]],
            )
            for row in rows
        ]
    )


@router.get("/targets/{target_id}", summary="一项目标和它的指标，给有权下达的人")
def show_target(
    target_id: str, person: Person = Depends(caller), house: House = Depends(house_of)
) -> target_shapes.Target:
    """The figures as they stand; 404 when invisible, 403 for who may not assign it."""
    with house.database.read() as connection:
        target = target_to_assign(connection, person, target_id)
    return target_shapes.Target(
        **_told(target), unit_id=target.row["unit_id"], cycle_id=target.row["cycle_id"]
    )


@router.post("/targets/{target_id}/assign", summary="下达指标： 给目标一个值", status_code=202)
def assign_figures(
    target_id: str,
    sent: target_shapes.Assignment,
    person: Person = Depends(caller),
    house: House = Depends(house_of),
) -> target_shapes.Assigned:
    """Stored at once; its own process makes the next version and the unit's task."""
    message = assign(house, person, target_id, sent.figures, document=sent.document)
    return target_shapes.Assigned(target_id=target_id, message_id=message.message_id)


def _target(one: TargetHistory) -> target_shapes.UnitTarget:
    return target_shapes.UnitTarget(
        **_told(one.target),
        versions=[
            _version(version, changes) for version, changes in zip(one.versions, one.changes, strict=True)
        ],
    )


def _version(version: Mapping[str, Any], changes: Sequence[Difference]) -> target_shapes.TargetVersion:
    return target_shapes.TargetVersion(
        number=version["number"],
        title=version["title"],
        text=version["text"],
        weight=exact_text(version["weight"]),
        division=version["division"],
        responsible=version["responsible"],
        how=version["measures"],
        basis=version["basis"],
        basis_on=version["basis_on"],
        made_at=version["made_at"],
        figures=plain(version["figures"]),
        changes=[target_shapes.Change(what=c.what, before=c.before, after=c.after) for c in changes],
    )


def _told(target: TargetView) -> dict[str, Any]:
    """What every shape of a target has."""
    row = target.row
    return {
        "id": target.id,
        "code": row["code"],
        "kind": row["kind"],
        "title": target.title,
        "text": row["text"],
        "locked": bool(row["locked"]),
        "pending": bool(row["pending"]),
        "scorable": bool(row["scorable"]),
        "state": row["state"],
        "measures": [_measure(measure) for measure in target.measures],
    }


def _measure(measure: MeasureView) -> target_shapes.Measure:
    return target_shapes.Measure(
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
