"""Conditional events: judged when they begin to wait, and after every change of a variable."""

from decimal import Decimal

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import ExpressionFailed, Runaway
from engine.bpmn.model import EventDefinition, Mapping
from engine.bpmn.reader import examine

from .drawing import Desk, draw, message, node
from .lint_diagrams import START, between, diagram, errors_in, event, line_up


def when(condition: str, *, cancel: bool = True) -> EventDefinition:
    return EventDefinition(kind="conditional", condition=condition, cancel_activity=cancel)


def on_border(*, cancel: bool, condition: str = "= score < 60") -> Process:
    """A subprocess of two steps; a condition on its border leads to `help`."""
    return draw(
        [node("s0", "start"), node("sub", "sub"), node("done", "user"), node("help", "user"),
         node("s", "start", parent="sub"), node("a", "user", parent="sub"), node("b", "user", parent="sub"),
         node("on", "boundary", attached_to="sub", event=when(condition, cancel=cancel))],
        ["s0 -> sub", "sub -> done", "s -> a", "a -> b", "on -> help"],
    )  # fmt: skip


def test_a_condition_that_becomes_true_interrupts_before_the_next_step_begins() -> None:
    desk = Desk(on_border(cancel=True), reload=True, score=Decimal(80))
    assert desk.at() == ["a"], "a condition is nothing that the outside could bring"
    desk.complete("a", score=Decimal(50))
    assert desk.at() == ["help"]


def test_one_that_does_not_interrupt_happens_once_each_time_it_becomes_true() -> None:
    desk = Desk(on_border(cancel=False), reload=True)
    assert desk.at() == ["a"], "without a value it is not true"
    desk.complete("a", score=Decimal(50))
    assert desk.at() == ["b", "help"]
    desk.complete("help", score=Decimal(40))
    assert desk.at() == ["b"], "it holds still: that is not becoming true"
    for score, then in ((70, ["b"]), (30, ["b", "help"])):
        desk.act().correct(None, {"score": Decimal(score)})
        desk.done()
        assert desk.at() == then


def test_what_is_true_from_the_start_happens_at_once() -> None:
    assert Desk(on_border(cancel=True), score=Decimal(1)).at() == ["help"]
    assert Desk(on_border(cancel=False), score=Decimal(1)).at() == ["a", "help"]


def test_on_a_step_that_has_ended_it_happens_no_more() -> None:
    desk = Desk(on_border(cancel=True), reload=True)
    desk.complete("a")
    desk.complete("b", score=Decimal(1))
    assert desk.at() == ["done"]


def branches(*events: str) -> Process:
    """Two branches: one waits for n > 2, the other sets n."""
    return draw(
        [node("s", "start"), node("w", "catch", event=when("= n > 2")), node("z", "user"),
         node("a", "user"), node("b", "user"), node("and", "and")],
        ["s -> w", "s -> a", "a -> b", "w -> z", *events],
    )  # fmt: skip


def test_in_the_flow_it_waits_until_another_branch_makes_it_true() -> None:
    desk = Desk(branches(), reload=True)
    assert desk.at() == ["a"] and desk.x.active() == ["w", "a"]
    desk.complete("a", n=Decimal(3))
    assert desk.at() == ["b", "z"]


def test_one_that_nothing_can_make_true_any_more_is_said_to_be_stuck() -> None:
    desk = Desk(branches(), reload=True)
    desk.complete("a")
    assert desk.x.stuck == []
    desk.complete("b")
    assert desk.at() == [] and not desk.x.ended and desk.x.stuck == ["w"]
    desk.act().correct(None, {"n": Decimal(3)})
    desk.done()
    assert desk.at() == ["z"] and desk.x.stuck == []


def test_behind_an_event_gateway_the_condition_may_be_the_first() -> None:
    process = draw(
        [node("s", "start"), node("x", "user"), node("g", "event"),
         node("c", "catch", event=when("= ready")), node("m", "catch", event=message("m")),
         node("a", "user"), node("b", "user")],
        ["s -> g", "s -> x", "g -> c", "g -> m", "c -> a", "m -> b"],
    )  # fmt: skip
    desk = Desk(process, reload=True, ready=False)
    assert desk.at() == ["m", "x"]
    desk.complete("x", ready=True)
    assert desk.at() == ["a"], "the message is waited for no more"
    assert ("g", "left") in desk.path and ("c", "left") in desk.path


@pytest.mark.parametrize("cancel", [True, False])
def test_an_event_subprocess_begins_when_its_condition_becomes_true(cancel: bool) -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), node("b", "user"),
         node("esp", "sub", triggered_by_event=True),
         node("es", "start", parent="esp", event=when("= late", cancel=cancel)),
         node("x", "user", parent="esp")],
        ["s -> a", "a -> b", "es -> x"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a", late=True)
    assert desk.at() == (["x"] if cancel else ["b", "x"])
    if not cancel:
        desk.complete("x")
        assert desk.at() == ["b"]


def test_a_condition_sees_the_variables_of_its_own_scope() -> None:
    process = draw(
        [node("s", "start"), node("a", "user", inputs=(Mapping("= 5", "limit"),)), node("b", "user"),
         node("on", "boundary", attached_to="a", event=when("= n > limit", cancel=False)), node("x", "user")],
        ["s -> a", "s -> b", "on -> x"],
    )  # fmt: skip
    desk = Desk(process, reload=True, limit=Decimal(1))
    desk.complete("b", n=Decimal(3))
    assert desk.at() == ["a"], "its own limit hides the outer one"


def test_a_value_that_is_neither_true_nor_false_is_a_fault() -> None:
    with pytest.raises(ExpressionFailed, match="不是真或假"):
        Desk(on_border(cancel=True, condition="= score + 1"), score=Decimal(1))


def test_conditions_that_set_each_other_off_for_ever_are_stopped() -> None:
    up = (Mapping("= n + 1", "n"),)
    events = [
        node(f"e{rest}", "boundary", attached_to="a", outputs=up,
             event=when(f"= modulo(n, 3) = {rest}", cancel=False))
        for rest in (0, 2, 1)
    ]  # fmt: skip
    process = draw([node("s", "start"), node("a", "user"), *events], ["s -> a"])
    with pytest.raises(Runaway, match="反复触发"):
        Desk(process, n=Decimal(1))


WHEN = (
    '<bpmn:conditionalEventDefinition id="d"><bpmn:condition xsi:type="bpmn:tFormalExpression">{}'
    "</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def test_at_the_gate() -> None:
    assert errors_in(between(event("intermediateCatchEvent", WHEN.format("= n &gt; 2")))) == []
    wrong = between(event("intermediateCatchEvent", WHEN.format("n == 2")))
    assert [rule for rule, _, _ in errors_in(wrong)] == ["not-feel"]
    start = diagram(event("startEvent", WHEN.format("= n")), START, line_up("x", "begun"))
    assert "unsupported-event" in [rule for rule, _, _ in errors_in(start)], "no instance, no variables"


def test_a_condition_on_time_is_warned_of() -> None:
    data = between(event("intermediateCatchEvent", WHEN.format("= due &lt; today()")))
    assert [(f.rule, f.severity) for f in examine(data, file="p.bpmn").findings] == [
        ("condition-on-time", "warning")
    ]
