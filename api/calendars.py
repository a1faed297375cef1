"""Working days for pages: the calendar of the person's assessor, remembered between requests."""

from sqlalchemy import Connection

from engine.people.calendar import Calendars
from engine.people.persons import Person
from engine.people.working_days import WEEKENDS_ONLY, WorkingCalendar

_CALENDARS = Calendars()


def assessor_of(person: Person) -> str | None:
    """The assessor to whom the person's first post belongs."""
    return person.memberships[0].assessor_id or None if person.memberships else None


def assessors_of(person: Person) -> tuple[str, ...]:
    """The assessors to whom the person's posts belong, the first post's first."""
    return tuple(dict.fromkeys(held.assessor_id for held in person.memberships if held.assessor_id))


def assessor_for(person: Person, act: str) -> str | None:
    """The assessor for which the person does `act`: by the post with this right, else the first post."""
    able = (held.assessor_id for held in person.rights_to(act) if held.assessor_id)
    return next(able, assessor_of(person))


def calendar_for(connection: Connection, person: Person) -> WorkingCalendar:
    """The calendar of the person's assessor; weekends only for somebody without a post. One statement."""
    assessor = assessor_of(person)
    return WEEKENDS_ONLY if assessor is None else _CALENDARS.of(connection, assessor)
