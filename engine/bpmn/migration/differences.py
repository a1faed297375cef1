"""What differs between two versions of a process, for people, and which old step a new one may stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.model import Element, ProcessModel

What = Literal["added", "removed", "changed"]
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "kind": ("kind", "triggered_by_event"),
    "scope": ("parent",),
    "assignment": ("assignee", "candidate_groups", "candidate_users", "post"),
    "form": ("form_id", "form_binding"),
    "due": ("due_date", "follow_up_date", "priority"),
    "data": ("inputs", "outputs", "script", "result_variable", "decision_id"),
    "job": ("task_type", "retries", "headers"),
    "call": ("called_process", "propagate_all_parent", "propagate_all_child"),
    "rounds": ("loop", "repeat"),
    "event": ("event", "attached_to"),
    "properties": ("properties",),
}
NAMES: Mapping[str, str] = {
    "name": "名称",
    "kind": "种类",
    "scope": "所在的子流程",
    "assignment": "办理人",
    "form": "表单",
    "due": "期限",
    "data": "数据",
    "job": "服务",
    "call": "调用的流程",
    "rounds": "多实例",
    "event": "事件",
    "properties": "属性",
    "flows": "去向",
}


@dataclass(frozen=True)
class Difference:
    """One element that is not the same: `aspects` are keys of `NAMES` when it has changed."""

    element: str
    name: str
    what: What
    aspects: tuple[str, ...] = ()


def differences(old: ProcessModel, new: ProcessModel) -> list[Difference]:
    """Every element that differs, in the order of the new diagram, those that went at the end."""
    found = []
    for element in new.elements.values():
        before = old.elements.get(element.id)
        if before is None:
            found.append(Difference(element.id, element.name or element.id, "added"))
            continue
        aspects = _aspects(before, element, old, new)
        if aspects:
            found.append(Difference(element.id, element.name or element.id, "changed", aspects))
    gone = [element for element in old.elements.values() if element.id not in new.elements]
    return found + [Difference(element.id, element.name or element.id, "removed") for element in gone]


def _aspects(before: Element, after: Element, old: ProcessModel, new: ProcessModel) -> tuple[str, ...]:
    found = [
        aspect
        for aspect, fields in ASPECTS.items()
        if any(getattr(before, field) != getattr(after, field) for field in fields)
    ]
    if _ways_out(before, old) != _ways_out(after, new):
        found.append("flows")
    return tuple(found)


def _ways_out(element: Element, model: ProcessModel) -> set[tuple[str, str | None, bool]]:
    flows = (model.flows[flow] for flow in element.outgoing)
    return {(flow.target, flow.condition, flow.id == element.default) for flow in flows}


def suggested(old: ProcessModel, new: ProcessModel) -> dict[str, str]:
    """New ids for old elements whose own id is gone: the one new element of the same kind and name."""
    free = [element for element in new.elements.values() if element.id not in old.elements]
    found: dict[str, str] = {}
    for element in old.elements.values():
        if element.id in new.elements or not element.name:
            continue
        fitting = [one.id for one in free if (one.kind, one.name) == (element.kind, element.name)]
        if len(fitting) == 1:
            found[element.id] = fitting[0]
    return found
