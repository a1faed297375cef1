"""D03 with a curve of milestones, and how each kind of figure is compared; the decision files themselves."""

from decimal import Decimal
from typing import Any

import pytest

from tests.processes.evaluation.asking import exact, rulebook, scheme

CURVE = [{"month": 6, "value": 20000}, {"month": 12, "value": 62176}]


def asked(**progress: Any) -> Any:
    usual = {"kind": "count", "target": 62176, "milestone": None, "direction": "up", "late_days": 0}
    inputs = exact({"progress": {**usual, **progress}})
    return rulebook().decide("deviation_light", {**inputs, "scheme": scheme("hangzhou_13fyp")}).value


@pytest.mark.parametrize(
    ("month", "planned"),
    [(3, "10000"), (6, "20000"), (9, "41088"), (12, "62176")],
)
def test_a_count_runs_along_the_curve_of_its_milestones(month: int, planned: str) -> None:
    said = asked(month=month, milestones=CURVE, actual=Decimal(planned))
    assert (said["planned"], said["light"]) == (Decimal(planned), "绿")


def test_behind_the_curve_is_behind_though_the_share_of_the_year_would_not_be() -> None:
    curve = [{"month": 3, "value": 30000}]
    assert asked(month=3, milestones=curve, actual=16000)["light"] == "红"
    assert asked(month=3, milestones=[], actual=16000)["light"] == "绿"


def test_a_rate_keeps_its_last_milestone_and_has_none_before_the_first() -> None:
    curve = [{"month": 6, "value": 60}]
    assert asked(kind="rate", target=80, month=9, milestones=curve, actual=61)["planned"] == 60
    assert asked(kind="rate", target=80, month=3, milestones=curve, actual=61)["planned"] == 80


@pytest.mark.parametrize(
    ("kind", "unit", "compared"),
    [
        ("absolute", "套", "count"),
        ("absolute", "天", "count"),
        ("absolute", "μg/m³", "rate"),
        ("growth", "%", "rate"),
        ("standard", "小时/周", "rate"),
        ("increment", "个", "yearly"),
        ("rank", "", "yearly"),
    ],
)
def test_figures_that_add_up_are_told_from_rates_and_yearly_ones(kind: str, unit: str, compared: str) -> None:
    figures = {
        "countUnits": ["套", "个", "天"],
        "rateKinds": ["growth", "standard"],
        "yearlyKinds": ["rank", "increment"],
    }
    inputs = exact({"figure": {"kind": kind, "unit": unit}, "figures": figures})
    assert rulebook().decide("figure_kind", inputs).value == compared
