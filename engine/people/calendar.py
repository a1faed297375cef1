"""工作日历: an assessor's working calendar, seeded from the published holidays and edited by the office."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import Literal
from zoneinfo import ZoneInfo

from chinese_calendar import constants
from sqlalchemy import Connection, delete, select
from sqlmodel import col

from engine.clock import ZONE, Clock, today
from engine.feel import DateTime
from engine.ids import new_id
from engine.people.queries import QUERIES
from engine.people.records import records
from engine.people.refusals import PeopleRefused
from engine.people.tables import CalendarDay, CalendarYear
from engine.people.working_days import WorkingCalendar

DayKind = Literal["holiday", "workday"]
Functions = Mapping[str, Callable[..., object]]

_PUBLISHED: frozenset[int] = frozenset(day.year for day in constants.holidays)
_CHINESE_NAMES: dict[str, str] = {holiday.value: holiday.chinese for holiday in constants.Holiday}


@dataclass(frozen=True)
class Seeded:
    """Which years were entered now, and which are unknown: of those only weekends count."""

    entered: tuple[int, ...]
    unknown: tuple[int, ...]

    @property
    def notice(self) -> str:
        """The sentence for the office; empty when every year is known."""
        if not self.unknown:
            return ""
        years = "、".join(str(year) for year in self.unknown)
        return f"{years} 年的节假日安排尚不清楚，暂只按周末计算工作日，请在国务院办公厅公布后录入。"


def seed_calendar(connection: Connection, assessor_id: str, years: Iterable[int]) -> Seeded:
    """Enter the published holidays of `years`; a year entered before keeps what the office made of it."""
    wanted = sorted(set(years))
    unknown = tuple(year for year in wanted if year not in _PUBLISHED)
    with records(connection) as session:
        query = select(col(CalendarYear.year)).where(col(CalendarYear.assessor_id) == assessor_id)
        before = set(session.scalars(query))
        marked = set(
            session.scalars(
                select(col(CalendarDay.day_on)).where(col(CalendarDay.assessor_id) == assessor_id)
            )
        )
        entered = tuple(year for year in wanted if year in _PUBLISHED and year not in before)
        for year in entered:
            session.add(CalendarYear(assessor_id=assessor_id, year=year))
        for kind, source in (("holiday", constants.holidays), ("workday", constants.workdays)):
            for day, name in source.items():
                # The office may have marked a day before the year was published; its word is newer.
                if day.year in entered and day not in marked:
                    named = _CHINESE_NAMES.get(name, name) + ("调休" if kind == "workday" else "")
                    session.add(CalendarDay(assessor_id=assessor_id, day_on=day, kind=kind, name=named))
        session.flush()
    _changed(connection, assessor_id)
    return Seeded(entered, unknown)


def set_day(
    connection: Connection, assessor_id: str, day: date, *, kind: DayKind | None, name: str = ""
) -> None:
    """Make a day a holiday or a workday; None: what its weekday says. Deadlines already set stay."""
    if kind not in ("holiday", "workday", None):
        raise PeopleRefused("day_kind", "日历上的一天只能是节假日或工作日。", day=day)
    same = (col(CalendarDay.assessor_id) == assessor_id, col(CalendarDay.day_on) == day)
    connection.execute(delete(CalendarDay).where(*same))
    if kind is not None:
        with records(connection) as session:
            session.add(CalendarDay(assessor_id=assessor_id, day_on=day, kind=kind, name=name.strip()[:60]))
            session.flush()
    _changed(connection, assessor_id)


def confirm_year(connection: Connection, assessor_id: str, year: int) -> None:
    """The office says that it has entered this year's holidays completely."""
    with records(connection) as session:
        session.merge(CalendarYear(assessor_id=assessor_id, year=year))
        session.flush()
    _changed(connection, assessor_id)


def days_of(connection: Connection, assessor_id: str, year: int) -> list[CalendarDay]:
    """The days of a year that differ from their weekday, in order."""
    query = (
        select(CalendarDay)
        .where(col(CalendarDay.assessor_id) == assessor_id)
        .where(col(CalendarDay.day_on).between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(col(CalendarDay.day_on))
    )
    with records(connection) as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def read_calendar(connection: Connection, assessor_id: str) -> WorkingCalendar:
    """The assessor's calendar as it is now. Two statements; `Calendars` remembers it."""
    days = QUERIES.rows(connection, "calendar_days", assessor_id=assessor_id)
    years = QUERIES.rows(connection, "calendar_years", assessor_id=assessor_id)
    return WorkingCalendar(
        holidays=(row["day_on"] for row in days if row["kind"] == "holiday"),
        workdays=(row["day_on"] for row in days if row["kind"] == "workday"),
        known_years=(row["year"] for row in years),
    )


class Calendars:
    """Remembers calendars; one short statement asks whether an edit, by any process, has made one old."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, WorkingCalendar]] = {}
        self._lock = Lock()

    def of(self, connection: Connection, assessor_id: str) -> WorkingCalendar:
        """The assessor's calendar as it is now."""
        row = QUERIES.row(connection, "calendar_revision", assessor_id=assessor_id)
        revision = row["revision"] if row else ""
        with self._lock:
            known = self._known.get(assessor_id)
        if known is not None and known[0] == revision:
            return known[1]
        calendar = read_calendar(connection, assessor_id)
        with self._lock:
            self._known[assessor_id] = (revision, calendar)
        return calendar


def functions(calendar: Callable[[], WorkingCalendar], clock: Clock, *, zone: str = ZONE) -> Functions:
    """What expressions may call about days: working days by the calendar, today and now by the clock.

    `calendar` is asked only when an expression counts days. Wrong arguments raise TypeError or ValueError,
    which FEEL turns into null with a warning.
    """

    def add_working_days(date: object, n: object) -> date:
        return calendar().add_working_days(_civil(date, zone), _whole(n))

    def working_days_between(start: object, end: object) -> Decimal:
        return Decimal(calendar().working_days_between(_civil(start, zone), _civil(end, zone)))

    def is_working_day(date: object) -> bool:
        return calendar().is_working_day(_civil(date, zone))

    return {
        "add working days": add_working_days,
        "working days between": working_days_between,
        "is working day": is_working_day,
        "today": lambda: today(clock, zone),
        "now": lambda: clock.now().astimezone(ZoneInfo(zone)),
    }


def _civil(value: object, zone: str) -> date:
    """The civil date of a FEEL date, or of a FEEL or Python date and time."""
    if isinstance(value, DateTime):
        value = value.to_python()
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    raise TypeError(f"应为日期，而不是 {value!r}")


def _whole(value: object) -> int:
    number = value if isinstance(value, Decimal | int) and not isinstance(value, bool) else None
    if number is None or number != int(number):
        raise TypeError(f"应为整数，而不是 {value!r}")
    return int(number)


def _changed(connection: Connection, assessor_id: str) -> None:
    QUERIES.run(connection, "calendar_changed", assessor_id=assessor_id, revision=new_id())
