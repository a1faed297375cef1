"""What a step opens: items for people, jobs, timers, subscriptions, child instances."""

from collections.abc import Mapping
from datetime import datetime

from engine.bpmn.execution import Wait
from engine.bpmn.failures import failing_at
from engine.bpmn.model import Element
from engine.bpmn.own_approval import approved_once, approving
from engine.bpmn.reminders import parts_of, read_lead
from engine.bpmn.votes import vote_rule
from engine.ids import new_id
from engine.jobs.queue import NewJob, defer
from engine.people.refusals import PeopleRefused
from engine.people.working_days import WEEKENDS_ONLY
from engine.runtime.calls.counting import fan_out_row
from engine.runtime.events import messages, signals
from engine.runtime.steps import closing, marks
from engine.runtime.steps.desks import Desk, desk_of, open_item
from engine.runtime.steps.reminding import again_at, reminder_at
from engine.runtime.steps.reseating import open_again
from engine.runtime.steps.signing import open_seats, people_of
from engine.runtime.steps.step import Step
from engine.runtime.time import DueDate
from engine.store import Row, insert_rows
from engine.work.apart import keep_apart
from engine.work.chosen import chosen_for
from engine.work.routing import Candidate, NobodyAssigned, candidate_of, candidates

OVERDUE: Mapping[str, str] = {"bihuan:overdueOutcome": "decide", "bihuan:overdueTo": "hand_over"}
"""What the clock does when a date has passed: the property that says so, and the reminder that does it."""


class NobodyToTell(Exception):
    """`bihuan:escalate` names something that is no post and no person."""

    def __init__(self, element: Element, said: object) -> None:
        super().__init__(f"任务“{element.name}”逾期以后告诉谁，写的不是岗位也不是人员（{said!r}）")


def open_waits(step: Step, waits: Mapping[str, Wait]) -> None:
    """Write the rows for what the instance newly waits for."""
    jobs: list[NewJob] = []
    timers: list[Row] = []
    for key, wait in waits.items():
        with failing_at(wait.token):
            if wait.kind == "user":
                _open_items(step, key, wait)
            elif wait.kind == "job":
                jobs.append(_job(step, key, wait))
            elif wait.kind == "timer":
                timers.append(timer_row(step, key, wait))
            elif wait.kind == "message":
                jobs += messages.subscribe(step, key, wait)
            elif wait.kind == "children":
                jobs.append(_fan_out(step, key, wait))
    signals.subscribe(step, waits)
    insert_rows(step.connection, "timer", timers)
    marks.keep(step)
    _write_items(step)
    defer(step.connection, step.setup.queue, jobs)


def _open_items(step: Step, key: str, wait: Wait) -> None:
    element = step.version.element(wait.element)
    if step.seats_back is not None and step.seats_back.element_id == element.id:
        open_again(step, step.seats_back, key, wait)
        return
    round_number = step.row.visits.round_of(element.id)
    if round_number > 1:
        closing.supersede(step, element.id, before_round=round_number)
    desk = desk_of(step, key, wait, returned=marks.mark_of(step, element.id))
    rule = vote_rule(element.properties)
    if rule is not None:
        open_seats(desk, rule)
        return
    elements, names_of = step.version.drawn.elements, step.row.visits.names_of
    chosen = chosen_for(step.connection, step.row.id, element.id, elements, names_of=names_of)
    named = [chosen] if chosen else candidates(element, desk.evaluate)
    rows = [open_item(desk, candidate) for candidate in named]
    if approved_once(element.properties) and len(rows) == 1 and _asked_again(desk, rows[0]):
        payload = {"item_id": rows[0]["id"], "act": "approve"}
        job = NewJob("by_rule", step.row.cycle_id, step.row.id, payload=payload)
        defer(step.connection, step.setup.queue, [job])


def _asked_again(desk: Desk, item: Row) -> bool:
    """Whether only one person can do the step, and has just approved the one before."""
    step = desk.step
    done = [event for event in step.events if event["verb"] == "complete"]
    if not done or done[-1]["outcome"] not in approving(
        step.version.element(done[-1]["element_id"]).properties
    ):
        return False
    lies = Candidate(item["assignee_id"], item["unit_id"], item["post_key"])
    return people_of(desk, lies) == {done[-1]["person_id"]}


def _write_items(step: Step) -> None:
    insert_rows(step.connection, "work_item", step.opened)
    keep_apart(step.connection, step.apart)
    reminders = [row for item in step.opened for row in reminders_of(step, item)]
    insert_rows(step.connection, "reminder", reminders)


def reminders_of(step: Step, item: Row) -> list[Row]:
    """What the clock does about an item: `bihuan:remind` before its date and after it, `bihuan:escalate` and
    `bihuan:overdueOutcome` or `bihuan:overdueTo` when it has passed; past moments are left out.

    Where the escalation's FEEL gives null the diagram wants nobody told. An item that opens when its date has
    passed already is not decided by the clock: somebody must have had the time.
    """
    element = step.version.element(item["element_id"])
    if item["due_at"] is None:
        return []
    rows = _reminding(step, element, item)
    told = _escalation(step, element, item)
    if told is not None:
        rows.append(_reminder(item, "escalate", item["due_at"], told))
    if item["due_at"] > step.at:
        kinds = [kind for name, kind in OVERDUE.items() if element.properties.get(name)]
        rows += [_reminder(item, kind, item["due_at"]) for kind in kinds]
    return rows


def _escalation(step: Step, element: Element, item: Row) -> str | None:
    text = element.properties.get("bihuan:escalate")
    if text is None:
        return None
    token = step.execution.waits()[item["wait_key"]].token
    with failing_at(token):
        said = step.execution.evaluate(token, text)
        if said is None:
            return None
        try:
            candidate_of(element, said, claim_first=False)
        except (NobodyAssigned, PeopleRefused) as error:
            raise NobodyToTell(element, said) from error
    return str(said).strip()


def _reminder(
    item: Row, kind: str, due_at: datetime, post_ref: str | None = None, repeat_text: str | None = None
) -> Row:
    return {
        "id": new_id(),
        "item_id": item["id"],
        "kind": kind,
        "post_ref": post_ref,
        "repeat_text": repeat_text,
        "due_at": due_at,
    }


def _reminding(step: Step, element: Element, item: Row) -> list[Row]:
    leads = [(part, read_lead(part)) for part in parts_of(element.properties.get("bihuan:remind", ""))]
    if not leads:
        return []
    assessor_id, zone = step.row.assessor_id, step.setup.zone
    calendar = step.setup.calendars.of(step.connection, assessor_id) if assessor_id else WEEKENDS_ONLY
    due = DueDate(item["due_on"], item["due_at"])
    once = [lead for _, lead in leads if lead and not lead.repeats]
    moments = dict.fromkeys(reminder_at(lead, due, calendar=calendar, zone=zone) for lead in once)
    rows = [_reminder(item, "remind", at) for at in moments if at > step.at]
    for part, lead in leads:
        if lead and lead.repeats:
            at = again_at(lead, due, after=max(step.at, due.at), calendar=calendar, zone=zone)
            rows.append(_reminder(item, "overdue", at, repeat_text=part))
    return rows


def _job(step: Step, key: str, wait: Wait) -> NewJob:
    return NewJob(
        kind="service",
        cycle_id=step.row.cycle_id,
        instance_id=step.row.id,
        wait_key=key,
        max_attempts=wait.retries or 3,
        payload={"sender": step.sent_by},
    )


def timer_row(step: Step, key: str, wait: Wait) -> Row:
    """When something is due."""
    return {
        "id": new_id(),
        "cycle_id": step.row.cycle_id,
        "instance_id": step.row.id,
        "wait_key": key,
        "element_id": wait.element,
        "due_at": wait.due_at,
    }


def _fan_out(step: Step, key: str, wait: Wait) -> NewJob:
    element = step.version.element(wait.element)
    row = fan_out_row(step.row.id, step.row.cycle_id, key, wait, element)
    insert_rows(step.connection, "fan_out", [row])
    return NewJob(
        kind="spawn",
        cycle_id=step.row.cycle_id,
        instance_id=step.row.id,
        wait_key=key,
        payload={"fan_out_id": row["id"], "sender": step.sent_by},
    )
