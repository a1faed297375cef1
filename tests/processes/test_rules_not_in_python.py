"""Who does what in the assessment stands in diagrams and profiles: Python names no post."""

import ast
from collections.abc import Iterator
from pathlib import Path

from processes.cycle.profile import bundled_profiles, load_profile
from tests.processes.city import ROOT

ALLOWED = {
    "processes/demo.py": "the demonstration city fills its posts with people",
    "processes/demo_people.py": "the demonstration city fills its posts with people",
    "processes/demo_divisions.py": "the demonstration city fills its posts with people",
    "processes/cycle/founding.py": "an installation begins with its two administrators",
    "processes/planning/records.py": "a column's default in the table of divisions",
    "processes/planning/dividing.py": "the value of a choice in 分办: no division, the unit's own liaison",
    "api/rest/people_shapes.py": "examples in the description of the interface",
    "engine/people/posts.py": "who answers for a post that nobody holds",
    "processes/simulation/changes.py": "a virtual city acts: its liaison asks for a change",
    "processes/simulation/pace.py": "a virtual city acts: a trait of its people who sign",
    "processes/simulation/running.py": "a virtual city acts: who of it brings marks from outside",
    "api/commands/demo.py": "which people of the demonstration are printed first",
}
OTHER_MEANINGS = {"division", "designer", "expert", "head", "supervision"}
"""Keys that are ordinary words as well: fields of forms, parts of pages, sides of 三员分立."""


def keys() -> set[str]:
    return {key for name in bundled_profiles() for key in load_profile(name).content["posts"]}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_no_post_of_the_assessment_is_named_in_python() -> None:
    posts = keys() - OTHER_MEANINGS
    assert {"liaison", "deputy", "office.head", "review.finance"} <= posts
    found = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for room in ("processes", "engine", "api")
        for path in sorted((ROOT / room).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in ALLOWED
        for line, text in literals(path)
        if text in posts
    ]
    assert found == []


def test_no_notice_of_the_assessment_is_worded_in_python() -> None:
    """Its kinds and words are inputs of the service tasks."""
    for path in sorted((ROOT / "processes/planning").glob("*.py")):
        assert not [text for _, text in literals(path) if text.startswith(("planning.soon", "planning.over"))]


def test_the_allowed_places_exist() -> None:
    assert [name for name in ALLOWED if not (ROOT / name).exists()] == []
