"""代理: a stand-in does another's work under their own name, and never approves their own."""

from datetime import UTC, date, datetime

import pytest

from engine.audit.chain import broken_chains
from engine.people.persons import Person, person_of
from engine.people.stand_ins import set_stand_in
from engine.verbs.door import act, save_draft
from engine.verbs.refusals import NotAllowed, NotVisible
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work import history, inbox
from engine.work.inbox import InboxRow
from engine.work.notices import notices_of
from tests.engine.runtime.world import World, in_a_row, user

DAY, UNTIL = date(2018, 3, 1), date(2018, 3, 7)
TWO = in_a_row(
    user("fill", "unit.liaison"),
    user("sign", "unit.head", form_id="review", outcomes="approve:同意,return:退回"),
)
GROUP = in_a_row(user("sort", "unit.head", groups='= [post(unit, "head")]'))


def away(world: World, login: str, stand_in: str, **only: list[str]) -> None:
    """`login` is away from 1 to 7 March; `stand_in` stands in."""
    with world.engine.database.write() as connection:
        set_stand_in(
            connection,
            user_id=world.people[login],
            stand_in_id=world.people[stand_in],
            from_on=DAY,
            until_on=UNTIL,
            **only,
        )


def person(world: World, login: str, on: date = DAY) -> Person:
    with world.engine.database.read() as connection:
        return person_of(connection, world.people[login], on=on)


def rows(world: World, login: str, on: date = DAY) -> list[InboxRow]:
    who = person(world, login, on)
    with world.engine.database.read() as connection:
        return inbox.mine(connection, who).items + inbox.claimable(connection, who).items


def do(world: World, login: str, verb: str, row: InboxRow, **said: object) -> None:
    request = Request(**{"version": row.lock_version, **said})  # type: ignore[arg-type]
    act(world.engine, person(world, login), row.item_id, verb, request)
    world.engine.drain()


def test_a_stand_in_sees_and_does_the_work_under_their_own_name(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    away(world, "tou", "lu")
    world.complete("ling")
    [row] = rows(world, "lu")
    assert (row.element_id, row.standing_for) == ("sign", "王局")
    assert [one.standing_for for one in rows(world, "tou")] == [""]
    shown = view(world.engine, person(world, "lu"), row.item_id)
    assert (shown.may_act, shown.standing_for) == (True, "王局")
    do(world, "lu", "complete", row, outcome="approve", opinion="同意")
    event = world.events(instance)[-1]
    assert (event.person_name, event.stood_in_for_name, event.on_behalf_of) == ("陆副", "王局", "")
    assert event.person_id == world.people["lu"]
    assert world.status(instance) == "completed"
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def test_it_begins_and_ends_with_its_dates(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "ling2")
    [row] = rows(world, "ling2", UNTIL)
    assert rows(world, "ling2", date(2018, 2, 28)) == []
    assert rows(world, "ling2", date(2018, 3, 8)) == []
    world.clock.set(datetime(2018, 3, 8, 1, 0, tzinfo=UTC))
    with pytest.raises(NotVisible):
        act(
            world.engine,
            person(world, "ling2", date(2018, 3, 8)),
            row.item_id,
            "complete",
            Request(version=row.lock_version),
        )


def test_a_stand_in_claims_for_who_is_away_so_nothing_stays_behind(world: World) -> None:
    world.deploy(planning=GROUP)
    world.start()
    away(world, "tou", "lu")
    [row] = rows(world, "lu")
    do(world, "lu", "claim", row)
    assert world.scalar("select assignee_id from work_item") == world.people["tou"]
    [row] = rows(world, "lu")
    assert row.standing_for == "王局"
    do(world, "lu", "unclaim", row)
    assert world.scalar("select assignee_id from work_item") is None
    [row] = rows(world, "lu")
    do(world, "lu", "claim", row)
    world.clock.set(datetime(2018, 3, 8, 1, 0, tzinfo=UTC))
    world.engine.drain()
    assert rows(world, "lu", date(2018, 3, 8)) == []
    [row] = rows(world, "tou", date(2018, 3, 8))
    assert row.assignee_id == world.people["tou"]


def test_a_draft_is_the_works_and_not_the_stand_ins(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "lu")
    [row] = rows(world, "lu")
    save_draft(world.engine, person(world, "lu"), row.item_id, fields={"value": "49"})
    for login in ("lu", "ling"):
        draft = view(world.engine, person(world, login), row.item_id).draft
        assert draft is not None and draft.data == {"value": "49"}


def test_who_drafted_does_not_approve_for_another(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "tou", "ling")
    world.complete("ling", "fill")
    [row] = rows(world, "ling")
    shown = view(world.engine, person(world, "ling"), row.item_id)
    assert (shown.may_act, shown.verbs) == (False, [])
    assert "不能再代王局审批" in shown.apart
    with pytest.raises(NotAllowed, match="不能再代王局审批"):
        do(world, "ling", "complete", row, outcome="approve")
    world.complete("tou", "sign", outcome="approve")


def test_who_reviewed_does_not_sign_for_another_where_return_is_a_verb_and_no_outcome(world: World) -> None:
    """A step that is only agreed to, and else sent back, judges as much as one with two buttons."""
    steps = (
        user("fill", "unit.liaison"),
        user("check", "unit.vice_head", outcomes="approve:同意", verbs="return_to"),
        user("sign", "unit.head", outcomes="approve:同意", verbs="return_to"),
    )
    world.deploy(planning=in_a_row(*steps))
    world.start()
    away(world, "tou", "lu")
    world.complete("ling", "fill")
    world.complete("lu", "check", outcome="approve")
    [row] = rows(world, "lu")
    with pytest.raises(NotAllowed, match="不能再代王局审批"):
        do(world, "lu", "complete", row, outcome="approve")
    world.complete("tou", "sign", outcome="approve")


def test_who_drafted_as_a_stand_in_does_not_approve_on_their_own_post(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "tou")
    [row] = rows(world, "tou")
    do(world, "tou", "complete", row)
    [row] = rows(world, "tou")
    assert row.standing_for == ""
    with pytest.raises(NotAllowed, match="代他人办理过"):
        do(world, "tou", "complete", row, outcome="approve")
    away(world, "tou", "lu")
    [row] = rows(world, "lu")
    do(world, "lu", "complete", row, outcome="approve")


def test_a_rule_for_some_posts_or_processes_gives_no_more(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "lu", processes=["survey"])
    away(world, "tou", "lu", posts=[f"{world.units['U1']}#head"])
    assert rows(world, "lu") == []
    world.complete("ling")
    assert [row.standing_for for row in rows(world, "lu")] == ["王局"]


def test_no_right_of_the_post_is_inherited(world: World) -> None:
    """The office looks at every unit's work; who stands in for it gets only what waits for the office."""
    world.deploy(planning=TWO)
    instance = world.start()
    away(world, "kao", "ling2")
    stand_in = person(world, "ling2")
    assert stand_in.rights == person(world, "ling2", date(2018, 2, 1)).rights
    assert rows(world, "ling2") == []
    with world.engine.database.read() as connection:
        assert history.may_see(connection, person(world, "kao"), instance)
        assert not history.may_see(connection, stand_in, instance)


def test_a_stand_in_of_a_stand_in_gets_nothing(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "lu")
    away(world, "lu", "tou")
    assert rows(world, "tou") == []


def test_what_a_stand_in_takes_on_is_not_handed_over_to_a_third(world: World) -> None:
    """Whoever came back found the task gone to somebody whom they had never named, or to the stand-in."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="hand_over,ask")))
    world.start()
    away(world, "ling", "lu")
    [row] = rows(world, "lu")
    for whom in ("lu", "tou"):
        with pytest.raises(NotAllowed, match="您正在代张玲办理，不能再转给别人") as refused:
            do(world, "lu", "hand_over", row, people=(world.people[whom],), opinion="请办")
        assert refused.value.hint == "现在可以：办理、委派。"
    assert "hand_over" not in view(world.engine, person(world, "lu"), row.item_id).verbs
    do(world, "ling", "hand_over", row, people=(world.people["tou"],), opinion="请办")
    assert rows(world, "lu") == []


def test_notices_stay_with_whom_they_were_for(world: World) -> None:
    world.deploy(planning=TWO)
    world.start()
    away(world, "ling", "lu")
    [row] = rows(world, "ling")
    request = Request(version=row.lock_version, opinion="请抓紧")
    act(world.engine, person(world, "kao"), row.item_id, "urge", request)
    with world.engine.database.read() as connection:
        assert [one["kind"] for one in notices_of(connection, person(world, "ling"))] == ["urge"]
