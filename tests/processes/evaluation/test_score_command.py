"""`bihuan score`: its answer, its explanation and its refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.commands.failures import Failure
from api.commands.line import line_for
from tests.commands.line import Line
from tests.processes.city import ROOT

UNITS = {
    "units": [
        {"unit": "甲局", "group": "局", "electronic": "95.2", "leaders": 92, "survey": 70.5, "epoll": 88},
        {"unit": "乙局", "group": "局", "electronic": 97.5, "leaders": 92, "survey": 70.5, "epoll": 88},
    ]
}


def said(*arguments: str) -> str:
    result = CliRunner().invoke(line_for("score"), ["score", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def failure(*arguments: str) -> Failure:
    with pytest.raises(Failure) as found:
        line_for("score")(["score", *arguments], standalone_mode=False)
    return found.value


def test_the_answer_has_the_shape_that_is_promised(tmp_path: Path) -> None:
    source = tmp_path / "units.json"
    source.write_text(json.dumps(UNITS), "utf-8")
    found: dict[str, Any] = json.loads(said("shenzhen_2010", "--input", str(source), "--json"))
    assert list(found) == ["profile", "units"]
    first = found["units"][0]
    rules = first.pop("rules")
    assert first == {
        "unit": "甲局",
        "group": "局",
        "components": {"electronic": "95.2", "leaders": "92", "survey": "70.5", "epoll": "88"},
        "total_exact": "88.505",
        "total": "88.51",
        "rank": 2,
        "zone": "蓝",
        "grade": "良",
        "promoted": False,
    }
    assert [(rule["decision"], rule["id"]) for rule in rules][-2:] == [
        ("zone", "zone_second"),
        ("grade", "grade_zone"),
    ]
    assert found["units"][1]["rank"] == 1


def test_the_explanation_shows_inputs_rules_and_what_each_part_gives() -> None:
    found = json.loads(said("shenzhen_2010", "--input", json.dumps(UNITS), "--explain"))
    decisions = {one["id"]: one for one in found["units"][0]["decisions"]}
    assert decisions["weighted_parts"]["value"]["electronic"] == "61.88"
    assert decisions["weighted_parts"]["inputs"]["unit"]["electronic"] == "95.2"
    assert decisions["composite_score"]["rules"][0]["id"] == "formula_shenzhen_2010"
    assert decisions["zone"]["inputs"]["总分"] == "88.505"
    over = [(one["group"], one["id"]) for one in found["decisions"]]
    assert over == [("局", "ranking"), ("", "seats"), ("", "cutoff"), ("", "no_squeeze")]
    assert len(found["versions"]["grade"]) == 64


def test_people_read_a_line_a_unit_best_first() -> None:
    lines = said("shenzhen_2010", "--input", json.dumps(UNITS)).splitlines()
    assert [line.split("\t") for line in lines] == [
        ["局", "1", "乙局", "90.00", "绿", "优"],
        ["局", "2", "甲局", "88.51", "蓝", "良"],
    ]


def test_the_scale_may_be_given_on_the_line_or_in_the_input() -> None:
    document = {
        "units": [{"unit": "甲", "indicators": 92, "public": 86.5, "internal": 95, "plus": 12, "minus": 5}]
    }
    assert "97.65" in said("zhangjiajie_2009", "--input", json.dumps(document), "--scale", "100")
    assert "97.65" in said("zhangjiajie_2009", "--input", json.dumps({**document, "scale": 100}))
    assert "913.50" in said("zhangjiajie_2009", "--input", json.dumps(document))


def test_a_city_may_ask_what_other_weights_would_do(tmp_path: Path) -> None:
    text = (ROOT / "processes/profiles/shenzhen_2010.yaml").read_text("utf-8")
    text = text.replace("electronic: {weight: 65,", "electronic: {weight: 60,").replace(
        "survey: {weight: 25,", "survey: {weight: 30,"
    )
    other = tmp_path / "what_if.yaml"
    other.write_text(text, "utf-8")
    found = json.loads(said(str(other), "--input", json.dumps(UNITS), "--json"))
    assert found["units"][0]["total_exact"] == "87.27"
    other.write_text(text.replace("survey: {weight: 30,", "survey: {weight: 31,"), "utf-8")
    refused = failure(str(other), "--input", json.dumps(UNITS))
    assert (refused.code, "应为 100" in refused.message, "what_if.yaml:" in refused.where) == (
        "profile",
        True,
        True,
    )


def test_what_cannot_be_scored_is_one_sentence_with_its_place() -> None:
    refused = failure("shenzhen_2010", "--input", '{"units": [{"unit": "甲局", "electronic": 101}]}')
    assert (refused.status, refused.where) == (1, "units[1].electronic")
    assert refused.message == "单位“甲局”：“electronic”（电子系统评估）应当是 0 至 100 的数。"


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (("paris_2024", "--input", "{}"), 2, "没有方案“paris_2024”"),
        (("shenzhen_2010", "--input", "nowhere.json"), 2, "无法读取文件"),
        (("shenzhen_2010", "--input", "{"), 2, "不是合法的 JSON"),
        (("shenzhen_2010", "--input", "[]"), 2, "应当是一个 JSON 对象"),
        (("zhangjiajie_2009", "--input", '{"units": []}', "--scale", "-1"), 1, "“units”应当是一列单位"),
        (("shenzhen_2010", "--input", json.dumps(UNITS), "--scale", "10"), 2, "量纲是固定的"),
    ],
)
def test_other_refusals(arguments: tuple[str, ...], status: int, text: str) -> None:
    refused = failure(*arguments)
    assert (refused.status, text in refused.message) == (status, True), refused.message


def test_the_real_command_answers_and_refuses(tmp_path: Path) -> None:
    line = Line(tmp_path, {})
    answered = line.run("score", "shenzhen_2010", "--input", json.dumps(UNITS), "--json")
    assert (answered.status, json.loads(answered.out)["units"][1]["total"]) == (0, "90.00")
    refused = line.run("score", "shenzhen_2010", "--input", '{"units": []}', "--json")
    assert refused.status == 1
    assert json.loads(refused.err)["error"]["where"] == "units"
