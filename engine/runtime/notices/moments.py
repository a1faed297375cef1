"""When a person is told: at once, after the quiet hours, on a working day, or with the daily digest. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.people.working_days import WorkingCalendar
from engine.runtime.notices.rules import Habit, How

_DAY = timedelta(days=1)


def due_at(how: How, now: datetime, *, habit: Habit, calendar: WorkingCalendar, zone: str, passes: bool
           ) -> datetime:  # fmt: skip
    """The instant at which somebody is told what is known `now`. `passes`: nothing holds it."""
    if how == "digest":
        return next_digest(now, habit=habit, calendar=calendar, zone=zone)
    return now if passes else next_open(now, habit=habit, calendar=calendar, zone=zone)


def next_digest(now: datetime, *, habit: Habit, calendar: WorkingCalendar, zone: str) -> datetime:
    """The next time of the person's digest after `now`."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while (moment := _at(day, habit.digest_time, zone)) <= now or not _tells_on(day, habit, calendar):
        day += _DAY
    return moment


def next_open(now: datetime, *, habit: Habit, calendar: WorkingCalendar, zone: str) -> datetime:
    """`now`, or the end of the quiet hours or free days in which it lies."""
    local = now.astimezone(ZoneInfo(zone))
    day, begins = local.date(), _begins(habit)
    if _is_quiet(local.time(), habit):
        late = local.time() >= time.fromisoformat(habit.quiet_until)  # the evening of a night
        day += _DAY if late else timedelta()
        if _tells_on(day, habit, calendar):
            return max(now, _at(day, habit.quiet_until, zone))
    elif _tells_on(day, habit, calendar):
        return now
    while not _tells_on(day, habit, calendar):
        day += _DAY
    return max(now, _at(day, begins, zone))


def _begins(habit: Habit) -> str:
    """When a working day begins after free ones: at the end of the night's quiet, else with the digest."""
    digest = time.fromisoformat(habit.digest_time)
    overnight = habit.quiet_from > habit.quiet_until
    return habit.quiet_until if overnight or _is_quiet(digest, habit) else habit.digest_time


def _is_quiet(at: time, habit: Habit) -> bool:
    if not habit.quiet_from or habit.quiet_from == habit.quiet_until:
        return False
    begin, end = time.fromisoformat(habit.quiet_from), time.fromisoformat(habit.quiet_until)
    return begin <= at < end if begin < end else at >= begin or at < end


def _tells_on(day: date, habit: Habit, calendar: WorkingCalendar) -> bool:
    return not habit.working_days or calendar.is_working_day(day)


def _at(day: date, clock_time: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), ZoneInfo(zone)).astimezone(UTC)
