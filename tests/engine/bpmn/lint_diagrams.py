"""Small diagrams for the tests of gate, reader and lint: written by hand, drawn automatically."""

import re
from itertools import pairwise

from engine.bpmn.dialect import FLOW_NODES

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
