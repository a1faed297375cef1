"""The decision files as a designer sees them: everything drawn, nothing on top of another, all in words."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from tests.processes.city import ROOT
from tests.processes.evaluation.asking import FILES

DRAWN = [path for path in FILES if path.name != "indicator_check.dmn"]
SHAPES = ("decision", "inputData")
CHINESE = re.compile("[\u4e00-\u9fff]")

Box = tuple[float, float, float, float]
Point = tuple[float, float]

each_file = pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)


def root_of(path: Path) -> "etree._Element":
    return etree.fromstring(path.read_bytes())


def boxes(root: "etree._Element") -> dict[str, Box]:
    found: dict[str, Box] = {}
    for shape in root.iter("{*}DMNShape"):
        bounds = shape.find("{*}Bounds")
        assert bounds is not None
        left, top, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
        found[str(shape.get("dmnElementRef"))] = (left, top, left + width, top + height)
    return found


def lines(root: "etree._Element") -> dict[str, list[Point]]:
    return {
        str(edge.get("dmnElementRef")): [
            (float(point.get("x", "")), float(point.get("y", ""))) for point in edge.iter("{*}waypoint")
        ]
        for edge in root.iter("{*}DMNEdge")
    }


def ends(root: "etree._Element") -> dict[str, tuple[str, str]]:
    """Each requirement with the element that it comes from and the decision that it leads to."""
    found: dict[str, tuple[str, str]] = {}
    for decision in root.iter("{*}decision"):
        for requirement in decision.iter("{*}informationRequirement"):
            [reference] = requirement
            source = str(reference.get("href")).removeprefix("#")
            found[str(requirement.get("id"))] = (source, str(decision.get("id")))
    return found


def cuts(box: Box, line: list[Point]) -> bool:
    """Does a straight line run through the inside of a box? Judged at many points along it."""
    (x1, y1), (x2, y2) = line[0], line[-1]
    points = [(x1 + (x2 - x1) * step / 200, y1 + (y2 - y1) * step / 200) for step in range(201)]
    left, top, right, bottom = box
    return any(left < x < right and top < y < bottom for x, y in points)


@each_file
def test_everything_is_drawn_once(path: Path) -> None:
    root = root_of(path)
    elements = {str(one.get("id")) for tag in SHAPES for one in root.iter("{*}" + tag)}
    assert set(boxes(root)) == elements
    assert set(lines(root)) == set(ends(root))


@each_file
def test_nothing_lies_on_anything_else(path: Path) -> None:
    for (_, one), (_, other) in combinations(boxes(root_of(path)).items(), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


@each_file
def test_requirements_lead_from_box_to_box_and_through_none(path: Path) -> None:
    root = root_of(path)
    shapes, drawn = boxes(root), lines(root)
    for requirement, (source, target) in ends(root).items():
        line = drawn[requirement]
        assert line[0][1] == shapes[source][1], "it leaves upwards"
        assert line[-1][1] == shapes[target][3], "it arrives from below"
        between = {name: box for name, box in shapes.items() if name not in (source, target)}
        assert [name for name, box in between.items() if cuts(box, line)] == [], requirement


@each_file
def test_requirements_between_decisions_cross_nothing(path: Path) -> None:
    """Two inputs of two decisions cannot but cross; what leads from decision to decision can."""
    root = root_of(path)
    decisions = {str(one.get("id")) for one in root.iter("{*}decision")}
    known = ends(root)
    drawn = [(name, line) for name, line in lines(root).items() if known[name][0] in decisions]
    crossing = [(a, b) for (a, one), (b, other) in combinations(drawn, 2) if _cross(one, other)]
    assert crossing == []


def _cross(one: list[Point], other: list[Point]) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    a, b, c, d = one[0], one[-1], other[0], other[-1]
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@each_file
def test_everything_says_in_chinese_what_it_is(path: Path) -> None:
    root = root_of(path)
    for one in (*root.iter("{*}decision"), *root.iter("{*}inputData")):
        assert CHINESE.search(one.get("name", "")), one.get("id")
    for one in (*root.iter("{*}decision"), *root.iter("{*}rule")):
        assert CHINESE.search(one.findtext("{*}description") or ""), one.get("id")
    for column in (*root.iter("{*}input"), *root.iter("{*}output")):
        assert CHINESE.search(column.get("label", "")), column.get("id")


def test_tables_hold_no_value_that_a_city_decides() -> None:
    """Cut-offs, shares, caps and counts come from `scheme`: conditions hold no figure but nought and one."""
    for path in DRAWN:
        for cell in root_of(path).iter("{*}inputEntry"):
            text = re.sub(r'"[^"]*"|\[\d\]', "", cell.findtext("{*}text") or "")
            assert set(re.findall(r"\d+", text)) <= {"0", "1"}, (path.stem, cell.get("id"))


def test_the_folders_are_those_of_the_stages() -> None:
    stages = {path.relative_to(ROOT / "processes").parts[0] for path in DRAWN}
    known = {"planning", "monitoring", "evaluation", "feedback", "rectification", "innovation"}
    assert stages <= known | {"cycle", "decomposition", "adjusting", "accountability"}
