"""The scoring section of a profile is checked when it is loaded: each fault with its line and a sentence."""

import pytest

from processes.cycle.profile import ProfileRefused, bundled_profiles, load_profile, read_profile
from processes.evaluation.scheme import scheme_of
from tests.processes.city import ROOT

SHENZHEN, ZHANGJIAJIE = (
    (ROOT / f"processes/profiles/{name}.yaml").read_text("utf-8")
    for name in ("shenzhen_2010", "zhangjiajie_2009")
)


def fault(text: str, old: str, new: str) -> str:
    """The only fault after the change; it stands at the line of what was changed."""
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(ProfileRefused) as refused:
        read_profile(changed.encode(), file="city.yaml")
    [found] = refused.value.faults
    return f"{changed.splitlines()[found.line - 1].strip()[:12]}… {found.message}"


@pytest.mark.parametrize("name", bundled_profiles())
def test_what_ships_is_sound_and_every_value_has_a_source_or_is_a_default(name: str) -> None:
    scoring = load_profile(name).content["scoring"]
    entries = [entry for values in scoring.values() for entry in values.values()]
    assert all(bool(entry.get("source")) != bool(entry.get("assumption")) for entry in entries)
    for part in load_profile(name).content["composition"].values():
        assert bool(part.get("source")) != bool(part.get("assumption"))


def test_all_schemes_know_the_same_posts_and_rights() -> None:
    """A diagram that names a post can be run in every city."""
    contents = [load_profile(name).content for name in bundled_profiles()]
    for content in contents:
        assert content["posts"].keys() == contents[0]["posts"].keys()
        assert content["grants"] == contents[0]["grants"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("decimals: {value: 2,", "decimals: {value: 2.5,", "“total.decimals”应当是0 至 10 的整数"),
        ("alpha: {value: 0.6,", "alpha: {value: 1.6,", "“targets.alpha”应当是0 至 1 的数字"),
        ("judged: {value: exact,", "judged: {value: maybe,", "“total.judged”应当是exact、total 之一"),
        ("red: {value: -10,", "red: {value: -1,", "红灯的界线应低于黄灯的界线"),
        ("cutoffs: {value: [90, 75, 60],", "cutoffs: {value: [60, 75, 90],", "从大到小"),
        ("cutoffs: {value: [90, 75, 60],", "cutoffs: {value: [90, 75],", "2 条界线分 3 区"),
        ("行政业绩: 45", "行政业绩: 44", "“dimensions.department”应当是名称和权重，合计 100"),
        ("label: 等次, source: 2010年方案}", "label: 等次}", "没有出处"),
        ("lateRed:", "lateBlue:", "缺少“lights.lateRed”"),
        ("baseShare: {value: 100,", "baseShare: {value: 95,", "合计应为 100"),
        ("shares: {value: [15, 20, 25],", "shares: {value: [15, 20],", "每个奖项应有一个比例"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(ProfileRefused) as refused:
        read_profile(SHENZHEN.replace(old, new, 1).encode(), file="city.yaml")
    assert old in SHENZHEN
    assert any(said in one.message for one in refused.value.faults), refused.value.faults


def test_a_fault_stands_at_its_line() -> None:
    assert fault(ZHANGJIAJIE, "cap: {value: 50,", "cap: {value: -50,") == (
        "cap: {value:… “marks.cap”应当是不小于 0 的数字"
    )


def test_a_quota_needs_its_share() -> None:
    line = next(line for line in ZHANGJIAJIE.splitlines() if line.strip().startswith("share:"))
    assert "缺少“grades.share”" in fault(ZHANGJIAJIE, line + "\n", "")


def test_a_weight_below_nought_is_refused() -> None:
    changed = ZHANGJIAJIE.replace("weight: 10,", "weight: -10,").replace("weight: 60,", "weight: 80,")
    with pytest.raises(ProfileRefused) as refused:
        read_profile(changed.encode(), file="city.yaml")
    assert [one.message for one in refused.value.faults] == ["“internal”的权重不能小于 0"]


def test_numbers_reach_the_decisions_as_they_are_written() -> None:
    scheme = scheme_of(load_profile("zhangjiajie_2009").content)
    targets, grades, marks = scheme["targets"], scheme["grades"], scheme["marks"]
    assert isinstance(targets, dict) and str(targets["alpha"]) == "0.6"
    assert isinstance(grades, dict) and grades["cutoffs"] is None
    assert isinstance(marks, dict) and str(marks["cap"]) == "50"
    assert scheme["dimensions"] == {"department": None, "district": None}
