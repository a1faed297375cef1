"""Nobody approves their own request; who has just approved is not asked twice where the diagram says so."""

import pytest

from engine.runtime.setup import Actor
from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed, NotVisible
from engine.verbs.visit import Request
from tests.engine.runtime.world import World, in_a_row, user

CHOICE = "approve:同意,return:退回"


def begin(world: World, login: str) -> str:
    by = Actor(world.people[login], login)
    return world.engine.start("planning", cycle=world.cycle, variables={"unit": world.unit("U1")}, by=by)


@pytest.mark.parametrize(
    "how", [{"distinct": "initiator"}, {"vote": "any", "signers": '= [post(unit, "head")]'}]
)
def test_ones_own_request_is_not_ones_own_to_approve(world: World, how: dict[str, str]) -> None:
    """The unit's only head has begun it: it goes to the office, and the head cannot reach it."""
    world.deploy(planning=in_a_row(user("sign", "unit.head", outcomes=CHOICE, **how)))
    instance = begin(world, "tou")
    assert world.inbox("tou") == []
    item = world.item("ban1")
    with pytest.raises((NotAllowed, NotVisible)):
        act(world.engine, world.person("tou"), item.item_id, "complete", Request(1, outcome="approve"))
    world.complete("ban1", outcome="approve")
    assert world.status(instance) == "completed"


def test_what_another_has_begun_is_approved_as_ever(world: World) -> None:
    world.deploy(planning=in_a_row(user("sign", "unit.head", outcomes=CHOICE, distinct="initiator")))
    instance = begin(world, "ling")
    world.complete("tou", outcome="approve")
    assert world.status(instance) == "completed"


def test_the_diagram_may_allow_ones_own_approval(world: World) -> None:
    sign = user(
        "sign",
        "unit.head",
        outcomes=CHOICE,
        vote="any",
        signers='= [post(unit, "head")]',
        ownApproval="allowed",
    )
    world.deploy(planning=in_a_row(sign))
    instance = begin(world, "tou")
    world.complete("tou", outcome="approve")
    assert world.status(instance) == "completed"


@pytest.mark.parametrize(("verb", "named"), [("hand_over", "people"), ("add_signer", "target")])
def test_whoever_is_brought_to_ones_own_request_is_told_that_they_began_it(
    world: World, verb: str, named: str
) -> None:
    """They were said to have done an earlier step, which they had not."""
    sign = user(
        "sign", "unit.vice_head", outcomes=CHOICE, vote="all", signers='= [post(unit, "vice_head")]',
        verbs="hand_over,add_signer",
    )  # fmt: skip
    world.deploy(planning=in_a_row(sign))
    begin(world, "tou")
    began = world.people["tou"]
    with pytest.raises(NotAllowed, match="本事项是王局发起的，不能由其本人审批，不能"):
        world.act("lu", verb, opinion="请办", **{named: (began,) if named == "people" else began})


def test_the_same_approver_is_asked_once(world: World) -> None:
    first = user("first", "unit.head", outcomes=CHOICE)
    second = user("second", "unit.head", outcomes=CHOICE, sameApprover="once")
    world.deploy(planning=in_a_row(first, second, user("after", "assessor.office.reviewer")))
    instance = world.start()
    world.complete("tou", outcome="approve")
    assert world.item("kao").element_id == "after"
    assert [(one.verb, one.element_id, one.outcome, one.person_id) for one in world.events(instance)] == [
        ("complete", "first", "approve", world.people["tou"]),
        ("approved_once", "second", "approve", None),
    ]


def test_who_did_not_approve_or_is_not_alone_is_asked_again(world: World) -> None:
    first = user("first", "unit.head", outcomes=CHOICE)
    second = user("second", "unit.head", outcomes=CHOICE, sameApprover="once")
    world.deploy(planning=in_a_row(first, second))
    world.start()
    world.complete("tou", outcome="return")
    assert world.item("tou").element_id == "second"
    world.deploy(
        planning=in_a_row(
            user("one", "assessor.office.staff", outcomes=CHOICE),
            user("two", "assessor.office.staff", outcomes=CHOICE, sameApprover="once"),
        )
    )
    world.start()
    world.complete("ban1", outcome="approve")
    assert world.item("ban2").element_id == "two"
