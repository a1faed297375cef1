"""Declared data and other declarations: errors at level bpmn, warnings at level dialect."""

import pytest

from engine.bpmn.reader import examine
from tests.engine.bpmn.lint_diagrams import END, START, diagram, line_of, line_up

SETS = "<bpmn:inputSet>{}</bpmn:inputSet><bpmn:outputSet>{}</bpmn:outputSet>"
SPEC = "<bpmn:ioSpecification>{}</bpmn:ioSpecification>"
IN = "<bpmn:dataInputRefs>d</bpmn:dataInputRefs>"
OUT = "<bpmn:dataOutputRefs>o</bpmn:dataOutputRefs>"

ROOT = """<bpmn:itemDefinition id="text" structureRef="xsd:string" />
<bpmn:itemDefinition id="words" structureRef="xsd:string" />
<bpmn:itemDefinition id="number" structureRef="xsd:int" />
<bpmn:itemDefinition id="many" structureRef="xsd:int" isCollection="true" />
<bpmn:message id="msg" name="m" itemRef="text"><bpmn:extensionElements>
<zeebe:subscription correlationKey="= a" /></bpmn:extensionElements></bpmn:message>
<bpmn:error id="err" name="e" errorCode="E1" structureRef="number" />
<bpmn:interface id="face" name="f"><bpmn:operation id="op" name="o">
<bpmn:inMessageRef>msg</bpmn:inMessageRef></bpmn:operation></bpmn:interface>"""


def task(inner: str, kind: str = "task", attributes: str = "") -> str:
    return f'<bpmn:{kind} id="x" name="做" {attributes}>{inner}</bpmn:{kind}>'


def between(xml: str) -> bytes:
    return diagram(START, xml, END, line_up("begun", "x", "done"), root=ROOT).replace(
        b'xmlns:xsi="', b'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="', 1
    )


def judged(data: bytes, level: str) -> list[tuple[str, str, str, int]]:
    findings = examine(data, file="p.bpmn", level=level).findings  # type: ignore[arg-type]
    return [(f.severity, f.rule, f.element, f.line) for f in findings]


def spec(data: str, first: str = IN, second: str = "") -> str:
    return SPEC.format(data + SETS.format(first, second))


@pytest.mark.parametrize(
    ("element", "xml"),
    [
        ("d", task(spec('<bpmn:dataInput id="d" itemSubjectRef="many" />'))),
        ("d", task(spec('<bpmn:dataInput id="d" />', ""))),
        ("o", task(spec('<bpmn:dataOutput id="o" />', "", ""))),
        (
            "x",
            task(
                spec(
                    '<bpmn:dataInput id="d" /><bpmn:dataInput id="d2" />',
                    IN + "<bpmn:dataInputRefs>d2</bpmn:dataInputRefs>",
                ),
                "receiveTask",
                'messageRef="msg"',
            ),
        ),
        (
            "o",
            task(
                spec('<bpmn:dataOutput id="o" itemSubjectRef="number" />', "", OUT),
                "receiveTask",
                'messageRef="msg"',
            ),
        ),
    ],
)
def test_inconsistent_data_is_told_at_its_place(element: str, xml: str) -> None:
    data = between(xml)
    place = (element, line_of(data, f'id="{element}"'))
    assert judged(data, "bpmn") == [("error", "data-declaration", *place)]
    assert judged(data, "dialect") == [("warning", "data-declaration", *place)]


def test_two_item_definitions_of_one_structure_agree() -> None:
    output = spec('<bpmn:dataOutput id="o" itemSubjectRef="words" />', "", OUT)
    assert judged(between(task(output, "receiveTask", 'messageRef="msg"')), "bpmn") == []


def test_the_data_of_a_thrown_error_has_the_error_s_type() -> None:
    end = (
        '<bpmn:endEvent id="x" name="错"><bpmn:dataInput id="d" itemSubjectRef="text" /><bpmn:inputSet>'
        f'{IN}</bpmn:inputSet><bpmn:errorEventDefinition id="e" errorRef="err" /></bpmn:endEvent>'
    )
    data = diagram(START, end, line_up("begun", "x"), root=ROOT)
    assert judged(data, "bpmn") == [("error", "data-declaration", "x", line_of(data, 'id="x"'))]


@pytest.mark.parametrize(("name", "wrong"), [("稿 [已审]", False), ("稿[已审]", False), ("稿", True)])
def test_data_in_a_state_is_called_by_both(name: str, wrong: bool) -> None:
    paper = (
        '<bpmn:dataObject id="p" name="稿" />'
        f'<bpmn:dataObjectReference id="r" name="{name}" dataObjectRef="p">'
        '<bpmn:dataState name="已审" /></bpmn:dataObjectReference>'
    )
    found = [(rule, element) for _, rule, element, _ in judged(between(task("") + paper), "bpmn")]
    assert found == ([("data-declaration", "r")] if wrong else [])


def test_what_a_process_is_given_is_not_written_and_what_it_gives_is_not_read() -> None:
    own = spec('<bpmn:dataInput id="d" /><bpmn:dataOutput id="o" />', IN, OUT)
    ways = (
        '<bpmn:dataInputAssociation id="reads"><bpmn:sourceRef>o</bpmn:sourceRef>'
        "<bpmn:targetRef>x</bpmn:targetRef></bpmn:dataInputAssociation>"
        '<bpmn:dataOutputAssociation id="writes"><bpmn:targetRef>d</bpmn:targetRef>'
        "</bpmn:dataOutputAssociation>"
    )
    data = diagram(own, START, task(ways), END, line_up("begun", "x", "done"))
    assert [(rule, element) for _, rule, element, _ in judged(data, "bpmn")] == [
        ("data-declaration", "reads"),
        ("data-declaration", "writes"),
    ]


def test_an_input_set_that_names_nothing_is_only_a_warning() -> None:
    data = between(task(spec("", IN)))
    assert judged(data, "bpmn") == [("warning", "data-reference", "x", line_of(data, 'id="x"'))]


@pytest.mark.parametrize(
    ("rule", "xml"),
    [
        ("flow-list", task("<bpmn:incoming>done_x</bpmn:incoming>")),
        ("gateway-idle", '<bpmn:exclusiveGateway id="x" />'),
    ],
)
def test_declarations_that_contradict_the_flow(rule: str, xml: str) -> None:
    data = between(xml)
    assert judged(data, "bpmn") == [("error", rule, "x", line_of(data, 'id="x"'))]


POOLS = (
    '<bpmn:collaboration id="c"><bpmn:participant id="us" name="我们" processRef="planning" />'
    '<bpmn:participant id="them" name="他们" /><bpmn:messageFlow id="talk" {} /></bpmn:collaboration>'
)


@pytest.mark.parametrize(
    ("ends", "wrong"),
    [
        ('sourceRef="x" targetRef="them"', False),
        ('sourceRef="them" targetRef="x"', False),
        ('sourceRef="begun" targetRef="them"', True),
        ('sourceRef="them" targetRef="done"', True),
        ('sourceRef="x" targetRef="us"', True),
    ],
)
def test_message_flows_go_from_a_sender_to_a_receiver_in_another_pool(ends: str, wrong: bool) -> None:
    data = diagram(START, task(""), END, line_up("begun", "x", "done"), root=POOLS.format(ends))
    expected = [("error", "message-flow", "talk", line_of(data, 'id="talk"'))] if wrong else []
    assert judged(data, "bpmn") == expected
