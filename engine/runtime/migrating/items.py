"""Open items of an instance that changes its version: title, form, date and people as the new diagram says.

What the new version does not say otherwise stays: who has claimed it, since when it lies there, drafts.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.bpmn.execution import Wait
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import Element
from engine.runtime.steps.desks import Desk, answers_for, desk_of, item_row, open_item, placed
from engine.runtime.steps.opening import reminders_of
from engine.runtime.steps.step import Step
from engine.store import Queries, Row, insert_rows
from engine.work.items import Doing, event_row, write_events
from engine.work.placing import place_of
from engine.work.routing import Candidate, candidates

QUERIES = Queries(Path(__file__).with_name("migrating.sql"))
FRESH = ("definition_version_id", "element_id", "matter", "priority", "rank", "search_text")
DATED = ("due_on", "due_at", "order_at")
LATER = ("due_date", "bihuan:remind", "bihuan:escalate", "bihuan:overdueOutcome", "bihuan:overdueTo")


@dataclass
class Changed:
    """What happens to the items of one wait: rows as they will be, candidates that come, rows that go."""

    desk: Desk
    refreshed: list[Row] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    """Ids of those whose people change: what somebody has begun to write is left to the next."""
    redated: set[str] = field(default_factory=set)
    opened: list[Candidate] = field(default_factory=list)
    closed: list[Row] = field(default_factory=list)


def changed_items(step: Step, passage: Passage, wait: Wait, *, rows: list[Row], before: Element) -> Changed:
    """What the new version (`step`'s) makes of the open items of a wait. Writes nothing.

    Raises NobodyAssigned, ExpressionFailed where the new diagram does not say who or when.
    """
    after = step.version.element(wait.element)
    desk = desk_of(_since(step, rows, before, after), wait.key, wait)
    changed = Changed(desk)
    redated = _later(before) != _later(after)
    if "bihuan:vote" in after.properties or same_people(before, after):  # also what was handed over (转办)
        wanted = [meant_in(row) for row in rows]
    else:
        wanted = candidates(after, desk.evaluate)
    pairs, changed.opened, changed.closed = _paired(rows, wanted)
    for row, candidate in pairs:
        fresh = item_row(desk, candidate)
        new = row | {name: fresh[name] for name in FRESH} | {"claim_first": candidate.claim_first}
        new |= {name: _mapped(row[name], passage) for name in ("returned_from", "back_to")}
        if _date(before) != _date(after):
            new |= {name: fresh[name] for name in DATED}
        if redated:
            changed.redated.add(row["id"])
        if candidate != meant_in(row):
            new |= _replaced(step, desk, candidate)
            changed.moved.add(row["id"])
        changed.refreshed.append(new)
    return changed


def same_people(before: Element, after: Element) -> bool:
    """Whether the new diagram names the same people for the step, in the same words."""
    named = [(one.post, one.assignee, one.candidate_groups, one.candidate_users) for one in (before, after)]
    return named[0] == named[1]


def _since(step: Step, rows: list[Row], before: Element, after: Element) -> Step:
    """The step as it would have been when its items were opened, so that a new period counts from then."""
    if not rows or _date(before) == _date(after):
        return step
    return replace(step, at=min(row["created_at"] for row in rows))


def _date(element: Element) -> tuple[object, ...]:
    return (element.due_date,)


def _later(element: Element) -> tuple[object, ...]:
    return (element.due_date, *(element.properties.get(name) for name in LATER[1:]))


def meant_in(row: Row) -> Candidate:
    """Whom an open item is meant for."""
    if row["meant_user_id"] is not None:
        return Candidate(user_id=row["meant_user_id"], claim_first=bool(row["claim_first"]))
    return Candidate(None, row["meant_unit_id"], row["meant_post_key"], bool(row["claim_first"]))


def _paired(
    rows: list[Row], wanted: list[Candidate]
) -> tuple[list[tuple[Row, Candidate]], list[Candidate], list[Row]]:
    """Each item with its candidate: the same one where there is one, else the next that has none yet."""
    left, pairs, others = list(wanted), [], []
    for row in rows:
        if meant_in(row) in left:
            left.remove(meant_in(row))
            pairs.append((row, meant_in(row)))
        else:
            others.append(row)
    pairs += list(zip(others, left, strict=False))
    return pairs, left[len(others) :], others[len(left) :]


def _mapped(element_id: str | None, passage: Passage) -> str | None:
    if element_id is None:
        return None
    found = passage.target(element_id)
    return found.id if found is not None else None


def _replaced(step: Step, desk: Desk, candidate: Candidate) -> Row:
    place = place_of(
        step.connection,
        candidate,
        on=step.today,
        cycle_id=step.row.cycle_id,
        answers_unit_id=answers_for(step),
        without=desk.apart,
    )
    return placed(step, candidate, place) | {"opened_at": None, "stay_said_at": None, "received_at": step.at}


def write_changed(step: Step, changed: Changed) -> None:
    """Write what `changed_items` found; items that come are opened with the step's other rows."""
    for row in changed.refreshed:
        if row["id"] in changed.moved:
            QUERIES.run(step.connection, "leave_drafts", item_id=row["id"], at=step.at)
        refresh(step, row, redated=row["id"] in changed.redated)
    close_rows(step, changed.closed)
    for candidate in changed.opened:
        open_item(replace(changed.desk, step=step), candidate)


def refresh(step: Step, row: Row, *, redated: bool) -> None:
    """Write an open item as `row` says; with `redated` its reminders too."""
    QUERIES.run(step.connection, "refresh_item", **row)
    if redated:
        QUERIES.run(step.connection, "forget_reminders", item_id=row["id"])
        insert_rows(step.connection, "reminder", reminders_of(step, row))


def close_rows(step: Step, rows: list[Row]) -> None:
    """The new version does not ask these people any more: their items go, and history says so."""
    events = [event_row(row, Doing("close", person_name="系统"), at=step.at) for row in rows]
    for row in rows:
        QUERIES.run(step.connection, "close_item", id=row["id"])
    write_events(step.connection, events)
    step.events += events
