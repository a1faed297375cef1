"""Instances move to a new version of their process: what they wait for follows, and they can move back."""

import pytest

from engine.runtime.migrating.bulk import (
    Settled,
    carry_out,
    counts,
    give_order,
    move_one,
    read_order,
    unfinished,
)
from engine.runtime.migrating.plan import PlanRefused
from engine.verbs.door import act, save_draft
from engine.verbs.tokens.mending import Mending, mend
from engine.verbs.visit import Request
from engine.work import inbox
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.migrating.desk import BY, back, broken, checked, migrate, plan, rows
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

FILL = user("fill", "unit.liaison", due='= duration("P10D")')
SIGN = user("sign", "unit.head", form_id="review", verbs="return_to")
FIRST = in_a_row(FILL, SIGN)


def test_an_open_task_follows_to_its_new_name_date_form_and_post_and_back_again(world: World) -> None:
    world.deploy(planning=FIRST)
    instance_id = world.start()
    before = rows(world)
    fill_in = user(
        "fill_in",
        "unit.vice_head",
        name="填写年度目标",
        due='= duration("P20D")',
        remind="P1D",
        form_id="review",
    )
    world.deploy(planning=in_a_row(user("prepare", "unit.liaison"), fill_in, SIGN))
    (refused,) = checked(world, plan(world), instance_id).obstacles
    assert (refused.element, refused.rule) == ("fill", "gone")
    assert refused.message == "“办理fill”新版里没有这个环节，而实例正停在这里。"

    order_id, done = migrate(world, plan(world, fill="fill_in"))
    assert [one.state for one in done] == ["moved"]
    assert broken(world) == []
    assert world.inbox("ling") == []
    item = world.item("lu", "fill_in")
    assert item.due_on is not None and item.due_on.isoformat() == "2018-03-21"
    assert world.scalar("select count(*) from reminder") == 1
    assert world.said(instance_id)[-1] == ("migrate", "fill_in", 1)
    event = world.events(instance_id)[-1]
    assert (event.person_name, event.text) == ("李设计", "第 1 版 → 第 2 版")

    assert back(world, order_id) == [Settled(instance_id, "back")]
    assert rows(world) == before
    assert world.said(instance_id)[-1] == ("migrate_back", "fill", 1)
    world.complete("ling")
    world.complete("tou")
    assert world.status(instance_id) == "completed"
    assert broken(world) == []


def test_what_has_gone_on_stays_and_ends_in_the_new_version(world: World) -> None:
    world.deploy(planning=FIRST)
    instance_id = world.start()
    world.deploy(planning=in_a_row(FILL, user("check", "assessor.office.reviewer"), SIGN))
    order_id, done = migrate(world, plan(world))
    assert [one.state for one in done] == ["moved"]
    world.complete("ling")
    assert back(world, order_id) == [
        Settled(instance_id, "stays", "迁移之后流程已经往前走了，不能退回旧版。")
    ]
    world.complete("kao", "check")
    world.complete("tou")
    assert world.status(instance_id) == "completed"
    assert migrate(world, plan(world))[1] == []
    assert broken(world) == []


@ON_SQLITE
def test_who_has_claimed_or_begun_keeps_the_task_when_its_people_are_the_same(world: World) -> None:
    groups = '= [post(assessor, "office.staff")]'
    first = user("check", "assessor.office.staff", groups=groups)
    world.deploy(planning=in_a_row(first))
    world.start()
    with world.engine.database.read() as connection:
        item = inbox.claimable(connection, world.person("ban1")).items[0]
    act(world.engine, world.person("ban1"), item.item_id, "claim", Request(version=item.lock_version))
    save_draft(world.engine, world.person("ban1"), item.item_id, fields={"value": "8"})
    world.deploy(planning=in_a_row(user("check", "assessor.office.staff", groups=groups, name="复核")))
    migrate(world, plan(world))
    assert world.item("ban1").element_id == "check"
    assert world.scalar("select count(*) from draft where left_at is null") == 1
    world.deploy(planning=in_a_row(user("check", "assessor.office.reviewer", name="复核")))
    migrate(world, plan(world, 2, 3))
    assert world.inbox("ban1") == []
    assert world.item("kao").element_id == "check"
    assert world.scalar("select count(*) from draft where left_at is not null") == 1


@ON_SQLITE
def test_a_plan_that_cannot_be_meant_is_refused_by_its_sentence(world: World) -> None:
    world.deploy(planning=FIRST)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    for mapping, sentence in [
        ({"no": "fill"}, "映射里的“no”不是旧版里的元素。"),
        ({"sign": "no"}, "映射里的“no”不是新版里的元素。"),
        ({"sign": "begun"}, "种类不同"),
    ]:
        with pytest.raises(PlanRefused, match=sentence):
            plan(world, **mapping)
    with pytest.raises(PlanRefused, match="没有第 7 版。"):
        plan(world, 1, 7)
    with pytest.raises(PlanRefused, match="两个不同的版本"):
        plan(world, 1, 1)


def test_an_order_that_was_interrupted_goes_on_with_those_that_wait(world: World) -> None:
    world.deploy(planning=FIRST)
    first, second = world.start(), world.start(unit=world.unit("U2"))
    world.deploy(planning=in_a_row(FILL, user("sign", "unit.vice_head")))
    setup = world.engine.setup
    with world.engine.database.write() as connection:
        order_id = give_order(setup, connection, plan(world), by=BY)
        order = read_order(setup, connection, order_id)
    assert move_one(setup, order, first, by=BY) == Settled(first, "moved")
    with world.engine.database.read() as connection:
        assert unfinished(connection, plan(world)) == order_id
        assert counts(connection, order_id) == {"moved": 1, "waiting": 1}
    found: list[Settled] = []
    carry_out(setup, order, by=BY, told=found.append)
    assert found == [Settled(second, "moved")]
    assert move_one(setup, order, first, by=BY).state == "refused", "it is there already"
    with world.engine.database.read() as connection:
        assert unfinished(connection, plan(world)) is None
        assert counts(connection, order_id) == {"moved": 2}
    assert [state for _, state in back_states(world, order_id)] == ["back", "back"]
    assert back(world, order_id) == []


def back_states(world: World, order_id: str) -> list[tuple[str, str]]:
    return [(one.instance_id, one.state) for one in back(world, order_id)]


def test_what_failed_in_the_old_version_is_mended_by_the_new_one(world: World) -> None:
    def passing(condition: str) -> bytes:
        return diagram(
            SUBJECT, START, user("fill", "unit.liaison"), END, user("sign", "unit.head"),
            '<bpmn:exclusiveGateway id="high" name="够高？" default="no" />',
            flow("f1", "begun", "fill"), flow("f2", "fill", "high"), flow("no", "high", "done"),
            flow("yes", "high", "sign", condition=condition), flow("f3", "sign", "done"),
        )  # fmt: skip

    world.deploy(planning=passing("= score >= 60"))
    instance_id = world.start()
    world.complete("ling", "fill")
    assert world.scalar("select count(*) from incident where resolved_at is null") == 1
    world.deploy(planning=passing("= true"))
    order_id, done = migrate(world, plan(world))
    assert [one.state for one in done] == ["moved"]
    assert broken(world) == []
    assert [one.state for one in back(world, order_id)] == ["back"]
    migrate(world, plan(world))
    incident = str(world.scalar("select id from incident where resolved_at is null"))
    mend(world.engine, world.person("kao"), incident, "retry", Mending())
    assert world.item("tou").element_id == "sign"
    assert world.scalar("select count(*) from incident where resolved_at is null") == 0
    world.complete("tou")
    assert world.status(instance_id) == "completed"
    assert broken(world) == []


def test_incidents_follow_to_their_own_elements_however_these_are_called_now_and_back(world: World) -> None:
    """`second` became `third` and `first` became `second`: both incidents were said to be at the third."""

    def choosing(*gateways: str) -> bytes:
        asked = [f'<bpmn:exclusiveGateway id="{one}" name="够高？" default="no_{one}" />' for one in gateways]
        flows = [flow("f0", "begun", "fill"), flow("f1", "fill", "fork")]
        for one in gateways:
            flows += [flow(f"to_{one}", "fork", one), flow(f"no_{one}", one, "done")]
            flows.append(flow(f"yes_{one}", one, "sign", condition="= score >= 60"))
        parts = [FILL, '<bpmn:parallelGateway id="fork" />', *asked, user("sign", "unit.head")]
        return diagram(SUBJECT, START, *parts, END, *flows, flow("f9", "sign", "done"))

    def places() -> list[str]:
        with world.engine.database.read() as connection:
            rows = connection.exec_driver_sql("select element_id from incident where resolved_at is null")
            return sorted(str(row[0]) for row in rows)

    world.deploy(planning=choosing("first", "second"))
    world.start()
    world.complete("ling")
    assert places() == ["first", "second"]
    world.deploy(planning=choosing("second", "third"))
    order_id, done = migrate(world, plan(world, first="second", second="third"))
    assert [one.state for one in done] == ["moved"] and places() == ["second", "third"]
    assert [one.state for one in back(world, order_id)] == ["back"]
    assert places() == ["first", "second"] and broken(world) == []


@pytest.mark.parametrize("verb", ["complete", "ask", "hand_over"])
def test_who_has_signed_asked_or_handed_over_since_is_not_undone_by_moving_back(
    world: World, verb: str
) -> None:
    """The tokens stood where they stood, so it was tried: a hand-over was undone unseen, the rest failed."""
    city = world.people
    signers = {"vote": "all", "signers": '= [post(unit, "liaison"), post(unit, "head")]'}
    more = signers if verb == "complete" else {}
    step = user("sign", "unit.liaison", form_id="review", verbs="ask,hand_over", **more)
    world.deploy(planning=in_a_row(step))
    instance_id = world.start()
    world.deploy(planning=in_a_row(step, user("again", "unit.head")))
    order_id, _ = migrate(world, plan(world))
    people = {"ask": (city["ban1"],), "hand_over": (city["lu"],)}.get(verb, ())
    world.act("ling", verb, people=people, opinion="请看")
    waiting = {login: len(world.inbox(login)) for login in city}
    reason = "迁移之后张玲已经办过这里的任务，不能退回旧版。"
    assert back(world, order_id) == [Settled(instance_id, "stays", reason)]
    assert {login: len(world.inbox(login)) for login in city} == waiting
    assert broken(world) == []
