"""Every rule of the reader: the offending model gives exactly this finding, at the right line and element."""

import pytest

from engine.bpmn.dialect import Level
from engine.bpmn.reader import examine
from tests.engine.bpmn.lint_diagrams import END, FILL, START, diagram, flow, good, line_of, line_up

Found = list[tuple[str, str, int]]


def errors_in(data: bytes, level: Level = "dialect") -> Found:
    findings = examine(data, file="p.bpmn", level=level).findings
    for finding in findings:
        assert finding.file == "p.bpmn" and finding.message.endswith("。") and finding.hint
    return [(f.rule, f.element, f.line) for f in findings if f.severity == "error"]


def between(xml: str, *more: str, root: str = "") -> bytes:
    """An element with id `x` between start and end."""
    return diagram(START, xml, *more, END, line_up("begun", "x", "done"), root=root)


def extended(kind: str, extensions: str, *, attributes: str = "", inner: str = "") -> str:
    return (
        f'<bpmn:{kind} id="x" name="一步" {attributes}><bpmn:extensionElements>{extensions}'
        f"</bpmn:extensionElements>{inner}</bpmn:{kind}>"
    )


def timer(text: str, kind: str = "timeDuration", *, formal: bool = True) -> str:
    mark = ' xsi:type="bpmn:tFormalExpression"' if formal else ""
    return (
        '<bpmn:intermediateCatchEvent id="x" name="时间到"><bpmn:timerEventDefinition id="t">'
        f"<bpmn:{kind}{mark}>{text}</bpmn:{kind}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )


def event(kind: str, definition: str = "", attributes: str = "") -> str:
    return f'<bpmn:{kind} id="x" name="事" {attributes}>{definition}</bpmn:{kind}>'


def choice(first: str, second: str, *, default: str = "", kind: str = "exclusiveGateway") -> bytes:
    """A gateway `x` with two ways out, each given as a condition ("" for none)."""
    mark = f'default="{default}"' if default else ""
    return diagram(
        START,
        f'<bpmn:{kind} id="x" name="合格?" {mark} />',
        END,
        '<bpmn:endEvent id="other" name="另" />',
        flow("in", "begun", "x"),
        flow("one", "x", "done", condition=first),
        flow("two", "x", "other", condition=second),
    )


def test_a_good_model_has_no_findings() -> None:
    assert examine(good(), file="p.bpmn").findings == []
    assert examine(good(), file="p.bpmn", level="bpmn").findings == []


LOOP = "<bpmn:multiInstanceLoopCharacteristics{}>{}</bpmn:multiInstanceLoopCharacteristics>"
CALLED = '<zeebe:calledElement processId="child" />'
UNITS = (
    "<bpmn:extensionElements><zeebe:loopCharacteristics "
    'inputCollection="= units" inputElement="unit"{} /></bpmn:extensionElements>'
)

VOCABULARY = {
    "unsupported-element": [
        '<bpmn:complexGateway id="x" />',
        '<bpmn:adHocSubProcess id="x" />',
        '<bpmn:transaction id="x" />',
        '<bpmn:task id="x" name="a"><bpmn:standardLoopCharacteristics /></bpmn:task>',
    ],
    "unknown-element": ['<bpmn:magicTask id="x" />'],
    "unsupported-quantity": ['<bpmn:task id="x" name="a" startQuantity="2" />'],
    "unsupported-compensation": ['<bpmn:task id="x" name="a" isForCompensation="true" />'],
    "unsupported-instantiate": ['<bpmn:receiveTask id="x" name="a" instantiate="true" messageRef="msg" />'],
    "foreign-engine": [
        '<bpmn:task id="x" name="a" camunda:class="Evil" />',
        extended("task", '<camunda:executionListener event="start" class="Evil" />'),
    ],
    "unsupported-extension": [
        extended("userTask", "<zeebe:taskListeners />"),
        extended("task", "<zeebe:executionListeners />"),
    ],
    "unknown-extension": [extended("task", "<zeebe:magic />")],
    "misplaced-extension": [
        extended("userTask", '<zeebe:calledDecision decisionId="D" resultVariable="r" />')
    ],
    "unsupported-multi-instance": [
        f'<bpmn:task id="x" name="a">{LOOP.format("", UNITS.format(""))}</bpmn:task>'
    ],
    "unsupported-event": [
        event("intermediateThrowEvent", '<bpmn:signalEventDefinition id="s" signalRef="sig" />'),
        event("intermediateThrowEvent", '<bpmn:compensateEventDefinition id="s" />'),
        event("intermediateCatchEvent", '<bpmn:linkEventDefinition id="s" name="a" />'),
        event(
            "intermediateCatchEvent",
            '<bpmn:conditionalEventDefinition id="s"><bpmn:condition xsi:type="bpmn:tFormalExpression">= a'
            "</bpmn:condition></bpmn:conditionalEventDefinition>",
        ),
    ],
    "event-not-allowed": [
        event("intermediateCatchEvent"),
        event("intermediateCatchEvent", '<bpmn:errorEventDefinition id="e" errorRef="err" />'),
    ],
    "script-not-feel": [
        '<bpmn:scriptTask id="x" name="a" scriptFormat="python"><bpmn:script>import os</bpmn:script>'
        "</bpmn:scriptTask>",
        '<bpmn:scriptTask id="x" name="a"><bpmn:script>x = 1</bpmn:script></bpmn:scriptTask>',
    ],
    "script-missing": ['<bpmn:scriptTask id="x" name="a" />'],
    "script-incomplete": [extended("scriptTask", '<zeebe:script expression="= 1" />')],
    "not-feel": [extended("scriptTask", '<zeebe:script expression="1 + 1" resultVariable="a" />')],
    "feel-syntax": [
        extended("scriptTask", '<zeebe:script expression="= 1 +" resultVariable="a" />'),
        extended("userTask", '<zeebe:assignmentDefinition assignee="= ((" />'),
        extended(
            "userTask",
            '<zeebe:properties><zeebe:property name="bihuan:post" value="= post(" /></zeebe:properties>',
        ),
    ],
    "foreign-expression": [extended("userTask", '<zeebe:assignmentDefinition assignee="${owner}" />')],
    "task-type-missing": ['<bpmn:serviceTask id="x" name="a" />', '<bpmn:sendTask id="x" name="a" />'],
    "decision-missing": ['<bpmn:businessRuleTask id="x" name="a" />'],
    "decision-incomplete": [extended("businessRuleTask", '<zeebe:calledDecision decisionId="D01" />')],
    "called-process-missing": ['<bpmn:callActivity id="x" name="a" />'],
    "message-missing": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" />'),
        '<bpmn:receiveTask id="x" name="a" />',
    ],
    "message-uncorrelated": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" messageRef="loose" />'),
        '<bpmn:receiveTask id="x" name="a" messageRef="loose" />',
    ],
    "message-unsendable": [
        event("intermediateThrowEvent", '<bpmn:messageEventDefinition id="m" messageRef="msg" />')
    ],
    "timer-empty": [event("intermediateCatchEvent", '<bpmn:timerEventDefinition id="m" />'), timer(" ")],
    "timer-unreadable": [
        timer("2 days"),
        timer("P"),
        timer("P999999999M"),
        timer("tomorrow", "timeDate"),
        timer("R3", "timeCycle"),
    ],
    "loop-empty": [extended("callActivity", CALLED, inner=LOOP.format("", ""))],
    "loop-twice": [
        extended(
            "callActivity",
            CALLED,
            inner=LOOP.format("", UNITS.format("") + "<bpmn:loopCardinality>3</bpmn:loopCardinality>"),
        )
    ],
    "loop-output": [
        extended("callActivity", CALLED, inner=LOOP.format("", UNITS.format(' outputCollection="all"')))
    ],
    "unsupported-loop-behavior": [
        extended("callActivity", CALLED, inner=LOOP.format(' behavior="One"', UNITS.format("")))
    ],
    "bad-cardinality": [
        extended(
            "callActivity",
            CALLED,
            inner=LOOP.format("", "<bpmn:loopCardinality>-1</bpmn:loopCardinality>"),
        )
    ],
    "dangling-reference": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" messageRef="nobody" />')
    ],
    "wrong-reference": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" messageRef="err" />')
    ],
}
ROOT = (
    '<bpmn:message id="msg" name="m"><bpmn:extensionElements><zeebe:subscription correlationKey="= a" />'
    '</bpmn:extensionElements></bpmn:message><bpmn:message id="loose" name="l" />'
    '<bpmn:signal id="sig" name="s" /><bpmn:error id="err" name="e" errorCode="E1" />'
)


@pytest.mark.parametrize(
    ("rule", "xml"), [(rule, xml) for rule, examples in VOCABULARY.items() for xml in examples]
)
def test_one_offending_element_gives_its_finding_at_its_place(rule: str, xml: str) -> None:
    data = between(xml, root=ROOT)
    assert errors_in(data) == [(rule, "x", line_of(data, 'id="x"'))]


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


def test_conditions_out_of_a_parallel_gateway_are_refused() -> None:
    data = choice("= a", "", kind="parallelGateway")
    assert errors_in(data) == [("condition-not-allowed", "one", line_of(data, 'id="one"'))]


def test_a_condition_on_the_only_way_out_of_a_task_is_refused() -> None:
    data = diagram(START, FILL, END, flow("a", "begun", "fill"), flow("b", "fill", "done", condition="= x"))
    assert errors_in(data) == [("lonely-condition", "b", line_of(data, 'id="b"'))]


def test_duplicate_ids() -> None:
    data = between('<bpmn:task id="x" name="a" />', '\n<bpmn:task id="x" name="b" />')
    assert errors_in(data) == [("duplicate-id", "x", line_of(data, 'name="b"'))]


def test_missing_ids() -> None:
    data = diagram(START, FILL, "<bpmn:task />", END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("missing-id", "planning", line_of(data, "<bpmn:task />"))]


@pytest.mark.parametrize("name", ["End", "Start", "Root"])
def test_reserved_ids(name: str) -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done")).replace(
        b'"done"', f'"{name}"'.encode()
    )
    assert errors_in(data) == [("reserved-id", name, line_of(data, f'endEvent id="{name}"'))]


def test_flow_to_nowhere() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("lost", "fill", "nowhere"))
    assert errors_in(data) == [("dangling-reference", "lost", line_of(data, 'id="lost"'))]


def test_flow_to_something_that_is_no_step() -> None:
    note = '<bpmn:textAnnotation id="note"><bpmn:text>注</bpmn:text></bpmn:textAnnotation>'
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("odd", "fill", "note"), note)
    assert errors_in(data) == [("flow-end", "odd", line_of(data, 'id="odd"'))]


SUB = '<bpmn:subProcess id="box" name="盒">{}</bpmn:subProcess>'
INNER = '<bpmn:startEvent id="in" name="a" /><bpmn:endEvent id="out" name="b" />' + flow(
    "in_out", "in", "out"
)


def test_flow_out_of_a_subprocess_is_refused() -> None:
    data = diagram(START, SUB.format(INNER), END, line_up("begun", "box", "done"), flow("leak", "in", "done"))
    assert errors_in(data) == [("flow-crosses-scope", "leak", line_of(data, 'id="leak"'))]


def test_default_that_is_no_way_out() -> None:
    data = choice("= a", "= b", default="in")
    assert errors_in(data) == [("default-not-outgoing", "x", line_of(data, 'id="x"'))]


def test_boundary_event_attached_to_a_gateway() -> None:
    bound = (
        '<bpmn:boundaryEvent id="late" name="晚" attachedToRef="x"><bpmn:timerEventDefinition id="t">'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    data = between('<bpmn:exclusiveGateway id="x" />', bound, flow("late_done", "late", "done"))
    assert errors_in(data) == [("boundary-host", "late", line_of(data, 'id="late"'))]


def test_error_boundary_must_interrupt() -> None:
    bound = (
        '<bpmn:boundaryEvent id="bad" name="错" attachedToRef="x" cancelActivity="false">'
        '<bpmn:errorEventDefinition id="e" errorRef="err" /></bpmn:boundaryEvent>'
    )
    data = between('<bpmn:task id="x" name="a" />', bound, flow("bad_done", "bad", "done"), root=ROOT)
    assert errors_in(data) == [("must-interrupt", "bad", line_of(data, 'id="bad"'))]


def test_error_end_needs_a_code() -> None:
    end = '<bpmn:endEvent id="x" name="退"><bpmn:errorEventDefinition id="e" /></bpmn:endEvent>'
    data = diagram(START, end, flow("a", "begun", "x"))
    assert errors_in(data) == [("code-missing", "x", line_of(data, 'id="x"'))]


def test_event_subprocess_is_refused() -> None:
    timed = timer("P1D").replace("intermediateCatchEvent", "startEvent").replace('id="x"', 'id="s"')
    inner = timed + '<bpmn:endEvent id="e" name="b" />' + flow("s_e", "s", "e")
    box = f'<bpmn:subProcess id="box" name="盒" triggeredByEvent="true">{inner}</bpmn:subProcess>'
    data = diagram(START, FILL, box, END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("unsupported-event-subprocess", "box", line_of(data, 'id="box"'))]


def test_no_start() -> None:
    data = diagram(FILL, END, line_up("fill", "done"))
    assert errors_in(data) == [("no-start", "planning", line_of(data, "<bpmn:process "))]


def test_several_none_starts() -> None:
    data = diagram(
        START,
        '<bpmn:startEvent id="again" name="又" />',
        FILL,
        END,
        line_up("begun", "fill", "done"),
        flow("second", "again", "fill"),
    )
    assert errors_in(data) == [("several-starts", "again", line_of(data, 'id="again"'))]


def test_subprocess_without_start() -> None:
    task = '<bpmn:endEvent id="out" name="b" /><bpmn:task id="t" name="c" />' + flow("t_out", "t", "out")
    data = diagram(START, SUB.format(task), END, line_up("begun", "box", "done"))
    assert ("subprocess-no-start", "box", line_of(data, 'id="box"')) in errors_in(data)


def test_unreachable_step() -> None:
    data = diagram(START, FILL, '<bpmn:task id="island" name="岛" />', END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("unreachable", "island", line_of(data, 'id="island"'))]
    assert errors_in(data, "bpmn") == [("unreachable", "island", line_of(data, 'id="island"'))]


def test_unreachable_ring_is_only_a_warning_of_the_standard() -> None:
    ring = '<bpmn:task id="r1" name="一" /><bpmn:task id="r2" name="二" />'
    data = diagram(START, FILL, ring, END, line_up("begun", "fill", "done"), line_up("r1", "r2", "r1"))
    assert {(rule, element) for rule, element, _ in errors_in(data)} == {
        ("unreachable", "r1"),
        ("unreachable", "r2"),
    }
    assert errors_in(data, "bpmn") == []


def test_loop_without_a_way_out() -> None:
    data = diagram(
        START,
        FILL,
        '<bpmn:task id="back" name="再来" />',
        line_up("begun", "fill", "back"),
        flow("again", "back", "fill"),
    )
    assert {(rule, element) for rule, element, _ in errors_in(data)} == {
        ("no-way-out", "begun"),
        ("no-way-out", "fill"),
        ("no-way-out", "back"),
    }


def test_end_event_with_a_way_out() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("on", "done", "fill"))
    assert ("outgoing-not-allowed", "done", line_of(data, 'id="done"')) in errors_in(data)


def test_start_event_with_a_way_in() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("back", "fill", "begun"))
    assert errors_in(data) == [("incoming-not-allowed", "begun", line_of(data, 'id="begun"'))]


def test_boundary_event_that_leads_nowhere() -> None:
    bound = (
        timer("P1D")
        .replace("intermediateCatchEvent", "boundaryEvent")
        .replace('id="x"', 'id="late" attachedToRef="fill"')
    )
    data = diagram(START, FILL, bound, END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("no-outgoing", "late", line_of(data, 'id="late"'))]


def test_gateway_that_nothing_leaves() -> None:
    data = diagram(START, '<bpmn:exclusiveGateway id="x" />', flow("in", "begun", "x"))
    assert errors_in(data) == [("gateway-unconnected", "x", line_of(data, 'id="x"'))]


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


def test_wrong_order_of_elements_is_a_schema_finding() -> None:
    late = (
        '<bpmn:task id="x" name="a"><bpmn:incoming>q</bpmn:incoming>'
        "<bpmn:documentation>晚</bpmn:documentation></bpmn:task>"
    )
    data = between(late)
    assert errors_in(data) == [("xml-schema", "x", line_of(data, "<bpmn:documentation>"))]


def test_a_call_in_the_file_needs_a_none_start() -> None:
    child = (
        '<bpmn:process id="child" name="子"><bpmn:startEvent id="cs" name="a"><bpmn:messageEventDefinition '
        'id="cm" messageRef="msg" /></bpmn:startEvent><bpmn:endEvent id="ce" name="b" />'
        + flow("c", "cs", "ce")
        + "</bpmn:process>"
    )
    data = between(extended("callActivity", CALLED), root=ROOT + child)
    assert errors_in(data) == [("called-process-start", "x", line_of(data, 'id="x"'))]


@pytest.mark.parametrize(
    ("rule", "xml"),
    [
        ("informal-expression", timer("P1D", formal=False)),
        (
            "media-type",
            '<bpmn:task id="x" name="a"><bpmn:documentation textFormat="BAD">注</bpmn:documentation>'
            "</bpmn:task>",
        ),
        ("gateway-direction", '<bpmn:exclusiveGateway id="x" gatewayDirection="Diverging" />'),
    ],
)
def test_rules_of_the_standard_are_warnings_in_the_dialect(rule: str, xml: str) -> None:
    data = between(xml)
    assert errors_in(data) == []
    assert [f.rule for f in examine(data, file="p.bpmn").findings] == [rule]
    assert errors_in(data, "bpmn") == [(rule, "x", line_of(data, 'id="x"'))]


def test_warnings_about_drawings_that_lead_nowhere() -> None:
    data = good().replace(b'bpmnElement="done"', b'bpmnElement="gone"')
    findings = examine(data, file="p.bpmn").findings
    assert [(f.rule, f.element, f.severity) for f in findings] == [("dangling-drawing", "gone", "warning")]
