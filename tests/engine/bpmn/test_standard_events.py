"""Events as the standard means them: signals that interrupt their thrower, several at once, cycles."""

import re

import pytest

from engine.bpmn.compile import compile_process
from engine.bpmn.dialect import Level
from engine.bpmn.model import EventDefinition
from engine.bpmn.reader import read_model

from .drawing import Desk, draw, node, timer
from .lint_diagrams import START, between, choice, diagram, errors_in, line_up


def signal(name: str, *, cancel: bool = True, also: tuple[str, ...] = ()) -> EventDefinition:
    return EventDefinition(kind="signal", name=name, cancel_activity=cancel, also=also)


@pytest.mark.parametrize("cancel", [True, False])
def test_a_signal_that_ends_a_subprocess_interrupts_it_before_it_has_ended(cancel: bool) -> None:
    process = draw(
        [node("s0", "start"), node("sub", "sub"), node("done", "user"), node("stopped", "user"),
         node("s", "start", parent="sub"), node("a", "user", parent="sub"),
         node("e", "end", parent="sub", event=signal("stop")),
         node("on", "boundary", attached_to="sub", event=signal("stop", cancel=cancel))],
        ["s0 -> sub", "sub -> done", "s -> a", "a -> e", "on -> stopped"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == (["stopped"] if cancel else ["done"])
    assert [one.name for one in desk.x.thrown] == ["stop"], "the others in the cycle hear it too"


def test_a_signal_interrupts_the_scope_whose_event_subprocess_waits_for_it() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), node("b", "user"),
         node("stop", "throw", event=signal("stop")),
         node("esp", "sub", triggered_by_event=True), node("es", "start", parent="esp", event=signal("stop")),
         node("x", "user", parent="esp")],
        ["s -> a", "a -> stop", "stop -> b", "es -> x"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == ["x"]


def test_another_signal_interrupts_nothing() -> None:
    process = draw(
        [node("s0", "start"), node("sub", "sub"), node("done", "user"), node("stopped", "user"),
         node("s", "start", parent="sub"), node("e", "end", parent="sub", event=signal("go")),
         node("on", "boundary", attached_to="sub", event=signal("stop"))],
        ["s0 -> sub", "sub -> done", "s -> e", "on -> stopped"],
    )  # fmt: skip
    assert Desk(process, reload=True).at() == ["done"]


def test_a_multiple_event_throws_all_its_signals() -> None:
    process = draw(
        [node("s", "start"), node("t", "throw", event=signal("one", also=("two", '= "th" + "ree"'))),
         node("a", "user")],
        ["s -> t", "t -> a"],
    )  # fmt: skip
    desk = Desk(process)
    assert [one.name for one in desk.x.thrown] == ["one", "two", "three"] and desk.at() == ["a"]


TWO = (
    '<bpmn:{0} id="x"><bpmn:signalEventDefinition id="s1" signalRef="one" />'
    '<bpmn:{1}EventDefinition id="s2" {1}Ref="two" /></bpmn:{0}>'
)
ROOTS = '<bpmn:signal id="one" name="first" /><bpmn:{} id="two" name="second" />'


def test_the_reader_takes_several_signals_thrown_by_one_event_and_nothing_else_that_is_multiple() -> None:
    thrown = diagram(
        START, TWO.format("endEvent", "signal"), line_up("begun", "x"), root=ROOTS.format("signal")
    )
    event = read_model(thrown, file="p.bpmn").processes["planning"].elements["x"].event
    assert event is not None and (event.name, event.also) == ("first", ("second",))
    mixed = diagram(
        START, TWO.format("endEvent", "message"), line_up("begun", "x"), root=ROOTS.format("message")
    )
    assert [rule for rule, _, _ in errors_in(mixed)] == ["unsupported-event"]
    caught = between(TWO.format("intermediateCatchEvent", "signal"), root=ROOTS.format("signal"))
    assert [rule for rule, _, _ in errors_in(caught)] == ["unsupported-event"]


def test_a_cycle_in_the_flow_lets_a_token_go_on_each_time() -> None:
    process = draw(
        [node("s", "start"), node("t", "catch", event=timer("cycle", "R3/PT1H")), node("a", "user")],
        ["s -> t", "t -> a"],
    )
    desk = Desk(process, reload=True)
    for left in (["a", "t"], ["a", "a", "t"], ["a", "a", "a"]):
        desk.fire("t")
        assert desk.at() == left
    assert not desk.x.ended


@pytest.mark.parametrize(("n", "taken"), [(2, "done"), (1, "other")])
def test_a_complex_gateway_that_only_splits_chooses_like_an_inclusive_one(n: int, taken: str) -> None:
    data = choice("= n > 1", "", default="two", kind="complexGateway")
    process = compile_process(read_model(data, file="p.bpmn", level="bpmn"), "planning")
    desk = Desk(process, n=n)
    assert desk.x.ended and [name for name, what in desk.path if what == "entered"][-1] == taken


def test_one_that_joins_or_waits_for_a_condition_stays_refused_and_so_do_all_in_the_dialect() -> None:
    data = choice("= n > 1", "", default="two", kind="complexGateway")
    assert [rule for rule, _, _ in errors_in(data)] == ["unsupported-element"]
    joining = between('<bpmn:complexGateway id="x" />')
    assert [rule for rule, _, _ in errors_in(joining, "bpmn")] == ["unsupported-element"]
    condition = b"<bpmn:activationCondition>= true</bpmn:activationCondition></bpmn:complexGateway>"
    waiting = re.sub(rb'(<bpmn:complexGateway id="x" [^/]*)/>', rb"\1>" + condition, data)
    assert "unsupported-element" in [rule for rule, _, _ in errors_in(waiting, "bpmn")]


@pytest.mark.parametrize("level", ["bpmn", "dialect"])
@pytest.mark.parametrize("kind", ["callActivity", "subProcess"])
def test_an_escalation_may_be_caught_on_a_call_as_on_a_subprocess(level: Level, kind: str) -> None:
    called = '<bpmn:extensionElements><zeebe:calledElement processId="child" /></bpmn:extensionElements>'
    inner = (
        called
        if kind == "callActivity"
        else '<bpmn:startEvent id="inside" name="内" />'
        + ('<bpmn:endEvent id="over" name="完" />' + line_up("inside", "over"))
    )
    border = (
        '<bpmn:boundaryEvent id="b" name="升级" attachedToRef="x">'
        '<bpmn:escalationEventDefinition id="d" /></bpmn:boundaryEvent>'
    )
    data = between(f'<bpmn:{kind} id="x" name="一步">{inner}</bpmn:{kind}>', border, line_up("b", "done"))
    assert errors_in(data, level) == []
