"""Open work follows the people who hold the posts, and history and audit say so."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from engine.audit.chain import broken_chains
from engine.people.memberships import appoint, end_membership, memberships_of
from engine.people.persons import person_of
from engine.people.users import set_active
from engine.store import Database
from engine.verbs.door import act, save_draft
from engine.verbs.refusals import NotVisible
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import inbox
from engine.work.notices import notices_of
from engine.work.rerouting import settle
from tests.engine.runtime.world import World, build_world, in_a_row, user

DAY = date(2018, 3, 1)
FILL = in_a_row(user("fill", "unit.liaison"))
GROUP = in_a_row(user("fill", "unit.liaison", groups='= [post(unit, "liaison")]'))


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def in_one(world: World, *changes: Callable[[Connection], object]) -> int:
    """Change people and settle the open work in one transaction; how many items changed."""
    with world.engine.database.write() as connection:
        for change in changes:
            change(connection)
        return settle(connection, at=world.clock.now(), today=DAY)


def gone(world: World, login: str) -> Callable[[Connection], object]:
    """The person was on their post until yesterday."""

    def end(connection: Connection) -> None:
        for held in memberships_of(connection, world.people[login]):
            end_membership(connection, held.id, until_on=date(2018, 2, 28))

    return end


def on_post(world: World, login: str, unit: str, post: str, **dates: date) -> Callable[[Connection], object]:
    def put(connection: Connection) -> object:
        place = {"user_id": world.people[login], "unit_id": world.units[unit], "post_key": post}
        return appoint(connection, **place, **{"from_on": DAY, **dates})  # type: ignore[arg-type]

    return put


def seen_by(world: World, login: str, on: date = DAY) -> list[str]:
    """The elements in somebody's 待办 and 待认领 on a day."""
    with world.engine.database.read() as connection:
        person = person_of(connection, world.people[login], on=on)
        pages = [inbox.mine(connection, person), inbox.claimable(connection, person)]
    return [row.element_id for page in pages for row in page.items]


def whole(world: World) -> None:
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def acts(world: World) -> list[str]:
    with world.engine.database.read() as connection:
        rows = connection.exec_driver_sql("select act from audit_entry order by recorded_at, seq")
        return [str(row[0]) for row in rows]


def test_open_work_of_a_post_that_falls_vacant_goes_to_the_head_with_the_change(world: World) -> None:
    world.deploy(planning=FILL)
    instance = world.start()
    assert in_one(world, gone(world, "ling")) == 1
    assert seen_by(world, "ling") == []
    assert seen_by(world, "tou") == ["fill"]
    with world.engine.database.read() as connection:
        [notice] = notices_of(connection, world.person("tou"))
    assert notice["kind"] == "vacant"
    assert "目前无人任职，已交该单位主要负责人。" in notice["params_json"]["notice"]
    [event] = world.events(instance)
    assert (event.verb, event.outcome, event.person_name, event.post_key) == (
        "reroute", "vacant", "系统", "head",
    )  # fmt: skip
    assert event.text is not None and "已交该单位主要负责人" in event.text
    assert acts(world)[-1] == "reroute:fill"
    whole(world)
    world.complete("tou", "fill")
    assert world.status(instance) == "completed"
    whole(world)


def test_a_colleague_on_the_same_post_keeps_the_work_and_nothing_moves(world: World) -> None:
    world.deploy(planning=FILL)
    instance = world.start()
    assert in_one(world, on_post(world, "lu", "U1", "liaison"), gone(world, "ling")) == 0
    assert world.events(instance) == []
    assert seen_by(world, "lu") == ["fill"]


def test_work_goes_back_to_the_post_when_it_is_filled_again(world: World) -> None:
    world.deploy(planning=FILL)
    instance = world.start()
    in_one(world, gone(world, "ling"))
    assert in_one(world, on_post(world, "ban1", "U1", "liaison")) == 1
    assert seen_by(world, "tou") == []
    assert seen_by(world, "ban1") == ["fill"]
    with world.engine.database.read() as connection:
        assert [one["kind"] for one in notices_of(connection, world.person("ban1"))] == ["back"]
        assert all(one["read_at"] for one in notices_of(connection, world.person("tou")))
    assert [(event.verb, event.outcome) for event in world.events(instance)] == [
        ("reroute", "vacant"),
        ("reroute", "back"),
    ]
    whole(world)


def test_what_the_head_has_begun_stays_and_history_says_why_once(world: World) -> None:
    world.deploy(planning=FILL)
    instance = world.start()
    in_one(world, gone(world, "ling"))
    item = world.item("tou", "fill")
    save_draft(world.engine, world.person("tou"), item.item_id, fields={"value": "7"})
    assert in_one(world, on_post(world, "ban1", "U1", "liaison")) == 1
    assert in_one(world, on_post(world, "ban2", "U1", "liaison")) == 0
    assert seen_by(world, "tou") == ["fill"]
    assert seen_by(world, "ban1") == []
    last = world.events(instance)[-1]
    assert last.verb == "stay"
    assert last.text is not None and "已有人认领或起草" in last.text
    whole(world)


def test_what_the_head_has_claimed_stays_until_it_is_given_back(world: World) -> None:
    world.deploy(planning=GROUP)
    world.start()
    in_one(world, gone(world, "ling"))
    item_id = str(world.scalar("select id from work_item"))
    version = int(world.scalar("select lock_version from work_item"))
    act(world.engine, world.person("tou"), item_id, "claim", Request(version=version))
    in_one(world, on_post(world, "ban1", "U1", "liaison"))
    assert seen_by(world, "tou") == ["fill"]
    act(world.engine, world.person("tou"), item_id, "unclaim", Request(version=version + 1))
    in_one(world, on_post(world, "ban2", "U1", "liaison"))
    assert seen_by(world, "tou") == []
    assert seen_by(world, "ban1") == ["fill"]


def test_a_draft_goes_along_with_the_work(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    item = world.item("ling")
    save_draft(world.engine, world.person("ling"), item.item_id, fields={"value": "49"}, opinion="已核")
    in_one(world, gone(world, "ling"))
    draft = view(world.engine, world.person("tou"), item.item_id).draft
    assert draft is not None
    assert (draft.data, draft.opinion, draft.left_by) == ({"value": "49"}, "已核", "张玲")


def test_a_colleagues_draft_is_not_shown_while_they_still_have_the_work(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    in_one(world, on_post(world, "ban1", "U1", "liaison"))
    item = world.item("ling")
    save_draft(world.engine, world.person("ling"), item.item_id, fields={"value": "49"})
    assert view(world.engine, world.person("ban1"), item.item_id).draft is None


def test_without_head_the_office_gets_it_and_the_head_from_there_when_one_comes(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    in_one(world, gone(world, "ling"), gone(world, "tou"))
    assert seen_by(world, "ban1") == ["fill"]
    in_one(world, on_post(world, "lu", "U1", "head"))
    assert seen_by(world, "ban1") == []
    assert seen_by(world, "lu") == ["fill"]


def test_a_posting_that_ends_by_its_date_is_seen_by_the_clock(world: World) -> None:
    world.deploy(planning=FILL)
    instance = world.start()
    with world.engine.database.write() as connection:
        [held] = memberships_of(connection, world.people["ling"])
        end_membership(connection, held.id, until_on=DAY)
        on_post(world, "ban1", "U1", "liaison", from_on=date(2018, 3, 5))(connection)
    world.engine.drain()
    assert world.events(instance) == []
    world.clock.set(datetime(2018, 3, 2, 1, 0, tzinfo=UTC))
    world.engine.drain()
    assert seen_by(world, "tou", date(2018, 3, 2)) == ["fill"]
    world.clock.set(datetime(2018, 3, 5, 1, 0, tzinfo=UTC))
    world.engine.drain()
    assert seen_by(world, "ban1", date(2018, 3, 5)) == ["fill"]
    assert seen_by(world, "tou", date(2018, 3, 5)) == []
    whole(world)


def test_a_claim_that_ends_with_the_post_enters_the_audit_chain(world: World) -> None:
    world.deploy(planning=GROUP)
    instance = world.start()
    item_id = str(world.scalar("select id from work_item"))
    act(world.engine, world.person("ling"), item_id, "claim", Request(version=1))
    in_one(world, on_post(world, "lu", "U1", "liaison"), gone(world, "ling"))
    assert world.said(instance) == [("claim", "fill", 1), ("unclaim", "fill", 1)]
    assert acts(world)[-1] == "unclaim:fill"
    assert world.scalar("select audit_seq from instance") == 3
    whole(world)


def test_work_of_one_person_goes_to_the_head_while_the_account_is_shut(world: World) -> None:
    task = user("fill", "unit.liaison").replace(
        "<zeebe:properties>", '<zeebe:assignmentDefinition assignee="= who" /><zeebe:properties>'
    )
    world.deploy(planning=in_a_row(task))
    world.start(who=world.people["lu"])
    assert seen_by(world, "lu") == ["fill"]
    in_one(world, lambda connection: set_active(connection, world.people["lu"], active=False))
    assert seen_by(world, "tou") == ["fill"]
    world.start(who=world.people["lu"])
    assert seen_by(world, "tou") == ["fill", "fill"]
    in_one(world, lambda connection: set_active(connection, world.people["lu"], active=True))
    assert seen_by(world, "tou") == []
    assert seen_by(world, "lu") == ["fill", "fill"]
    whole(world)


def test_who_has_left_is_refused_what_has_moved_on(world: World) -> None:
    world.deploy(planning=FILL)
    world.start()
    item = world.item("ling")
    in_one(world, gone(world, "ling"))
    with pytest.raises(NotVisible):
        act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
