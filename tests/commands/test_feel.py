"""`bihuan feel`: values, warnings, inputs, errors."""

import json

from tests.commands.line import Line


def test_a_value_is_printed_as_it_is(line: Line) -> None:
    assert line.run("feel", "0.1 + 0.2").out == "0.3\n"


def test_a_text_is_printed_without_quotation_marks(line: Line) -> None:
    assert line.run("feel", '"市" + "旅委"').out == "市旅委\n"


def test_json_has_value_type_warnings_and_decisions(line: Line) -> None:
    said = line.run("feel", 'date("2018-03-01") + duration("P2D")', "--json")
    assert said.status == 0
    assert said.json == {"value": "2018-03-03", "type": "date", "warnings": [], "decisions": []}


def test_numbers_of_the_context_stay_exact(line: Line) -> None:
    said = line.run("feel", "x * 3", "--context", '{"x": 0.1}', "--json")
    assert said.json["value"] == "0.3"


def test_a_context_comes_from_a_file_or_from_standard_input(line: Line) -> None:
    line.write("context.json", json.dumps({"unit": {"name": "市旅委"}}))
    assert line.run("feel", "unit.name", "--context", "@context.json").out == "市旅委\n"
    assert (
        line.run("feel", "unit.name", "--context", "-", given='{"unit": {"name": "市发改委"}}').out
        == "市发改委\n"
    )


def test_a_warning_stands_beside_the_value(line: Line) -> None:
    said = line.run("feel", "unit", "--json")
    assert said.status == 0
    assert said.json["value"] is None
    (warning,) = said.json["warnings"]
    assert sorted(warning) == ["code", "message", "position"]
    assert warning["position"] == [1, 1]
    plain = line.run("feel", "unit")
    assert plain.out == "null\n"
    assert plain.err.startswith("提示：")


def test_a_syntax_error_is_one_sentence_with_its_place(line: Line) -> None:
    said = line.run("feel", "1 + ")
    assert said.status == 1
    assert "第1行第5列" in said.sentence


def test_a_syntax_error_with_json_is_an_error_object(line: Line) -> None:
    said = line.run("feel", "if x then", "--json")
    assert said.status == 1
    assert (said.error["code"], said.error["where"]) == ("feel", "if x then")


def test_what_is_no_json_object_is_wrong_usage(line: Line) -> None:
    for text in ("{", "[1]", '{"x": NaN}'):
        said = line.run("feel", "x", "--context", text, "--json")
        assert (said.status, said.error["code"]) == (2, "json")


def test_a_missing_file_is_wrong_usage(line: Line) -> None:
    said = line.run("feel", "x", "--context", "@nowhere.json")
    assert (said.status, said.sentence) == (2, "nowhere.json: 无法读取文件：没有这个文件。")
