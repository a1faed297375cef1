"""The section `decomposition` of a profile: complete, of the right kinds, and each value with its origin."""

from copy import deepcopy
from typing import Any

import pytest

from processes.cycle.decomposition_section import decomposition_faults
from processes.cycle.profile import bundled_profiles, load_profile


def section() -> dict[str, Any]:
    """The section as a bundled profile has it."""
    return deepcopy(dict(load_profile("hangzhou_13fyp").content["decomposition"]))


@pytest.mark.parametrize("name", bundled_profiles())
def test_every_bundled_profile_has_one_that_stands(name: str) -> None:
    assert list(decomposition_faults(load_profile(name).content["decomposition"])) == []


@pytest.mark.parametrize(
    ("name", "entry", "said"),
    [
        ("breakDownDays", {"value": 0, "label": "期限", "assumption": True}, "大于 0 的整数"),
        ("mayDecline", {"value": "yes", "label": "可以", "assumption": True}, "true 或 false"),
        ("weightTolerance", {"value": "-1", "label": "误差", "assumption": True}, "不小于 0 的数字"),
        ("endsOn", {"value": "02-30", "label": "截止", "assumption": True}, "月-日"),
        ("confirmDays", {"value": 5, "label": "确认"}, "没有出处"),
        ("confirmDays", {"value": 5, "assumption": True}, "应写为 value：值 和 label：名称"),
        ("confirmDay", {"value": 5, "label": "确认", "assumption": True}, "没有“confirmDay”"),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_place(name: str, entry: dict[str, Any], said: str) -> None:
    [(place, message)] = decomposition_faults({**section(), name: entry})
    assert place == ("decomposition", name)
    assert said in message


def test_a_missing_value_and_a_section_of_another_kind_are_told() -> None:
    given = section()
    del given["ruleDays"]
    assert [message for _, message in decomposition_faults(given)] == ["目标分解的参数缺少“ruleDays”"]
    assert [place for place, _ in decomposition_faults([])] == [("decomposition",)]
