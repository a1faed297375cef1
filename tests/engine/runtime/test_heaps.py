"""Very many at once, and very often: timers in a heap, messages under one key, loops of many rounds."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from engine.runtime.events import clockwork
from engine.runtime.events.messages import AlreadySubscribed, NewMessage
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_fan_out import counted
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, user

TIMER = (
    '<bpmn:intermediateCatchEvent id="wait" name="等待"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="{}" name="等回复">'
    '<bpmn:messageEventDefinition id="{}_m" messageRef="reply" /></bpmn:intermediateCatchEvent>'
)
REPLY = (
    '<bpmn:message id="reply" name="reply"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
)


def catch(identity: str) -> str:
    return CATCH.format(identity, identity)


def publish(world: World, message_id: str, *, lives: timedelta = timedelta(days=1), value: str = "") -> bool:
    message = NewMessage(world.cycle.id, "reply", "U1", message_id, {"value": value}, lives)
    with world.engine.database.write() as connection:
        return world.engine.publish(connection, message)


def test_a_heap_of_timers_is_queued_no_faster_than_it_is_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fires once; what somebody sets off meanwhile has a few of them before it, not all."""
    monkeypatch.setattr(clockwork, "BATCH", 2)
    monkeypatch.setattr(clockwork, "BACKLOG", 3)
    world.deploy(planning=in_a_row(TIMER, user("fill", "unit.liaison")))
    for _ in range(7):
        world.start(drain=False)
    world.clock.advance(timedelta(days=30))
    setup, waiting = world.engine.setup, "select count(*) from job"
    assert [clockwork.tick(setup) for _ in range(3)] == [2, 1, 0]
    with world.engine.database.read() as connection:
        assert not clockwork.ask_due(setup, connection)(), "there is no room for more"
    assert world.scalar(waiting) == 3
    world.engine.drain()
    assert world.scalar(waiting) == 0
    assert world.scalar("select count(*) from timer") == 0
    assert world.scalar("select count(distinct instance_id) from work_item") == 7
    assert world.scalar("select count(*) from work_item") == 7


def test_messages_under_one_key_are_received_one_by_one_in_their_order(world: World) -> None:
    world.deploy(planning=in_a_row(catch("first"), catch("second"), user("fill", "unit.liaison"), root=REPLY))
    assert publish(world, "m1", value="1")
    assert publish(world, "m2", value="2")
    assert not publish(world, "m1", value="3"), "its id is remembered before anybody has received it"
    instance = world.start()
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from message where received_at is not null") == 2
    said = "select value_text from variable where instance_id = :id and name = 'value'"
    assert world.scalar(said, id=instance) == '"2"'
    assert not publish(world, "m2"), "and after that"


def test_the_id_of_a_message_is_remembered_when_its_time_is_over(world: World) -> None:
    world.deploy(planning=in_a_row(catch("first"), user("fill", "unit.liaison"), root=REPLY))
    assert publish(world, "m1")
    world.clock.advance(timedelta(days=2))
    assert not publish(world, "m1")
    world.start()
    assert world.inbox("ling") == []


def test_the_second_who_would_wait_under_one_key_is_refused(world: World) -> None:
    world.deploy(planning=in_a_row(catch("first"), user("fill", "unit.liaison"), root=REPLY))
    one = world.start()
    with pytest.raises(AlreadySubscribed, match="已有一个流程在等待"):
        world.start()
    assert world.scalar("select count(*) from subscription") == 1
    publish(world, "m1")
    world.engine.drain()
    assert world.item("ling").instance_id == one
    assert world.scalar("select count(*) from subscription") == 0


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_a_message_and_its_receiver_do_not_pass_each_other(database: Database) -> None:
    """The one is published, and not yet to be seen, when the other looks for it: the second waits."""
    world = build_world(database)
    world.deploy(planning=in_a_row(catch("first"), user("fill", "unit.liaison"), root=REPLY))
    message = NewMessage(world.cycle.id, "reply", "U1", "m1", {}, timedelta(days=1))
    starting = Thread(target=lambda: world.start(drain=False))
    blocked = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with database.write() as connection:
        world.engine.publish(connection, message)
        starting.start()
        while starting.is_alive() and not connection.execute(text(blocked)).scalar():
            starting.join(0.01)
        assert starting.is_alive(), "who subscribes waits until the message can be seen"
    starting.join()
    world.engine.drain()
    assert world.item("ling").element_id == "fill"


LOOP = diagram(
    SUBJECT,
    START,
    user("again", "unit.liaison"),
    '<bpmn:boundaryEvent id="late" name="逾期" attachedToRef="again" cancelActivity="false">'
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>'
    "</bpmn:boundaryEvent>",
    '<bpmn:callActivity id="asked" name="征求意见"><bpmn:extensionElements>'
    '<zeebe:calledElement processId="one_unit" propagateAllChildVariables="false" '
    'propagateAllParentVariables="false" /></bpmn:extensionElements>'
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="= [unit, unit]" inputElement="unit" '
    'outputCollection="answers" outputElement="= unit.code" /></bpmn:extensionElements>'
    "</bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>",
    '<bpmn:exclusiveGateway id="enough" name="够了?" default="back" />',
    '<bpmn:endEvent id="told" name="已提醒" />',
    END,
    flow("f1", "begun", "again"),
    flow("f2", "again", "asked"),
    flow("f3", "asked", "enough"),
    flow("f4", "late", "told"),
    flow("back", "enough", "again", name="否"),
    flow("on", "enough", "done", name="是", condition='= value = "enough"'),
)
SIZES = (
    "select length(state) from instance where id = :id",
    "select count(*) from variable where instance_id = :id",
    "select count(*) from timer where instance_id = :id",
    "select count(*) from work_item where instance_id = :id",
)


@ON_SQLITE
def test_a_loop_carries_nothing_from_round_to_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person, a timer on the border and a fan-out in each round; what was said before is looked at once."""
    script = (
        '<bpmn:scriptTask id="work" name="计算"><bpmn:extensionElements>'
        '<zeebe:script expression="= unit.code" resultVariable="code" />'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )
    world.deploy(planning=LOOP, child=in_a_row(script, process='id="one_unit" name="单位意见"'))
    instance = world.start()
    rounds: list[tuple[list[Any], list[str]]] = []
    for _ in range(12):
        with counted(monkeypatch) as seen:
            world.complete("ling", fields={"value": "more"})
        rounds.append(([world.scalar(size, id=instance) for size in SIZES], seen))
    assert rounds[2] == rounds[7], "the same rows are left, and the same statements run"
    assert rounds[11][0][1:] == rounds[2][0][1:]
    events = world.events(instance)
    done = [event for event in events if event.verb == "complete"]
    assert [event.round for event in done] == list(range(1, 13))
    assert [event.superseded for event in done] == [True] * 12
    assert sum(event.verb == "supersede" for event in events) == 12, "each once"


@ON_SQLITE
def test_a_decision_that_comes_while_a_later_round_is_open_is_superseded_by_the_next(world: World) -> None:
    """Two tokens stand at one step; the earlier round is decided after the later one has begun."""
    drawn = diagram(
        SUBJECT,
        START,
        '<bpmn:parallelGateway id="fork" name="" />',
        user("hold", "unit.head"),
        '<bpmn:exclusiveGateway id="both" name="" />',
        user("work", "unit.liaison"),
        '<bpmn:exclusiveGateway id="once_more" name="再来?" default="no" />',
        END,
        flow("f1", "begun", "fork"),
        flow("f2", "fork", "both"),
        flow("f3", "fork", "hold"),
        flow("f4", "hold", "both"),
        flow("f5", "both", "work"),
        flow("f6", "work", "once_more"),
        flow("again", "once_more", "both", name="是", condition='= value = "again"'),
        flow("no", "once_more", "done", name="否"),
    )
    world.deploy(planning=drawn)
    instance = world.start()
    world.complete("tou")
    first, second = sorted(world.inbox("ling"), key=lambda row: row.round)
    assert (first.round, second.round) == (1, 2)
    for row, value in ((second, "no"), (first, "again")):
        act(world.engine, world.person("ling"), row.item_id, "complete", Request(1, fields={"value": value}))
    said = [event for event in world.events(instance) if event.element_id == "work"]
    done = {event.round: event.superseded for event in said if event.verb == "complete"}
    assert world.item("ling").round == 3
    assert done == {1: True, 2: True}
