"""加签, 减签: who signs changes while the step is open, and it is judged by who signs now."""

from typing import Any

import pytest

from engine.audit.chain import broken_chains
from engine.verbs.door import act
from engine.verbs.refusals import Invalid, NotAllowed, Stale
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from tests.engine.runtime.test_rerouting import gone, in_one
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.voting_city import (
    LOGINS,
    approve,
    begin,
    having,
    heard,
    refuse,
    rows,
    signed,
    variables,
)

BOTH = "add_signer,remove_signer"


def add(world: World, login: str, whom: str, **said: Any) -> None:
    target = world.people.get(whom, whom)
    world.act(login, "add_signer", "sign", **{"target": target, "opinion": "涉及其职责", **said})


def seats(world: World, login: str) -> dict[str, str]:
    """The signers whom the person sees on the page: name or post -> id."""
    shown = view(world.engine, world.person(login), rows(world, login)[0].item_id).signing
    assert shown is not None
    return {one.person or one.post: one.id for one in shown.signers}


def remove(world: World, login: str, seat: str) -> None:
    world.act(login, "remove_signer", "sign", target=seat, opinion="出差")


def test_an_added_signer_counts_like_the_others(world: World) -> None:
    instance = begin(world, "all", verbs=BOTH)
    approve(world, "ling", "lu")
    add(world, "tou", "kao")
    approve(world, "tou")
    assert having(world, *LOGINS, "kao") == ["kao"]
    approve(world, "kao")
    assert variables(world, instance)["vote"] == {
        "passed": True,
        "approvals": "4",
        "rejections": "0",
        "signers": "4",
    }
    told = [event for event in world.events(instance) if event.verb == "add_signer"]
    assert [(event.person_name, event.text) for event in told] == [("王局", "加签：钱考。涉及其职责")]


def test_in_turn_the_added_signer_is_the_last(world: World) -> None:
    begin(world, "turn", verbs=BOTH)
    add(world, "ling", "kao")
    assert having(world, *LOGINS, "kao") == ["ling"]
    approve(world, *LOGINS)
    assert having(world, *LOGINS, "kao") == ["kao"]


def test_a_post_may_be_added(world: World) -> None:
    begin(world, "all", verbs=BOTH)
    add(world, "ling", f"{world.units['U2']}#head")
    assert having(world, "tou2") == ["tou2"]


@pytest.mark.parametrize("whom", ["lu", "ling", "U1#vice_head"])
def test_nobody_is_added_twice(world: World, whom: str) -> None:
    begin(world, "all", verbs=BOTH)
    whom = whom.replace("U1", world.units["U1"])
    with pytest.raises(NotAllowed, match="已是本环节的签署人"):
        add(world, "ling", whom)


def test_who_has_signed_is_not_added_again(world: World) -> None:
    begin(world, "all", verbs=BOTH)
    approve(world, "lu")
    with pytest.raises(NotAllowed, match="陆副已是本环节的签署人"):
        add(world, "ling", "lu")


@pytest.mark.parametrize("whom", ["", "nobody", "U9#head", "#", "nowhere#head"])
def test_only_people_and_posts_that_exist_are_added(world: World, whom: str) -> None:
    begin(world, "all", verbs=BOTH)
    with pytest.raises(Invalid, match="没有这位可以加签的"):
        add(world, "ling", whom)


def test_a_reason_is_asked_for(world: World) -> None:
    begin(world, "all", verbs=BOTH)
    with pytest.raises(Invalid, match="请写明理由"):
        add(world, "ling", "kao", opinion=" ")


def test_without_the_verb_in_the_diagram_nobody_is_added(world: World) -> None:
    begin(world, "all")
    with pytest.raises(NotAllowed, match="此环节不能加签"):
        add(world, "ling", "kao")
    assert "add_signer" not in view(world.engine, world.person("ling"), rows(world, "ling")[0].item_id).verbs


def test_who_is_removed_is_not_waited_for_and_the_step_is_judged_anew(world: World) -> None:
    instance = begin(world, "ratio:0.5", verbs=BOTH)
    approve(world, "ling")
    left = rows(world, "lu")[0]
    remove(world, "tou", seats(world, "tou")[deputy_post(world)])
    vote = variables(world, instance)["vote"]  # one of two is half: decided by the removal
    assert vote == {"passed": True, "approvals": "1", "rejections": "0", "signers": "2"}
    assert having(world, *LOGINS) == []
    assert "减签" in heard(world, world.person("lu"), left.item_id)
    said = [(event.verb, event.outcome) for event in world.events(instance) if event.element_id == "sign"]
    assert said == [("complete", "approve"), ("remove_signer", ""), ("close", "decided")]
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def deputy_post(world: World) -> str:
    return str(world.scalar("select name from post where key = 'vice_head'"))


def test_who_has_spoken_and_oneself_are_not_removed(world: World) -> None:
    begin(world, "all", reject="stay", verbs=BOTH)
    refuse(world, "lu")
    approve(world, "ling")
    shown = seats(world, "tou")
    with pytest.raises(NotAllowed, match="张玲已经表示过意见"):
        remove(world, "tou", shown["张玲"])
    with pytest.raises(NotAllowed, match="陆副已经表示过意见"):
        remove(world, "tou", shown["陆副"])
    own = next(seat for name, seat in shown.items() if name not in ("张玲", "陆副"))
    with pytest.raises(NotAllowed, match="不能减去您自己这一份"):
        remove(world, "tou", own)
    with pytest.raises(Invalid, match="签署人中选择"):
        remove(world, "tou", "somebody")


def test_the_last_who_decides_is_not_removed_by_who_only_advises(world: World) -> None:
    """或签: who signs before another does not decide. The step waited with nobody to decide it, for ever."""
    verbs = f"{BOTH},add_before,add_after"
    instance = begin(world, "any", signers='= post(unit, "liaison")', verbs=verbs)
    world.act("ling", "add_after", "sign", people=(world.people["kao"],), opinion="请复核")
    world.act("ling", "recall", "sign", opinion="先请副职看")
    world.act("ling", "add_before", "sign", people=(world.people["lu"],), opinion="请先看")
    (owner,) = (seat for name, seat in seats(world, "lu").items() if name != "陆副")
    with pytest.raises(NotAllowed, match="不能减去最后一位签署人"):
        remove(world, "lu", owner)
    approve(world, "lu", "ling")
    assert variables(world, instance)["outcome"] == "approve"


def test_in_turn_who_has_not_come_to_their_turn_may_be_removed(world: World) -> None:
    instance = begin(world, "turn", verbs=BOTH)
    remove(world, "ling", seats(world, "ling")[deputy_post(world)])
    approve(world, "ling", "tou")
    assert variables(world, instance)["vote"]["signers"] == "2"


def test_who_was_added_leaves_and_their_signature_is_answered_for(world: World) -> None:
    begin(world, "all", verbs=BOTH)
    add(world, "ling", f"{world.units['U2']}#liaison")
    in_one(world, gone(world, "ling2"))
    assert having(world, "ling2", "tou2") == ["tou2"]


def test_who_is_added_to_a_step_that_was_sent_back_answers_for_that_too(world: World) -> None:
    """The last signature decides where the work goes: straight back to who returned it, whoever came last."""
    between = user("between", "assessor.committee.secretary")
    check = user("check", "assessor.office.reviewer", verbs="return_to")
    steps = (signed("all", verbs=BOTH), between, check)
    world.deploy(planning=in_a_row(*steps))
    world.start()
    approve(world, *LOGINS)
    world.complete("mi", "between")
    world.act("kao", "return_to", "check", target="sign", opinion="改", straight_back=True)
    add(world, "ling", f"{world.units['U2']}#liaison")
    [mine] = rows(world, "ling2")
    assert mine.returned_from == "check"
    approve(world, *LOGINS, "ling2")
    assert (world.inbox("mi"), world.item("kao", "check").round) == ([], 2)


def test_a_seat_that_has_gone_to_another_meanwhile_is_not_taken_out(world: World) -> None:
    """减签 of somebody who hands over (转办) at the same moment: the new one had been taken out unseen."""
    begin(world, "all", verbs=f"{BOTH},hand_over", handOverTo="assessor")
    shown = seats(world, "tou")
    world.act("lu", "hand_over", "sign", people=(world.people["kao"],), opinion="出差")
    with pytest.raises(Stale, match="已经转给钱考，没有任何改动"):
        remove(world, "tou", shown["分管领导"])
    assert having(world, *LOGINS, "kao") == ["ling", "tou", "kao"]
    remove(world, "tou", seats(world, "tou")["钱考"])
    assert having(world, *LOGINS, "kao") == ["ling", "tou"]
    approve(world, "ling", "tou")
    assert rows(world, "kao", "after") != []


def test_whom_another_has_replaced_meanwhile_is_not_recalled(world: World) -> None:
    """收回 of one who was asked, whom the office has replaced meanwhile (离职转办): told who does it now."""
    begin(world, "all", verbs=f"{BOTH},ask")
    world.act("tou", "ask", "sign", people=(world.people["wei"],), opinion="请核实")
    shown = seats(world, "tou")
    theirs, to = world.item("wei"), (world.people["fa"],)
    handed = Request(version=theirs.lock_version, people=to, opinion="离职")
    act(world.engine, world.person("kao"), theirs.item_id, "hand_over", handed)
    with pytest.raises(Stale, match="已经转给周法"):
        world.act("tou", "recall", "sign", target=shown["吴发"], opinion="不用了")
    world.act("tou", "recall", "sign", target=seats(world, "tou")["周法"], opinion="不用了")
    assert having(world, *LOGINS, "fa") == ["ling", "lu", "tou"]
