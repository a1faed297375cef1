"""What cannot be scored is refused in one sentence with the unit and the field."""

from typing import Any

import pytest

from processes.evaluation.inputs import InputRefused, read_given
from tests.processes.evaluation.asking import content_of, exact

SOUND: dict[str, dict[str, Any]] = {
    "shenzhen_2010": {"unit": "甲局", "electronic": 90, "leaders": 90, "survey": 90, "epoll": 90},
    "zhangjiajie_2009": {"unit": "甲局", "indicators": 90, "public": 90, "internal": 90},
    "hangzhou_13fyp": {
        "unit": "甲局",
        "targets": [{"weight": 1, "achievement": 1, "measure": 1}],
        "social": 90,
        "leaders": 4.5,
    },
}


def refused(profile: str, document: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(InputRefused) as found:
        read_given(exact(document), content_of(profile))
    return found.value.where, found.value.message


def refused_unit(profile: str, **changes: Any) -> tuple[str, str]:
    row = {name: value for name, value in {**SOUND[profile], **changes}.items() if value is not None}
    return refused(profile, {"units": [row]})


@pytest.mark.parametrize("profile", SOUND)
def test_a_sound_unit_is_read(profile: str) -> None:
    [unit] = read_given(exact({"units": [SOUND[profile]]}), content_of(profile)).units
    assert (unit.unit, unit.group) == ("甲局", "")


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"survey": None}, "units[1].survey", "缺少“survey”（社会公众满意度调查）"),
        ({"survey": 100.1}, "units[1].survey", "“survey”（社会公众满意度调查）应当是 0 至 100 的数"),
        ({"survey": -1}, "units[1].survey", "应当是 0 至 100 的数"),
        ({"survey": "很好"}, "units[1].survey", "应当是 0 至 100 的数"),
        ({"survey": "NaN"}, "units[1].survey", "应当是 0 至 100 的数"),
        ({"survey": True}, "units[1].survey", "应当是 0 至 100 的数"),
        ({"public": 90}, "units[1].public", "没有“public”这个分项；这个方案的分项是 electronic、leaders"),
        ({"veto": True}, "units[1].veto", "没有“veto”这个分项"),
        ({"group": 3}, "units[1].group", "“group”应当是文字"),
    ],
)
def test_a_wrong_component_is_named(changes: dict[str, Any], where: str, said: str) -> None:
    place, message = refused_unit("shenzhen_2010", **changes)
    assert place == where
    assert message.startswith("单位“甲局”：")
    assert said in message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"plus": -1}, "“plus”（加分）应当是不小于 0 的数"),
        ({"veto": "是"}, "“veto”（一票否决）应当是 true、false 或一列否决事项"),
        ({"innovation": 1}, "没有“innovation”这个分项"),
    ],
)
def test_points_and_vetoes_are_checked(changes: dict[str, Any], said: str) -> None:
    assert said in refused_unit("zhangjiajie_2009", **changes)[1]


@pytest.mark.parametrize(
    ("target", "where", "said"),
    [
        ({"measure": 1}, "targets[1].achievement", "第 1 项目标缺少“achievement”（实现程度）"),
        ({"achievement": 1.2, "measure": 1}, "targets[1].achievement", "应当是 0 至 1 的数"),
        ({"achievement": 1, "measure": 90}, "targets[1].measure", "第 1 项目标的绩效测度"),
        ({"achievement": 1, "measure": 1, "key": "yes"}, "targets[1].key", "应当是 true 或 false"),
        ({"achievement": 1, "measure": 1, "weight": -1}, "targets[1].weight", "（权重）应当是不小于 0 的数"),
        ({"achievement": 1, "measure": 1, "weight": 0}, "targets", "各项目标的权重都是 0"),
        ({"achievement": 1, "measure": 1, "done": 1}, "targets[1].done", "第 1 项目标没有“done”"),
    ],
)
def test_a_wrong_target_is_named(target: dict[str, Any], where: str, said: str) -> None:
    place, message = refused_unit("hangzhou_13fyp", targets=[{"weight": 1, **target}])
    assert place == f"units[1].{where}"
    assert said in message


def test_the_leaders_mean_is_out_of_five_in_hangzhou() -> None:
    assert "（领导考评）应当是 0 至 5 的数" in refused_unit("hangzhou_13fyp", leaders=88)[1]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "“units”应当是一列单位，至少一个"),
        ({"units": []}, "“units”应当是一列单位，至少一个"),
        ({"units": ["甲局"]}, "第 1 个单位应当是"),
        ({"units": [{"electronic": 1}]}, "第 1 个单位没有名称"),
        ({"units": [SOUND["shenzhen_2010"]] * 2}, "单位“甲局”出现了两次"),
        ({"units": [SOUND["shenzhen_2010"]], "unit": 1}, "不认识“unit”"),
        ({"units": [SOUND["shenzhen_2010"]], "scale": 1000}, "量纲是固定的，不能写 scale"),
        (
            {"units": [SOUND["shenzhen_2010"]], "profile": "shenzhen_2008"},
            "这份数据是给方案“shenzhen_2008”的",
        ),
    ],
)
def test_a_wrong_document_is_refused(document: dict[str, Any], said: str) -> None:
    assert said in refused("shenzhen_2010", document)[1]


def test_one_scoring_has_one_scale() -> None:
    rows = [
        {**SOUND["zhangjiajie_2009"], "unit": name, "scale": scale}
        for name, scale in (("甲", 100), ("乙", 1000))
    ]
    assert "只能用一个量纲" in refused("zhangjiajie_2009", {"units": rows})[1]
    given = read_given(exact({"units": rows[:1]}), content_of("zhangjiajie_2009"))
    assert given.scale == 100
