"""`bihuan decide`: values, explanations, unknown decisions, broken files."""

from pathlib import Path

import pytest

from tests.commands.line import Line
from tests.engine.dmn.models import decision, literal, model, needs, table

GRADES = model(
    '<inputData id="score" name="score" />'
    + decision("adjusted", literal("score + 5"), needs=needs(inputs=["score"]))
    + decision(
        "grade",
        table(["adjusted"], ["grade"], [[">= 90", '"优秀"'], ["[60..90)", '"合格"'], ["< 60", '"不合格"']]),
        needs=needs(decisions=["adjusted"]),
    )
)


@pytest.fixture
def graded(line: Line) -> Line:
    line.write("grades.dmn", GRADES)
    return line


def test_a_decision_is_printed_as_it_is(graded: Line) -> None:
    said = graded.run("decide", "grades.dmn", "grade", "--input", '{"score": 86}')
    assert (said.status, said.out, said.err) == (0, "优秀\n", "")


def test_json_tells_each_decision_with_its_inputs_and_rules(graded: Line) -> None:
    graded.write("score.json", '{"score": 84.9}')
    said = graded.run("decide", "grades.dmn", "grade", "--input", "@score.json", "--json")
    assert said.status == 0
    assert sorted(said.json) == ["decisions", "type", "value", "warnings"]
    assert (said.json["value"], said.json["type"], said.json["warnings"]) == ("合格", "string", [])
    told = {one["id"]: one for one in said.json["decisions"]}
    assert sorted(told) == ["adjusted", "grade"]
    assert told["adjusted"]["value"] == "89.9"
    assert told["adjusted"]["rules"] == []
    assert [rule["number"] for rule in told["grade"]["rules"]] == [2]
    assert all(sorted(one) == ["id", "inputs", "rules", "value"] for one in told.values())


def test_explain_lists_the_rules_that_were_hit(graded: Line) -> None:
    said = graded.run("decide", "grades.dmn", "grade", "--input", "-", "--explain", given='{"score": 10}')
    assert said.status == 0
    (hit,) = [rule for one in said.json["decisions"] for rule in one["rules"]]
    assert hit["number"] == 3


def test_the_product_s_own_decision_can_be_tried(line: Line) -> None:
    file = Path(__file__).parents[2] / "processes" / "planning" / "indicator_check.dmn"
    plan = '{"plan": {"targets": 0}, "cycle": {"profile": "hangzhou_13fyp"}}'
    said = line.run("decide", str(file), "indicator_check", "--input", plan, "--json")
    assert said.status == 0
    assert "还没有任何目标，请至少填写一项职能指标" in said.json["value"]


def test_an_unknown_decision_is_one_sentence(graded: Line) -> None:
    said = graded.run("decide", "grades.dmn", "rank")
    assert said.status == 1
    assert said.sentence.startswith("grades.dmn: ")
    assert "rank" in said.sentence


def test_a_broken_file_is_told_with_its_line(line: Line) -> None:
    line.write("grades.dmn", model(decision("grade", literal("1 +\n"))))
    said = line.run("decide", "grades.dmn", "grade", "--json")
    assert said.status == 1
    assert (said.error["code"], said.error["where"]) == ("dmn", "grades.dmn:2")


@pytest.mark.parametrize("content", [b"", b"no xml", b'<!DOCTYPE d><d xmlns="x"/>'])
def test_what_is_no_decision_file_is_refused(line: Line, content: bytes) -> None:
    line.write("grades.dmn", content)
    said = line.run("decide", "grades.dmn", "grade")
    assert said.status == 1
    assert said.sentence.startswith("grades.dmn:")


def test_a_missing_file_is_wrong_usage(line: Line) -> None:
    said = line.run("decide", "nowhere.dmn", "grade", "--json")
    assert (said.status, said.error["where"]) == (2, "nowhere.dmn")
