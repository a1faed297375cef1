"""What somebody may do with an instance as a whole, where its pages offer it; and 已阅 at the first look."""

from contextlib import suppress

from sqlalchemy import Connection

from api.house import House
from engine.people.persons import Person
from engine.verbs import instance_door
from engine.verbs.door import VERBS, allow, open_item
from engine.verbs.refusals import Closed, Refusal
from engine.verbs.verb import InstanceVerb
from engine.verbs.visit import Request
from engine.work import copies, history


def deeds_of(house: House, person: Person, instance_id: str) -> list[InstanceVerb]:
    """The verbs that have a page of their own, and 关注 or 取消关注. Raises `NotVisible`."""
    found = instance_door.possible_upon(house.engine, person, instance_id)
    return [verb for verb in found if verb.shown or verb.key in ("follow", "unfollow")]


def note_first_look(house: House, person: Person, instance_id: str) -> None:
    """已阅: what was copied to the person is read when they open it first, and it does not stand still."""
    with house.database.read() as connection:
        copy = copies.copy_of(connection, instance_id=instance_id, person_id=person.id)
    if copy is not None and copy["read_at"] is None:
        with suppress(Closed):
            instance_door.act_upon(house.engine, person, instance_id, "mark_read", Request())


def own_task(connection: Connection, person: Person, instance_id: str) -> str:
    """The first open task of the instance that the person may work on; empty when there is none."""
    for row in history.open_items(connection, instance_id):
        with suppress(Refusal):
            item = open_item(connection, person, str(row["item_id"]))
            allow(person, item, VERBS["complete"])
            return item.id
    return ""
