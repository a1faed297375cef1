"""工作日历: reading and editing an assessor's working days, the same for pages and REST."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from api.as_shown import changed_since, mark_of
from api.calendars import assessor_for
from api.errors import Trouble
from api.house import House
from api.people.allowed import require
from api.people.recording import record_unit
from engine.people.administering import assessor_thing
from engine.people.calendar import (
    DayKind,
    confirm_year,
    days_of,
    read_calendar,
    seed_calendar,
    set_day,
)
from engine.people.holding import hold
from engine.people.persons import Person
from engine.people.rights import may
from engine.people.rights import require as require_at
from engine.people.tables import Unit
from engine.people.units import read_unit
from engine.people.working_days import WorkingCalendar

_ACT = "edit_calendar"
FIRST_YEAR, LAST_YEAR = 2000, 2100
Entered = Literal["saved", "seeded", "unknown"]


@dataclass(frozen=True)
class Day:
    """A day that differs from its weekday."""

    on: date
    works: bool
    name: str


@dataclass(frozen=True)
class Year:
    """A year of a calendar: its days that differ, whether they are entered completely, whether the person
    who looks may edit it."""

    year: int
    known: bool
    days: tuple[Day, ...]
    calendar: WorkingCalendar
    may_edit: bool = False

    def working_days(self, month: int) -> int:
        """How many days of a month are worked."""
        length = monthrange(self.year, month)[1]
        return sum(self.calendar.is_working_day(date(self.year, month, day)) for day in range(1, length + 1))


def read_year(house: House, person: Person, year: int) -> Year:
    """A year of the person's assessor; everyone may read it. Raises Trouble(403, 404)."""
    assessor, year = assessor_asked(person), possible(year)
    with house.database.read() as connection:
        calendar = read_calendar(connection, assessor)
        days = _days(connection, assessor, year)
    may_edit = may(person, _ACT, assessor_thing(assessor))
    return Year(year, year in calendar.known_years, days, calendar, may_edit)


def marked(days: Sequence[Day]) -> str:
    """What a page knows of a year's days, for `change_day`: each with the mark of how it was shown."""
    return " ".join(f"{day.on}={mark_of(day.works, day.name)}" for day in days)


def change_day(
    house: House, person: Person, day: date, *, kind: DayKind | None, name: str = "", shown: str | None = None
) -> None:
    """Make a day a holiday, a workday, or what its weekday says; `shown` is what `marked` gave the page.

    Raises Trouble(403, 404, 409).
    """
    assessor = _to_edit(person)
    possible(day.year)
    with house.database.write() as connection:
        hold(connection, Unit, assessor)
        now = [one for one in _days(connection, assessor, day.year) if one.on == day]
        knew = [one for one in (shown or "").split() if one.startswith(f"{day}=")]
        if shown is not None and marked(now) != " ".join(knew):
            raise changed_since()
        set_day(connection, assessor, day, kind=kind, name=name)
        said = f"{day} {kind or ''} {name}".strip()
        record_unit(house, connection, person, "calendar", read_unit(connection, assessor), said=said)


def enter_year(house: House, person: Person, year: int, *, confirm: bool) -> Entered:
    """Say that a year is complete, or enter its published holidays; "unknown" when none are published yet."""
    assessor, year = _to_edit(person), possible(year)
    with house.database.write() as connection:
        record_unit(house, connection, person, "calendar", read_unit(connection, assessor), said=str(year))
        if confirm:
            confirm_year(connection, assessor, year)
            return "saved"
        return "unknown" if seed_calendar(connection, assessor, [year]).unknown else "seeded"


def _days(connection: Connection, assessor: str, year: int) -> tuple[Day, ...]:
    return tuple(
        Day(day.day_on, day.kind == "workday", day.name) for day in days_of(connection, assessor, year)
    )


def _to_edit(person: Person) -> str:
    """The assessor whose calendar the person edits. Raises Trouble(403), NotAllowed."""
    require(person, _ACT)
    assessor = assessor_asked(person)
    require_at(person, _ACT, assessor_thing(assessor))
    return assessor


def assessor_asked(person: Person) -> str:
    """The person's assessor; of several, the one whose calendar they edit. Raises Trouble(403) for none."""
    found = assessor_for(person, _ACT)
    if found is None:
        raise Trouble(403, "not_allowed")
    return found


def possible(year: int) -> int:
    """The year, when a calendar may have it. Raises Trouble(404)."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Trouble(404, "not_found")
    return year
