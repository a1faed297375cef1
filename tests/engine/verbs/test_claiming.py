"""认领: of all who are asked one wins, also where several groups are asked for one step."""

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.visit import Request
from engine.work import inbox
from tests.engine.runtime.world import World, in_a_row, user

BOTH = '= [post(unit, "head"), post(unit, "vice_head")]'


def test_who_claims_from_one_group_has_it_before_the_other_group_too(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups=BOTH)))
    world.start()

    def claim(login: str, verb: str = "claim") -> None:
        with world.engine.database.read() as connection:
            person = world.person(login)
            open_ones = inbox.claimable(connection, person).items + inbox.mine(connection, person).items
        (row,) = open_ones
        act(world.engine, person, row.item_id, verb, Request(version=row.lock_version))

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
