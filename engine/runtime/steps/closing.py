"""What a step closes: items, timers, subscriptions, jobs and children of waits that are over."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.bpmn.execution import Wait
from engine.bpmn.votes import may_seat
from engine.feel import codec
from engine.jobs.queue import NewJob, cancel, defer
from engine.runtime.calls.counting import Over, count_child
from engine.runtime.incidents.register import QUERIES as INCIDENTS
from engine.runtime.steps.rows import QUERIES
from engine.runtime.steps.step import Step
from engine.store import Row
from engine.store.sql import Asked, delete_rows
from engine.work.items import QUERIES as ITEMS
from engine.work.items import Doing, close_items, close_unread, event_row, write_events

GONE = "gone"
"""How an incident is closed whose place in the diagram is not waited at any more."""
DECIDED = "decided"
"""The outcome of a `close` in the history: others have decided the step on which this signer was asked."""


def close_waits(step: Step, waits: Mapping[str, Wait]) -> None:
    """Take away the rows of waits that are over, and write what became of people's items."""
    write_closed(step, take_away(step, waits))


def take_away(step: Step, waits: Mapping[str, Wait]) -> dict[str, Asked]:
    """Take away the rows of waits that are over; the items that lay there, by wait, for `write_closed`."""
    closed: dict[str, Asked] = {}
    for key, wait in waits.items():
        if wait.kind == "user" and step.seated is not None and step.seated.wait_key == key:
            place = {"instance_id": step.row.id, "wait_key": key}
            closed[key] = ITEMS.ask(step.connection, "close_kept", **place)
        elif wait.kind == "user" and _acted_alone(step, key):
            close_unread(step.connection, instance_id=step.row.id, wait_key=key)
        elif wait.kind == "user":
            closed[key] = close_items(step.connection, instance_id=step.row.id, wait_key=key)
        elif wait.kind == "job":
            cancel_jobs(step, key)
        elif wait.kind == "children":
            _close_children(step, key)
    _delete_rows(step, waits)
    return closed


_KEPT_IN = {"timer": "timer", "user": "signer", "message": "subscription", "signal": "signal_subscription"}
"""The table that has rows of a kind of wait, beside work items and jobs."""


def _delete_rows(step: Step, waits: Mapping[str, Wait]) -> None:
    over: dict[str, list[str]] = {}
    for key, wait in waits.items():
        if wait.kind in _KEPT_IN and (wait.kind != "user" or _votes(step, wait)):
            over.setdefault(_KEPT_IN[wait.kind], []).append(key)
    for table, keys in over.items():
        delete_rows(step.connection, table, instance_id=step.row.id, wait_key=keys)


def _acted_alone(step: Step, key: str) -> bool:
    """Did the wait have one open item, whose history this step has written already?"""
    if step.alone is None or step.alone[0] != key:
        return False
    return step.alone[1] in _acted(step) and all(row["wait_key"] != key for row in step.opened)


def _acted(step: Step) -> set[str]:
    """The items that were acted on in this step."""
    return {event["item_id"] for event in step.events if event["verb"] not in ("supersede", "reinstate")}


def write_closed(step: Step, closed: Mapping[str, Asked]) -> list[Row]:
    """Write what became of the items of waits that are over; those that the system has closed."""
    return [row for key, asked in closed.items() for row in _write_closed(step, key, asked.rows())]


def cancel_jobs(step: Step, key: str) -> None:
    """Forget the jobs of a wait that is over; an incident about one of them is about nothing any more."""
    for job_id in cancel(step.connection, instance_id=step.row.id, wait_key=key):
        INCIDENTS.run(
            step.connection,
            "resolve_job",
            job_id=job_id,
            at=step.at,
            by=step.actor.person_id,
            resolution=GONE,
        )


def give_up_held(step: Step) -> None:
    """The instance ends with tokens that are held: nobody has to mend them any more."""
    for token in step.held_before:
        INCIDENTS.run(
            step.connection,
            "resolve_token",
            instance_id=step.row.id,
            token=token,
            at=step.at,
            by=step.actor.person_id,
            resolution=GONE,
        )


def _votes(step: Step, wait: Wait) -> bool:
    return may_seat(step.version.element(wait.element).properties)


def _write_closed(step: Step, key: str, rows: list[Row]) -> list[Row]:
    """The item that was acted on has its history row already; others were closed by the system.

    Where an interrupting event on the step closed them, the history names that event as the reason.
    """
    if step.seated is not None and step.seated.wait_key == key:
        step.seated.items = rows
    acted = _acted(step)
    left = [row for row in rows if row["id"] not in acted]
    closed = [event_row(row, _closing(step, str(row["element_id"]), key), at=step.at) for row in left]
    write_events(step.connection, closed)
    step.events += closed
    return left


def _closing(step: Step, element_id: str, key: str) -> Doing:
    entered = [place for place, what in step.execution.path if what == "entered"]
    events = [step.version.drawn.elements.get(place) for place in entered]
    interrupting = [
        event.id
        for event in events
        if event is not None and event.attached_to == element_id and event.event is not None
        if event.event.cancel_activity
    ]
    return Doing(
        "close",
        outcome=DECIDED if step.decided == key else "",
        person_name="系统",
        target_element_id=interrupting[-1] if interrupting else None,
    )


def _close_children(step: Step, key: str) -> None:
    """Children whose parent no longer waits are ended by a job; none of them may wake it any more."""
    rows = QUERIES.rows(step.connection, "cancel_fan_out", instance_id=step.row.id, wait_key=key)
    cancel_jobs(step, key)
    jobs = [
        NewJob(
            "cancel_children",
            step.row.cycle_id,
            step.row.id,
            payload={"fan_out_id": row["id"], "because": step.because},
        )
        for row in rows
    ]
    defer(step.connection, step.setup.queue, jobs)


def supersede(step: Step, element_id: str, *, before_round: int) -> None:
    """Say of earlier decisions at an element that they no longer count; the rows stay as they are."""
    rows = [
        row
        for name in step.row.visits.names_of(element_id)
        for row in QUERIES.rows(
            step.connection,
            "earlier_opinions",
            instance_id=step.row.id,
            element_id=name,
            from_round=step.row.visits.settled.get(element_id, 0),
            before_round=before_round,
        )
    ]
    events = [_superseding(step, row) for row in rows]
    write_events(step.connection, events)
    step.events += events
    if _alone(step, element_id):
        step.row.visits.settled[element_id] = min(before_round, step.row.visits.round_of(element_id))


def _alone(step: Step, element_id: str) -> bool:
    """Is no other round of the element open, whose decision is still to come?"""
    return sum(wait.element == element_id for wait in step.execution.waits().values()) <= 1


def reinstate(step: Step, superseding_ids: Sequence[str]) -> None:
    """撤回: what these events of the history took out of the count counts again; they stay as they are."""
    events = []
    for event_id in superseding_ids:
        earlier = QUERIES.row(step.connection, "superseding", id=event_id)
        if earlier is not None:
            events.append(_superseding(step, earlier) | {"verb": "reinstate"})
            step.row.visits.settled.pop(str(earlier["element_id"]), None)
    write_events(step.connection, events)
    step.events += events


def replace_opinion(step: Step, earlier: Row) -> None:
    """The same person says something else now: `earlier` (id, element, round, item) counts no more."""
    event = _superseding(step, earlier)
    write_events(step.connection, [event])
    step.events.append(event)


def supersede_interrupted(step: Step) -> None:
    """An interrupting event on a subprocess undoes what was decided inside it in this round."""
    entered = [place for place, what in step.execution.path if what == "entered"]
    for element_id in entered:
        element = step.version.drawn.elements.get(element_id)
        if element is None or element.attached_to is None or element.event is None:
            continue
        host = step.version.element(element.attached_to)
        if host.kind == "subProcess" and element.event.cancel_activity:
            for inner in _user_tasks_within(step, host.id):
                _supersede_visits(step, inner)


def supersede_visited(step: Step, element_ids: list[str]) -> None:
    """退回: the decisions at these elements no longer count."""
    for element_id in element_ids:
        _supersede_visits(step, element_id)


def _supersede_visits(step: Step, element_id: str) -> None:
    if element_id in step.row.visits.elements:
        supersede(step, element_id, before_round=step.row.visits.round_of(element_id) + 1)


def _user_tasks_within(step: Step, scope: str) -> list[str]:
    found = []
    for element in step.version.drawn.children(scope):
        if element.kind == "subProcess":
            found += _user_tasks_within(step, element.id)
        elif element.kind in ("userTask", "manualTask"):
            found.append(element.id)
    return found


def _superseding(step: Step, earlier: Row) -> Row:
    row = step.row
    item = {
        "id": earlier["item_id"],
        "cycle_id": row.cycle_id,
        "year": row.year,
        "instance_id": row.id,
        "root_id": row.root_id,
        "process_key": row.process_key,
        "definition_version_id": row.definition_version_id,
        "element_id": earlier["element_id"],
        "round": earlier["round"],
        "subject_unit_id": row.subject_unit_id,
        "subject_name": row.subject_name,
        "matter": row.matter,
        "unit_id": None,
        "post_key": None,
        "created_at": None,
        "due_at": None,
    }
    doing = Doing("supersede", person_name=step.actor.name, supersedes_id=earlier["id"])
    return event_row(item, doing, at=step.at)


def end(step: Step, *, status: str) -> None:
    """The instance is over: its result is kept, and its parent's counter goes down."""
    row = step.row
    row.status, row.ended_at = status, step.at
    results: dict[str, Any] | None = step.execution.results()
    if row.fan_out_id is not None and row.parent_id is not None:
        child = Over(
            row.fan_out_id,
            row.cycle_id,
            row.parent_id,
            completed=status == "completed",
            results=results or {},
            sender=step.sent_by,
        )
        results = count_child(step.setup, step.connection, child)
    row.result_json = None if results is None else codec.dumps(results)
