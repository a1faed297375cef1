"""委派 and 加签 on a step that lies with several groups, an item each: the first who acts counts."""

import random
from typing import Any

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed, Refusal
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from engine.work.inbox import InboxRow
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.upon import holds_together

BOTH = '= [post(unit, "head"), post(unit, "vice_head")]'
HEADS = '= [post(unit, "head")]'
WAITING = ("ask", "add_before", "add_after")
TRIED = (
    "claim",
    "claim",
    "unclaim",
    *WAITING,
    "ask",
    "answer",
    "recall",
    "hand_over",
    "hand_over",
    "complete",
)
LOGINS = ("ling", "lu", "tou")


def begin(world: World, groups: str, **more: str) -> None:
    outcomes = "approve:同意,return:退回"
    given = {"form_id": "review", "verbs": ",".join((*WAITING, "hand_over")), "outcomes": outcomes, **more}
    world.deploy(planning=in_a_row(user("sign", "unit.head", groups=groups, **given)))
    world.start()


def open_rows(world: World, login: str) -> list[InboxRow]:
    """What the person sees: their own, and what they may claim."""
    person = world.person(login)
    with world.engine.database.read() as connection:
        return inbox.mine(connection, person).items + inbox.claimable(connection, person).items


def do(world: World, login: str, verb: str, row: InboxRow, whom: str = "ling", **said: Any) -> None:
    request = Request(version=row.lock_version, people=(world.people[whom],), opinion="请把关", **said)
    act(world.engine, world.person(login), row.item_id, verb, request)
    world.engine.drain()


@pytest.mark.parametrize(("groups", "offered"), [(BOTH, []), (HEADS, list(WAITING))])
def test_who_claimed_a_step_of_several_groups_is_not_offered_what_is_always_refused(
    world: World, groups: str, offered: list[str]
) -> None:
    """The buttons stood there; whoever had chosen people and written why was told that it cannot be done."""
    begin(world, groups)
    [row] = open_rows(world, "tou")
    do(world, "tou", "claim", row)
    [row] = open_rows(world, "tou")
    shown = view(world.engine, world.person("tou"), row.item_id).verbs
    assert [verb for verb in WAITING if verb in shown] == offered
    assert {"complete", "hand_over", "unclaim"} <= set(shown)
    if groups == BOTH:
        with pytest.raises(NotAllowed, match="这一步同时交给了几个人，先办的算数，不能委派"):
            do(world, "tou", "ask", row)


def test_groups_that_all_sign_ask_each_for_themselves(world: World) -> None:
    begin(world, BOTH, vote="all")
    [row] = open_rows(world, "tou")
    do(world, "tou", "claim", row)
    [row] = open_rows(world, "tou")
    do(world, "tou", "ask", row)
    assert [len(open_rows(world, login)) for login in LOGINS] == [1, 1, 1]
    holds_together(world)


@pytest.mark.parametrize("vote", ["", "all", "any"])
def test_whatever_is_tried_in_which_order_rows_and_tokens_fit(world: World, vote: str) -> None:
    """Would the other group's item be left without a seat? After each verb `bihuan verify` finds nothing."""
    chance = random.Random(f"groups {vote}")
    begin(world, BOTH, **({"vote": vote} if vote else {}))
    done = set()
    for _ in range(150):
        login, verb = chance.choice(LOGINS), chance.choice(TRIED)
        for row in open_rows(world, login)[:1]:
            outcome = "approve" if verb == "complete" else ""
            try:
                do(world, login, verb, row, chance.choice(LOGINS), outcome=outcome)
            except Refusal:
                continue
            done.add(verb)
            holds_together(world)
        if world.scalar("select count(*) from work_item") == 0:
            world.start()
    assert {"claim", "hand_over", "complete"} <= done
    assert bool(done & {*WAITING, "answer", "recall"}) == bool(vote)
