"""Every rule about single elements: exactly this finding, at the right line and element."""

import pytest

from engine.bpmn.reader import examine
from tests.engine.bpmn.lint_diagrams import (
    END,
    ROOT,
    between,
    diagram,
    errors_in,
    event,
    extended,
    good,
    line_of,
    line_up,
    timer,
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

BOTH = '<bpmn:signalEventDefinition id="s1" /><bpmn:escalationEventDefinition id="s2" />'

VOCABULARY = {
    "unsupported-element": [
        '<bpmn:complexGateway id="x" />',
        '<bpmn:adHocSubProcess id="x" />',
        '<bpmn:task id="x" name="a"><bpmn:standardLoopCharacteristics /></bpmn:task>',
    ],
    "unknown-element": ['<bpmn:magicTask id="x" />'],
    "unsupported-quantity": ['<bpmn:task id="x" name="a" startQuantity="2" />'],
    "subprocess-no-start": ['<bpmn:transaction id="x" />'],
    "unsupported-transaction": ['<bpmn:transaction id="x" method="##Store" />'],
    "instantiate-connected": ['<bpmn:receiveTask id="x" name="a" instantiate="true" messageRef="msg" />'],
    "unsupported-instantiate": ['<bpmn:eventBasedGateway id="x" instantiate="true" />'],
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
        event("intermediateThrowEvent", BOTH),
    ],
    "condition-empty": [event("intermediateCatchEvent", '<bpmn:conditionalEventDefinition id="s" />')],
    "link-alone": [event("intermediateCatchEvent", '<bpmn:linkEventDefinition id="s" name="a" />')],
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
            inner=LOOP.format("", f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"),
        )
        for count in ("-1", "2.5", "²", "100001")
    ],
    "dangling-reference": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" messageRef="nobody" />')
    ],
    "wrong-reference": [
        event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="m" messageRef="err" />')
    ],
}


@pytest.mark.parametrize(
    ("rule", "xml"), [(rule, xml) for rule, examples in VOCABULARY.items() for xml in examples]
)
def test_one_offending_element_gives_its_finding_at_its_place(rule: str, xml: str) -> None:
    data = between(xml, root=ROOT)
    assert errors_in(data) == [(rule, "x", line_of(data, 'id="x"'))]


@pytest.mark.parametrize(
    ("rule", "xml"),
    [
        ("informal-expression", timer("P1D", formal=False)),
        (
            "media-type",
            '<bpmn:task id="x" name="a"><bpmn:documentation textFormat="BAD">注</bpmn:documentation>'
            "</bpmn:task>",
        ),
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


def test_a_start_timer_runs_inside_one_instance_but_is_not_deployed() -> None:
    start = timer("P1D").replace("intermediateCatchEvent", "startEvent")
    data = diagram(start, END, line_up("x", "done"))
    assert errors_in(data) == [("unsupported-event", "x", line_of(data, 'id="x"'))]
    assert errors_in(data, "bpmn") == []
