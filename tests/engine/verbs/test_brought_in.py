"""Who was brought into a step (委派, 前加签, 后加签): taken out with whom they brought, counted once."""

from typing import Any

import pytest

from engine.verbs.refusals import Invalid, NotAllowed
from tests.engine.runtime.world import World
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.upon import holds_together
from tests.engine.verbs.voting_city import approve, begin, having, refuse, rows, variables

VERBS = "ask,add_before,add_after,add_signer,remove_signer"
PAIR = '= [post(unit, "vice_head"), post(unit, "head")]'


def bring(world: World, login: str, verb: str, whom: str) -> None:
    world.act(login, verb, "sign", people=(world.people[whom],), opinion="请把关")


def seat_of(world: World, whom: str) -> str:
    key = "select id || '@' || meant_user_id from signer where meant_user_id = :p"
    return str(world.scalar(key, p=world.people[whom]))


def remove(world: World, login: str, seat: str) -> None:
    world.act(login, "remove_signer", "sign", target=seat, opinion="出差")


@pytest.mark.parametrize("verb", ["ask", "add_before", "add_after"])
def test_whom_a_recalled_signer_has_brought_in_goes_with_them(world: World, verb: str) -> None:
    """They stayed, for a signature that nobody gives any more; who was asked could not even answer."""
    begin(world, "all", signers=PAIR, verbs=VERBS)
    bring(world, "tou", "add_before", "wei")
    bring(world, "wei", verb, "mi")
    world.act("tou", "recall", "sign", opinion="不等了")
    assert having(world, "lu", "tou", "wei", "mi") == ["lu", "tou"]
    assert world.scalar("select count(*) from signer") == 2
    holds_together(world)
    approve(world, "lu", "tou")


def test_a_step_that_who_is_left_has_decided_ends_with_the_recall(world: World) -> None:
    """票决: two of four is not enough, two of three is; it waited for one more signature."""
    instance = begin(
        world,
        "ratio:0.6",
        signers='= [post(unit, "liaison"), post(unit, "vice_head"), post(unit, "head")]',
        verbs=VERBS,
    )
    bring(world, "tou", "add_before", "wei")
    approve(world, "ling", "lu")
    assert having(world, "tou") == ["tou"]
    world.act("tou", "recall", "sign", opinion="不等了")
    vote = variables(world, instance)["vote"]
    assert vote == {"passed": True, "approvals": "2", "rejections": "0", "signers": "3"}
    assert having(world, "tou") == []


def test_the_last_one_who_decides_is_not_taken_out_by_who_only_advises(world: World) -> None:
    """或签: who signs before does not count, so nobody would have been left to decide."""
    begin(world, "any", signers='= [post(unit, "head")]', verbs=VERBS)
    bring(world, "tou", "add_before", "wei")
    key = "id || '@' || meant_unit_id || '#' || meant_post_key"
    owner = str(world.scalar(f"select {key} from signer where kind = ''"))
    with pytest.raises(NotAllowed, match="最后一位签署人"):
        remove(world, "wei", owner)
    approve(world, "wei", "tou")


def test_who_was_asked_is_recalled_and_not_taken_out_as_a_signer(world: World) -> None:
    begin(world, "all", signers=PAIR, verbs=VERBS)
    bring(world, "tou", "ask", "wei")
    with pytest.raises(Invalid, match="签署人中选择"):
        remove(world, "lu", seat_of(world, "wei"))
    assert having(world, "wei") == ["wei"]


def test_of_a_signature_and_the_one_after_it_the_first_decides(world: World) -> None:
    """或签 with 后加签: both count at the same moment, and an approval won over the rejection before it."""
    instance = begin(world, "any", signers=PAIR, verbs=VERBS)
    bring(world, "tou", "add_after", "wei")
    refuse(world, "tou")
    approve(world, "wei")
    assert variables(world, instance)["outcome"] == "return"


@pytest.mark.parametrize("verb", ["ask", "add_before"])
def test_a_signature_for_which_others_were_asked_first_can_be_taken_back(world: World, verb: str) -> None:
    """撤回: nobody has acted since; that others had been asked before was no reason to refuse."""
    instance = begin(world, "all", signers=PAIR, verbs=VERBS)
    bring(world, "tou", verb, "wei")
    said: dict[str, Any] = {"opinion": "可以"}
    world.act("wei", "answer" if verb == "ask" else "complete", "sign", outcome="approve", **said)
    approve(world, "tou")
    back(world, "tou", instance)
    assert having(world, "lu", "tou", "wei") == ["lu", "tou"]
    approve(world, "tou", "lu")
    assert variables(world, instance)["outcome"] == "approve"


def test_who_was_added_takes_back_like_any_other_and_who_objected_need_not(world: World) -> None:
    instance = begin(world, "all", reject="stay", signers=PAIR, verbs=VERBS)
    world.act("tou", "add_signer", "sign", target=world.people["wei"], opinion="请会签")
    approve(world, "wei")
    back(world, "wei", instance)
    assert having(world, "wei") == ["wei"]
    refuse(world, "lu")
    with pytest.raises(NotAllowed, match="没有计入"):
        back(world, "lu", instance)
    assert len(rows(world, "lu")) == 1


def test_in_turn_who_was_asked_first_does_not_stand_behind_me(world: World) -> None:
    """顺签: whoever had answered before counted as the next, who has gone on."""
    instance = begin(world, "turn", signers=PAIR, verbs=VERBS)
    bring(world, "lu", "ask", "wei")
    world.act("wei", "answer", "sign", opinion="可以")
    approve(world, "lu")
    back(world, "lu", instance)
    assert having(world, "lu", "tou") == ["lu"]
