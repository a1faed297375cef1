"""Every diagram: sound for the engine, and drawn so that one would hang it on a wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.reader import read_model
from processes.bindings import bindings_parts
from processes.cycle.profile import load_profile
from tests.processes.city import ROOT, library

EVERY = sorted((ROOT / "processes").rglob("*.bpmn"))
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "wp": "http://www.omg.org/spec/DD/20100524/DI",
}
HOLDERS = ("participant", "lane", "subProcess")
"""Shapes that hold others."""

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Box:
    """A shape's or label's bounds."""

    of: str
    kind: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def touches(self, segment: Segment) -> bool:
        """Does a straight piece of line run through this box?"""
        (x1, y1), (x2, y2) = segment
        return (
            max(x1, x2) > self.left
            and min(x1, x2) < self.right
            and max(y1, y2) > self.top
            and min(y1, y2) < self.bottom
        )


@dataclass(frozen=True)
class Picture:
    """What is drawn in a file."""

    shapes: dict[str, Box]
    labels: list[Box]
    lines: dict[str, list[Point]]
    elements: dict[str, str]

    def segments(self) -> Iterator[tuple[str, Segment]]:
        for flow, points in self.lines.items():
            for piece in pairwise(points):
                yield flow, piece


def picture_of(path: Path) -> Picture:
    root = etree.fromstring(path.read_bytes())
    elements = {
        str(node.get("id")): etree.QName(node).localname
        for node in root.iter(f"{{{NS['bpmn']}}}*")
        if node.get("id")
    }
    shapes, labels = {}, []
    for shape in root.iterfind(".//di:BPMNShape", NS):
        of = str(shape.get("bpmnElement"))
        bounds = shape.find("dc:Bounds", NS)
        assert bounds is not None
        shapes[of] = _box(of, elements[of], bounds)
        label = shape.find("di:BPMNLabel/dc:Bounds", NS)
        if label is not None:
            labels.append(_box(of, "label", label))
    lines = {}
    for edge in root.iterfind(".//di:BPMNEdge", NS):
        of = str(edge.get("bpmnElement"))
        lines[of] = [
            (float(point.get("x", "")), float(point.get("y", "")))
            for point in edge.iterfind("wp:waypoint", NS)
        ]
        label = edge.find("di:BPMNLabel/dc:Bounds", NS)
        if label is not None:
            labels.append(_box(of, "label", label))
    return Picture(shapes, labels, lines, elements)


def _box(of: str, kind: str, bounds: "etree._Element") -> Box:
    left, top = float(bounds.get("x", "")), float(bounds.get("y", ""))
    width, height = float(bounds.get("width", "")), float(bounds.get("height", ""))
    return Box(of, kind, left, top, left + width, top + height)


each_diagram = pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)


def test_there_is_nothing_to_find() -> None:
    services, records = bindings_parts()
    catalogue = Catalogue(
        forms=frozenset(),
        decisions=frozenset(),
        processes=frozenset(),
        posts=frozenset(load_profile("hangzhou_13fyp").content["posts"]),
        handlers=frozenset(services),
        records=frozenset(records),
        functions=frozenset({"post", "add working days", "working days between"}),
    )
    assert lint(library(), catalogue=catalogue) == []


def test_every_service_and_record_is_used_by_a_diagram() -> None:
    services, records = bindings_parts()
    used_services, used_records = set(), set()
    for path in EVERY:
        for process in read_model(path.read_bytes(), file=path.name).processes.values():
            for element in process.elements.values():
                used_services.add(element.task_type)
                used_records.add(element.properties.get("bihuan:record"))
    assert services.keys() - used_services == set()
    assert records.keys() - used_records == set()


@each_diagram
def test_every_step_has_a_name_in_both_languages(path: Path) -> None:
    for process in read_model(path.read_bytes(), file=path.name).processes.values():
        named = [one for one in process.elements.values() if one.kind != "parallelGateway"]
        assert [one.id for one in named if not one.name or not one.properties.get("bihuan:name.en")] == []
        assert process.properties["bihuan:name.en"]


@each_diagram
def test_everything_is_drawn(path: Path) -> None:
    picture = picture_of(path)
    for element, kind in picture.elements.items():
        if kind in ("sequenceFlow", "association"):
            assert len(picture.lines[element]) >= 2
        elif kind.endswith(("Task", "Event", "Gateway")) or kind in (
            *HOLDERS,
            "callActivity",
            "textAnnotation",
        ):
            assert element in picture.shapes, element


@each_diagram
def test_no_two_shapes_overlap(path: Path) -> None:
    picture = picture_of(path)
    loose = [box for box in picture.shapes.values() if box.kind not in (*HOLDERS, "boundaryEvent")]
    assert [(a.of, b.of) for a, b in combinations(loose, 2) if a.overlaps(b)] == []


@each_diagram
def test_every_step_lies_inside_its_lane(path: Path) -> None:
    picture = picture_of(path)
    for process in read_model(path.read_bytes(), file=path.name).processes.values():
        for element in process.elements.values():
            if element.lane is not None and element.kind != "boundaryEvent":
                assert picture.shapes[element.id].within(picture.shapes[element.lane.id]), element.id


@each_diagram
def test_lines_are_upright_or_level_and_run_through_nothing(path: Path) -> None:
    picture = picture_of(path)
    root = etree.fromstring(path.read_bytes())
    ends = {
        str(flow.get("id")): {flow.get("sourceRef"), flow.get("targetRef")}
        for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow", f"{{{NS['bpmn']}}}association")
    }
    solid = [box for box in picture.shapes.values() if box.kind not in HOLDERS]
    for flow, piece in picture.segments():
        (x1, y1), (x2, y2) = piece
        assert x1 == x2 or y1 == y2 or flow.endswith("_link"), flow
        hit = [box.of for box in solid if box.of not in ends[flow] and box.touches(piece)]
        hit = [name for name in hit if picture.elements[name] != "boundaryEvent"]
        assert hit == [], flow


@each_diagram
def test_no_two_flows_cross(path: Path) -> None:
    picture = picture_of(path)
    pieces = list(picture.segments())
    crossing = [
        (one, other) for (one, a), (other, b) in combinations(pieces, 2) if one != other and _cross(a, b)
    ]
    assert crossing == []


@each_diagram
def test_no_label_lies_under_a_line_a_step_or_another_label(path: Path) -> None:
    picture = picture_of(path)
    solid = [box for box in picture.shapes.values() if box.kind not in HOLDERS]
    for label in picture.labels:
        assert [box.of for box in solid if box.overlaps(label)] == [], label.of
        assert [flow for flow, piece in picture.segments() if label.touches(piece)] == [], label.of
    assert [(a.of, b.of) for a, b in combinations(picture.labels, 2) if a.overlaps(b)] == []


@each_diagram
def test_tasks_have_one_size_and_lanes_room(path: Path) -> None:
    for box in picture_of(path).shapes.values():
        if box.kind.endswith("Task") or box.kind == "callActivity":
            assert (box.right - box.left, box.bottom - box.top) == (120, 80), box.of
        if box.kind == "lane":
            assert box.bottom - box.top >= 160, box.of


def _cross(one: Segment, other: Segment) -> bool:
    """Do an upright and a level piece cross away from their ends?"""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    if ax == bx and cy == dy:
        return min(cx, dx) < ax < max(cx, dx) and min(ay, by) < cy < max(ay, by)
    if ay == by and cx == dx:
        return _cross(other, one)
    return False
