"""Runs the DMN TCK: `python -m tests.conformance.dmn_tck FOLDER [--failures] [--only NAME]`.

FOLDER is the suite's `TestCases` folder or the one above it. Two figures are printed: all cases, and the
demanding ones, whose expected result is not null. Cases that call functions in Java or PMML, which are not
run, are named one by one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from engine.dmn import Decisions, DmnRefused, UnknownDecision, read
from engine.dmn.imports import siblings
from engine.feel import FeelError, Value
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass
class Tally:
    """Passed and total, all and demanding."""

    passed: int = 0
    total: int = 0
    hard_passed: int = 0
    hard: int = 0
    external: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Sum up."""
        self.passed += other.passed
        self.total += other.total
        self.hard_passed += other.hard_passed
        self.hard += other.hard
        self.external += other.external

    def __str__(self) -> str:
        return f"{self.passed:5}/{self.total:<5} demanding {self.hard_passed:5}/{self.hard:<5}"


def tag(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def parts(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Children of these names."""
    for child in element:
        if isinstance(child.tag, str) and tag(child) in names:
            yield child


def value_of(element: etree._Element) -> Value:
    """The value that a test file spells."""
    components = {part.get("name", ""): value_of(part) for part in parts(element, "component")}
    if components:
        return components
    for child in parts(element, "list", "value"):
        if child.get(f"{XSI}nil") == "true":
            return None
        return [value_of(item) for item in parts(child, "item")] if tag(child) == "list" else scalar(child)
    return None


def scalar(element: etree._Element) -> Value:
    """A single value by its XML Schema type, or by how it looks."""
    kind = (element.get(f"{XSI}type") or "").rpartition(":")[2]
    text = element.text or ""
    match kind:
        case "string":
            return text
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            try:
                return Decimal(text.strip())
            except InvalidOperation:
                return None
        case "boolean":
            return text.strip() in ("true", "1")
        case "date":
            return parse_date(text.strip())
        case "time":
            return parse_time(text.strip())
        case "dateTime":
            return parse_date_time(text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return parse_duration(text.strip())
    return text


def same(expected: Value, found: Value) -> bool:
    """Equal as the suite compares: numbers to eight decimal places."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(expected - found) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)
    return type(expected) is type(found) and expected == found


def run_case(
    case: etree._Element, decisions: Decisions | None
) -> Iterator[tuple[str, Value, object, list[object]]]:
    """Each result node: name, expected, found, warnings."""
    inputs = {part.get("name", ""): value_of(part) for part in parts(case, "inputNode")}
    for node in parts(case, "resultNode"):
        expected = next((value_of(part) for part in parts(node, "expected")), None)
        if node.get("errorResult") == "true":
            expected = None
        name = node.get("name", "")
        found: object = "no model"
        warnings: list[object] = []
        if decisions is not None:
            found, warnings = decided(case, decisions, name, inputs)
        yield name, expected, found, warnings


def decided(
    case: etree._Element, decisions: Decisions, name: str, inputs: dict[str, Value]
) -> tuple[object, list[object]]:
    """The value of a decision, service or function, and its warnings."""
    invocable = case.get("invocableName")
    try:
        if invocable and case.get("type") == "bkm":
            outcome = decisions.call(invocable, list(inputs.values()))
        else:
            outcome = decisions.decide(invocable or name, inputs)
    except (UnknownDecision, FeelError) as error:
        return f"error: {error}", []
    value = outcome.value
    if invocable and isinstance(value, dict) and name in value:
        value = value[name]
    return value, list(outcome.warnings)


def run_folder(folder: Path, failures: bool) -> Tally:
    """All test files of one directory."""
    tally = Tally()
    for test in sorted(folder.glob("*test*.xml")):
        root = etree.parse(str(test)).getroot()
        model = next((part.text for part in parts(root, "modelName")), None) or f"{folder.name}.dmn"
        decisions: Decisions | None = None
        try:
            path = folder / model
            decisions = read(path.read_bytes(), file=model, lenient=True, others=siblings(path))
        except (DmnRefused, OSError) as error:
            print(f"  {folder.name}: {error}")
        for case in parts(root, "testCase"):
            for name, expected, found, warnings in run_case(case, decisions):
                passed = same(expected, found)
                hard = expected is not None
                where = f"{folder.name} {case.get('id')} {name}"
                outside = any(getattr(warning, "code", "") == "external" for warning in warnings)
                tally.add(Tally(passed, 1, passed and hard, hard, [where] if outside else []))
                if failures and not passed:
                    print(f"  {where}: expected {expected!r}, got {found!r} {warnings[:2]}")
    return tally


def main() -> int:
    """Print a line a directory and the total; 0 unless there is nothing to run."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--failures", action="store_true", help="say each failure")
    arguments.add_argument("--only", default="", help="directories whose name contains this")
    given = arguments.parse_args()
    found = sorted({test.parent for test in given.folder.rglob("*test*.xml")})
    totals: dict[str, Tally] = {}
    for folder in (one for one in found if given.only in one.name):
        tally = run_folder(folder, given.failures)
        totals.setdefault(folder.parent.name, Tally()).add(tally)
        print(f"{tally}  {folder.name}")
    for level, tally in totals.items():
        print(f"{tally}  {level}")
        for where in tally.external:
            print(f"  external function, not run: {where}")
    return 0 if totals else 1


if __name__ == "__main__":
    sys.exit(main())
