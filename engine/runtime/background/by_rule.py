"""What the diagram does with a task without a person: decide it when overdue, hand it over, not ask twice.

What it does is nobody's doing: the history names the system, never a person who did not act.
"""

from pathlib import Path
from typing import Any

from engine.bpmn.execution import Wait
from engine.bpmn.failures import failing_at
from engine.bpmn.own_approval import approving
from engine.runtime.steps.desks import desk_of, meant_by, open_place
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.step import Step
from engine.store import Queries, Row
from engine.work.items import Doing, Item, event_row, read_item, text_row, write_events, write_texts
from engine.work.placing import tell
from engine.work.routing import candidate_of
from engine.work.signers import QUERIES as SIGNERS

QUERIES = Queries(Path(__file__).with_name("by_rule.sql"))
TIMED_OUT, APPROVED_ONCE = "timed_out", "approved_once"
"""Verbs of the history."""
SYSTEM = "系统"


class NotDecidable(Exception):
    """The task's record does not take what lies there: nobody has filled it in."""

    def __init__(self, name: str, sentences: list[str]) -> None:
        super().__init__(f"“{name}”到期未办，按规定应由系统办理，但内容不完整：{'；'.join(sentences)}")


def act(step: Step, item_id: str, kind: str) -> None:
    """Decide an open item (`decide`, `approve`) or hand it over (`hand_over`).

    Raises `NotDecidable`, and whatever the diagram's own expressions raise: an incident then says so.
    """
    item = read_item(step.connection, item_id)
    wait = step.before.get(item.wait_key) if item else None
    if item is None or wait is None or not _is_of_the_clock(step, item, kind):
        return
    properties = step.version.element(item.element_id).properties
    if kind == "approve":
        reason = "上一环节已由同一人同意，按规定不再重复办理。"
        _decide(step, item, wait, outcome=approving(properties)[0], verb=APPROVED_ONCE, reason=reason)
        finish(step, act=f"{APPROVED_ONCE}:{item.element_id}")
    elif kind == "decide":
        outcome = properties["bihuan:overdueOutcome"].strip()
        _decide(step, item, wait, outcome=outcome, verb=TIMED_OUT)
        finish(step, act=f"{TIMED_OUT}:{item.element_id}")
    else:
        _hand_over(step, item, wait)
        finish(step, act=f"{TIMED_OUT}:{item.element_id}", run=False)


def _is_of_the_clock(step: Step, item: Item, kind: str) -> bool:
    """Once for each visit: by the item of whom the diagram names, which is there while others act first.

    Who signs after (后加签) is all that is left of a visit; of several, nobody can take all the places.
    """
    if not item.purpose:
        return True
    if item.purpose != "after":
        return False
    here = {"instance_id": item.instance_id, "wait_key": item.wait_key}
    row = SIGNERS.row(step.connection, "beside", **here)
    return kind == "decide" or (row is not None and row["how_many"] == 1)


def _decide(step: Step, item: Item, wait: Wait, *, outcome: str, verb: str, reason: str = "") -> None:
    """Complete the token with an outcome in nobody's name; what the record holds is written as it stands."""
    element = step.version.element(item.element_id)
    context = step.context(item.element_id, token=wait.token, unit_id=item.unit_id)
    record = step.setup.bindings.records.get(element.properties.get("bihuan:record", ""))
    variables: dict[str, Any] = {}
    if record is not None:
        stored = dict(record.read(context))
        wrong = record.check(context, stored, outcome=outcome)
        if wrong:
            raise NotDecidable(element.name, [one.message for one in wrong])
        variables = record.write(context, stored, outcome=outcome)
    _say(step, item.__dict__, Doing(verb, outcome=outcome, person_name=SYSTEM), reason)
    if "bihuan:vote" in element.properties:
        step.decided = item.wait_key
    step.execution.complete(wait.token, {**variables, "outcome": outcome})


def _hand_over(step: Step, item: Item, wait: Wait) -> None:
    element = step.version.element(item.element_id)
    with failing_at(wait.token):
        desk = desk_of(step, item.wait_key, wait, round_number=item.round)
        to = candidate_of(element, desk.evaluate(element.properties["bihuan:overdueTo"]), claim_first=False)
    place = open_place(desk, to)
    lies = {"unit_id": place.unit_id, "post_key": place.post_key, "assignee_id": place.user_id}
    QUERIES.run(step.connection, "hand_over", id=item.id, at=step.at, **lies, **meant_by(step, to))
    text = place.notice or f"“{element.name}”到期未办，按规定转来办理。"
    tell(step.connection, item.__dict__ | lies, place, kind="vacant", text=text, at=step.at)
    _say(step, item.__dict__ | lies, Doing(TIMED_OUT, person_name=SYSTEM), text)


def _say(step: Step, item: Row, doing: Doing, reason: str) -> None:
    said = doing
    if reason:
        kept = text_row(cycle_id=step.row.cycle_id, instance_id=step.row.id, kind="reason", content=reason)
        write_texts(step.connection, [kept])
        said = Doing(**{**doing.__dict__, "text_id": str(kept["id"])})
    event = event_row(item, said, at=step.at)
    write_events(step.connection, [event])
    step.events.append(event)
