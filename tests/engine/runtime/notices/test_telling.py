"""Who is told of what, when: once each, at once or in one digest a day, never in the way of an act."""


from engine.store import Database
from tests.engine.runtime.notices.telling import STEPS, PostOffice, at, telling_world


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
    from engine.verbs.door import act
    from engine.verbs.visit import Request

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
