"""What the clock does: timers that are due become jobs, reminders become notices, work follows its people.

Neither ever scans instances. A timer row is taken away in the transaction that queues its job, so it
fires once, however many machines look. When very many are due at once they are queued no faster than they
are run: what people set off in the meantime waits behind a few of them, not behind all.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.reminders import read_lead
from engine.clock import today
from engine.jobs.queue import NewJob, defer
from engine.people.posts import parse_reference
from engine.people.working_days import WEEKENDS_ONLY
from engine.runtime.setup import Setup
from engine.runtime.steps.reminding import again_at
from engine.runtime.time import DueDate
from engine.store import Queries, Row
from engine.store.texts import json_text
from engine.work.notices import Notice, notify
from engine.work.placing import place_of
from engine.work.rerouting import ask_unsettled, settle
from engine.work.routing import Candidate

QUERIES = Queries(Path(__file__).with_name("clockwork.sql"))
BATCH = 200
ACTS = ("decide", "hand_over")
"""Reminders that change something: the clock decides an overdue task, or hands it over."""
BACKLOG = 400
"""No timer is queued while so many jobs wait to be run."""


def tick(setup: Setup) -> int:
    """Queue what is due now (`ask_due`); how many timers, reminders and misplaced items there were."""
    with setup.database.write() as connection:
        now = setup.clock.now()
        timers = QUERIES.rows(connection, "take_timers", now=now, row_limit=_room(connection))
        timers.sort(key=lambda timer: (timer["due_at"], timer["id"]))
        defer(connection, setup.queue, [_timer_job(timer) for timer in timers])
        reminders = QUERIES.rows(connection, "due_reminders", now=now, row_limit=BATCH)
        _remind(setup, connection, reminders, now=now)
        moved = settle(connection, at=now, today=today(setup.clock, setup.zone))
    return len(timers) + len(reminders) + moved


def ask_due(setup: Setup, connection: Connection) -> Callable[[], bool]:
    """Ask whether `tick` would do something: short questions, so that nobody waits for a writer in vain."""
    now = setup.clock.now()
    unsettled = ask_unsettled(connection, today=today(setup.clock, setup.zone))
    reminders = QUERIES.ask(connection, "next_reminders", now=now)
    timers = QUERIES.ask(connection, "next_timers", now=now, row_limit=1)
    return lambda: unsettled() or bool(reminders.rows()) or bool(timers.rows() and _room(connection) > 0)


def _room(connection: Connection) -> int:
    """How many timers may be queued now."""
    [waiting] = QUERIES.rows(connection, "waiting_jobs", now=datetime.now(UTC), row_limit=BACKLOG)
    return min(BATCH, BACKLOG - int(waiting["found"]))


def _timer_job(timer: Row) -> NewJob:
    return NewJob("timer", timer["cycle_id"], timer["instance_id"], timer["wait_key"])


def _remind(setup: Setup, connection: Connection, reminders: list[Row], *, now: datetime) -> None:
    """Each once; what comes again is put off, and what the clock decides is a job of the instance."""
    over = [one["id"] for one in reminders if not one["repeat_text"]]
    if over:
        QUERIES.send(connection, "forget_reminders", ids=json_text(over))
    for one in reminders:
        if one["repeat_text"]:
            QUERIES.send(connection, "again", id=one["id"], due_at=_again(setup, connection, one, now=now))
    reminders = [one for one in reminders if not one["taken"]]
    acts = [one for one in reminders if one["kind"] in ACTS]
    defer(connection, setup.queue, [_overdue_job(one) for one in acts])
    on = today(setup.clock, setup.zone)
    notices = [
        _escalated(connection, one, on=on) if one["kind"] == "escalate" else _notice(one)
        for one in _told(reminders, now=now)
    ]
    notify(connection, notices, at=now)


def _told(reminders: list[Row], *, now: datetime) -> list[Row]:
    """What is said now: of each item once, and as it stands, however many reminders nobody was there to send.

    Whoever is reminded after the date hears that it has passed; of what the clock itself does now nobody is.
    """
    done = {one["item_id"] for one in reminders if one["kind"] in ACTS}
    said: dict[str, Row] = {}
    for one in reminders:
        if one["kind"] not in (*ACTS, "escalate") and one["item_id"] not in done:
            late = one["due_at"] is not None and one["due_at"] <= now
            said[one["item_id"]] = {**one, "kind": "overdue"} if late else one
    told = [one for one in reminders if one["kind"] == "escalate"]
    return [*said.values(), *told]


def _again(setup: Setup, connection: Connection, reminder: Row, *, now: datetime) -> datetime:
    lead = read_lead(reminder["repeat_text"])
    assert lead is not None  # it was read when the item opened
    assessor_id = reminder["assessor_id"]
    calendar = setup.calendars.of(connection, assessor_id) if assessor_id else WEEKENDS_ONLY
    due = DueDate(reminder["due_on"], reminder["due_at"])
    return again_at(lead, due, after=now, calendar=calendar, zone=setup.zone)


def _overdue_job(reminder: Row) -> NewJob:
    return NewJob(
        "by_rule",
        reminder["cycle_id"],
        reminder["instance_id"],
        payload={"item_id": reminder["item_id"], "act": reminder["kind"]},
    )


def _escalated(connection: Connection, reminder: Row, *, on: date) -> Notice:
    """To the post or person that the diagram names; while nobody is there, to who answers instead."""
    ref = str(reminder["post_ref"])
    post = parse_reference(ref) if "#" in ref else None
    meant = Candidate(unit_id=post.unit_id, post_key=post.post_key) if post else Candidate(user_id=ref)
    answers = reminder["subject_unit_id"] or reminder["assessor_id"]
    place = place_of(connection, meant, on=on, cycle_id=reminder["cycle_id"], answers_unit_id=answers)
    notice = _notice(reminder)
    why = {"text": place.notice.removesuffix("。")} if place.notice else {}
    return replace(
        notice,
        user_id=place.user_id,
        unit_id=place.unit_id,
        post_key=place.post_key,
        params={**notice.params, **why},
    )


def _notice(reminder: Row) -> Notice:
    """What is said of an item, to who has it."""
    return Notice(
        cycle_id=reminder["cycle_id"],
        kind=reminder["kind"],
        user_id=reminder["assignee_id"],
        unit_id=reminder["unit_id"],
        post_key=reminder["post_key"],
        instance_id=reminder["instance_id"],
        item_id=reminder["item_id"],
        params={
            "subject": reminder["subject_name"],
            "matter": reminder["matter"],
            "process": reminder["process_key"],
            "element": reminder["element_id"],
            "version": reminder["definition_version_id"],
            "due_on": reminder["due_on"].isoformat() if reminder["due_on"] else None,
        },
    )
