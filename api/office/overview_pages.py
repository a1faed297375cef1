"""总览: the year per unit and step; who is late; reminders, one by one or all late ones at once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.calendars import assessor_of, calendar_for
from api.errors import Trouble
from api.house import House, house_of
from api.language import gettext as _
from api.naming import Naming
from api.office.cycles import PLANNING, may_run
from api.pages import page
from api.security.posted import posted, text_of, texts_of
from api.security.session import signed_in
from api.shell import is_office
from api.words import Due, due_words
from engine.people.persons import Person
from engine.people.visible import ThingColumns, visible
from engine.store import Queries, Row
from engine.verbs import door
from engine.verbs.refusals import Refusal
from engine.verbs.visit import Request as VerbRequest
from processes.cycle.opening import next_year
from processes.planning.queries import cycles_of, office_overview

router = APIRouter(prefix="/office", include_in_schema=False)
QUERIES = Queries(Path(__file__).with_name("office.sql"))

_COLUMNS = ThingColumns(unit="w.subject_unit_id", assessor="w.assessor_id", cycle="w.cycle_id")
_MOST = 300
"""So many items are listed; the figures above count them all."""


@dataclass(frozen=True)
class OpenLine:
    """One open item of the year."""

    item_id: str
    subject: str
    unit_id: str
    step: str
    holder: str
    due: Due | None
    late: bool
    round: int
    returned: bool
    urged_today: bool


@dataclass(frozen=True)
class StepLine:
    """One step: how much is open, how much of it late."""

    step: str
    process: str
    open: int
    late: int


@router.get("")
def show_overview(
    request: Request,
    cycle: str = "",
    said: str = "",
    person: Person = Depends(signed_in),
    house: House = Depends(house_of),
) -> Response:
    """One cycle of the office's own assessor."""
    with house.database.read() as connection:
        cycles = _cycles(connection, person)
        chosen = _chosen(cycles, cycle)
        naming = Naming(house.engine.definitions, connection)
        lines = _open_lines(house, connection, person, naming, chosen["id"])
        steps = _step_lines(connection, person, naming, chosen["id"], today=house.today)
        units = office_overview(connection, chosen["id"])
        incidents = QUERIES.rows(connection, "incidents", cycle_id=chosen["id"])
        runs = may_run(person, chosen)
        started = QUERIES.rows(connection, "started", cycle_id=chosen["id"], process_key=PLANNING)
        following = next_year(connection, chosen["assessor_id"]) if runs else None
        broken = [{**row, "step": _where(naming, row)} for row in incidents]
    here: dict[str, list[OpenLine]] = {}
    for line in lines:
        here.setdefault(line.unit_id, []).append(line)
    return page(
        request,
        "office/overview.html",
        cycles=cycles,
        cycle=chosen,
        late=[line for line in lines if line.late],
        city=[line for line in lines if line.unit_id not in {unit["id"] for unit in units}],
        steps=steps,
        units=units,
        here=here,
        incidents=broken,
        may_plan=runs and not started[0]["times"],
        next_year=following[0] if following else None,
        said=_told(said),
    )


@router.post("/remind")
def remind(
    form: FormData = Depends(posted), person: Person = Depends(signed_in), house: House = Depends(house_of)
) -> Response:
    """催办 the chosen items, or every late one; those urged today already are left alone."""
    cycle = text_of(form, "cycle")
    with house.database.read() as connection:
        chosen = _chosen(_cycles(connection, person), cycle)
        lines = _open_lines(
            house, connection, person, Naming(house.engine.definitions, connection), chosen["id"]
        )
        versions = {row["item_id"]: row["lock_version"] for row in _rows(connection, person, chosen["id"])}
    wanted = set(texts_of(form, "item"))
    everyone = text_of(form, "all_late") == "yes"
    told = refused = 0
    for line in lines:
        if line.item_id in wanted or (everyone and line.late and not line.urged_today):
            try:
                request = VerbRequest(version=versions[line.item_id])
                door.act(house.engine, person, line.item_id, "urge", request)
                told += 1
            except Refusal:
                refused += 1
    return RedirectResponse(f"/office?cycle={chosen['id']}&said=reminded-{told}-{refused}", status_code=303)


def _cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    assessor = assessor_of(person)
    if not is_office(person) or assessor is None:
        raise Trouble(403, "not_allowed")
    return cycles_of(connection, assessor)


def _chosen(cycles: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    found = next((cycle for cycle in cycles if wanted in ("", cycle["id"])), None)
    if found is None:
        raise Trouble(404, "not_found", _("还没有考评年度。") if not cycles else "")
    return found


def _rows(connection: Connection, person: Person, cycle_id: str) -> list[Row]:
    seen = visible(person, "see_item", _COLUMNS)
    return QUERIES.rows_where(
        connection,
        "late_and_open",
        seen.text,
        **seen.values,
        cycle_id=cycle_id,
        most=_MOST,
        urged_by=person.id,
    )


def _open_lines(
    house: House, connection: Connection, person: Person, naming: Naming, cycle_id: str
) -> list[OpenLine]:
    calendar = calendar_for(connection, person)
    today = house.today
    return [
        OpenLine(
            item_id=row["item_id"],
            subject=row["subject_name"] or _("全市"),
            unit_id=row["subject_unit_id"] or "",
            step=naming.step(row["definition_version_id"], row["element_id"]),
            holder=row["assignee_name"] or " · ".join(filter(None, (row["unit_name"], row["post_name"]))),
            due=due_words(row["due_on"], today=today, working_days=calendar.working_days_between),
            late=row["due_on"] is not None and row["due_on"] < today,
            round=row["round"],
            returned=row["returned_from"] is not None,
            urged_today=_as_day(row["urged_on"]) == today,
        )
        for row in _rows(connection, person, cycle_id)
    ]


def _as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _step_lines(
    connection: Connection, person: Person, naming: Naming, cycle_id: str, *, today: date
) -> list[StepLine]:
    seen = visible(person, "see_item", _COLUMNS)
    rows = QUERIES.rows_where(
        connection, "per_step", seen.text, **seen.values, cycle_id=cycle_id, today=today
    )
    return [
        StepLine(
            step=naming.step(row["definition_version_id"], row["element_id"]),
            process=naming.process(row["definition_version_id"]),
            open=int(row["open"]),
            late=int(row["late"] or 0),
        )
        for row in rows
    ]


def _where(naming: Naming, incident: Row) -> str:
    """The step at which an incident stands; what a message would have started has none."""
    version_id = incident["definition_version_id"]
    return naming.step(version_id, incident["element_id"]) if version_id else _("由消息发起的流程")


def _told(said: str) -> str:
    if said == "retried":
        return _("已让流程继续。如果还有问题，它会再出现在这里。")
    if said == "started":
        return _("已发起年度目标制定。各单位的联络员马上收到任务。")
    if said == "opened":
        return _("已新建这个年度。")
    kind, _mark, figures = said.partition("-")
    told, _mark, refused = figures.partition("-")
    if kind != "reminded" or not told.isdigit() or not refused.isdigit():
        return ""
    sentence = _("已催办 {n} 项。").format(n=told)
    if int(refused):
        sentence += _("{n} 项没有催办：今天已经催过，或刚刚办完。").format(n=refused)
    return sentence
