"""撤回: the task comes back to whose it was and as it was, and only who still has that work takes it back."""

from datetime import UTC, date, datetime

import pytest

from engine.people.memberships import appoint, end_membership, memberships_of
from engine.verbs.door import act
from engine.verbs.instance_door import act_upon, possible_upon
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from tests.engine.bpmn.lint_diagrams import END, START, diagram, line_up
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.test_standing_in import away, do, person, rows
from tests.engine.verbs.upon import foreseen, holds_together, upon

LATER = date(2018, 3, 8)
GROUP = in_a_row(user("fill", "unit.liaison", groups='= [post(unit, "liaison")]'), user("sign", "unit.head"))


def by_a_stand_in(world: World) -> str:
    """李联 stands in for 张玲, claims her task and hands it in; the instance."""
    world.deploy(planning=GROUP)
    instance = world.start()
    away(world, "ling", "ling2")
    do(world, "ling2", "claim", rows(world, "ling2")[0])
    do(world, "ling2", "complete", rows(world, "ling2")[0], fields={"value": "7"}, opinion="好")
    return instance


def test_what_a_stand_in_takes_back_is_still_the_work_of_who_is_away(world: World) -> None:
    """It had come back as the stand-in's own: who was away had lost task and draft."""
    instance = by_a_stand_in(world)
    act_upon(world.engine, person(world, "ling2"), instance, "take_back", Request())
    for login, whom in (("ling2", "张玲"), ("ling", "")):
        (row,) = rows(world, login)
        shown = view(world.engine, person(world, login), row.item_id)
        assert (shown.standing_for, shown.may_act) == (whom, True)
        assert shown.draft is not None
        assert (shown.draft.data, shown.draft.opinion) == ({"value": "7"}, "好")
    holds_together(world)


def test_who_stands_in_no_more_takes_nothing_back(world: World) -> None:
    instance = by_a_stand_in(world)
    gone = person(world, "ling2", LATER)
    assert "take_back" not in [verb.key for verb in possible_upon(world.engine, gone, instance)]
    with pytest.raises(NotAllowed, match="不代张玲办理，不能撤回"):
        act_upon(world.engine, gone, instance, "take_back", Request())
    assert rows(world, "ling") == []


@pytest.mark.parametrize("elsewhere", [True, False])
def test_who_has_left_the_post_takes_nothing_back(world: World, elsewhere: bool) -> None:
    """It had come back as claimed by who has left: they did it once more, without any post."""
    world.deploy(planning=GROUP)
    instance = world.start()
    item_id = world.scalar("select id from work_item")
    act(world.engine, world.person("ling"), item_id, "claim", Request(version=1))
    world.complete("ling")
    with world.engine.database.write() as connection:
        [held] = memberships_of(connection, world.people["ling"])
        end_membership(connection, held.id, until_on=date(2018, 3, 1))
        if elsewhere:
            since, whom = date(2018, 3, 2), world.people["ling"]
            appoint(connection, user_id=whom, unit_id=held.unit_id, post_key="vice_head", from_on=since)
    world.clock.set(datetime(2018, 3, 8, 1, 0, tzinfo=UTC))
    world.engine.drain()
    gone = person(world, "ling", LATER)
    why = "不在原来的岗位，不能撤回" if elsewhere else "没有任何岗位，可以查看自己办过的事项，不能撤回"
    with pytest.raises(NotAllowed, match=why):
        act_upon(world.engine, gone, instance, "take_back", Request())
    assert world.item("tou").element_id == "sign"


def test_what_had_been_handed_over_comes_back_to_who_handed_it_in(world: World) -> None:
    """转办, then 撤回: it had gone to the post that the diagram names, with a draft that nobody saw."""
    handed = user("fill", "unit.liaison", verbs="hand_over")
    world.deploy(planning=in_a_row(handed, user("sign", "unit.head")))
    instance = world.start()
    world.act("ling", "hand_over", people=(world.people["lu"],), opinion="请办")
    world.complete("lu", fields={"value": "9"})
    seen = foreseen(world, "lu", "take_back", instance)
    assert [(one.step, one.who) for one in seen.opened] == [("办理fill", "陆副")]
    upon(world, "lu", "take_back", instance, "")
    assert world.inbox("ling") == []
    shown = view(world.engine, world.person("lu"), world.item("lu").item_id)
    assert shown.draft is not None
    assert shown.draft.data == {"value": "9"}
    world.complete("lu")
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_a_returned_task_goes_straight_back_although_the_drawing_had_no_shorter_way(world: World) -> None:
    """退回 out of a subprocess, handed in, taken back: it had forgotten that it goes straight back."""
    inside = (
        '<bpmn:subProcess id="inside" name="内部"><bpmn:startEvent id="in" name="" />',
        user("check", "unit.head", verbs="return_to"),
        '<bpmn:endEvent id="out" name="" />',
        line_up("in", "check", "out"),
        "</bpmn:subProcess>",
    )
    steps = START, user("fill", "unit.liaison"), *inside, END
    world.deploy(planning=diagram(SUBJECT, *steps, line_up("begun", "fill", "inside", "done")))
    instance = world.start()
    world.complete("ling")
    world.act("tou", "return_to", target="fill", opinion="数字有误", straight_back=True)
    world.complete("ling")
    upon(world, "ling", "take_back", instance, "")
    item = view(world.engine, world.person("ling"), world.item("ling").item_id).item
    assert (item.returned_from, item.back_to) == ("check", "check")
