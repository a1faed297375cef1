"""Deadlines as pages tell them: in working days by the calendar, yellow before and red after (黄, 红)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from api.calendars import calendar_for
from api.house import House
from api.language import gettext as _
from engine.people.persons import Person
from engine.people.working_days import WorkingCalendar


@dataclass(frozen=True)
class Due:
    """A deadline in words, with the tone (ok, soon, late) that colours them.

    `unsure`: years up to then whose public holidays nobody has entered; of them only weekends are known.
    """

    text: str
    tone: str
    on: date
    unsure: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reckoning:
    """What deadlines are told by; with `yellow` working days left, or fewer, they are yellow."""

    today: date
    calendar: WorkingCalendar
    yellow: int

    def due(self, on: date | None) -> Due | None:
        """`还有 3 个工作日`, `今天到期` or `逾期 2 天` (calendar days); None without a deadline."""
        if on is None:
            return None
        if on < self.today:
            return Due(_("逾期 {days} 天").format(days=(self.today - on).days), "late", on)
        if on == self.today:
            return Due(_("今天到期"), "soon", on)
        unsure = tuple(self.calendar.unknown_years(self.today, on))
        left = self.calendar.working_days_between(self.today, on)
        if left == 0:
            return Due(_("今天是最后一个工作日"), "soon", on, unsure)
        tone = "soon" if left <= self.yellow else "ok"
        return Due(_("还有 {days} 个工作日").format(days=left), tone, on, unsure)


def reckoning(house: House, connection: Connection, person: Person) -> Reckoning:
    """By the calendar of the person's assessor. One statement."""
    return Reckoning(house.today, calendar_for(connection, person), house.settings.yellow_working_days)
