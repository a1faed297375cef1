"""The section `evaluation` of a profile: checked when loaded, and its defaults told."""

import re

import pytest

from engine.people.workbook import ImportRefused
from processes.cycle.evaluation_section import KINDS, evaluation_faults
from processes.cycle.profile import bundled_profiles, load_profile
from processes.evaluation.collection.workbook import read_entries
from tests.processes.city import ROOT


def faults(**changes: object) -> list[str]:
    """What is wrong after a change in the group `assessment`."""
    content = load_profile("hangzhou_13fyp").content
    section = {name: dict(group) for name, group in content["evaluation"].items()}
    for name, entry in changes.items():
        section["assessment"][name] = entry
    return [message for _place, message in evaluation_faults(section, content["composition"])]


@pytest.mark.parametrize("name", bundled_profiles())
def test_a_bundled_profile_has_nothing_wrong(name: str) -> None:
    content = load_profile(name).content
    assert list(evaluation_faults(content["evaluation"], content["composition"])) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"value": 3, "label": "界线", "assumption": True}, "应当是0 至 1 的数字"),
        ({"value": 0.1, "label": "界线"}, "没有出处"),
        ({"value": 0.1}, "应写为 value"),
    ],
)
def test_a_wrong_threshold_is_told(entry: object, said: str) -> None:
    [message] = faults(threshold=entry)
    assert said in message


def test_the_component_must_be_one_of_the_scheme() -> None:
    assert faults(component={"value": "internal", "label": "部分", "assumption": True}) == [
        "目标考核计入的“internal”不是方案的组成部分"
    ]


def test_what_nobody_knows_is_told() -> None:
    assert faults(colour={"value": 1, "label": "颜色", "assumption": True}) == [
        "“assessment”的参数里没有“colour”"
    ]


def test_every_default_is_told_with_its_value() -> None:
    text = (ROOT / "docs/assumptions.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `evaluation\.([a-zA-Z.]+)` \| (.*?) \|", text, re.MULTILINE))
    section = load_profile("hangzhou_13fyp").content["evaluation"]
    assert set(rows) == {f"{group}.{name}" for group, kinds in KINDS.items() for name in kinds}
    for group, kinds in KINDS.items():
        for name in kinds:
            value = section[group][name]["value"]
            if not isinstance(value, (dict, list)):
                assert rows[f"{group}.{name}"] == str(value)


def test_a_file_that_is_no_excel_is_refused() -> None:
    with pytest.raises(ImportRefused):
        read_entries(b"name,value\n", [])
