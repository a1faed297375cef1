"""A rule of 代理 that the office ends: on the record of administration, for whoever it was."""

from datetime import date, datetime

from sqlalchemy import Connection

from engine.audit import administration
from engine.people.memberships import postings_of
from engine.people.persons import Person
from engine.people.stand_ins import end_stand_in
from engine.people.units import assessor_of
from engine.store import Row


def end_on_record(
    connection: Connection, rule: Row, *, by: Person, on: date, at: datetime, reason: str
) -> None:
    """`rule` (id, whose it is, who stands in) ends on this day, by whom and why."""
    end_stand_in(connection, rule["id"], on=on)
    held = postings_of(connection, [rule["user_id"]], on=on).get(rule["user_id"], [])
    unit_id = held[0].unit_id if held else None
    assessor_id = (assessor_of(connection, unit_id) or unit_id) if unit_id else None
    administration.note(
        connection,
        "end_stand_in",
        administration.Subject(rule["user_id"], rule["user_name"], unit_id=unit_id, assessor_id=assessor_id),
        at=at,
        actor_id=by.id,
        actor_name=by.name,
        note=f"{rule['stand_in_name']}不再代理。{reason.strip()}",
    )
