"""FEEL on the server and feelin in the browser give form conditions the same value.

feelin is the fork that form-js bundles: whoever draws a form sees its answers there. Our own pages ask the
server instead. Where they differ, `differences.json` says why and what the standard wants. A new difference
fails, and so does an entry that is no difference any more.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.feel import FeelSyntaxError, evaluate
from engine.feel.codec import to_json
from tests.browser.feel.conditions import DATA, conditions
from tests.browser.feel.feelin import ROOT, answers_of_feelin

COUNT, SEED = 500, 2018
KNOWN = json.loads(Path(__file__).with_name("differences.json").read_text())


def answer_of_ours(text: str) -> object:
    """As plain JSON, numbers as numbers."""
    try:
        value = evaluate(text, DATA)
    except FeelSyntaxError as error:
        return {"error": str(error)}
    return float(value) if isinstance(value, Decimal) else to_json(value)


def alike(ours: object, theirs: object) -> bool:
    """Equal; feelin's numbers are binary, so they are compared to nine digits."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, float) and isinstance(theirs, int | float):
        return ours == pytest.approx(theirs, rel=1e-9)
    return ours == theirs


@pytest.fixture(scope="module")
def found(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, object]]:
    """Each condition on which the two differ: our value and feelin's."""
    texts = conditions(COUNT, seed=SEED)
    theirs = answers_of_feelin(chromium, texts, DATA, tmp_path_factory.mktemp("feelin"))
    both = {text: (answer_of_ours(text), answer) for text, answer in zip(texts, theirs, strict=True)}
    return {text: pair for text, pair in both.items() if not alike(*pair)}


def test_every_difference_is_known(found: dict[str, tuple[object, object]]) -> None:
    known = {text for group in KNOWN for text in group["conditions"]}
    assert {text: pair for text, pair in found.items() if text not in known} == {}


def test_every_known_difference_is_one(found: dict[str, tuple[object, object]]) -> None:
    assert [text for group in KNOWN for text in group["conditions"] if text not in found] == []


def test_the_pages_themselves_ship_no_other_interpreter() -> None:
    shipped = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert [name for name in shipped if "feelin" in name or "form-js" in name] == []
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all(part.get("dev") for name, part in lock.items() if name.endswith("/feelin"))


def test_every_known_difference_has_a_verdict() -> None:
    for group in KNOWN:
        assert set(group) == {"cause", "standard", "right", "conditions"}
        assert group["right"] in ("server", "browser", "both")
        assert group["conditions"]
