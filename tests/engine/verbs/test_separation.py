"""双人复核: who did an earlier step does not act on the one that the diagram keeps apart from it."""

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.test_standing_in import away, do
from tests.engine.verbs.test_standing_in import rows as rows_of
from tests.engine.verbs.voting_city import heard

GROUP = '= [post(assessor, "office.staff")]'


def check(**more: str) -> bytes:
    return in_a_row(
        user("enter", "assessor.office.staff", verbs="return_to"),
        user("check", "assessor.office.staff", distinct="enter", verbs="return_to", **more),
    )


def count(world: World, login: str) -> dict[str, int]:
    with world.engine.database.read() as connection:
        return inbox.counts(connection, world.person(login))


@pytest.mark.parametrize("verb", ["complete", "return_to"])
def test_who_entered_does_not_check(world: World, verb: str) -> None:
    world.deploy(planning=check())
    world.start()
    world.complete("ban1", "enter")
    assert world.inbox("ban1") == []
    assert (count(world, "ban1")["mine"], count(world, "ban2")["mine"]) == (0, 1)
    item = world.item("ban2", "check").item_id
    said = heard(world, world.person("ban1"), item, verb=verb, outcome="", target="enter", opinion="改")
    assert said == "您已办理过“办理enter”，本环节须由另一人办理（双人复核）；请由同岗位的其他人办理。"
    shown = view(world.engine, world.person("ban1"), item)
    assert (shown.may_act, shown.verbs) == (False, [])
    assert "双人复核" in shown.apart


def test_the_list_of_what_may_be_claimed_leaves_it_out_and_a_claim_is_refused(world: World) -> None:
    world.deploy(planning=check(groups=GROUP))
    instance = world.start()
    world.complete("ban1", "enter")
    assert (count(world, "ban1")["claimable"], count(world, "ban2")["claimable"]) == (0, 1)
    item = world.scalar("select id from work_item")
    assert "双人复核" in heard(world, world.person("ban1"), item, verb="claim", outcome="")
    request = Request(version=1)
    act(world.engine, world.person("ban2"), item, "claim", request)
    world.complete("ban2", "check")
    assert world.status(instance) == "completed"


def test_a_handling_that_was_superseded_does_not_count(world: World) -> None:
    world.deploy(planning=check())
    instance = world.start()
    world.complete("ban1", "enter")
    world.act("ban2", "return_to", "check", target="enter", opinion="数字有误")
    world.complete("ban2", "enter")  # this time the other one enters
    assert world.inbox("ban2") == []
    world.complete("ban1", "check")
    assert world.status(instance) == "completed"


def test_where_the_post_has_nobody_else_the_head_checks(world: World) -> None:
    world.deploy(
        planning=in_a_row(user("enter", "unit.liaison"), user("check", "unit.liaison", distinct="enter"))
    )
    world.start()
    world.complete("ling", "enter")
    assert [row.element_id for row in world.inbox("tou")] == ["check"]
    notice = world.scalar("select params_json from notification where kind = 'vacant'")
    assert "已在本环节或前面环节办理" in notice


def test_a_stand_in_does_not_get_around_it(world: World) -> None:
    world.deploy(planning=check())
    world.start()
    away(world, "ban1", "lu")
    [row] = rows_of(world, "lu")
    do(world, "lu", "complete", row)  # for 郑一
    item = world.item("ban2", "check").item_id
    assert "双人复核" in heard(world, world.person("lu"), item, outcome="")
    assert "双人复核" in heard(world, world.person("ban1"), item, outcome="")
    assert heard(world, world.person("ban2"), item, outcome="") == "done"


def test_who_acted_for_themselves_is_not_stood_in_for(world: World) -> None:
    world.deploy(planning=check())
    world.start()
    world.complete("ban1", "enter")
    away(world, "ban1", "lu")
    [row] = rows_of(world, "lu")
    with pytest.raises(NotAllowed, match="不能代郑一办理"):
        do(world, "lu", "complete", row)


def test_signers_too_are_kept_apart_from_who_prepared(world: World) -> None:
    outcomes = "approve:同意,return:退回"
    sign = user("sign", "assessor.office.staff", vote="all", outcomes=outcomes, distinct="enter")
    world.deploy(planning=in_a_row(user("enter", "assessor.office.staff"), sign))
    instance = world.start()
    world.complete("ban2", "enter")
    assert [len(world.inbox(login)) for login in ("ban1", "ban2")] == [1, 0]
    world.complete("ban1", "sign", outcome="approve")
    assert world.status(instance) == "completed"
