"""The decisions of changes: who approves, whether a challenge is one, whether it was reached."""

from decimal import Decimal
from typing import Any

import pytest

from processes.evaluation.rulebook import Rulebook
from tests.processes.city import ROOT

FOLDER = ROOT / "processes/adjusting"
BOOK = Rulebook({path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.dmn"))})
SCHEME = {"challenge": {"overMin": Decimal(0)}}


@pytest.mark.parametrize(
    ("kind", "ground", "substance", "allowed", "approver", "lead"),
    [
        ("kpi", "plenum", True, True, "government", False),
        ("kpi", "congress", True, True, "government", False),
        ("kpi", "superior", True, True, "government", False),
        ("kpi", "other", True, False, None, False),
        ("kpi", "other", False, True, "office", False),
        ("special", "other", True, True, "committee", True),
        ("special", "other", False, True, "office", False),
        ("function", "other", True, True, "committee", False),
    ],
)
def test_who_approves_depends_on_what_is_changed(
    kind: str, ground: str, substance: bool, allowed: bool, approver: str | None, lead: bool
) -> None:
    change = {"kind": kind, "cause": "objective", "ground": ground, "substance": substance}
    answer: Any = BOOK.decide("adjustment_route", {"change": change}).value
    assert (answer["allowed"], answer["approver"], answer["lead"]) == (allowed, approver, lead)
    assert answer["reason"]


@pytest.mark.parametrize(
    ("direction", "value", "target", "above"),
    [("down", 45, 51, True), ("down", 51, 51, False), ("up", 110, 100, True), ("up", 99, 100, False)],
)
def test_a_challenge_goes_beyond_the_target(direction: str, value: int, target: int, above: bool) -> None:
    challenge = {"value": Decimal(value), "target": Decimal(target), "direction": direction}
    assert BOOK.decide("challenge_above", {"challenge": challenge}).value is above


@pytest.mark.parametrize(
    ("direction", "value", "actual", "met", "over"),
    [
        ("down", "45", "44.9", True, True),
        ("down", "45", "45", True, False),
        ("down", "45", "45.1", False, False),
        ("up", "110", "111", True, True),
        ("up", "110", "110", True, False),
        ("up", "110", "109", False, False),
        ("up", "0", "0", True, False),
        ("up", "0", "1", True, True),
        ("up", "-5", "-6", False, False),
        ("up", "110", None, False, False),
    ],
)
def test_the_locked_figure_says_whether_a_challenge_was_reached(
    direction: str, value: str, actual: str | None, met: bool, over: bool
) -> None:
    challenge = {
        "value": Decimal(value),
        "actual": Decimal(actual) if actual is not None else None,
        "direction": direction,
    }
    answer: Any = BOOK.decide("challenge_result", {"challenge": challenge, "scheme": SCHEME}).value
    assert (answer["met"], answer["over"]) == (met, over)
