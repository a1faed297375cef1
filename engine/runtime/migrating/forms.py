"""Forms of the new version that ask for more than the old one: what people are told before they are moved."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.bpmn.execution import Wait
from engine.bpmn.migration.carrying import Remark
from engine.bpmn.model import Element
from engine.runtime.definitions.versions import ProcessVersion, UnknownDefinition
from engine.runtime.migrating.plan import Plan
from engine.runtime.steps.step import Step


def form_remarks(step: Step, plan: Plan, after: Mapping[str, Wait]) -> list[Remark]:
    """For each open task whose form is another now: the fields that have to be filled in besides."""
    found = []
    for key, wait in after.items():
        if wait.kind != "user":
            continue
        old, new = plan.old.element(step.before[key].element), plan.new.element(wait.element)
        before, fields = _required(step, plan.old, old), _required(step, plan.new, new)
        more = [label for name, label in fields.items() if name not in before]
        name = new.name or new.id
        if more:
            found.append(Remark(old.id, f"“{name}”的表单多了必填项：{'、'.join(more)}。"))
        if old.properties.get("bihuan:record") != new.properties.get("bihuan:record"):
            found.append(Remark(old.id, f"“{name}”的表单改由另一个登记读写，未保存的草稿可能对不上。"))
    return found


def _required(step: Step, version: ProcessVersion, element: Element) -> dict[str, str]:
    """Key -> label of the fields that must be filled in; empty where there is no form."""
    if element.form_id is None:
        return {}
    try:
        form = step.setup.definitions.form(step.connection, version.version.id, element.form_id)
    except UnknownDefinition:
        return {}
    fields = _fields(orjson.loads(form.content).get("components", []))
    return {
        field["key"]: str(field.get("label") or field["key"])
        for field in fields
        if "key" in field and field.get("validate", {}).get("required")
    }


def _fields(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _fields(component.get("components", []))
