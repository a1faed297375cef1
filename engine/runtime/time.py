"""The clock as diagrams see it, and due dates as they say them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.bpmn.due import due_of
from engine.clock import Clock, end_of_day, today
from engine.feel.temporal import DateTime


@dataclass(frozen=True)
class DueDate:
    """A deadline: the civil date that people read, and the instant at which it has passed."""

    on: date
    at: datetime


def feel_now(clock: Clock, zone: str) -> DateTime:
    """`now()`: the clock's time in the assessor's zone."""
    return DateTime.from_python(clock.now().astimezone(ZoneInfo(zone)))


def feel_today(clock: Clock, zone: str) -> date:
    """`today()`: the civil date in the assessor's zone."""
    return today(clock, zone)


def due_date(value: Any, *, now: datetime, zone: str) -> DueDate | None:
    """What a task's `dueDate` means: a civil date ends at 24:00; a date-time is itself; None is none.

    Raises `engine.bpmn.due.NotATimer` for anything else.
    """
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return DueDate(value, end_of_day(value, zone))
    at = due_of("date", value, now=now, zone=zone).at
    on = at.astimezone(ZoneInfo(zone)).date()
    if at == end_of_day(date.fromordinal(on.toordinal() - 1), zone):  # 24:00 of the day before
        on = date.fromordinal(on.toordinal() - 1)
    return DueDate(on, at)
