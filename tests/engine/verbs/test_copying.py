"""抄送, 已阅 and 关注: who reads an instance without having work in it."""

from datetime import date, timedelta

import pytest

from engine.people.memberships import end_membership, memberships_of
from engine.people.persons import person_of
from engine.verbs.door import act
from engine.verbs.instance_door import act_upon, possible_upon
from engine.verbs.others.commenting import comment
from engine.verbs.refusals import Invalid, NotAllowed, NotVisible
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from engine.work.copies import copy_of
from engine.work.history import may_see
from engine.work.notices import notices_of
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import offered, upon

TWO = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", verbs="return_to"))


def sees(world: World, login: str, instance: str) -> bool:
    with world.engine.database.read() as connection:
        return may_see(connection, world.person(login), instance)


def copies(world: World, login: str) -> list[tuple[str, str | None, bool]]:
    with world.engine.database.read() as connection:
        found = inbox.copied(connection, world.person(login)).items
    return [(one.from_name, one.text, not one.unread) for one in found]


def test_a_copy_lets_its_receiver_read_and_nothing_else(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    assert not sees(world, "ling2", instance)
    done = upon(world, "ling", "copy_to", instance, "供参考", people=(world.people["ling2"],))
    assert done.message == "已抄送李联。"
    assert sees(world, "ling2", instance)
    assert copies(world, "ling2") == [("张玲", "抄送：李联。供参考", False)]
    item = world.item("ling")
    shown = view(world.engine, world.person("ling2"), item.item_id)
    assert not shown.may_act and shown.verbs == []
    with pytest.raises(NotAllowed):
        act(world.engine, world.person("ling2"), item.item_id, "complete", Request(version=item.lock_version))
    with pytest.raises(NotAllowed, match="由办理过或正在办理它的人"):
        upon(world, "ling2", "copy_to", instance, people=(world.people["tou2"],))
    assert world.item("ling").lock_version == item.lock_version, "nothing is held up or changed"
    assert (world.said(instance)[0][0], world.events(instance)[0].person_name) == ("copy_to", "张玲")
    with world.engine.database.read() as connection:
        kinds = [one["kind"] for one in notices_of(connection, world.person("ling2"))]
    assert kinds == ["copy_to"]


def test_it_is_read_at_the_first_look_and_survives_a_return_and_the_end(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    upon(world, "ling", "copy_to", instance, people=(world.people["ling2"],))
    at = world.clock.now()
    upon(world, "ling2", "mark_read", instance)
    world.clock.advance(timedelta(hours=1))
    upon(world, "ling2", "mark_read", instance)
    with world.engine.database.read() as connection:
        copy = copy_of(connection, instance_id=instance, person_id=world.people["ling2"])
        assert copy is not None and copy["read_at"] == at
        unread = inbox.copied(connection, world.person("ling2"), inbox.Wanted(unread=True))
        assert unread.items == []
    world.complete("ling")
    world.act("tou", "return_to", opinion="改", target="fill", straight_back=False)
    world.complete("ling")
    world.complete("tou")
    assert sees(world, "ling2", instance) and len(copies(world, "ling2")) == 1
    with pytest.raises(NotAllowed, match="没有抄送给您"):
        upon(world, "tou", "mark_read", instance)


def test_once_an_instance_a_person_and_only_to_people_of_this_assessor(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    person = world.people["ling2"]
    upon(world, "ling", "copy_to", instance, people=(person,))
    for people, code in (
        ((person,), "copied_before"), ((), "required"), (("nobody",), "unknown_person"),
        ((world.people["ling"],), "oneself"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            upon(world, "ling", "copy_to", instance, people=people)
        assert refused.value.errors[0].code == code
    assert world.scalar("select count(*) from copy") == 1
    with pytest.raises(NotVisible):
        upon(world, "tou2", "copy_to", instance, people=(world.people["wei"],))
    assert not sees(world, "wei", instance)


def test_who_follows_is_told_of_progress_until_they_stop_or_may_see_it_no_more(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    with pytest.raises(NotVisible):
        upon(world, "tou2", "follow", instance)
    upon(world, "lu", "follow", instance)
    assert "unfollow" in offered(world, "lu", instance) and "follow" not in offered(world, "lu", instance)
    with world.engine.database.read() as connection:
        assert [one.instance_id for one in inbox.followed(connection, world.person("lu")).items] == [instance]
    world.complete("ling")
    assert progress(world, "lu") == ["complete"]
    assert progress(world, "ling") == []
    upon(world, "lu", "unfollow", instance)
    world.complete("tou")
    assert progress(world, "lu") == ["complete"]
    with pytest.raises(NotAllowed, match="没有关注"):
        upon(world, "lu", "unfollow", instance)


def progress(world: World, login: str) -> list[str]:
    with world.engine.database.read() as connection:
        found = notices_of(connection, world.person(login))
    return [one["params_json"]["verb"] for one in found if one["kind"] == "progress"]


def test_who_has_left_every_post_reads_what_they_did_and_does_no_more(world: World) -> None:
    """They copied it to others, commented and followed it long after they had left."""
    world.deploy(planning=TWO)
    instance, ling = world.start(), world.people["ling"]
    world.complete("ling")
    with world.engine.database.write() as connection:
        for held in memberships_of(connection, ling):
            end_membership(connection, held.id, until_on=date(2018, 3, 1))
    world.clock.advance(timedelta(days=1))
    with world.engine.database.read() as connection:
        left = person_of(connection, ling, on=date(2018, 3, 2))
        assert may_see(connection, left, instance)
        assert [one.instance_id for one in inbox.done(connection, left).items] == [instance]
    assert possible_upon(world.engine, left, instance) == []
    why = "您现在没有任何岗位，可以查看自己办过的事项，不能"
    for verb, name in (("copy_to", "抄送"), ("follow", "关注"), ("take_back", "撤回")):
        with pytest.raises(NotAllowed, match=f"{why}{name}。"):
            act_upon(world.engine, left, instance, verb, Request(people=(world.people["lu"],)))
    with pytest.raises(NotAllowed, match=f"{why}评论。"):
        comment(world.engine, left, instance, "我再说一句")
    assert copies(world, "lu") == []
