"""催办: once a day a person, by who does not have the task."""

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.visit import MOST_OPINION, Request
from engine.work.notices import notices_of
from tests.engine.runtime.world import World, in_a_row, user

FILL = in_a_row(user("fill", "unit.liaison"))


def urge(world: World, login: str, *, opinion: str = "") -> None:
    """One person urges about the one open item."""
    item_id = str(world.scalar("select id from work_item"))
    act(world.engine, world.person(login), item_id, "urge", Request(version=1, opinion=opinion))


def test_each_person_urges_once_a_day_about_an_item(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    urge(world, "kao")
    with pytest.raises(NotAllowed, match="今天已经催办过"):
        urge(world, "kao")
    urge(world, "ban1")
    assert world.scalar("select count(*) from urge") == 2
    assert world.scalar("select count(*) from notification where kind = 'urge'") == 2


def test_who_has_the_task_cannot_urge_themselves(world: World) -> None:
    world.deploy(planning=in_a_row(user("sort", "assessor.office.staff")))
    world.start()
    with pytest.raises(NotAllowed, match="由您自己办理"):
        urge(world, "ban1")
    urge(world, "kao")
    assert world.scalar("select count(*) from urge") == 1


def test_words_of_urging_have_a_longest_length(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    urge(world, "ban1", opinion="请" * MOST_OPINION)
    with pytest.raises(Invalid, match=str(MOST_OPINION)):
        urge(world, "kao", opinion="请" * (MOST_OPINION + 1))


def test_the_leader_is_told_too_it_is_on_record_and_it_is_the_one_urging_of_the_day(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head")))
    instance = world.start()
    item = world.item("ling")
    asked = Request(version=item.lock_version, opinion="省里等着")
    act(world.engine, world.person("ban1"), item.item_id, "urge_leader", asked)
    for login, kind in (("ling", "urge"), ("tou", "urge_leader")):
        with world.engine.database.read() as connection:
            found = notices_of(connection, world.person(login))
        assert [(one["kind"], one["params_json"]["text"]) for one in found] == [(kind, "省里等着")]
    assert [(e.verb, e.person_name) for e in world.events(instance)] == [("urge_leader", "郑一")]
    for verb in ("urge", "urge_leader"):
        with pytest.raises(NotAllowed, match="今天已经催办"):
            act(world.engine, world.person("ban1"), item.item_id, verb, asked)
    world.complete("ling")
    with pytest.raises(NotAllowed, match="没有上一级可报"):
        head = world.item("tou")
        act(
            world.engine,
            world.person("ban1"),
            head.item_id,
            "urge_leader",
            Request(version=head.lock_version),
        )
