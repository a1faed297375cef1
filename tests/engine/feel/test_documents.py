"""The page on FEEL: its examples give what it says, and its figures are those of the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.feel import DEFAULT_LIMITS, evaluate
from engine.feel.builtins import BUILTINS
from engine.feel.limits import MAX_NESTING, MAX_TEXT, MAX_TREE

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "feel.md").read_text("utf-8")


def rows_of(text: str) -> list[list[str]]:
    """The cells of all tables."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line.strip("|\n ").split(" | ")] for line in lines]


ROWS = rows_of(PAGE)
SYNTAX_END, FUNCTIONS_END = PAGE.index("## 函数"), PAGE.index("## 决策模型")
FUNCTIONS = [row for row in rows_of(PAGE[SYNTAX_END:FUNCTIONS_END]) if len(row) == 4 and row[0] != "函数"]
SYNTAX = [row for row in ROWS if len(row) == 3 and f"`{row[1]}`" in PAGE[:SYNTAX_END] and row[1] != "例子"]
EXAMPLES = [(row[1], row[2]) for row in SYNTAX] + [(row[2], row[3]) for row in FUNCTIONS]


def test_every_function_stands_once_in_the_page() -> None:
    assert sorted(row[0] for row in FUNCTIONS) == sorted(BUILTINS)
    assert len(SYNTAX) > 30


@pytest.mark.parametrize(("example", "result"), EXAMPLES, ids=[example for example, _ in EXAMPLES])
def test_an_example_gives_what_the_page_says(example: str, result: str) -> None:
    assert evaluate(example) == evaluate(result)


def test_the_limits_are_those_of_the_program() -> None:
    said = {row[2]: int(row[1]) for row in ROWS if len(row) == 3 and row[1].isdigit()}
    limits = {name: getattr(DEFAULT_LIMITS, name) for name in DEFAULT_LIMITS.__slots__}
    assert said == {**limits, "text_size": MAX_TEXT, "nesting": MAX_NESTING, "tree": MAX_TREE}


def test_the_differences_of_the_browser_are_as_many_as_known() -> None:
    known = json.loads((ROOT / "tests" / "browser" / "feel" / "differences.json").read_text("utf-8"))
    told = [line for line in PAGE.partition("| 避免 |")[2].splitlines() if line.startswith("| `")]
    assert len(told) == len(known)
    assert {group["right"] for group in known} == {"server"}
