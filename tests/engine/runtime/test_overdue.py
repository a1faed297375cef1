"""What the clock does when a date has passed: it reminds again and again, decides, or hands over."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.runtime.instances.suspending import resume, standing_of, suspend
from engine.runtime.setup import Actor
from engine.runtime.steps.opening import NobodyToTell
from engine.runtime.steps.rows import lock_instance
from engine.runtime.steps.step import load_step, look_at
from engine.work.notices import notices_of
from tests.engine.runtime.world import World, in_a_row, user

DUE = '= date("2018-03-20")'
PASSED = datetime(2018, 3, 20, 16, 0, tzinfo=UTC)
"""24:00 of the date in Shanghai; a Tuesday."""
CHOICE = "approve:同意,return:退回"


def at(world: World, moment: datetime) -> None:
    world.clock.set(moment)
    world.engine.drain()


def told(world: World, kind: str) -> int:
    return int(world.scalar("select count(*) from notification where kind = :kind", kind=kind))


def test_a_late_task_is_reminded_of_each_working_day_until_it_is_done(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", due=DUE, remind="P1D,R/P1WD")))
    world.start()
    at(world, PASSED - timedelta(minutes=1))
    assert (told(world, "remind"), told(world, "overdue")) == (1, 0)
    heard = []
    for day in range(7):  # Wednesday 21st to Tuesday 27th; the weekend is silent
        at(world, PASSED + timedelta(days=day))
        heard.append(told(world, "overdue"))
    assert heard == [1 - 1, 1, 2, 2, 2, 3, 4]
    at(world, PASSED + timedelta(days=20))  # the clock stood still for a while: once, not for each day
    assert told(world, "overdue") == 5
    world.complete("ling")
    at(world, PASSED + timedelta(days=30))
    assert told(world, "overdue") == 5
    assert world.scalar("select count(*) from reminder") == 0


def test_the_clock_decides_in_nobodys_name_and_once(world: World) -> None:
    fill = user("fill", "unit.head", due=DUE, outcomes=CHOICE, overdueOutcome="return", remind="P1D")
    world.deploy(planning=in_a_row(fill, user("after", "assessor.office.reviewer")))
    instance = world.start()
    at(world, PASSED - timedelta(seconds=1))
    assert world.item("tou").element_id == "fill"
    at(world, PASSED)
    assert world.inbox("tou") == []
    assert world.item("kao").element_id == "after"
    [event] = [one for one in world.events(instance) if one.element_id == "fill"]
    assert (event.verb, event.outcome, event.person_name, event.person_id) == (
        "timed_out",
        "return",
        "系统",
        None,
    )
    assert world.scalar("select value_text from variable where name = 'outcome'") == '"return"'
    at(world, PASSED + timedelta(days=9))
    assert len([one for one in world.events(instance) if one.verb == "timed_out"]) == 1


def test_whoever_is_in_time_is_not_overruled(world: World) -> None:
    fill = user("fill", "unit.head", due=DUE, outcomes=CHOICE, overdueOutcome="return")
    world.deploy(planning=in_a_row(fill, user("after", "assessor.office.reviewer")))
    instance = world.start()
    world.complete("tou", outcome="approve")
    at(world, PASSED)
    assert [one.verb for one in world.events(instance)] == ["complete"]
    assert world.item("kao").element_id == "after"


def test_the_clock_decides_for_all_signers_at_once(world: World) -> None:
    signed = user(
        "sign", "unit.head", due=DUE, outcomes=CHOICE, overdueOutcome="approve", vote="all",
        signers='= [post(unit, "head"), post(unit, "vice_head")]',
    )  # fmt: skip
    world.deploy(planning=in_a_row(signed, user("after", "assessor.office.reviewer")))
    instance = world.start()
    world.complete("lu", outcome="approve")
    at(world, PASSED)
    assert world.inbox("tou") == []
    assert world.item("kao").element_id == "after"
    assert sorted(one.verb for one in world.events(instance)) == ["complete", "timed_out"]


def test_a_late_task_goes_to_another_desk(world: World) -> None:
    fill = user("fill", "unit.liaison", due=DUE, overdueTo='= post(unit, "head")')
    world.deploy(planning=in_a_row(fill))
    instance = world.start()
    at(world, PASSED)
    assert world.inbox("ling") == []
    assert world.item("tou").element_id == "fill"
    assert [one.verb for one in world.events(instance)] == ["timed_out"]
    assert world.scalar("select count(*) from notification where post_key = 'head' and kind = 'vacant'") == 1
    at(world, PASSED + timedelta(days=3))
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_while_an_instance_stands_still_the_clock_decides_nothing(world: World) -> None:
    fill = user("fill", "unit.head", due=DUE, outcomes=CHOICE, overdueOutcome="return", remind="R/P1WD")
    world.deploy(planning=in_a_row(fill))
    instance = world.start()
    with world.engine.database.write() as connection:
        step = load_step(world.engine.setup, connection, lock_instance(connection, instance))
        suspend(step, reason="等")
    at(world, PASSED + timedelta(days=1))
    assert world.item("tou").element_id == "fill"
    with world.engine.database.write() as connection:
        standing = standing_of(connection, instance)
        assert standing is not None
        resume(
            look_at(world.engine.setup, connection, lock_instance(connection, instance)),
            standing,
            reason="办",
        )
    world.engine.drain()
    assert world.item("tou").element_id == "fill"  # the date has moved by as much
    assert world.scalar("select count(*) from reminder") == 2
    at(world, PASSED + timedelta(days=60))
    assert world.status(instance) == "completed"


def test_after_a_long_stop_one_notice_says_how_it_stands(world: World) -> None:
    fill = user("fill", "unit.liaison", due=DUE, remind="P5D,P3D,P1D,R/P1WD", escalate='= post(unit, "head")')
    world.deploy(planning=in_a_row(fill))
    world.start()
    at(world, PASSED - timedelta(hours=1))  # nothing ran since the day before the first
    assert (told(world, "remind"), told(world, "overdue")) == (1, 0), "not once for each that was missed"
    world.start()
    at(world, PASSED + timedelta(days=20))
    assert (told(world, "remind"), told(world, "overdue")) == (1, 2), "nobody hears that it is due soon"
    assert told(world, "escalate") == 2


def test_nobody_is_reminded_of_what_the_clock_decides_in_the_same_turn(world: World) -> None:
    fill = user("fill", "unit.head", due=DUE, outcomes=CHOICE, overdueOutcome="return", remind="P1D,R/P1WD")
    world.deploy(planning=in_a_row(fill, user("after", "assessor.office.reviewer")))
    world.start()
    at(world, PASSED + timedelta(days=2))
    assert world.item("kao").element_id == "after"
    assert (told(world, "remind"), told(world, "overdue")) == (0, 0)


@pytest.mark.parametrize("named", ['= post(unit, "vice_head")', "= initiator()"])
def test_who_is_told_that_a_task_is_late_is_somebody(world: World, named: str) -> None:
    """A post that nobody held heard it for nobody; a person was taken for a unit, and never heard of it."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", due=DUE, escalate=named)))
    world.engine.start(
        "planning",
        cycle=world.cycle,
        variables={"unit": world.unit("U2")},
        by=Actor(world.people["tou2"], "赵局"),
    )
    at(world, PASSED)
    with world.engine.database.read() as connection:
        [notice] = notices_of(connection, world.person("tou2"))
    assert notice["kind"] == "escalate"
    why = notice["params_json"].get("text", "")
    assert why == (
        "" if "initiator" in named else "“市环境保护局”的岗位“分管领导”目前无人任职，已交该单位主要负责人"
    )


def test_a_task_whose_leader_cannot_be_read_does_not_open_unsaid(world: World) -> None:
    """It opened, and when it was late nobody heard of it."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", due=DUE, escalate='= [post(unit, "head")]')))
    with pytest.raises(NobodyToTell, match="逾期以后告诉谁"):
        world.start()


@pytest.mark.parametrize(("rule", "ends"), [("overdueOutcome", True), ("overdueTo", False)])
def test_who_lets_others_sign_after_does_not_escape_the_clock(world: World, rule: str, ends: bool) -> None:
    """后加签, and the date passed for nobody: the step waited for ever."""
    said = "return" if ends else '= post(assessor, "office.head")'
    fill = user("fill", "unit.head", due=DUE, outcomes=CHOICE, verbs="add_after", **{rule: said})
    world.deploy(planning=in_a_row(fill, user("after", "assessor.office.reviewer")))
    instance = world.start()
    world.act("tou", "add_after", people=(world.people["ling2"],), opinion="请再看")
    world.complete("tou", outcome="approve")
    at(world, PASSED)
    assert world.inbox("ling2") == []
    assert [one.verb for one in world.events(instance)] == ["add_after", "complete", "timed_out"]
    if not ends:
        world.complete("kao", "fill", outcome="approve")
    assert world.item("kao").element_id == "after"
