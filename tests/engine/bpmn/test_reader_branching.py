"""Every rule about conditions, gateways, races and joins: the finding, its line and element."""

import pytest

from engine.bpmn.reader import examine
from tests.engine.bpmn.lint_diagrams import (
    END,
    FILL,
    ROOT,
    START,
    choice,
    diagram,
    errors_in,
    flow,
    line_of,
    line_up,
    timer,
)


@pytest.mark.parametrize("text", ["score > 3", "__import__('os').system('id')", "${approved}", "true"])
def test_a_condition_that_is_not_feel_is_refused(text: str) -> None:
    data = choice(text, "", default="two")
    for level in ("dialect", "bpmn"):
        assert errors_in(data, level) == [("condition-not-feel", "one", line_of(data, 'id="one"'))]  # type: ignore[arg-type]


def test_a_condition_that_does_not_compile_is_refused_with_its_position() -> None:
    data = choice("= score >", "", default="two")
    findings = examine(data, file="p.bpmn").findings
    assert [(f.rule, f.element, f.line) for f in findings] == [
        ("feel-syntax", "one", line_of(data, 'id="one"'))
    ]
    assert "第 1 行第" in findings[0].message


def test_an_empty_condition_is_refused() -> None:
    data = choice("= a", "", default="two").replace(b">= a<", b"> <")
    assert errors_in(data) == [("condition-empty", "one", line_of(data, 'id="one"'))]


def test_a_gateway_flow_without_condition_or_default_is_an_error_only_in_the_dialect() -> None:
    data = choice("= a", "")
    assert errors_in(data) == [("condition-missing", "two", line_of(data, 'id="two"'))]
    assert errors_in(data, "bpmn") == []


def test_a_gateway_without_default_is_a_warning() -> None:
    findings = examine(choice("= a", "= not(a)"), file="p.bpmn").findings
    assert [(f.rule, f.element, f.severity) for f in findings] == [("default-missing", "x", "warning")]


def test_a_condition_on_the_default_flow_is_a_warning() -> None:
    findings = examine(choice("= a", "= b", default="two"), file="p.bpmn").findings
    assert [(f.rule, f.element, f.severity) for f in findings] == [
        ("default-with-condition", "two", "warning")
    ]


def test_a_default_flow_beside_one_that_is_always_taken_would_never_be_taken() -> None:
    """It was deployed without a word, and what it led to never began."""
    step = FILL.replace('id="fill"', 'id="fill" default="two"')
    ends = [f'<bpmn:endEvent id="{name}" name="另" />' for name in ("other", "third")]
    ways = [flow("one", "fill", "done", condition="= a"), flow("two", "fill", "other")]
    data = diagram(START, step, END, *ends, line_up("begun", "fill"), *ways, flow("three", "fill", "third"))
    assert errors_in(data) == [("default-never", "fill", line_of(data, 'id="fill"'))]
    assert errors_in(data, "bpmn") == []
    assert errors_in(diagram(START, step, END, ends[0], line_up("begun", "fill"), *ways)) == []


def test_conditions_out_of_a_parallel_gateway_are_refused() -> None:
    data = choice("= a", "", kind="parallelGateway")
    assert errors_in(data) == [("condition-not-allowed", "one", line_of(data, 'id="one"'))]


def test_a_condition_on_the_only_way_out_of_a_task_is_refused() -> None:
    data = diagram(START, FILL, END, flow("a", "begun", "fill"), flow("b", "fill", "done", condition="= x"))
    assert errors_in(data) == [("lonely-condition", "b", line_of(data, 'id="b"'))]


def race(second: str, *more: str) -> bytes:
    """An event gateway with a timer and `second` (id `y`) behind it."""
    return diagram(
        START,
        '<bpmn:eventBasedGateway id="race" />',
        timer("P1D"),
        second,
        END,
        flow("a", "begun", "race"),
        flow("b", "race", "x"),
        flow("c", "race", "y"),
        flow("d", "x", "done"),
        flow("e", "y", "done"),
        *more,
        root=ROOT,
    )


WAIT = (
    '<bpmn:intermediateCatchEvent id="y" name="到"><bpmn:messageEventDefinition id="ym" messageRef="msg" />'
    "</bpmn:intermediateCatchEvent>"
)


def test_a_race_of_timer_and_message_is_good() -> None:
    assert errors_in(race(WAIT)) == []


def test_only_events_may_follow_an_event_gateway() -> None:
    data = race('<bpmn:task id="y" name="不是事件" />')
    assert errors_in(data) == [("race-target", "y", line_of(data, 'id="y"'))]


def test_a_raced_event_has_no_other_way_in() -> None:
    extra = '<bpmn:parallelGateway id="p" />'
    data = (
        race(WAIT, extra, flow("f", "p", "y"))
        .replace(
            b'id="a" name="" sourceRef="begun" targetRef="race"',
            b'id="a" name="" sourceRef="begun" targetRef="p"',
        )
        .replace(b"</bpmn:process>", flow("g", "p", "race").encode() + b"</bpmn:process>")
    )
    assert errors_in(data) == [("race-shared", "y", line_of(data, 'id="y"'))]


def test_exclusive_split_into_a_parallel_join_is_a_deadlock() -> None:
    parts = (
        START,
        '<bpmn:{} id="split" name="哪条?" default="b" />',
        '<bpmn:task id="t1" name="一" /><bpmn:task id="t2" name="二" />',
        '<bpmn:parallelGateway id="join" />',
        END,
        flow("in", "begun", "split"),
        flow("a", "split", "t1", condition="= x"),
        flow("b", "split", "t2"),
        line_up("t1", "join", "done"),
        flow("t2_join", "t2", "join"),
    )
    data = diagram(*(part.replace("{}", "exclusiveGateway") for part in parts))
    assert errors_in(data) == [("join-deadlock", "join", line_of(data, 'id="join"'))]
    assert errors_in(data, "bpmn") == []
    assert errors_in(diagram(*(part.replace("{}", "inclusiveGateway") for part in parts))) == []


def test_a_join_after_a_parallel_split_with_a_rework_loop_is_no_deadlock() -> None:
    data = diagram(
        START,
        '<bpmn:parallelGateway id="split" />',
        '<bpmn:task id="t1" name="一" /><bpmn:task id="t2" name="二" />',
        '<bpmn:exclusiveGateway id="ok" name="行?" default="on" />',
        '<bpmn:parallelGateway id="join" />',
        END,
        line_up("begun", "split", "t1", "ok"),
        flow("again", "ok", "t1", condition="= bad"),
        flow("on", "ok", "join"),
        flow("s2", "split", "t2"),
        line_up("t2", "join", "done"),
    )
    assert errors_in(data) == []


def test_a_non_interrupting_boundary_may_feed_a_join() -> None:
    bound = (
        timer("P1D")
        .replace("intermediateCatchEvent", "boundaryEvent")
        .replace('id="x"', 'id="late" attachedToRef="fill" cancelActivity="{}"')
    )
    for cancel, expected in (("false", []), ("true", ["join-deadlock"])):
        data = diagram(
            START,
            FILL,
            bound.replace("{}", cancel),
            '<bpmn:parallelGateway id="join" />',
            END,
            line_up("begun", "fill", "join", "done"),
            flow("late_join", "late", "join"),
        )
        assert [rule for rule, _, _ in errors_in(data)] == expected


def test_a_gateway_that_says_converging_must_converge() -> None:
    data = choice("= a", "", default="two").replace(
        b'id="x" name', b'id="x" gatewayDirection="Converging" name'
    )
    assert errors_in(data) == []
    assert errors_in(data, "bpmn") == [("gateway-direction", "x", line_of(data, 'id="x"'))]
