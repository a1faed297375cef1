"""Signals reach all who wait for them in the cycle, and nobody else."""

from dataclasses import replace

import pytest

from engine.ids import new_id
from engine.runtime.events.signals import NewSignal
from engine.store import Database
from tests.engine.bpmn.lint_diagrams import START
from tests.engine.runtime.world import World, build_world, in_a_row, user

FROZEN = '<bpmn:signal id="frozen" name="cycle.frozen" />'
DEFINITION = '<bpmn:signalEventDefinition id="{}" signalRef="frozen" />'


def freezing(*, interrupting: bool = True) -> bytes:
    """A person's work, and an event subprocess that begins when the year is frozen."""
    box = (
        '<bpmn:subProcess id="freeze" name="冻结" triggeredByEvent="true">'
        f'<bpmn:startEvent id="frozen_now" name="年度已冻结" isInterrupting="{str(interrupting).lower()}">'
        f"{DEFINITION.format('d')}</bpmn:startEvent>{user('explain', 'unit.head', name='说明')}"
        '<bpmn:endEvent id="told" name="已说明" />'
        '<bpmn:sequenceFlow id="f1" sourceRef="frozen_now" targetRef="explain" />'
        '<bpmn:sequenceFlow id="f2" sourceRef="explain" targetRef="told" /></bpmn:subProcess>'
    )
    plain = in_a_row(user("fill", "unit.liaison"), root=FROZEN).decode()
    return plain.replace("</bpmn:process>", box + "</bpmn:process>").encode()


def throwing() -> bytes:
    event = (
        '<bpmn:intermediateThrowEvent id="tell" name="宣布冻结"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="= &#34;考评办&#34;" target="by" /></zeebe:ioMapping></bpmn:extensionElements>'
        f"{DEFINITION.format('t')}</bpmn:intermediateThrowEvent>"
    )
    return in_a_row(event, process='id="lock" name="数据冻结"', root=FROZEN)


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def test_one_throw_reaches_every_instance_of_the_cycle_once(world: World) -> None:
    world.deploy(planning=freezing(), lock=throwing())
    first, second = world.start(unit=world.unit("U1")), world.start(unit=world.unit("U2"))
    elsewhere = replace(world.cycle, id=new_id(), year=2017)
    other = world.engine.start("planning", cycle=elsewhere, variables={"unit": world.unit("U1")})
    world.engine.drain()
    world.start("lock", unit=world.unit("U1"))
    assert [row.element_id for row in world.inbox("tou")] == ["explain"]
    assert [row.element_id for row in world.inbox("tou2")] == ["explain"]
    assert [row.year for row in world.inbox("ling")] == [2017], "the other cycle goes on"
    assert world.inbox("ling2") == []
    assert world.scalar("select count(*) from signal_subscription") == 1
    said = "select value_text from variable where instance_id = :id and name = 'by'"
    assert world.scalar(said, id=first) == world.scalar(said, id=second) == '"考评办"'
    world.complete("tou")
    assert [world.status(one) for one in (first, second, other)] == ["completed", "running", "running"]


def test_one_that_does_not_interrupt_hears_every_throw(world: World) -> None:
    world.deploy(planning=freezing(interrupting=False), lock=throwing())
    world.start()
    for _ in range(2):
        world.start("lock", unit=world.unit("U1"))
    assert [row.element_id for row in world.inbox("tou")] == ["explain", "explain"]
    assert [row.element_id for row in world.inbox("ling")] == ["fill"]


def test_nobody_waits_and_nothing_is_kept_for_later(world: World) -> None:
    world.deploy(planning=freezing(), lock=throwing())
    world.start("lock", unit=world.unit("U1"))
    world.start()
    assert [row.element_id for row in world.inbox("ling")] == ["fill"]


def test_a_signal_starts_what_begins_with_it(world: World) -> None:
    plain = in_a_row(user("fill", "unit.liaison"), root=FROZEN).decode()
    begins = f'<bpmn:startEvent id="begun" name="已开始">{DEFINITION.format("s")}</bpmn:startEvent>'
    assert START in plain
    world.deploy(planning=plain.replace(START, begins).encode())
    given = NewSignal(
        world.cycle.id, "cycle.frozen", {"unit": world.unit("U1")}, surroundings=world.cycle.variables()
    )
    with world.engine.database.write() as connection:
        assert world.engine.throw(connection, given) == 1
        assert world.engine.throw(connection, replace(given, name="weights.changed")) == 0
    world.engine.drain()
    assert [(row.element_id, row.year) for row in world.inbox("ling")] == [("fill", 2018)]
