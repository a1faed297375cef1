"""What a profile says of changes is checked when it is loaded."""

from importlib.resources import files

import pytest

from processes.cycle.profile import ProfileRefused, read_profile

HANGZHOU = (files("processes.profiles") / "hangzhou_13fyp.yaml").read_text("utf-8")


def refused(old: str, new: str) -> str:
    """What is said when the profile has `new` in place of `old`."""
    assert old in HANGZHOU
    with pytest.raises(ProfileRefused) as refusal:
        read_profile(HANGZHOU.replace(old, new).encode(), file="p.yaml")
    return "；".join(fault.message for fault in refusal.value.faults)


def test_a_section_is_complete_and_nothing_is_unknown() -> None:
    told = refused("  leadDays: {", "  leaderDays: {")
    assert "“adjustment”里没有“leaderDays”" in told and "“leadDays”应写为" in told


def test_days_are_at_least_one_and_supplements_may_be_none() -> None:
    said = "label: 填写调整申请给几天"
    assert "不小于 1 的整数" in refused(f"{{value: 5, {said}", f"{{value: 0, {said}")
    read_profile(HANGZHOU.replace("supplements: {value: 1,", "supplements: {value: 0,").encode(), file="p")


def test_a_default_is_marked() -> None:
    old = "rounds: {value: 2, label: 一项目标一年最多申报几次, assumption: true}"
    assert "没有出处" in refused(old, old.replace(", assumption: true", ""))


def test_challenges_need_a_last_day() -> None:
    assert "申报截止日" in refused("  challenge_due: {", "  challenge_until: {")
