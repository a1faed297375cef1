"""The section `accountability` of a profile is checked when it is loaded."""

from copy import deepcopy
from typing import Any

import pytest

from processes.cycle.accountability_section import accountability_faults
from processes.cycle.profile import bundled_profiles, load_profile

CONTENT = load_profile("hangzhou_13fyp").content


def faults(**changed: Any) -> list[str]:
    """What is said of the section with these entries; None takes one away."""
    section = {**deepcopy(CONTENT["accountability"]), **changed}
    kept = {name: entry for name, entry in section.items() if entry is not None}
    return [message for _place, message in accountability_faults(kept, CONTENT["posts"])]


@pytest.mark.parametrize("name", bundled_profiles())
def test_every_bundled_profile_says_who_decides_what(name: str) -> None:
    bodies = load_profile(name).content["scoring"]["sanctions"]["bodies"]["value"]
    assert set(bodies) == {"office", "committee", "government", "organisation", "personnel", "supervision"}


def test_what_is_missing_unknown_or_wrong_is_named() -> None:
    entry = CONTENT["accountability"]["planWorkingDays"]
    assert faults() == []
    assert faults(planWorkingDays=None) == ["问责的参数缺少“planWorkingDays”"]
    assert faults(other=entry) == ["问责的参数里没有“other”"]
    assert faults(planWorkingDays={**entry, "value": 0}) == ["“planWorkingDays”应当是大于 0 的工作日数"]
    unsourced = {"value": 3, "label": "几天"}
    assert faults(planWorkingDays=unsourced) == [
        "“planWorkingDays”没有出处：写上 source，或标明 assumption: true"
    ]
    nobody = {**CONTENT["accountability"]["orderSigner"], "value": "mayor"}
    assert faults(orderSigner=nobody) == ["“orderSigner”写的岗位“mayor”不在方案的岗位里"]
