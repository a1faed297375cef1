"""Whatever a person or a program can use is described somewhere: a test fails on anything undocumented."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from lxml import etree

from api.commands.line import COMMANDS
from api.routes import ROUTERS
from api.settings import Settings
from engine.bpmn.dialect import BIHUAN_PROPERTIES, BPMN, ZEEBE, ZEEBE_ON
from engine.bpmn.lint.catalogue import ENGINE_HANDLERS
from engine.clock import SystemClock
from engine.feel.builtins import BUILTINS
from engine.people import calendar
from engine.people.working_days import WorkingCalendar
from engine.verbs.door import VERBS
from forms.components import KINDS
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from processes.profiles import __file__ as profiles
from tests.docs.pages import DOCS, ROOT, everything, table

CODE = re.compile(r"`([^`\n]+)`")


def marked() -> set[str]:
    """Everything that the documents set as code, piece by piece."""
    found = set(CODE.findall(everything()))
    return found | {word for text in found for word in text.split()}


def routes() -> list[str]:
    """Every route as the documents write it: `GET /inbox`."""
    return sorted(
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    )


def test_every_route_is_described() -> None:
    told = {" ".join(row[:2]) for row in table(DOCS / "developer.md", after="Pages")}
    told |= {" ".join(row[:2]) for row in table(DOCS / "api.md", after="全部接口")}
    assert sorted(told) == routes()


def functions_of_diagrams() -> set[str]:
    """FEEL functions beside the standard's."""
    given = calendar.functions(
        lambda: WorkingCalendar(holidays=(), workdays=(), known_years=()), SystemClock()
    )
    return {*given, "post"}


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("commands", {f"bihuan {name}" for name in COMMANDS}),
        ("settings", {f"BIHUAN_{name.upper()}" for name in Settings.model_fields}),
        ("verbs", {*VERBS, "save_draft"}),
        ("properties", set(BIHUAN_PROPERTIES)),
        ("extensions", {f"zeebe:{name}" for name in ZEEBE_ON}),
        ("FEEL's built-in functions", set(BUILTINS)),
        ("functions of diagrams", functions_of_diagrams()),
        ("records", set(bindings_parts()[1])),
        ("services", {*bindings_parts()[0], *ENGINE_HANDLERS}),
        ("components of forms", set(KINDS)),
    ],
)
def test_everything_that_has_a_name_is_described(what: str, names: set[str]) -> None:
    assert sorted(names - marked()) == [], what


def test_every_make_target_is_described() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = everything()
    assert [target for target in targets if f"make {target}" not in text] == []


def test_every_process_decision_and_form_of_the_product_is_described() -> None:
    files = [
        *(ROOT / "processes").rglob("*.bpmn"),
        *(ROOT / "processes").rglob("*.dmn"),
        *(ROOT / "forms" / "library").rglob("*.form"),
    ]
    named = marked()
    assert sorted(path.stem for path in files if path.stem not in named) == []


def assumptions() -> dict[str, str]:
    """Every value that a profile marks as an assumption: its place and the value."""
    found: dict[str, str] = {}
    for path in sorted(Path(profiles).parent.glob("*.yaml")):
        content = load_profile(path.stem).content
        for section, entries in content.items():
            if not isinstance(entries, dict):
                continue
            for name, entry in entries.items():
                if isinstance(entry, dict) and entry.get("assumption"):
                    value = next(entry[key] for key in ("value", "date", "weight") if key in entry)
                    found[f"{section}.{name}"] = str(value)
    return found


def test_every_assumption_of_a_profile_is_told_with_its_value() -> None:
    said = {row[0]: row[1] for row in table(DOCS / "assumptions.md", after="方案中的默认值")}
    assert said == assumptions()
    assert len(said) > 10


SCHEMES = ("hangzhou_13fyp", "shenzhen_2008", "shenzhen_2010", "zhangjiajie_2009")


def test_every_assumption_of_scoring_is_told_with_its_values() -> None:
    found: dict[str, list[str]] = {}
    for column, name in enumerate(SCHEMES):
        for group, values in load_profile(name).content["scoring"].items():
            for key, entry in values.items():
                if entry.get("assumption"):
                    found.setdefault(f"{group}.{key}", [""] * len(SCHEMES))[column] = spelled(entry["value"])
    rows = table(DOCS / "assumptions.md", after="计分的默认值")
    assert {row[0]: row[1:5] for row in rows} == found


def spelled(value: object) -> str:
    """A value as the documents write it."""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return "、".join(f"{name} {one}" for name, one in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_deadline_drawn_as_a_figure_is_told() -> None:
    said = {
        (row[0], row[1]): set(row[2].split("、"))
        for row in table(DOCS / "assumptions.md", after="图中的默认值")
    }
    assert said == deadlines()


def deadlines() -> dict[tuple[str, str], set[str]]:
    """(file, task) -> reminders and day counts that stand in the drawing itself."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in (ROOT / "processes").rglob("*.bpmn"):
        for task in etree.parse(path).iter(f"{{{BPMN}}}userTask"):
            values: set[str] = set()
            for item in task.iter(f"{{{ZEEBE}}}property"):
                if item.get("name") == "bihuan:remind":
                    values |= set(str(item.get("value")).split(","))
            for schedule in task.iter(f"{{{ZEEBE}}}taskSchedule"):
                values |= {
                    f"{days} 个工作日" for days in re.findall(r", (\d+)\)", schedule.get("dueDate", ""))
                }
            if values:
                found[path.name, str(task.get("id"))] = values
    return found
