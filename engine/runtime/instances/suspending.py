"""挂起 and 恢复办理: an instance stands still, and goes on as if the time between had not been.

While it stands still no verb is taken, no timer fires, nobody is reminded, and messages wait. When it goes
on, deadlines move by the working days between, and other timers by exactly the time between.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.clock import end_of_day
from engine.ids import new_id
from engine.jobs.queue import NewJob, defer
from engine.people.working_days import WEEKENDS_ONLY, WorkingCalendar
from engine.runtime.incidents.mending import Act, write_act
from engine.runtime.setup import Actor, Setup
from engine.runtime.steps.finishing import audit
from engine.runtime.steps.opening import reminders_of
from engine.runtime.steps.rows import lock_instance, save
from engine.runtime.steps.step import RUNNING, SUSPENDED, Step, look_at
from engine.store import Queries, Row, insert_rows
from engine.work.items import NEVER

QUERIES = Queries(Path(__file__).with_name("suspending.sql"))
BATCH = 100
"""So many instances of a tree are handled in one transaction; a job goes on with the others."""


@dataclass(frozen=True)
class Pause:
    """The time for which an instance stood still, and whose working days count."""

    since: datetime
    until: datetime
    calendar: WorkingCalendar
    zone: str

    def day(self, day: date) -> date:
        """A deadline after the pause: as many working days later as passed in it."""
        zone = ZoneInfo(self.zone)
        first, last = self.since.astimezone(zone).date(), self.until.astimezone(zone).date()
        passed = self.calendar.working_days_between(first, last)
        return day if passed <= 0 or day < first else self.calendar.add_working_days(day, passed)

    def moment(self, at: datetime) -> datetime:
        """A timer after the pause. What was due before the pause is due still."""
        if at <= self.since:
            return at
        on = at.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        if end_of_day(on, self.zone) == at:  # a day's end is a deadline in working days
            return end_of_day(self.day(on), self.zone)
        return at + (self.until - self.since)


def suspend(step: Step, *, reason: str, tree_id: str = "") -> str:
    """挂起 the instance of `step`; the id of its suspension. Those of one act share the first one's id."""
    identity = new_id()
    event = write_act(step.connection, step.row, "", Act("suspend", reason), actor=step.actor, at=step.at)
    step.events.append(event)
    rest(step)
    row = {
        "id": identity,
        "tree_id": tree_id or identity,
        "cycle_id": step.row.cycle_id,
        "instance_id": step.row.id,
        "suspended_at": step.at,
        "suspended_by": step.actor.person_id,
        "suspended_by_name": step.actor.name,
        "reason": reason,
    }
    insert_rows(step.connection, "suspension", [row])
    step.row.status = SUSPENDED
    audit(step, "suspend")
    save(step.connection, step.row, step.execution)
    return identity


def rest(step: Step) -> None:
    """No timer of the instance is due and nobody is reminded, until it goes on."""
    QUERIES.run(step.connection, "rest_timers", instance_id=step.row.id, never=NEVER)
    QUERIES.run(step.connection, "forget_reminders", instance_id=step.row.id)


def resume(step: Step, standing: Row, *, reason: str) -> None:
    """恢复办理 the instance of `step`, which stands still by the suspension `standing`."""
    act = Act("resume", reason)
    step.events.append(write_act(step.connection, step.row, "", act, actor=step.actor, at=step.at))
    pause = _pause(step, standing["suspended_at"])
    for timer in QUERIES.rows(step.connection, "resting", instance_id=step.row.id):
        due_at = pause.moment(timer["rests_at"])
        QUERIES.run(step.connection, "wake_timer", id=timer["id"], due_at=due_at)
        if timer["wait_key"] in step.before:
            step.execution.put_off(timer["wait_key"], due_at)
    for item in QUERIES.rows(step.connection, "items", instance_id=step.row.id):
        _put_off(step, pause, item)
    QUERIES.run(step.connection, "end", id=standing["id"], at=step.at, by=step.actor.person_id)
    now = datetime.now(UTC)
    jobs = QUERIES.rows(step.connection, "hurry", instance_id=step.row.id, now=now, now2=now)
    if jobs:
        step.setup.queue.announce(step.connection, [{**job, "run_at": now} for job in jobs])
    step.row.status = RUNNING
    audit(step, "resume")
    save(step.connection, step.row, step.execution)


def _pause(step: Step, since: datetime) -> Pause:
    assessor_id = step.row.assessor_id
    calendar = step.setup.calendars.of(step.connection, assessor_id) if assessor_id else WEEKENDS_ONLY
    return Pause(since, step.at, calendar, step.setup.zone)


def _put_off(step: Step, pause: Pause, item: Row) -> None:
    due_at = pause.moment(item["due_at"]) if item["due_at"] else None
    due_on = item["due_on"]
    if due_on is not None and due_at is not None and due_at != item["due_at"]:
        due_on = (due_at - timedelta(microseconds=1)).astimezone(ZoneInfo(pause.zone)).date()
    follow_up = pause.day(item["follow_up_on"]) if item["follow_up_on"] else None
    moved = {**item, "due_at": due_at, "due_on": due_on}
    QUERIES.run(
        step.connection,
        "put_off",
        id=item["id"],
        due_on=due_on,
        due_at=due_at,
        order_at=due_at or NEVER,
        follow_up_on=follow_up,
    )
    if due_at is None:
        return
    told = due_at <= pause.since  # before it stood still, so only what comes again and again comes again
    again = [row for row in reminders_of(step, moved) if not told or row["repeat_text"]]
    insert_rows(step.connection, "reminder", again)


def standing_of(connection: Connection, instance_id: str) -> Row | None:
    """By which suspension an instance stands still: since when, by whom, why; None when it does not."""
    return QUERIES.row(connection, "standing", instance_id=instance_id)


def why_it_stands(connection: Connection, instance_id: str, *, zone: str) -> str:
    """The sentence for everybody who would act on an instance that stands still; "" when it does not."""
    standing = standing_of(connection, instance_id)
    if standing is None:
        return ""
    on = standing["suspended_at"].astimezone(ZoneInfo(zone)).date()
    who, reason = standing["suspended_by_name"], standing["reason"].rstrip("。")
    return f"流程已于 {on} 由{who}挂起（{reason}），恢复办理以后才能办，期限顺延。"


def how_many_below(connection: Connection, instance_id: str) -> int:
    """How many instances run under one."""
    row = QUERIES.row(connection, "how_many_below", id=instance_id)
    return int(row["found"]) if row else 0


def suspend_below(setup: Setup, connection: Connection, top: Row, *, actor: Actor) -> int:
    """挂起 what runs under the instance of suspension `top`: a batch now, the others by a job. How many."""
    rows = QUERIES.rows(connection, "below", id=top["instance_id"], row_limit=BATCH)
    for row in rows:
        instance = lock_instance(connection, row["id"])
        if instance.status == RUNNING:
            step = look_at(setup, connection, instance, actor=actor)
            suspend(step, reason=top["reason"], tree_id=top["id"])
    if len(rows) == BATCH:
        _later(setup, connection, "suspend_tree", top, actor=actor, reason=top["reason"])
    return len(rows)


def resume_below(setup: Setup, connection: Connection, top: Row, *, actor: Actor, reason: str) -> int:
    """恢复办理 what was suspended together with the instance of `top`."""
    rows = QUERIES.rows(connection, "in_tree", tree_id=top["id"], row_limit=BATCH)
    for row in rows:
        instance = lock_instance(connection, row["instance_id"])
        standing = standing_of(connection, row["instance_id"])
        if instance.status == SUSPENDED and standing is not None:
            resume(look_at(setup, connection, instance, actor=actor), standing, reason=reason)
    if len(rows) == BATCH:
        _later(setup, connection, "resume_tree", top, actor=actor, reason=reason)
    return len(rows)


def _later(setup: Setup, connection: Connection, kind: str, top: Row, *, actor: Actor, reason: str) -> None:
    payload = {
        "id": top["id"],
        "instance_id": top["instance_id"],
        "reason": reason,
        "person_id": actor.person_id,
        "name": actor.name,
    }
    defer(connection, setup.queue, [NewJob(kind, top["cycle_id"], payload=payload)])
