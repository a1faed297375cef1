"""Putting on record what an administrator does, in the transaction that does it; the auditor reads it."""

from sqlalchemy import Connection

from api.house import House
from engine.audit.administration import SERVER, Act, Subject, note
from engine.people.administering import root_thing, seats_of_account, unit_thing
from engine.people.persons import Person
from engine.people.posts import list_posts
from engine.people.rights import INSTALLATION, Thing
from engine.people.tables import Unit
from engine.people.units import read_unit
from engine.people.users import read_user


def record(
    house: House, connection: Connection, person: Person | None, act: Act, subject: Subject, *, said: str = ""
) -> None:
    """Note what `person` (None: a command at the server) did; on the machine's own time, as log-ins are."""
    note(
        connection,
        act,
        subject,
        at=house.security_clock.now(),
        actor_id=person.id if person else None,
        actor_name=person.name if person else SERVER,
        note=said,
    )


def record_account(
    house: House, connection: Connection, person: Person | None, act: Act, user_id: str, *, said: str = ""
) -> None:
    """`record` for an account; it belongs where its holder has the first seat."""
    user, seats = read_user(connection, user_id), seats_of_account(connection, user_id, on=house.today)
    place = seats[0].home if seats else INSTALLATION
    subject = _subject(user_id, f"{user.name}（{user.login}）", place)
    record(house, connection, person, act, subject, said=said)


def record_seat(
    house: House, connection: Connection, person: Person, act: Act, user_id: str, *, home_id: str, post: str
) -> None:
    """`record` for somebody put on a post of a unit, or taken off it."""
    user, unit = read_user(connection, user_id), read_unit(connection, home_id)
    subject = _subject(user_id, f"{user.name}（{user.login}）", unit_thing(unit))
    named = next((one.name for one in list_posts(connection) if one.key == post), post)
    record(house, connection, person, act, subject, said=f"{unit.name} · {named}")


def record_unit(
    house: House, connection: Connection, person: Person, act: Act, unit: Unit, *, said: str = ""
) -> None:
    """`record` for a unit; an assessor's calendar and an import are recorded at the assessor's own unit."""
    record(house, connection, person, act, _subject(unit.id, unit.name, unit_thing(unit)), said=said)


def record_definitions(
    house: House, connection: Connection, person: Person, names: str, *, said: str
) -> None:
    """`record` for a deployment: it belongs to the installation's root, whose auditor sees it."""
    subject = _subject("definitions", names[:200], root_thing(connection))
    record(house, connection, person, "deploy", subject, said=said)


def _subject(subject_id: str, name: str, place: Thing) -> Subject:
    return Subject(subject_id, name, unit_id=place.unit_id, assessor_id=place.assessor_id)
