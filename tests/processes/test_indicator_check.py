"""D01: what stops a unit's plan, in sentences."""

from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import load
from tests.processes.city import ROOT

SOUND: dict[str, Any] = {
    "targets": Decimal(3),
    "functions": Decimal(2),
    "weightsGiven": Decimal(2),
    "weightSum": Decimal(100),
    "weightTotal": Decimal(100),
    "weightTolerance": Decimal("0.001"),
    "withoutPerson": Decimal(0),
    "withoutMeasures": Decimal(0),
    "serviceWeight": None,
    "openObjections": Decimal(0),
}


def problems(*, profile: str = "hangzhou_13fyp", **changes: Any) -> list[str]:
    decisions = load(ROOT / "processes/planning/indicator_check.dmn")
    context = {"plan": SOUND | changes, "cycle": {"profile": profile}}
    value = decisions.decide("indicator_check", context).value
    return value if isinstance(value, list) else []


def test_a_sound_plan_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize("total", ["99.999", "100.001"])
def test_a_thousandth_is_forgiven(total: str) -> None:
    assert problems(weightSum=Decimal(total)) == []


@pytest.mark.parametrize("total", ["99.9989", "100.0011", "60"])
def test_more_than_a_thousandth_is_not(total: str) -> None:
    assert problems(weightSum=Decimal(total)) == [f"职能指标权重合计为 {total}，应为 100"]


def test_no_weights_at_all_are_fine() -> None:
    assert problems(weightsGiven=Decimal(0), weightSum=Decimal(0)) == []


def test_weights_are_given_to_all_or_none() -> None:
    assert "有 1 项职能指标没有填权重" in problems(weightsGiven=Decimal(1))


def test_everything_that_is_missing_is_said_at_once() -> None:
    assert problems(withoutPerson=Decimal(2), withoutMeasures=Decimal(1)) == [
        "有 2 项目标没有具体责任人",
        "有 1 项目标没有方法与措施",
    ]


def test_a_unit_needs_a_target() -> None:
    nothing = {
        "targets": Decimal(0),
        "functions": Decimal(0),
        "weightsGiven": Decimal(0),
        "weightSum": Decimal(0),
    }
    assert problems(**nothing) == ["还没有任何目标，请至少填写一项职能指标"]


def test_the_service_share_is_asked_of_shenzhen_alone() -> None:
    assert problems(serviceWeight=Decimal(4)) == []
    assert problems(profile="shenzhen_2014", serviceWeight=Decimal(5)) == []
    assert problems(profile="shenzhen_2014", serviceWeight=Decimal(4)) == ["政务服务权重为 4%，不得低于 5%"]
