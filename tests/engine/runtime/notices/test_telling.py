"""Who is told of what, when: once each, at once or in one digest a day, never in the way of an act."""

from datetime import date

from sqlalchemy import Connection

from engine.people.stand_ins import set_stand_in
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work.notices import Notice, mark_read, notices_of, notify
from tests.engine.runtime.notices.telling import (
    MAIL,
    STEPS,
    PostOffice,
    at,
    engine_of,
    set_clock,
    telling_world,
    wish,
)
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import upon


def test_new_work_comes_in_one_digest_on_the_next_working_morning_and_what_is_sent_back_at_once(
    database: Database,
) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    world.deploy(planning=STEPS)
    world.start()
    world.start()
    assert office.taken == []
    at(world, "2018-03-02 08:29")
    assert office.taken == []
    at(world, "2018-03-02 08:30")
    (one,) = office.of("ling@")
    assert one.splitlines() == ["task: 市旅游委员会", "task: 市旅游委员会"]
    at(world, "2018-03-02 20:00")
    assert len(office.of("ling@")) == 1
    item = world.inbox("ling")[0]
    act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
    world.act("tou", "return_to", target="fill", opinion="请补充")
    assert office.of("ling@")[1:] == ["returned: 市旅游委员会"]
    assert office.of("ling", "chat") == ["returned: 市旅游委员会"], "what is pressing rings in the pocket too"
    at(world, "2018-03-05 08:30")
    assert office.of("tou@") == [], "his task was done with before the digest of Monday"
    at(world, "2018-03-08 00:05")
    at(world, "2018-03-08 08:30")
    assert "remind: 市旅游委员会" in office.of("ling@")[2]
    assert world.scalar("select count(*) from notice_delivery where state = 'waiting'") == 0


def test_an_urge_in_the_night_waits_for_the_morning_and_is_not_told_of_work_that_is_done(
    database: Database,
) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    world.deploy(planning=STEPS)
    world.start()
    world.start()
    first, second = world.inbox("ling")
    at(world, "2018-03-01 21:59")
    act(world.engine, world.person("kao"), first.item_id, "urge", Request(version=1, opinion="请尽快"))
    world.engine.drain()
    assert office.of("ling@") == office.of("ling", "chat") == ["urge: 市旅游委员会"]
    at(world, "2018-03-02 23:00")
    for item in (first, second):
        act(world.engine, world.person("kao"), item.item_id, "urge", Request(version=1, opinion="请尽快"))
    act(world.engine, world.person("ling"), first.item_id, "complete", Request(version=1))
    office.taken.clear()
    at(world, "2018-03-03 12:00")
    assert office.taken == [], "a Saturday"
    at(world, "2018-03-05 07:00")
    assert office.of("ling@") == office.of("ling", "chat") == ["urge: 市旅游委员会"], "of the second only"


def test_what_the_administrator_lets_pass_rings_in_the_night(database: Database) -> None:
    office = PostOffice()
    world = telling_world(database, office, passes=frozenset({"urged"}))
    world.deploy(planning=STEPS)
    world.start()
    at(world, "2018-03-03 23:00")
    urged = world.item("ling")
    act(world.engine, world.person("kao"), urged.item_id, "urge", Request(version=1))
    world.engine.drain()
    assert office.of("ling", "chat") == ["urge: 市旅游委员会"]


def test_each_person_hears_what_they_wish_and_nobody_else_does(database: Database) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    wish(world, "ling", "task", "bell", "now")
    world.deploy(planning=STEPS)
    with database.write() as connection:
        set_stand_in(
            connection,
            user_id=world.people["ling"],
            stand_in_id=world.people["lu"],
            from_on=date(2018, 3, 1),
            until_on=date(2018, 3, 9),
        )
    wish(world, "lu", "task", "bell", "now")
    wish(world, "ling2", "task", "bell", "now")
    world.start()
    told = {one.recipient for one in office.taken}
    assert told == {"ling", "lu"}, "who has it, and who stands in for them"
    set_clock(world, "2018-03-12 10:00")
    world.start()
    assert [one.recipient for one in office.taken][2:].count("lu") == 0


def test_a_notice_that_was_read_on_the_page_is_not_told_again_and_one_is_told_once(
    database: Database,
) -> None:
    office = PostOffice()
    world = telling_world(database, office)
    one = Notice(world.cycle.id, "planning.issued", {"notice": "目标已下达"}, user_id=world.people["ling"])
    other = Notice(world.cycle.id, "planning.issued", {"notice": "请查收"}, user_id=world.people["tou"])
    with database.write() as connection:
        notify(connection, [one, other], at=world.clock.now())
    world.engine.drain()
    with database.write() as connection:
        mark_read(connection, world.person("ling"), at=world.clock.now())
    at(world, "2018-03-02 08:30")
    at(world, "2018-03-05 08:30")
    assert [letter.content for letter in office.taken] == ["planning.issued: 请查收"]


def test_of_a_trial_nothing_leaves_the_house_and_without_channels_nothing_is_written(
    database: Database,
) -> None:
    office = PostOffice()

    def all_are(connection: Connection, cycle_ids: object) -> set[str]:
        return {world.cycle.id}

    world = telling_world(database, office, silent=all_are)
    world.deploy(planning=STEPS)
    world.start()
    world.engine = engine_of(world, database, office, channels={})
    world.start()
    assert world.scalar("select count(*) from notice_delivery") == 0
    assert world.scalar("select count(*) from work_item where told_at is null") == 0
    assert world.scalar("select count(*) from notice_pulse") == 2, "the open pages hear of it all the same"


def test_who_is_handed_a_task_hears_of_it_once_and_again_when_it_comes_back(database: Database) -> None:
    """转办 was told twice, as new work and as a notice; what came back to somebody was not told at all."""
    office = PostOffice()
    world = telling_world(database, office, channels={"mail": MAIL})
    for login in ("ling", "lu"):
        wish(world, login, "task", "mail", "now")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="hand_over,ask")))
    world.start()
    world.act("ling", "hand_over", people=(world.people["lu"],), opinion="出差")
    assert office.of("lu") == ["hand_over: 市旅游委员会"]
    world.act("lu", "hand_over", people=(world.people["ling"],), opinion="还给您")
    assert office.of("ling") == ["task: 市旅游委员会", "hand_over: 市旅游委员会"]
    at(world, "2018-03-01 10:00")
    world.act("ling", "ask", people=(world.people["lu"],), opinion="请核")
    world.act("lu", "answer", opinion="核过了")
    assert office.of("ling")[2:] == ["task: 市旅游委员会"], "it has come back"
    assert len(office.of("lu")) == 2


def handed_in(database: Database) -> tuple[PostOffice, World, str]:
    """张玲 has handed in her task, and it is 王局's turn."""
    office = PostOffice()
    world = telling_world(database, office)
    world.deploy(planning=STEPS)
    at(world, "2018-03-02 10:00")
    instance = world.start()
    world.complete("ling")
    return office, world, instance


def test_who_was_told_of_a_return_at_once_hears_at_once_that_it_was_taken_back(database: Database) -> None:
    """The task had gone from the list, and nothing said why."""
    office, world, instance = handed_in(database)
    world.act("tou", "return_to", target="fill", opinion="请补充")
    assert office.of("ling", "chat") == ["returned: 市旅游委员会"]
    upon(world, "tou", "take_back", instance, "看错了")
    assert office.of("ling", "chat")[1:] == ["taken_back: 市旅游委员会"]
    with database.read() as connection:
        [notice] = notices_of(connection, world.person("ling"))
    assert (notice["kind"], notice["item_id"], notice["instance_id"]) == ("taken_back", None, instance)
    assert (notice["params_json"]["from"], notice["params_json"]["text"]) == ("王局", "看错了")
    assert world.item("tou").element_id == "sign"


def test_what_was_handed_in_and_taken_back_is_told_to_nobody(database: Database) -> None:
    _, world, instance = handed_in(database)
    upon(world, "ling", "take_back", instance)
    assert world.scalar("select count(*) from notification") == 0
