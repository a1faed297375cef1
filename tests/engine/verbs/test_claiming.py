"""认领: of all who are asked one wins, also where several groups are asked for one step."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.runtime.notices import pulse
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


def test_the_other_groups_open_pages_hear_of_a_claim_at_once(world: World) -> None:
    """Only the post of whoever had claimed was told: the others saw it in their lists until they reloaded."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=BOTH)))
    world.start()
    ([theirs], _), ([mine], _) = waits_for(world, "tou"), waits_for(world, "lu")
    for version, verb in enumerate(("claim", "unclaim"), start=1):
        with world.engine.database.read() as connection:
            before = set(pulse.lately(connection))
        act(world.engine, world.person("tou"), theirs, verb, Request(version=version))
        with world.engine.database.read() as connection:
            heard = pulse.lately(connection)
        [new] = set(heard) - before
        assert {theirs, mine, f"{world.units['U1']}#vice_head"} <= heard[new]


def test_of_what_one_group_has_claimed_only_who_has_it_is_reminded(world: World) -> None:
    """The other groups were reminded too, and their leaders told, of what they could not take any more."""
    due = '= date("2018-03-07")'
    drawn = user("fill", "unit.liaison", groups=BOTH, due=due, remind="P1D", escalate='= post(unit, "head")')
    world.deploy(planning=in_a_row(drawn))
    world.start()
    ([theirs], _) = waits_for(world, "tou")
    act(world.engine, world.person("tou"), theirs, "claim", Request(version=1))
    world.clock.set(datetime(2018, 3, 8, 1, tzinfo=UTC))
    world.engine.drain()
    with world.engine.database.read() as connection:
        sql = "select kind, item_id from notification where kind in ('remind', 'overdue', 'escalate')"
        told = [tuple(row) for row in connection.exec_driver_sql(sql)]
    assert {item for _kind, item in told} == {theirs} and "escalate" in {kind for kind, _item in told}


def test_groups_that_all_sign_claim_each_for_themselves(world: World) -> None:
    signers = '= [post(unit, "head"), post(unit, "vice_head")]'
    world.deploy(planning=in_a_row(user("sign", "unit.head", vote="all", signers=signers, form_id="review")))
    world.start()
    with world.engine.database.write() as connection:
        connection.exec_driver_sql("update work_item set claim_first = true")
    ([theirs], _) = waits_for(world, "tou")
    act(world.engine, world.person("tou"), theirs, "claim", Request(version=1))
    assert waits_for(world, "lu")[1] == 1
