"""Filling in any form so that it may be handed in: for steps that nobody has taught the city yet.

It knows the form and nothing else: what stands there stays, what is required and empty gets a plain value.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson

from processes.simulation.chance import rounded
from processes.simulation.tasks import Data, Reply, Task

TEXT = "按要求办理，情况属实，材料齐全。"
Component = Mapping[str, Any]


def fill_anything(task: Task) -> Reply:
    """The first outcome, and every required field with something valid."""
    form = task.view.form
    fields = fill(task, orjson.loads(form.content)["components"], task.data) if form else {}
    first = task.outcomes[0] if task.outcomes else ""
    opinion = "同意。" if first in task.view.opinion_required_for else ""
    return Reply(fields, first, opinion)


def with_values(outcome: str = "", **values: object) -> Callable[[Task], Reply]:
    """An answer that says these things, and fills in the rest by the form."""

    def answer(task: Task) -> Reply:
        reply = fill_anything(task)
        return Reply({**reply.fields, **values}, outcome or reply.outcome, reply.opinion)

    return answer


def fill(task: Task, components: Sequence[Component], data: Data, top: Data | None = None) -> Data:
    """The data with every required empty field filled in."""
    filled, top = dict(data), data if top is None else top
    for component in components:
        kind, key = component.get("type"), component.get("key") or component.get("path")
        inside = component.get("components", [])
        if kind == "group" and not component.get("path"):
            filled |= fill(task, inside, filled, top)
        elif kind == "dynamiclist" and key:
            filled[key] = [fill(task, inside, row, top) for row in filled.get(key) or []]
        elif key and _is_wanted(component, filled.get(key)):
            filled[key] = _value(task, component, str(key), top)
    return filled


def _is_wanted(component: Component, value: object) -> bool:
    if component.get("readonly") is True or component.get("type") not in _KINDS:
        return False
    return value in (None, "", []) and bool((component.get("validate") or {}).get("required"))


def _value(task: Task, component: Component, name: str, top: Data) -> object:
    return _KINDS[str(component["type"])](task, component, name, top)


def _text(task: Task, component: Component, name: str, top: Data) -> str:
    if "文号" in str(component.get("label")):
        return f"办文〔{task.today.year}〕{task.random(name).randint(100, 9999)}号"
    rules = component.get("validate") or {}
    text = TEXT * (1 + int(rules.get("minLength") or 0) // len(TEXT))
    return text[: int(rules.get("maxLength") or len(text))]


def _number(task: Task, component: Component, name: str, top: Data) -> str:
    rules = component.get("validate") or {}
    low, high = rules.get("min"), rules.get("max")
    if high is not None and low is not None:
        middle = (Decimal(str(low)) + Decimal(str(high))) / 2
        return str(rounded(middle, int(component.get("decimalDigits") or 0)))
    return str(low if low is not None else 1)


def _day(task: Task, component: Component, name: str, top: Data) -> str:
    """Today where the day may not be later, else in a month: a deadline."""
    past = "date.until" in (component.get("properties") or {})
    return (task.today if past else task.today + timedelta(days=30)).isoformat()


def _choice(task: Task, component: Component, name: str, top: Data) -> object:
    options = component.get("values") or options_of(component, top)
    return options[0]["value"] if options else None


def _file(task: Task, component: Component, name: str, top: Data) -> list[str]:
    return [task.paper(name)]


_KINDS: Mapping[str, Callable[[Task, Component, str, Data], object]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": _day,
    "select": _choice,
    "radio": _choice,
    "filepicker": _file,
}


def options_of(component: Component, data: Data) -> list[Mapping[str, Any]]:
    """The options that a field takes from the data (`valuesExpression`, `valuesKey`)."""
    name = str(component.get("valuesExpression") or component.get("valuesKey") or "").removeprefix("=")
    found = data.get(name.strip())
    return list(found) if isinstance(found, list) else []
