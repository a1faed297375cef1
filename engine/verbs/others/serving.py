"""Who has left every post reads on what they did, by 已办, and does nothing more with it."""

from sqlalchemy import Connection

from engine.people.persons import Person
from engine.work import copies

READING = frozenset({"mark_read", "unfollow"})
"""What goes with reading: it is noted, or somebody wants to hear no more."""


def why_not_serving(connection: Connection, person: Person, instance_id: str, name: str) -> str:
    """Why the person does nothing with an instance: no post, nobody to stand in for, no open task; or ""."""
    if person.memberships or person.stands_in:
        return ""
    if copies.has_task(connection, instance_id=instance_id, person_id=person.id):
        return ""
    return f"您现在没有任何岗位，可以查看自己办过的事项，不能{name}。"
