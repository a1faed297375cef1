"""认领: of all who are asked one wins, also where several groups are asked for one step."""

from typing import Any

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from tests.engine.runtime.world import World, in_a_row, user

BOTH = '= [post(unit, "head"), post(unit, "vice_head")]'


def test_who_claims_from_one_group_has_it_before_the_other_group_too(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=BOTH)))
    world.start()
    items = {login: waits_for(world, login)[0][0] for login in ("tou", "lu")}

    def claim(login: str, verb: str = "claim") -> None:
        version = world.scalar("select lock_version from work_item where id = :id", id=items[login])
        act(world.engine, world.person(login), items[login], verb, Request(version=version))

    claim("tou")
    with pytest.raises(NotAllowed, match="王局已认领此任务。"):
        claim("lu")
    claim("tou", "unclaim")
    claim("lu")
    with pytest.raises(NotAllowed, match="陆副已认领此任务。"):
        claim("tou")
    world.complete("lu")
    assert world.inbox("tou") == []
    assert world.scalar("select count(*) from work_item") == 0


def waits_for(world: World, login: str) -> tuple[list[str], int]:
    with world.engine.database.read() as connection:
        person = world.person(login)
        found = [row.item_id for row in inbox.claimable(connection, person).items]
        return found, inbox.counts(connection, person)["claimable"]


def test_the_other_group_sees_no_more_what_one_has_claimed_or_handed_over(world: World) -> None:
    """It stood in 待认领 and its count for the whole other group, and was refused to whoever took it."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=BOTH, verbs="hand_over")))
    world.start()
    ([theirs], _), ([mine], _) = waits_for(world, "tou"), waits_for(world, "lu")

    def do(verb: str, version: int, **said: Any) -> None:
        act(world.engine, world.person("tou"), theirs, verb, Request(version=version, **said))

    do("claim", 1)
    assert waits_for(world, "lu") == ([], 0)
    shown = view(world.engine, world.person("lu"), mine)
    assert (shown.verbs, shown.apart) == ([], "王局已认领此任务。")
    do("unclaim", 2)
    assert waits_for(world, "lu") == ([mine], 1) and waits_for(world, "tou") == ([theirs], 1)
    assert "claim" in view(world.engine, world.person("lu"), mine).verbs
    do("claim", 3)
    do("hand_over", 4, opinion="出差", target=world.people["ling"])
    assert waits_for(world, "lu") == ([], 0) == waits_for(world, "tou")
    with pytest.raises(NotAllowed, match="张玲已认领此任务"):
        act(world.engine, world.person("lu"), mine, "claim", Request(version=1))


def test_groups_that_all_sign_claim_each_for_themselves(world: World) -> None:
    signers = '= [post(unit, "head"), post(unit, "vice_head")]'
    world.deploy(planning=in_a_row(user("sign", "unit.head", vote="all", signers=signers, form_id="review")))
    world.start()
    with world.engine.database.write() as connection:
        connection.exec_driver_sql("update work_item set claim_first = true")
    ([theirs], _) = waits_for(world, "tou")
    act(world.engine, world.person("tou"), theirs, "claim", Request(version=1))
    assert waits_for(world, "lu")[1] == 1
