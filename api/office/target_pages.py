"""A unit's targets with their versions and milestones; targets without a value, and giving them one."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.office.assigning import assign, target_to_assign, thing_of, waiting_targets
from api.office.changing import asker_of
from api.pages import page
from api.security.posted import posted, text_of
from api.security.session import signed_in
from engine.people.kinds import DIVISION
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.rights import may
from engine.people.tables import Unit
from engine.people.units import read_unit
from processes.adjusting.queries import changes_by_target
from processes.planning.assigning import assignable
from processes.planning.differences import figure_text, month_text
from processes.planning.queries import TargetHistory, cycles_of, standing_cycle, taken_back, unit_year
from processes.planning.reading import KINDS, TargetView, milestone_months
from processes.planning.versions import exact_text

router = APIRouter(include_in_schema=False)


@router.get("/units/{unit_id}/targets")
def show_targets(
    request: Request,
    unit_id: str,
    cycle: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """A unit's year: figures, milestones, versions."""
    with house.database.read() as connection:
        unit, chosen, cycles, targets = read_targets(connection, person, unit_id, cycle, today=house.today)
        here = thing_of(connection, unit_id, chosen["id"] if chosen else None)
        may_assign = may(person, "assign_target", here)
        gone = taken_back(connection, cycle_id=chosen["id"], unit_id=unit_id) if chosen else []
        months = milestone_months(connection, chosen["id"]) if chosen else []
        changes = _changes(connection, unit, chosen, targets, today=house.today)
        asker = asker_of(person, here)
    by_kind = {kind: [one for one in targets if one.target.row["kind"] == kind] for kind in KINDS}
    return page(
        request,
        "office/targets.html",
        unit=unit,
        cycle=chosen,
        cycles=cycles,
        groups=[(KINDS[kind], found) for kind, found in by_kind.items() if found],
        may_assign=may_assign,
        assignable=assignable,
        exact=exact_text,
        gone=gone,
        figure_text=figure_text,
        month_text=month_text,
        months=months,
        changes=changes,
        asker=asker,
    )


def _changes(
    connection: Connection,
    unit: Unit,
    cycle: dict[str, Any] | None,
    targets: list[TargetHistory],
    *,
    today: date,
) -> dict[str, dict[str, Any]]:
    """What is to be said of challenges and adjustments, by target; nothing on a division's page."""
    if cycle is None or unit.kind == DIVISION:
        return {}
    views = [one.target for one in targets]
    return changes_by_target(connection, views, cycle_id=cycle["id"], unit_id=unit.id, today=today)


def read_targets(
    connection: Connection, person: Person, unit_id: str, cycle_id: str = "", *, today: date
) -> tuple[Unit, dict[str, Any] | None, list[dict[str, Any]], list[TargetHistory]]:
    """A unit, a cycle of it (by default the one that stands on `today`), all its cycles, its targets.

    Raises Trouble(404).
    """
    try:
        unit = read_unit(connection, unit_id)
    except PeopleRefused:
        raise Trouble(404, "not_found") from None
    cycles = cycles_of(connection, unit.assessor_id)
    named = next((one for one in cycles if one["id"] == cycle_id), None)
    chosen = named if cycle_id else standing_cycle(cycles, today)
    if cycle_id and chosen is None:
        raise Trouble(404, "not_found")
    if not may(person, "see_target", thing_of(connection, unit_id, chosen["id"] if chosen else None)):
        raise Trouble(404, "not_found")
    owner = str(unit.parent_id) if unit.kind == DIVISION else unit_id
    targets = unit_year(connection, cycle_id=chosen["id"], unit_id=owner) if chosen else []
    if unit.kind == DIVISION:  # a division sees what was given to it, not all of its unit's
        targets = [one for one in targets if one.target.row["division_id"] == unit_id]
    return unit, chosen, cycles, targets


@router.get("/targets")
def list_pending(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Targets of the year that still wait for a figure from above."""
    with house.database.read() as connection:
        cycles, chosen, rows = waiting_targets(connection, person, cycle, today=house.today)
    told = _("已下达；新版本和新任务随后就到单位的联络员。") if said == "assigned" else ""
    return page(request, "office/pending.html", rows=rows, cycles=cycles, cycle=chosen, said=told)


@router.get("/targets/{target_id}/assign")
def show_assign(
    request: Request,
    target_id: str,
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """The form to give a target its value."""
    with house.database.read() as connection:
        target = target_to_assign(connection, person, target_id)
        return _assign_page(request, connection, target)


@router.post("/targets/{target_id}/assign")
def assign_figures(
    request: Request,
    target_id: str,
    form: FormData = Depends(posted),
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """Give the figures, with the paper they rest on."""
    with house.database.read() as connection:
        target = target_to_assign(connection, person, target_id)
        sent = {measure.id: text_of(form, f"figure-{measure.id}") for measure in target.measures}
        document = text_of(form, "document", longest=300)
        try:
            figures = {measure_id: text for measure_id, text in sent.items() if text}
            assign(house, person, target_id, figures, document=document)
        except Trouble as trouble:
            if trouble.status != 422:
                raise
            return _assign_page(request, connection, target, sent=sent, document=document, trouble=trouble)
    return RedirectResponse(f"/targets?cycle={target.row['cycle_id']}&said=assigned", status_code=303)


def _assign_page(
    request: Request,
    connection: Connection,
    target: TargetView,
    *,
    sent: dict[str, str] | None = None,
    document: str = "",
    trouble: Trouble | None = None,
) -> Response:
    return page(
        request,
        "office/assign.html",
        status=422 if trouble else 200,
        target=target,
        unit=read_unit(connection, target.row["unit_id"]),
        sent=sent or {measure.id: exact_text(measure.value) or "" for measure in target.measures},
        document=document,
        refusal=trouble.message if trouble else "",
        wrong={error["field"]: error["message"] for error in trouble.errors} if trouble else {},
    )
