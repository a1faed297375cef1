"""What comes out of a called process reaches its caller: escalations, and errors that nothing catches."""

import pytest

from engine.runtime.calls import fan_out
from engine.runtime.events.messages import NewMessage
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_up
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

ROOT = (
    '<bpmn:escalation id="late" name="迟" escalationCode="LATE" />'
    '<bpmn:error id="bad" name="错" errorCode="BAD" />'
)
LATE, BAD = (
    '<bpmn:escalationEventDefinition id="{0}_d" escalationRef="late" />',
    '<bpmn:errorEventDefinition id="{0}_d" errorRef="bad" />',
)


def call(identity: str, process: str, *, units: bool = False) -> str:
    """A call, or one for each of `units`."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="= units" inputElement="unit" /></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    return (
        f'<bpmn:callActivity id="{identity}" name="各单位办理"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process}" /></bpmn:extensionElements>{loop if units else ""}'
        "</bpmn:callActivity>"
    )


def caller(definition: str, *, cancel: bool = True, units: bool = False, process: str = "planning") -> bytes:
    """begun → run (a call of `child`) → after; what the border catches goes to `look`."""
    border = (
        '<bpmn:boundaryEvent id="on" name="已上报" attachedToRef="run" '
        f'cancelActivity="{str(cancel).lower()}">'
        f"{definition.format('on')}</bpmn:boundaryEvent>"
    )
    steps = [call("run", "child", units=units), user("after", "unit.head"), user("look", "unit.head"), border]
    over = '<bpmn:endEvent id="seen" name="已处理" />'
    flows = [line_up("begun", "run", "after", "done"), line_up("on", "look", "seen")]
    return diagram(
        SUBJECT, START, *steps, END, over, *flows, process=f'id="{process}" name="调用"', root=ROOT
    )


def child(*parts: str, end: str = "") -> bytes:
    """A called process whose end event carries `end`."""
    drawn = in_a_row(*parts, process='id="child" name="子流程"', root=ROOT).decode()
    return drawn.replace(
        END, f'<bpmn:endEvent id="done" name="已结束">{end.format("done")}</bpmn:endEvent>'
    ).encode()


def throwing(identity: str) -> str:
    definition = LATE.format(identity)
    return (
        f'<bpmn:intermediateThrowEvent id="{identity}" name="上报">{definition}</bpmn:intermediateThrowEvent>'
    )


def at(world: World, login: str) -> list[str]:
    return sorted(row.element_id for row in world.inbox(login))


def test_an_escalation_is_heard_by_the_caller_while_the_child_goes_on(world: World) -> None:
    world.deploy(
        child=child(user("fill", "unit.liaison"), throwing("up"), user("more", "unit.liaison"), end=LATE),
        planning=caller(LATE, cancel=False),
    )
    started = world.start()
    world.complete("ling")
    assert (at(world, "ling"), at(world, "tou")) == (["more"], ["look"])
    world.complete("tou", "look")
    world.complete("ling")
    assert at(world, "tou") == ["after", "look"], "said with its last breath, and heard before it was joined"
    world.complete("tou", "after")
    world.complete("tou", "look")
    assert world.status(started) == "completed"


def test_an_escalation_may_put_an_end_to_the_call(world: World) -> None:
    world.deploy(
        child=child(user("fill", "unit.liaison"), throwing("up"), user("more", "unit.liaison")),
        planning=caller(LATE),
    )
    world.start()
    world.complete("ling")
    assert (at(world, "ling"), at(world, "tou")) == ([], ["look"])
    assert world.scalar("select status from instance where process_key = 'child'") == "terminated"


def test_nobody_has_to_hear_an_escalation(world: World) -> None:
    world.deploy(child=child(user("fill", "unit.liaison"), end=LATE), planning=in_a_row(call("run", "child")))
    started = world.start()
    world.complete("ling")
    assert world.status(started) == "completed"


def test_an_error_of_one_child_ends_the_call_and_the_other_children(world: World) -> None:
    world.deploy(child=child(user("fill", "unit.liaison"), end=BAD), planning=caller(BAD, units=True))
    started = world.start(units=[world.unit("U1"), world.unit("U2")])
    assert (at(world, "ling"), at(world, "ling2")) == (["fill"], ["fill"])
    world.complete("ling")
    assert (at(world, "tou"), at(world, "ling2")) == (["look"], [])
    ended = "select count(*) from instance where process_key = 'child' and status = 'terminated'"
    assert world.scalar(ended) == 2 and world.scalar("select count(*) from incident") == 0
    world.complete("tou")
    assert world.status(started) == "completed"


def test_an_error_goes_past_a_caller_that_does_not_catch_it(world: World) -> None:
    middle = in_a_row(call("deeper", "leaf"), process='id="child" name="中间"')
    leaf = child(user("fill", "unit.liaison"), end=BAD).replace(b'id="child"', b'id="leaf"', 1)
    world.deploy(
        leaf=leaf.replace(b'bpmnElement="child"', b'bpmnElement="leaf"'), child=middle, planning=caller(BAD)
    )
    world.start()
    world.complete("ling")
    assert at(world, "tou") == ["look"]
    gone = "select count(*) from instance where process_key in ('child', 'leaf') and status = 'terminated'"
    assert world.scalar(gone) == 2


def test_an_error_that_no_caller_catches_is_an_incident_of_the_child(world: World) -> None:
    world.deploy(child=child(user("fill", "unit.liaison"), end=BAD), planning=in_a_row(call("run", "child")))
    started = world.start()
    world.complete("ling")
    assert world.status(started) == "running"
    assert world.scalar("select count(*) from incident where resolved_at is null") == 1


MESSAGE = (
    '<bpmn:message id="asked" name="apply"><bpmn:extensionElements><zeebe:subscription '
    'correlationKey="= unit.id" /></bpmn:extensionElements></bpmn:message>'
)


def test_a_receive_task_may_start_a_process(world: World) -> None:
    receive = '<bpmn:receiveTask id="got" name="收到申请" instantiate="true" messageRef="asked" />'
    flows = [flow("got_fill", "got", "fill"), flow("fill_done", "fill", "done")]
    process = diagram(SUBJECT, receive, user("fill", "unit.liaison"), END, *flows, root=MESSAGE)
    world.deploy(planning=process)
    unit = world.unit("U1")
    apply = NewMessage(
        world.cycle.id, "apply", unit["id"], variables={"unit": unit}, surroundings=world.cycle.variables()
    )
    with world.engine.database.write() as connection:
        world.engine.publish(connection, apply)
    world.engine.drain()
    assert at(world, "ling") == ["fill"]


@pytest.mark.parametrize("process", ["= &#34;planning&#34;", "= who"])
def test_a_process_that_goes_on_calling_itself_is_stopped_by_an_incident(
    world: World, process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn plainly it is refused at deployment; worked out, it made instances until the disk was full."""
    monkeypatch.setattr(fan_out, "DEEPEST", 4)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), call("run", process)))
    first = world.start(who="planning")
    for _ in range(fan_out.DEEPEST):
        world.complete("ling", "fill")
    assert world.inbox("ling") == []
    for _ in range(3):
        with world.engine.database.write() as connection:
            connection.exec_driver_sql("update job set run_at = created_at where state = 'waiting'")
        world.engine.drain()
    assert world.scalar("select count(*) from instance") == fan_out.DEEPEST
    assert "可能在反复调用自己" in str(world.scalar("select message from incident"))
    assert world.status(first) == "running"
