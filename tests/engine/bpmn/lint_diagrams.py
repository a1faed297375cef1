"""Small diagrams for the tests of gate, reader and lint: written by hand, drawn automatically."""

import re
from itertools import pairwise

from engine.bpmn.dialect import FLOW_NODES, Level
from engine.bpmn.reader import examine

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  id="defs" targetNamespace="http://bihuan/test">"""

START = '<bpmn:startEvent id="begun" name="已开始" />'
END = '<bpmn:endEvent id="done" name="已完成" />'

FILL = """<bpmn:userTask id="fill" name="填报目标">
  <bpmn:extensionElements>
    <zeebe:userTask />
    <zeebe:formDefinition formId="target" />
    <zeebe:properties>
      <zeebe:property name="bihuan:post" value="= post(unit, &#34;liaison&#34;)" />
    </zeebe:properties>
  </bpmn:extensionElements>
</bpmn:userTask>"""


def flow(identity: str, source: str, target: str, *, condition: str = "", name: str = "") -> str:
    """A sequence flow; a condition is written as a formal expression."""
    attributes = f'id="{identity}" name="{name}" sourceRef="{source}" targetRef="{target}"'
    if not condition:
        return f"<bpmn:sequenceFlow {attributes} />"
    text = condition.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<bpmn:sequenceFlow {attributes}>"
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
    )


def line_up(*ids: str) -> str:
    """Flows that connect elements in a row: `a_b`, `b_c` …"""
    return "\n".join(flow(f"{a}_{b}", a, b) for a, b in pairwise(ids))


def diagram(*parts: str, root: str = "", process: str = 'id="planning" name="目标制定"') -> bytes:
    """A file with one executable process, every node and flow drawn."""
    body = "\n".join(parts)
    text = (
        f'{HEAD}\n{root}\n<bpmn:process {process} isExecutable="true">\n{body}\n</bpmn:process>\n'
        f"{drawing(body, process)}\n</bpmn:definitions>\n"
    )
    return text.encode()


def drawing(body: str, process: str) -> str:
    """Shapes and edges, all in one place: nobody looks."""
    plane = re.search(r'id="([^"]+)"', process)
    shapes, edges = [], []
    for kind, identity in re.findall(r'<bpmn:(\w+) id="([^"]+)"', body):
        if kind in FLOW_NODES or kind == "lane":
            shapes.append(
                f'<bpmndi:BPMNShape id="{identity}_di" bpmnElement="{identity}">'
                '<dc:Bounds x="0" y="0" width="100" height="80" /></bpmndi:BPMNShape>'
            )
        elif kind == "sequenceFlow":
            edges.append(
                f'<bpmndi:BPMNEdge id="{identity}_di" bpmnElement="{identity}">'
                '<di:waypoint x="0" y="0" /><di:waypoint x="1" y="0" /></bpmndi:BPMNEdge>'
            )
    return (
        f'<bpmndi:BPMNDiagram id="picture"><bpmndi:BPMNPlane id="plane" bpmnElement="{plane and plane[1]}">'
        + "".join(shapes + edges)
        + "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def good() -> bytes:
    """Start, one user task, end: nothing to complain about."""
    return diagram(START, FILL, END, line_up("begun", "fill", "done"))


def line_of(data: bytes, fragment: str) -> int:
    """The line on which a fragment first stands."""
    return data.decode().split(fragment)[0].count("\n") + 1


ROOT = (
    '<bpmn:message id="msg" name="m"><bpmn:extensionElements><zeebe:subscription correlationKey="= a" />'
    '</bpmn:extensionElements></bpmn:message><bpmn:message id="loose" name="l" />'
    '<bpmn:signal id="sig" name="s" /><bpmn:error id="err" name="e" errorCode="E1" />'
)
"""A message with a key, one without, a signal, an error with a code."""

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
