"""A tree as a file that a designer might have drawn, for deployment: of the dialect's constructs alone."""

from dataclasses import replace
from typing import Any

from engine.bpmn.model import Element, EventDefinition, Flow
from tests.engine.bpmn.drawing import model
from tests.engine.bpmn.lint_diagrams import diagram
from tests.engine.runtime.world import SUBJECT, service, user

from .drawing import pen_of
from .trees import Edge, Sub, Task, Whole

LEFT_OUT = ("error", "escalation")


def within_the_dialect(tree: Any) -> Any:
    """The tree without multi-instance on anything but calls, and without errors that nobody might catch."""
    if isinstance(tree, Task | Sub):
        tree = replace(tree, rounds=None, edges=_told_from_outside(tree.edges))
    if isinstance(tree, Sub):
        ending = tree.ending if tree.ending == "terminate" else None
        tree = replace(tree, asides=_told_from_outside(tree.asides), ending=ending)
    if isinstance(tree, Whole):
        tree = replace(tree, asides=_told_from_outside(tree.asides))
    changes: dict[str, Any] = {}
    for name in ("parts", "branches"):
        if hasattr(tree, name):
            changes[name] = tuple(within_the_dialect(part) for part in getattr(tree, name))
    if hasattr(tree, "body"):
        changes["body"] = within_the_dialect(tree.body)
    return replace(tree, **changes) if changes else tree


def _told_from_outside(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    return tuple(edge for edge in edges if edge.trigger not in LEFT_OUT)


def file_of(whole: Whole) -> bytes:
    """The BPMN file of the process `planning`."""
    pen = pen_of(whole)
    drawn = model(pen.elements, pen.flows).processes["drawn"]
    events = [(e.id, e.event) for e in drawn.elements.values() if e.event is not None]
    roots = "".join(_root(name, event) for name, event in events)
    body = _inside(drawn.elements, drawn.flows, None)
    return diagram(SUBJECT, body, root=roots)


def _inside(elements: dict[str, Element], flows: dict[str, Flow], parent: str | None) -> str:
    own = [element for element in elements.values() if element.parent == parent]
    parts = [_element(element, elements, flows) for element in own]
    return "\n".join(parts + [_flow(flow) for flow in flows.values() if flow.parent == parent])


def _element(element: Element, elements: dict[str, Element], flows: dict[str, Flow]) -> str:
    if element.kind == "userTask":
        return _with_inputs(user(element.id, "unit.liaison"), element)
    if element.kind == "serviceTask":
        return _with_inputs(service(element.id, "test.work"), element)
    more, inside = "", _event(element)
    if element.kind == "scriptTask":
        inside = (
            f'<bpmn:extensionElements><zeebe:script expression="{element.script}" '
            f'resultVariable="{element.result_variable}" /></bpmn:extensionElements>'
        )
    if element.kind == "subProcess":
        more = ' triggeredByEvent="true"' if element.triggered_by_event else ""
        inside = _inputs(element) + _inside(elements, flows, element.id)
    if element.kind == "receiveTask" and element.event is not None:
        more, inside = f' messageRef="r_{element.id}"', _inputs(element)
    if element.attached_to is not None and element.event is not None:
        more = f' attachedToRef="{element.attached_to}"'
        more += f' cancelActivity="{_yes(element.event.cancel_activity)}"'
    elif element.kind == "startEvent" and element.event is not None:
        more = f' isInterrupting="{_yes(element.event.cancel_activity)}"'
    if element.default:
        more += f' default="{element.default}"'
    return f'<bpmn:{element.kind} id="{element.id}" name="{element.id}"{more}>{inside}</bpmn:{element.kind}>'


def _yes(value: bool) -> str:
    return str(value).lower()


def _inputs(element: Element) -> str:
    if not element.inputs:
        return ""
    inputs = "".join(f'<zeebe:input source="{one.source}" target="{one.target}" />' for one in element.inputs)
    return f"<bpmn:extensionElements><zeebe:ioMapping>{inputs}</zeebe:ioMapping></bpmn:extensionElements>"


def _with_inputs(text: str, element: Element) -> str:
    inner = (
        _inputs(element).removeprefix("<bpmn:extensionElements>").removesuffix("</bpmn:extensionElements>")
    )
    return text.replace("</bpmn:extensionElements>", f"{inner}</bpmn:extensionElements>", 1)


def _event(element: Element) -> str:
    event = element.event
    if event is None or element.kind == "receiveTask":
        return ""
    if event.kind == "timer":
        tag = {"duration": "timeDuration", "cycle": "timeCycle"}[str(event.timer_kind)]
        inside = f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{event.timer_value}</bpmn:{tag}>'
        return f'<bpmn:timerEventDefinition id="{element.id}_d">{inside}</bpmn:timerEventDefinition>'
    reference = f' {event.kind}Ref="r_{element.id}"' if event.kind != "terminate" else ""
    return f'<bpmn:{event.kind}EventDefinition id="{element.id}_d"{reference} />'


def _root(name: str, event: EventDefinition) -> str:
    if event.kind == "signal":
        return f'<bpmn:signal id="r_{name}" name="{event.name}" />'
    if event.kind != "message":
        return ""
    return (
        f'<bpmn:message id="r_{name}" name="{event.name}"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="= &#34;k&#34;" /></bpmn:extensionElements></bpmn:message>'
    )


def _flow(flow: Flow) -> str:
    way = f'id="{flow.id}" name="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}"'
    if flow.condition is None:
        return f"<bpmn:sequenceFlow {way} />"
    text = flow.condition.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<bpmn:sequenceFlow {way}><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
