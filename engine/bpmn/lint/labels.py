"""Level dialect: names that people read, and shapes that they see."""

import re

from engine.bpmn.dialect import BPMNDI, GATEWAYS
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.markup import Node, Report, reference

_HAN = re.compile(r"[\u3400-\u9fff]")
_CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def check_labels(process: ProcessModel, report: Report) -> None:
    """Process, lanes, activities, events and branching gateways have Chinese names, their answers too."""
    _named(process.name, (process.line, process.id), "流程", report)
    for lane in process.lanes:
        _named(lane.name, (lane.line, lane.id), "泳道", report)
    for element in process.elements.values():
        branches = len(element.outgoing) > 1
        if element.kind in GATEWAYS and not branches:
            continue
        if element.kind not in ("parallelGateway", "eventBasedGateway"):
            _named(element.name, (element.line, element.id), _word(element), report)
        if element.kind in _CHOOSING and branches:
            for flow in (process.flows[name] for name in element.outgoing):
                _named(flow.name, (flow.line, flow.id), "网关出去的线", report)


def _word(element: Element) -> str:
    if element.kind in GATEWAYS:
        return "网关"
    return "事件" if element.kind.endswith("Event") else "任务"


def _named(name: str, place: tuple[int, str], word: str, report: Report) -> None:
    line, identity = place
    if not name.strip():
        report.add(
            line,
            identity,
            "label-missing",
            f"{word}没有名称。",
            "请写上给人看的中文名称。",
            severity="warning",
        )
    elif _HAN.search(name) is None:
        report.add(
            line,
            identity,
            "label-not-chinese",
            f"{word}的名称 “{name}” 不是中文。",
            "名称写中文，英文放在属性 bihuan:name.en 里。",
            severity="warning",
        )


def check_shapes(model: Model, root: Node, report: Report) -> None:
    """Every flow node, lane and sequence flow is drawn."""
    shapes = _drawn(root, "BPMNShape")
    edges = _drawn(root, "BPMNEdge")
    for process in model.processes.values():
        nodes = [(e.line, e.id) for e in process.elements.values()]
        nodes += [(lane.line, lane.id) for lane in process.lanes]
        lines = [(flow.line, flow.id) for flow in process.flows.values()]
        missing = [place for place in nodes if place[1] not in shapes]
        missing += [place for place in lines if place[1] not in edges]
        for line, identity in missing:
            report.add(
                line,
                identity,
                "not-drawn",
                "这个元素在图上没有图形。",
                "请在设计器里重新画出并保存。",
                severity="warning",
            )


def _drawn(root: Node, name: str) -> set[str | None]:
    return {reference(node.get("bpmnElement")) for node in root.iter(f"{{{BPMNDI}}}{name}")}
