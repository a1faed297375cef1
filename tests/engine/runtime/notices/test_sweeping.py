"""What was told is forgotten in the end, but nothing that still keeps somebody from being told twice."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from engine.runtime.housekeeping.chores import House
from engine.runtime.housekeeping.sweeping import Keeping
from engine.runtime.notices.deliveries import Wanted, deliveries
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.engine.people.conftest import City
from tests.engine.runtime.notices.telling import PostOffice, at, telling_world, wish
from tests.engine.runtime.notices.test_todos import Centre
from tests.engine.runtime.world import World, in_a_row, user

STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
MONTH = timedelta(days=30)
LONG_AGO = "2018-03-01 02:00:00.000000+00:00"


def sweep(world: World, keeping: Keeping) -> None:
    house = House(replace(world.engine.setup, keeping=keeping), look_seconds=0)
    while house.look():
        pass
    with world.engine.database.write() as connection:
        connection.execute(text("delete from chore"))


def count(world: World, table: str) -> int:
    return int(world.scalar(f"select count(*) from {table}"))


def test_what_is_over_is_forgotten_and_who_was_told_of_open_work_is_not_told_again(
    database: Database,
) -> None:
    office, centre = PostOffice(), Centre()
    world = telling_world(database, office, todo="centre")
    world.engine.setup.senders["webhook"] = centre  # type: ignore[index]
    wish(world, "ling", "task", "mail", "now")
    world.deploy(planning=STEPS)
    world.start()
    world.start()
    done, left = world.inbox("ling")
    act(world.engine, world.person("ling"), done.item_id, "complete", Request(version=done.lock_version))
    world.engine.drain()
    at(world, "2018-03-02 08:30")
    told = (len(office.of("ling@")), len(office.of("tou@")))
    assert told == (2, 1), "her two tasks, and his digest"
    sweep(world, Keeping(notices=MONTH))
    assert (count(world, "notice_delivery"), count(world, "notice_digest")) == (3, 1), "nothing is old yet"
    world.clock.advance(2 * MONTH)
    with database.write() as connection:
        connection.execute(text("update work_item set told_at = null"))
    sweep(world, Keeping(notices=MONTH))
    hers = "select item_id from notice_delivery where person_id = :id"
    assert world.scalar(hers, id=world.people["ling"]) == left.item_id
    assert (count(world, "notice_digest"), count(world, "todo_entry")) == (0, 2)
    assert world.scalar("select count(*) from todo_entry where item_id = :id", id=done.item_id) == 0
    pushes = len(centre.letters)
    world.engine.drain()
    assert (len(office.of("ling@")), len(office.of("tou@"))) == told, "told once, however often gathered"
    assert len(centre.letters) == pushes


def test_what_has_not_arrived_is_kept_until_it_has(database: Database) -> None:
    office = PostOffice(refusing=True)
    world = telling_world(database, office, attempts=99)
    wish(world, "ling", "task", "mail", "now")
    world.deploy(planning=STEPS)
    world.start()
    world.complete("ling")
    world.clock.advance(2 * MONTH)
    sweep(world, Keeping(notices=MONTH, letters=MONTH))
    assert world.scalar("select count(*) from notice_delivery where kind = 'task' and state = 'sent'") == 1
    with database.write() as connection:
        connection.execute(text("update outbox set sent_at = :at"), {"at": LONG_AGO})
    sweep(world, Keeping(notices=MONTH))
    assert world.scalar("select count(*) from notice_delivery where state = 'sent'") == 0


def test_a_letter_that_is_forgotten_before_its_delivery_has_arrived(database: Database) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    wish(world, "ling", "task", "mail", "now")
    world.deploy(planning=STEPS)
    world.start()
    world.clock.advance(2 * MONTH)
    sweep(world, Keeping(letters=MONTH))
    with database.write() as connection:
        world.people["admin"] = City(connection, world.units).add_person("admin", "C0 admin.system")
    with database.read() as connection:
        admin = world.person("admin")
        (found,) = deliveries(connection, admin, Wanted(login="ling"))
        waiting = deliveries(connection, admin, Wanted(login="ling", open=True))
    assert (found.state, waiting) == ("sent", [])
