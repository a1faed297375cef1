"""委派, 前加签, 后加签, 收回: whose task waits, when it comes back, and when a signature counts."""

import pytest

from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.voting_city import approve, begin, having, leftovers, refuse, rows, story, variables

OUTCOMES = "approve:同意,amend:修改后同意,return:退回"
MORE = "ask,add_before,add_after,hand_over,return_to"
SOLO = in_a_row(
    user("sign", "unit.head", form_id="target", outcomes=OUTCOMES, approves="approve,amend", verbs=MORE),
    user("after", "assessor.office.reviewer"),
)


def solo(world: World) -> str:
    world.deploy(planning=SOLO)
    return world.start()


def asks(world: World, login: str, verb: str, *whom: str) -> None:
    people = tuple(world.people[one] for one in whom)
    world.act(login, verb, "sign", people=people, opinion="请把关")


def test_what_was_asked_comes_back_with_both_opinions(world: World) -> None:
    instance = solo(world)
    asks(world, "tou", "ask", "lu")
    waiting = view(world.engine, world.person("tou"), world.item("tou", "sign").item_id)
    assert (waiting.item.waits_for, waiting.verbs) == ("陆副", ["recall"])
    with pytest.raises(NotAllowed, match="已请陆副先办") as refused:
        world.complete("tou", "sign", outcome="approve")
    assert refused.value.hint == "现在可以：收回。"
    with pytest.raises(NotAllowed, match="王局委派给您的，不能办理"):
        world.complete("lu", "sign", outcome="approve")
    with pytest.raises(NotAllowed, match="不能委派"):
        asks(world, "lu", "ask", "ling")
    world.act("lu", "answer", "sign", outcome="amend", opinion="第二项改为49", fields={"value": "49"})
    back = view(world.engine, world.person("tou"), world.item("tou", "sign").item_id)
    assert (back.item.waits_for, back.item.opened_at) == ("", None)
    assert back.draft is not None
    assert back.draft.data == {"value": "49"}
    world.complete("tou", "sign", outcome="approve", opinion="同意", fields={"value": "50"})
    assert story(world, instance) == [
        ("ask", "", "王局"),
        ("answer", "amend", "陆副"),
        ("complete", "approve", "王局"),
    ]
    said = [event.text for event in world.events(instance) if event.element_id == "sign"]
    assert said == ["委派陆副。请把关", "第二项改为49", "同意"]
    assert leftovers(world) == 0
    assert rows(world, "kao", "after")


@pytest.mark.parametrize("verb", ["ask", "add_before", "add_after"])
def test_nobody_asks_themself(world: World, verb: str) -> None:
    solo(world)
    with pytest.raises(NotAllowed, match="就在您手里，请选择别人"):
        asks(world, "tou", verb, "lu", "tou")
    assert (having(world, "tou", "lu"), leftovers(world)) == (["tou"], 0)


def test_who_was_asked_and_has_not_answered_can_be_recalled(world: World) -> None:
    instance = solo(world)
    asks(world, "tou", "ask", "lu", "ling")
    world.act("lu", "answer", "sign", opinion="看过了")
    assert having(world, "ling", "lu", "tou") == ["ling", "tou"]
    held = view(world.engine, world.person("tou"), world.item("tou", "sign").item_id).item
    assert held.waits_for == "张玲", "for who has not answered yet"
    world.act("tou", "recall", "sign", opinion="不等了")
    assert having(world, "ling", "lu", "tou") == ["tou"]
    with pytest.raises(NotAllowed, match="没有可以收回的"):
        world.act("tou", "recall", "sign", opinion="再收")
    world.complete("tou", "sign", outcome="approve")
    assert [line[0] for line in story(world, instance)] == ["ask", "answer", "recall", "complete"]


def test_before_me_on_a_step_of_one_they_advise_and_it_comes_back(world: World) -> None:
    instance = solo(world)
    asks(world, "tou", "add_before", "lu", "ling")
    with pytest.raises(NotAllowed, match="已请陆副、张玲先办"):
        world.complete("tou", "sign", outcome="approve")
    world.complete("ling", "sign", outcome="return", opinion="我不同意")
    with pytest.raises(NotAllowed):
        world.complete("tou", "sign", outcome="approve")
    world.complete("lu", "sign", outcome="approve")
    world.complete("tou", "sign", outcome="amend", fields={"value": "1"})
    assert variables(world, instance) == {"outcome": "amend", "vote": None}
    assert rows(world, "kao", "after")


def test_after_me_mine_counts_when_theirs_are_done_and_with_my_form(world: World) -> None:
    instance = solo(world)
    asks(world, "tou", "add_after", "lu", "ling")
    assert having(world, "ling", "lu", "tou") == ["tou"]
    with pytest.raises(NotAllowed, match="您这一份已经后加签，不能再前加签"):
        asks(world, "tou", "add_before", "wei")
    world.complete("tou", "sign", outcome="amend", fields={"value": "49"})
    assert having(world, "ling", "lu", "tou") == ["ling", "lu"]
    shown = view(world.engine, world.person("lu"), rows(world, "lu")[0].item_id)
    assert shown.signs_for == "王局"
    assert shown.draft is not None
    assert shown.draft.data == {"value": "49"}
    world.complete("lu", "sign", outcome="approve", fields={"value": "99"})
    assert world.scalar("select count(*) from work_item where element_id = 'after'") == 0
    world.complete("ling", "sign", outcome="approve")
    assert variables(world, instance)["outcome"] == "amend"
    value = "select value_text from variable where instance_id = :i and name = 'value'"
    assert world.scalar(value, i=instance) == '"49"'
    assert rows(world, "kao", "after")


def test_after_me_an_objection_ends_the_step_with_its_outcome(world: World) -> None:
    instance = solo(world)
    asks(world, "tou", "add_after", "lu", "ling")
    world.complete("tou", "sign", outcome="approve")
    world.complete("lu", "sign", outcome="return", opinion="不妥")
    assert variables(world, instance)["outcome"] == "return"
    assert story(world, instance)[-1] == ("close", "decided", "系统")
    instance = world.start()
    asks(world, "tou", "add_after", "lu")
    world.complete("tou", "sign", outcome="return", opinion="不同意")  # nobody has to follow a rejection
    assert variables(world, instance)["outcome"] == "return"


def all_sign(world: World) -> None:
    while left := having(world, "ling", "lu", "tou"):
        approve(world, left[0])


@pytest.mark.parametrize("vote", ["all", "any", "ratio:0.6", "turn"])
def test_in_every_form_theirs_come_first_or_last_and_every_one_signs_once(world: World, vote: str) -> None:
    begin(world, vote, verbs=MORE)
    asks(world, "ling", "add_before", "wei")
    assert "wei" in having(world, "wei")
    approve(world, "wei")
    all_sign(world)
    second = begin(world, vote, verbs=MORE)
    asks(world, "ling", "add_after", "wei")
    approve(world, "ling")
    assert having(world, "ling", "wei") == ["wei"]
    assert world.scalar("select state from signer where kind = '' and event_id is not null") == "given"
    approve(world, "wei")
    all_sign(world)
    said = [line for line in story(world, second) if line[0] == "complete"]
    assert len({name for _, _, name in said}) == len(said)
    assert leftovers(world) == 0


def test_a_veto_of_who_was_added_ends_a_countersigned_step_and_a_return_asks_anew(world: World) -> None:
    begin(world, "all", verbs=MORE)
    asks(world, "ling", "add_before", "wei")
    refuse(world, "wei")
    assert having(world, "ling", "lu", "tou") == []
    assert leftovers(world) == 0


def test_several_candidates_of_one_step_cannot_be_set_waiting_by_one_of_them(world: World) -> None:
    world.deploy(
        planning=in_a_row(
            user("sign", "unit.head", groups='= [post(unit, "head"), post(unit, "liaison")]', verbs=MORE)
        )
    )
    world.start()
    item = rows_of_group(world)
    with pytest.raises(NotAllowed, match="请先认领"):
        act_on(world, "tou", item)


def rows_of_group(world: World) -> str:
    return str(world.scalar("select id from work_item where post_key = 'head'"))


def act_on(world: World, login: str, item_id: str) -> None:
    from engine.verbs.door import act
    from engine.verbs.visit import Request

    asked = Request(version=1, people=(world.people["lu"],), opinion="请把关")
    act(world.engine, world.person(login), item_id, "ask", asked)
