"""An instance that stands still (挂起) is moved: its clocks stand still in the new version too."""

from datetime import UTC, date, datetime

from engine.runtime.migrating.bulk import Settled
from engine.verbs.tokens.standing import stand
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_up
from tests.engine.runtime.migrating.desk import back, broken, migrate, plan
from tests.engine.runtime.migrating.test_waits import late
from tests.engine.runtime.world import SUBJECT, World, user


def reminding(length: str, *, due: str = "P10D") -> bytes:
    """A task that is due, with a reminder; after `length` another task begins beside it."""
    steps = [
        user("fill", "unit.liaison", due=f'= duration("{due}")', remind="P1D"),
        user("look", "unit.head"),
    ]
    return diagram(
        SUBJECT, START, *steps, late("hour", "fill", length), END,
        line_up("begun", "fill", "done"), line_up("hour", "look"), flow("f9", "look", "done"),
    )  # fmt: skip


def office(world: World, instance_id: str, verb: str) -> None:
    stand(world.engine, world.person("kao"), instance_id, verb, reason="等省里的文件", tree=True)


def days_later(world: World, day: int) -> None:
    """To nine in the morning of a day in March; whatever is due happens."""
    world.clock.set(datetime(2018, 3, day, 1, tzinfo=UTC))
    world.engine.drain()
    assert broken(world) == []


def test_a_timer_or_date_that_the_new_version_sets_anew_rests_like_the_others(world: World) -> None:
    """It ran on: it fired, and people were reminded, while nobody could act."""
    world.deploy(planning=reminding("PT48H"))
    instance_id = world.start()
    office(world, instance_id, "suspend")
    world.deploy(planning=reminding("PT72H", due="P5D"))
    order_id, done = migrate(world, plan(world), instance_id)
    assert done == [Settled(instance_id, "moved")]
    days_later(world, 8)
    assert world.scalar("select count(*) from job where kind = 'timer'") == 0
    assert world.scalar("select count(*) from notification") == 0
    assert [one.state for one in back(world, order_id)] == ["back"]
    days_later(world, 12)
    assert world.scalar("select count(*) from job where kind = 'timer'") == 0
    migrate(world, plan(world), instance_id)
    office(world, instance_id, "resume")
    days_later(world, 14)
    assert world.inbox("tou") == [], "three days after eleven of standing still"
    days_later(world, 15)
    assert [row.element_id for row in world.inbox("tou")] == ["look"]


def test_who_stood_still_since_the_move_keeps_the_days_that_were_added(world: World) -> None:
    """To move back put the date back to what it was before it had been put off."""
    plain = diagram(
        SUBJECT, START, user("fill", "unit.liaison", due='= duration("P10D")'), END,
        line_up("begun", "fill", "done"),
    )  # fmt: skip
    world.deploy(planning=plain)
    instance_id = world.start()
    world.deploy(planning=plain.replace("办理fill".encode(), "填报".encode()))
    order_id, _ = migrate(world, plan(world), instance_id)
    office(world, instance_id, "suspend")
    days_later(world, 8)
    office(world, instance_id, "resume")
    put_off = world.item("ling").due_on
    assert put_off is not None and put_off > date(2018, 3, 11)
    (left,) = back(world, order_id)
    assert (left.state, "挂起" in left.reason) == ("stays", True)
    assert world.item("ling").due_on == put_off
