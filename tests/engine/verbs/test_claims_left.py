"""What somebody claimed does not stay with them when they leave the post."""

from datetime import UTC, date, datetime

import pytest

from engine.people.memberships import end_membership, memberships_of
from engine.people.persons import person_of
from engine.people.users import set_active
from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed, Refusal
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work.rerouting import settle
from tests.engine.runtime.world import BEGIN, World, in_a_row, user

SORT = in_a_row(user("sort", "assessor.office.staff", groups='= [post(assessor, "office.staff")]'))


def claimed(world: World, login: str = "ban1") -> str:
    """A task of the office, claimed by one of two colleagues."""
    world.deploy(planning=SORT)
    world.start()
    item_id = str(world.scalar("select id from work_item"))
    act(world.engine, world.person(login), item_id, "claim", Request(version=1))
    return item_id


def test_a_claim_goes_back_on_the_day_after_the_last_on_the_post(world: World) -> None:
    item_id = claimed(world)
    with world.engine.database.write() as connection:
        [held] = memberships_of(connection, world.people["ban1"])
        end_membership(connection, held.id, until_on=date(2018, 3, 1))
    world.engine.drain()
    assert world.scalar("select assignee_id from work_item") == world.people["ban1"]
    world.clock.set(datetime(2018, 3, 2, 1, 0, tzinfo=UTC))
    world.engine.drain()
    assert world.scalar("select assignee_id from work_item") is None
    with world.engine.database.read() as connection:
        gone = person_of(connection, world.people["ban1"], on=date(2018, 3, 2))
    with pytest.raises(Refusal):
        act(world.engine, gone, item_id, "complete", Request(version=3))
    act(world.engine, world.person("ban2"), item_id, "claim", Request(version=3))
    world.complete("ban2")
    said = [(event.verb, event.person_name) for event in world.events(str(_instance(world)))]
    assert said == [("claim", "郑一"), ("unclaim", "系统"), ("claim", "冯二"), ("complete", "冯二")]


def test_closing_an_account_gives_its_claims_back_at_once(world: World) -> None:
    claimed(world)
    with world.engine.database.write() as connection:
        assert settle(connection, at=BEGIN, today=date(2018, 3, 1)) == 0
        set_active(connection, world.people["ban1"], active=False, clock=world.clock)
        assert settle(connection, at=BEGIN, today=date(2018, 3, 1)) == 1
    assert world.scalar("select lock_version from work_item where assignee_id is null") == 3


def test_who_may_urge_may_give_back_what_another_claimed(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups='= [post(unit, "liaison")]')))
    world.start()
    item_id = str(world.scalar("select id from work_item"))
    with pytest.raises(NotAllowed, match="不在您名下"):
        act(world.engine, world.person("kao"), item_id, "unclaim", Request(version=1))
    act(world.engine, world.person("ling"), item_id, "claim", Request(version=1))
    assert view(world.engine, world.person("kao"), item_id).verbs == ["urge", "urge_leader", "unclaim"]
    with pytest.raises(NotAllowed):
        act(world.engine, world.person("tou"), item_id, "unclaim", Request(version=2))
    act(world.engine, world.person("kao"), item_id, "unclaim", Request(version=2))
    assert world.scalar("select assignee_id from work_item") is None
    assert view(world.engine, world.person("ling"), item_id).verbs == ["claim"]


def _instance(world: World) -> object:
    return world.scalar("select id from instance")
