"""Every worked example that is a score, a rate, a quota or a light comes out of the product's decisions."""

import json
from decimal import Decimal
from typing import Any

import pytest

from api.library import library_files
from tests.processes.city import ROOT
from tests.processes.evaluation.asking import FILES, Ask, Directly, OnTheCommandLine
from tests.processes.evaluation.worked import NO_RULE, OBSERVED, fits, route_of

EXAMPLES: list[dict[str, Any]] = json.loads(
    (ROOT / "tests/engine/feel/worked_examples.json").read_text("utf-8"),
    parse_float=Decimal,
    parse_int=Decimal,
)
BY_RULE = [example for example in EXAMPLES if example["id"] not in NO_RULE]


@pytest.mark.parametrize("ask", [Directly(), OnTheCommandLine()], ids=["decisions", "command-line"])
@pytest.mark.parametrize("example", BY_RULE, ids=[example["id"] for example in BY_RULE])
def test_figures(ask: Ask, example: dict[str, Any]) -> None:
    found = route_of(example["id"])(ask, example["input"])
    for name, expected in example["expected"].items():
        if name not in OBSERVED.get(example["id"], ()):
            assert fits(expected, found[name]), (name, expected, found[name])


def test_only_what_is_no_rule_is_left_out() -> None:
    assert len(EXAMPLES) == 63
    assert len(BY_RULE) == 63 - len(NO_RULE)


def test_the_files_asked_are_those_that_are_deployed() -> None:
    deployed = library_files()
    assert {str(path.relative_to(ROOT)): content for path, content in FILES.items()} == {
        name: content for name, content in deployed.items() if name.endswith(".dmn")
    }
