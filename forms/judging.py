"""What is wrong with a form file, for whoever deploys it: each fault with its line and component.

The engine knows no forms; it is told this function's name (`api.assembly`) and asks it where it checks files,
also in the child process for uploads.
"""

from __future__ import annotations

import json
import re
from typing import TypedDict

from forms.errors import FormFinding, FormRefused
from forms.read import read_form

_STEP = re.compile(r"([A-Za-z]+)\[(\d+)\]")


class Fault(TypedDict):
    """`line` counts from 1; `element` is the component's key or id, "" for the form as a whole."""

    line: int
    element: str
    rule: str
    message: str
    hint: str


def faults_of(data: bytes, *, file: str) -> list[Fault]:
    """Everything for which `read_form` refuses the file; empty when it can be used."""
    try:
        read_form(data, file=file)
    except FormRefused as refused:
        text = data.decode("utf-8", errors="replace")
        return [_fault(one, text) for one in refused.findings]
    return []


def _fault(finding: FormFinding, text: str) -> Fault:
    component = _component(finding.component, text)
    element = next((value for name in ("key", "path", "id") if (value := component.get(name))), "")
    return Fault(
        line=_line(component, text),
        element=str(element),
        rule=f"form-{finding.rule}".replace("form-form", "form"),
        message=finding.message,
        hint=finding.hint,
    )


def _component(place: str, text: str) -> dict[str, object]:
    """The JSON object at `components[2].components[0]`, empty when there is none."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return {}
    for name, number in _STEP.findall(place):
        inner = found.get(name) if isinstance(found, dict) else None
        if not isinstance(inner, list) or int(number) >= len(inner):
            return {}
        found = inner[int(number)]
    return found if isinstance(found, dict) and place else {}


def _line(component: dict[str, object], text: str) -> int:
    """Where the component stands, by its id or key; 1 when it has neither."""
    for name in ("id", "key", "path"):
        value = component.get(name)
        if isinstance(value, str) and value:
            for quoted in (json.dumps(value, ensure_ascii=False), json.dumps(value)):
                place = text.find(quoted)
                if place >= 0:
                    return text.count("\n", 0, place) + 1
    return 1
