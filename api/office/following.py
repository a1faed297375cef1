"""总览: who has what of a year, what is late, and reminding; the same for the page and REST."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.deadlines import Due, reckoning
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.naming import Naming
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.people.visible import ThingColumns, visible
from engine.store import Queries, Row
from engine.verbs import door
from engine.verbs.refusals import Closed, Refusal
from engine.verbs.visit import Request as VerbRequest
from processes.planning.queries import standing_cycle

QUERIES = Queries(Path(__file__).with_name("office.sql"))

_COLUMNS = ThingColumns(unit="w.subject_unit_id", assessor="w.assessor_id", cycle="w.cycle_id")
MOST = 300
"""So many items are listed; the figures of `step_lines` count them all."""


@dataclass(frozen=True)
class OpenLine:
    """One open item of the year."""

    item_id: str
    subject: str
    matter: str
    unit_id: str
    step: str
    holder: str
    due: Due | None
    due_on: date | None
    late: bool
    round: int
    returned: bool
    urged_today: bool
    version: int


@dataclass(frozen=True)
class StepLine:
    """One step: how much is open, how much of it late."""

    step: str
    process: str
    open: int
    late: int


def office_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles that the person follows as an office, newest first. Raises Trouble(403)."""
    return cycles_for(connection, person, "urge")


def planned_cycles(connection: Connection, person: Person) -> list[dict[str, Any]]:
    """The cycles of which the person sees every unit's targets, newest first. Raises Trouble(403)."""
    return cycles_for(connection, person, "see_target")


def chosen_cycle(cycles: list[dict[str, Any]], wanted: str, *, today: date | None = None) -> dict[str, Any]:
    """The cycle of this id; for '' the one that stands on `today` (`standing_cycle`). Raises Trouble(404)."""
    named = next((cycle for cycle in cycles if cycle["id"] == wanted), None)
    found = named if wanted else standing_cycle(cycles, today)
    if found is None:
        raise Trouble(404, "not_found", _("还没有考评年度。") if not cycles else "")
    return found


def open_lines(
    house: House, connection: Connection, person: Person, naming: Naming, cycle_id: str
) -> list[OpenLine]:
    """Open items that the person may see, the most urgent first, at most `MOST`."""
    by, today = reckoning(house, connection, person), house.today
    return [
        OpenLine(
            item_id=row["item_id"],
            subject=row["subject_name"] or _("全市"),
            matter=row["matter"],
            unit_id=row["subject_unit_id"] or "",
            step=naming.step(row["definition_version_id"], row["element_id"]),
            holder=row["assignee_name"] or " · ".join(filter(None, (row["unit_name"], row["post_name"]))),
            due=by.due(row["due_on"]),
            due_on=row["due_on"],
            late=row["due_on"] is not None and row["due_on"] < today,
            round=row["round"],
            returned=row["returned_from"] is not None,
            urged_today=_as_day(row["urged_on"]) == today,
            version=row["lock_version"],
        )
        for row in _rows(connection, person, cycle_id)
    ]


def step_lines(
    connection: Connection, person: Person, naming: Naming, cycle_id: str, *, today: date
) -> list[StepLine]:
    """How much is open at each step, and how much of it late."""
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


def incident_lines(connection: Connection, naming: Naming, cycle_id: str) -> list[Row]:
    """What has stopped in a cycle and waits for somebody, each with the name of its step."""
    rows = QUERIES.rows(connection, "incidents", cycle_id=cycle_id)
    return [{**row, "step": _where(naming, row)} for row in rows]


def was_started(connection: Connection, cycle_id: str, process_key: str) -> bool:
    """Whether a process was started for a cycle."""
    rows = QUERIES.rows(connection, "started", cycle_id=cycle_id, process_key=process_key)
    return bool(rows[0]["times"])


def is_running(connection: Connection, cycle_id: str, process_key: str) -> bool:
    """Whether a process of a cycle was started and has not ended."""
    rows = QUERIES.rows(connection, "running", cycle_id=cycle_id, process_key=process_key)
    return bool(rows[0]["times"])


def remind(
    house: House, person: Person, cycle_id: str, *, items: Set[str], all_late: bool
) -> tuple[int, int]:
    """催办 these items, or every late one not urged today: how many were urged, how many were not.

    An item that was done meanwhile is left alone. Raises Trouble(404) for one that is none of this cycle,
    NotVisible for one that the person may not see; then nobody was urged.
    """
    with house.database.read() as connection:
        chosen = chosen_cycle(office_cycles(connection, person), cycle_id)
        naming = Naming(house.engine.definitions, connection)
        lines = open_lines(house, connection, person, naming, chosen["id"])
        refused = _done_meanwhile(connection, person, chosen["id"], items - {line.item_id for line in lines})
    told = 0
    for line in lines:
        if line.item_id in items or (all_late and line.late and not line.urged_today):
            try:
                door.act(house.engine, person, line.item_id, "urge", VerbRequest(version=line.version))
                told += 1
            except Refusal:
                refused += 1
    return told, refused


def _done_meanwhile(connection: Connection, person: Person, cycle_id: str, items: Collection[str]) -> int:
    """How many of these items, which are not among the open lines, the person sees closed."""
    closed = 0
    for item_id in items:
        try:
            if door.open_item(connection, person, item_id).cycle_id != cycle_id:
                raise Trouble(404, "not_found")
        except Closed:
            closed += 1
    return closed


def _rows(connection: Connection, person: Person, cycle_id: str) -> list[Row]:
    seen = visible(person, "see_item", _COLUMNS)
    return QUERIES.rows_where(
        connection,
        "late_and_open",
        seen.text,
        **seen.values,
        cycle_id=cycle_id,
        most=MOST,
        urged_by=person.id,
    )


def _as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _where(naming: Naming, incident: Row) -> str:
    """The step at which an incident stands; what a message would have started has none."""
    version_id = incident["definition_version_id"]
    return naming.step(version_id, incident["element_id"]) if version_id else _("由消息发起的流程")
