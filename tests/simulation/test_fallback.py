"""Whatever form lies on a desk, the fallback fills it in so that its check has nothing to say."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import cast

import pytest

import forms
from processes.simulation.answers.fallback import Component, fill
from processes.simulation.tasks import Data, Task

LIBRARY = Path(forms.__file__).parent / "library"
FILES = sorted(LIBRARY.rglob("*.form"))
TODAY = date(2018, 6, 15)
ONE = {"label": "甲", "value": "one"}
CONTEXT = {
    name: date(2018, 1, 2) for name in ("approvedOn", "notBefore", "calculatedOn", "admittedOn", "askedOn")
}


@dataclass(frozen=True)
class Desk:
    """As much of a task as filling in a form asks of it."""

    today: date = TODAY

    def random(self, *names: object) -> Random:
        return Random(repr(names))

    def paper(self, name: str) -> str:
        return "paper"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_form_of_the_library_can_be_filled_in(file: Path) -> None:
    form = forms.read_form(file.read_bytes(), file=file.name)
    components = json.loads(file.read_text("utf-8"))["components"]
    stored = empty(components)
    data = fill(cast(Task, Desk()), components, stored)
    checked = forms.check(
        form,
        data,
        context=CONTEXT,
        stored=stored,
        files={"paper"},
        today=TODAY,
        functions={"today": lambda: TODAY},
    )
    assert [(error.field, error.message) for error in checked.errors] == []


def test_what_stands_in_a_form_stays() -> None:
    components: list[Component] = [
        {"type": "textfield", "key": "name", "validate": {"required": True}},
        {"type": "number", "key": "many", "validate": {"required": True, "min": 3, "max": 5}},
        {"type": "textfield", "key": "remark"},
        {"type": "textfield", "key": "number", "label": "文号", "validate": {"required": True}},
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [
                {"type": "radio", "key": "result", "values": [ONE], "validate": {"required": True}}
            ],
        },
    ]
    data = fill(cast(Task, Desk()), components, {"name": "张三", "rows": [{"id": "a"}, {"result": "two"}]})
    assert (data["name"], data["many"], "remark" in data) == ("张三", "4", False)
    assert data["rows"] == [{"id": "a", "result": "one"}, {"result": "two"}]
    assert str(data["number"]).startswith("办文〔2018〕")


def empty(components: list[Component]) -> Data:
    """Data as a record gives it: one row in each list, one option wherever one is to be chosen."""
    found: Data = {}
    for component in components:
        source = component.get("valuesExpression") or component.get("valuesKey")
        if source:
            found[str(source).removeprefix("=").strip()] = [ONE]
        if component.get("type") == "dynamiclist":
            below = empty(component.get("components", []))
            options = {key: value for key, value in below.items() if value == [ONE]}
            found |= options
            found[component["path"]] = [{"id": "1"}] if not _added(component) else []
        elif component.get("type") == "group":
            found |= empty(component.get("components", []))
    return found


def _added(component: Component) -> bool:
    """Rows that people add: there is none at first."""
    return bool(component.get("allowAddRemove"))
