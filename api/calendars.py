"""Working days for pages: the calendar of the person's assessor, remembered between requests."""

from sqlalchemy import Connection

from engine.people.calendar import Calendars
from engine.people.persons import Person
from engine.people.working_days import WEEKENDS_ONLY, WorkingCalendar

_CALENDARS = Calendars()


def assessor_of(person: Person) -> str | None:
    """The assessor to whom the person's first post belongs."""
    return person.memberships[0].assessor_id or None if person.memberships else None


def calendar_for(connection: Connection, person: Person) -> WorkingCalendar:
    """The calendar of the person's assessor; weekends only for somebody without a post. One statement."""
    assessor = assessor_of(person)
    return WEEKENDS_ONLY if assessor is None else _CALENDARS.of(connection, assessor)
