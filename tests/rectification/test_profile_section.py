"""The section `rectification` of a profile is checked when the profile is loaded."""

from typing import Any

import pytest

from processes.cycle.profile import bundled_profiles, load_profile
from processes.cycle.rectification_section import rectification_faults


def section() -> dict[str, Any]:
    return dict(load_profile("hangzhou_13fyp").content["rectification"])


def test_every_profile_has_a_sound_section() -> None:
    for name in bundled_profiles():
        assert list(rectification_faults(load_profile(name).content["rectification"])) == [], name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rounds": {"value": 0, "label": "轮数", "assumption": True}}, "“rounds”应当是大于 0 的整数"),
        ({"rounds": {"value": 2, "label": "轮数"}}, "“rounds”没有出处：写上 source，或标明 assumption: true"),
        ({"rounds": 2}, "“rounds”应写为 value：值 和 label：名称"),
        ({"ronds": {"value": 2, "label": "轮数", "assumption": True}}, "整改的参数里没有“ronds”"),
    ],
)
def test_a_fault_is_one_sentence(change: dict[str, Any], said: str) -> None:
    assert [sentence for _, sentence in rectification_faults(section() | change)] == [said]


def test_a_value_that_is_missing_is_named() -> None:
    short = {name: entry for name, entry in section().items() if name != "returns"}
    assert [sentence for _, sentence in rectification_faults(short)] == ["整改的参数缺少“returns”"]
