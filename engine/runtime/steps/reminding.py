"""When a task reminds of its date: always on a working day, for on another nobody reads it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.bpmn.reminders import Lead
from engine.clock import end_of_day
from engine.people.working_days import WorkingCalendar
from engine.runtime.time import DueDate

_DAY = timedelta(days=1)


def reminder_at(lead: Lead, due: DueDate, *, calendar: WorkingCalendar, zone: str) -> datetime:
    """The instant of a reminder.

    Lead times in days mean the beginning of that day. A reminder that would fall on a day without work
    comes at the beginning of the last working day before.
    """
    if lead.working_days is not None:
        return _begin(calendar.add_working_days(due.on, -lead.working_days), zone)
    if lead.hours is None:
        return _begin(_working(due.on - timedelta(days=lead.days), calendar), zone)
    at = due.at - timedelta(days=lead.days) - lead.hours
    day = at.astimezone(ZoneInfo(zone)).date()
    working = _working(day, calendar)
    return at if working == day else _begin(working, zone)


def again_at(lead: Lead, due: DueDate, *, after: datetime, calendar: WorkingCalendar, zone: str) -> datetime:
    """The first instant after `after` at which a repeated reminder comes, as often as `lead` since the date.

    One that would fall on a day without work comes on the next working day.
    """
    counts = lead.working_days is not None
    each = lead.working_days or lead.days
    day = after.astimezone(ZoneInfo(zone)).date()
    gone = calendar.working_days_between(due.on, day) if counts else (day - due.on).days
    turn = max(gone // each, 1)
    while True:
        on = calendar.add_working_days(due.on, turn * each) if counts else due.on + turn * each * _DAY
        at = _begin(calendar.add_working_days(on, 0), zone)
        if at > after:
            return at
        turn += 1


def _working(day: date, calendar: WorkingCalendar) -> date:
    """The day itself, or the last working day before it."""
    return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)


def _begin(day: date, zone: str) -> datetime:
    return end_of_day(day - _DAY, zone)
