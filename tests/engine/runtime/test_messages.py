"""Messages and signals that come close together, live as long as they say, and carry what fits."""

from datetime import timedelta

import pytest

from engine.runtime.events.messages import NewMessage
from engine.runtime.events.signals import NewSignal
from engine.store import Database
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, user

TOLD = (
    '<bpmn:message id="msg_told" name="told"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
)
SIGNAL = '<bpmn:signal id="sig_frozen" name="frozen" />'
MESSAGE = '<bpmn:messageEventDefinition id="d" messageRef="msg_told" />'


@pytest.fixture
def world(database: Database) -> World:
    return build_world(database)


def beside(definition: str, root: str) -> bytes:
    """A person's work, and beside it an event subprocess that does not interrupt, each time a task."""
    box = (
        '<bpmn:subProcess id="box" name="旁边" triggeredByEvent="true">'
        f'<bpmn:startEvent id="came" name="来了" isInterrupting="false">{definition}</bpmn:startEvent>'
        f"{user('explain', 'unit.head', name='说明')}"
        '<bpmn:endEvent id="told_end" name="已说明" />'
        '<bpmn:sequenceFlow id="b1" sourceRef="came" targetRef="explain" />'
        '<bpmn:sequenceFlow id="b2" sourceRef="explain" targetRef="told_end" /></bpmn:subProcess>'
    )
    plain = in_a_row(user("fill", "unit.liaison"), root=root).decode()
    return plain.replace("</bpmn:process>", box + "</bpmn:process>").encode()


def publish(world: World, key: str, message_id: str, *, lives: timedelta = timedelta(0)) -> None:
    with world.engine.database.write() as connection:
        message = NewMessage(world.cycle.id, "told", key, message_id, {"said": message_id}, lives)
        assert world.engine.publish(connection, message)


def throw(*extra: str, name: str = "told") -> str:
    """A message throw event; `extra` is XML of zeebe:input."""
    return (
        '<bpmn:intermediateThrowEvent id="tell" name="告知"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="bihuan:publish" retries="1" /><zeebe:ioMapping>'
        f'<zeebe:input source="{name}" target="messageName" />{"".join(extra)}</zeebe:ioMapping>'
        f"</bpmn:extensionElements>{MESSAGE}</bpmn:intermediateThrowEvent>"
    )


def given(target: str, source: str) -> str:
    return f'<zeebe:input source="{source}" target="{target}" />'


def heads_tasks(world: World) -> int:
    return [row.element_id for row in world.inbox("tou")].count("explain")


def test_two_signals_before_the_first_was_heard_both_reach_one_that_does_not_interrupt(world: World) -> None:
    """The listener was exchanged by the first signal, and the second looked for one that was gone."""
    world.deploy(planning=beside('<bpmn:signalEventDefinition id="d" signalRef="sig_frozen" />', SIGNAL))
    world.start()
    for _ in range(2):
        with world.engine.database.write() as connection:
            assert world.engine.throw(connection, NewSignal(world.cycle.id, "frozen")) == 1
    world.engine.drain()
    assert heads_tasks(world) == 2


def test_two_messages_before_the_first_was_received_both_reach_one_that_does_not_interrupt(
    world: World,
) -> None:
    """Both were sent while it waited; the second, not to be kept, was lost when its turn came."""
    world.deploy(planning=beside(MESSAGE, TOLD))
    world.start()
    publish(world, "U1", "m1")
    publish(world, "U1", "m2")
    world.clock.advance(timedelta(seconds=1))
    world.engine.drain()
    assert heads_tasks(world) == 2
    assert world.scalar("select count(*) from message where received_at is null") == 0


def test_messages_kept_from_before_all_reach_one_that_does_not_interrupt(world: World) -> None:
    world.deploy(planning=beside(MESSAGE, TOLD))
    for number in range(3):
        publish(world, "U1", f"m{number}", lives=timedelta(days=1))
    world.start()
    assert heads_tasks(world) == 3
    publish(world, "U1", "m3")
    world.engine.drain()
    assert heads_tasks(world) == 4 and world.scalar("select count(*) from job") == 0


@pytest.mark.parametrize("lives", ["P30D", "= duration(&#34;P30D&#34;)", "P1W2DT3H"])
def test_a_message_lives_as_long_as_its_drawing_says_in_words_or_feel(world: World, lives: str) -> None:
    """`P30D` without `=`, as two of our own diagrams have it, was taken for nothing at all."""
    sends = in_a_row(
        throw(given("correlationKey", "U1"), given("timeToLive", lives)),
        process='id="sends" name="告知"',
        root=TOLD,
    )
    waits = '<bpmn:intermediateCatchEvent id="wait" name="等待">' + MESSAGE + "</bpmn:intermediateCatchEvent>"
    world.deploy(sends=sends, planning=in_a_row(waits, user("fill", "unit.liaison"), root=TOLD))
    world.start("sends")
    world.clock.advance(timedelta(days=8))
    world.start()
    assert [row.element_id for row in world.inbox("ling")] == ["fill"]


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ([given("correlationKey", "U1"), given("timeToLive", "= 1 + 1")], "timeToLive“2”不是时长"),
        ([given("correlationKey", "= [1]")], "correlationKey 不是文字或数"),
        ([given("correlationKey", "k" * 301)], "correlationKey 超过 300 个字"),
        ([given("correlationKey", "k"), given("messageId", "m" * 201)], "messageId 超过 200 个字"),
        ([given("correlationKey", "k"), given("variables", "none")], "variables 不是一组变量"),
    ],
)
def test_a_message_that_cannot_be_published_is_an_incident_with_the_reason(
    world: World, inputs: list[str], said: str
) -> None:
    world.deploy(planning=in_a_row(throw(*inputs), root=TOLD))
    world.start()
    assert said in str(world.scalar("select message from incident"))
    assert world.scalar("select count(*) from message") == 0


@pytest.mark.parametrize(
    ("sent", "awaited"), [("= 0", "= 1 - 1"), ("= 7.0", "= 7"), ("= 10 * 10", "= &#34;100&#34;")]
)
def test_a_number_is_the_same_key_to_who_sends_and_who_waits(world: World, sent: str, awaited: str) -> None:
    """`7.0` was sent and `7` awaited; 0 was no key at all."""
    waits = '<bpmn:intermediateCatchEvent id="wait" name="等待">' + MESSAGE + "</bpmn:intermediateCatchEvent>"
    keyed = TOLD.replace("= unit.code", awaited)
    world.deploy(
        sends=in_a_row(throw(given("correlationKey", sent)), process='id="sends" name="告知"', root=keyed),
        planning=in_a_row(waits, user("fill", "unit.liaison"), root=keyed),
    )
    world.start()
    world.start("sends")
    assert [row.element_id for row in world.inbox("ling")] == ["fill"]


@pytest.mark.parametrize("name", ["tell", "tell" * 50])
def test_two_tokens_at_one_throw_event_publish_two_messages(world: World, name: str) -> None:
    """Both took the id of the round in which the later one was, and the second was taken for the first."""
    drawn = diagram(
        SUBJECT,
        START,
        '<bpmn:parallelGateway id="fork" name="分" />',
        '<bpmn:exclusiveGateway id="merge" name="并" />',
        throw(given("correlationKey", "k")).replace('"tell"', f'"{name}"'),
        END,
        flow("f1", "begun", "fork"),
        flow("f2", "fork", "merge"),
        flow("f3", "fork", "merge"),
        flow("f4", "merge", name),
        flow("f5", name, "done"),
        root=TOLD,
    )
    world.deploy(planning=drawn)
    assert world.status(world.start()) == "completed"
    assert world.scalar("select count(*) from message") == 2


def test_a_key_too_long_to_be_kept_holds_the_step_like_any_other_fault_of_the_drawing(world: World) -> None:
    """On PostgreSQL the person's completion failed each time with an error of the database."""
    waits = '<bpmn:intermediateCatchEvent id="wait" name="等待">' + MESSAGE + "</bpmn:intermediateCatchEvent>"
    keyed = TOLD.replace("= unit.code", "= value")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), waits, root=keyed))
    instance = world.start()
    world.complete("ling", fields={"value": "键" * 301})
    assert [verb for verb, _, _ in world.said(instance)].count("complete") == 1
    assert "超过 300 个字" in str(world.scalar("select message from incident"))


def test_a_name_too_long_to_be_kept_is_refused_when_it_is_worked_out(world: World) -> None:
    named = TOLD.replace('name="told"', 'name="= long"')
    waits = '<bpmn:intermediateCatchEvent id="wait" name="等待">' + MESSAGE + "</bpmn:intermediateCatchEvent>"
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), waits, root=named))
    world.start(long="名" * 201)
    world.complete("ling")
    assert "超过 200 个字" in str(world.scalar("select message from incident"))
