"""`bihuan lint`: the library is clean; what is wrong is told with file, line, element and rule."""

import os
from pathlib import Path

from tests.commands.line import Line
from tests.engine.bpmn.lint_diagrams import END, START, choice, diagram, good, line_of, line_up
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import in_a_row, user

PROJECT = Path(__file__).parents[2]
FORM = '{"id": "target", "type": "default", "schemaVersion": 18, "name": "目标", "components": []}'


def test_the_library_has_no_findings(line: Line) -> None:
    said = line.run("lint", str(PROJECT / "processes"), str(PROJECT / "forms" / "library"), "--json")
    assert said.json == {"findings": []}
    assert said.status == 0


def test_one_file_of_the_library_is_judged_beside_the_others(line: Line) -> None:
    said = line.run("lint", str(PROJECT / "processes" / "planning" / "plan_setting.bpmn"))
    assert (said.status, said.out) == (0, "没有发现问题。\n")


def test_a_finding_has_file_line_element_rule_and_sentences(line: Line) -> None:
    drawn = choice('${os.system("x")}', "", default="two")
    line.write("p.bpmn", drawn)
    said = line.run("lint", "p.bpmn", "--json")
    assert said.status == 1
    found = {one["element"]: one for one in said.json["findings"] if one["severity"] == "error"}
    one = found["one"]
    assert sorted(one) == ["element", "file", "hint", "line", "message", "rule", "severity"]
    assert (one["file"], one["line"]) == ("p.bpmn", line_of(drawn, 'id="one"'))
    assert one["rule"] and one["message"].endswith("。") and one["hint"]


def test_python_in_a_condition_is_refused(line: Line) -> None:
    line.write("p.bpmn", choice("= __import__('os').system('id')", "", default="two"))
    said = line.run("lint", "p.bpmn", "--json")
    assert said.status == 1
    assert [one["element"] for one in said.json["findings"] if one["severity"] == "error"] == ["one"]


def test_a_missing_form_is_found_and_its_presence_heals(line: Line) -> None:
    line.write("all/p.bpmn", good())
    said = line.run("lint", "all", "--json")
    assert said.status == 1
    (found,) = said.json["findings"]
    assert (found["file"], found["element"], found["line"]) == (
        "all/p.bpmn",
        "fill",
        line_of(good(), 'id="fill"'),
    )
    assert "target" in found["message"]
    line.write("all/target.form", FORM)
    assert line.run("lint", "all", "--json").json == {"findings": []}


CHILD = in_a_row(user("do", "unit.liaison"), process='id="one_unit" name="单位办理"')
CALLER = in_a_row(call("all_units", "one_unit"), process='id="caller" name="调用"')


def test_what_the_city_has_deployed_may_be_named_here_as_on_the_designers_page(installed: Line) -> None:
    """`deploy` and REST took the caller while `lint`, on the same installation, knew the library alone."""
    installed.write("caller.bpmn", CALLER)
    installed.write("all/child.bpmn", CHILD)
    installed.write("all/target.form", FORM)
    said = installed.run("lint", "caller.bpmn", "--json")
    assert [one["rule"] for one in said.json["findings"]] == ["process-unknown"]
    assert installed.run("deploy", "all").status == 0
    assert installed.run("lint", "caller.bpmn", "--json").json == {"findings": []}
    assert installed.run("deploy", "caller.bpmn").status == 0


def test_nothing_is_made_where_nothing_is_installed(line: Line) -> None:
    line.write("caller.bpmn", CALLER)
    assert line.run("lint", "caller.bpmn").status == 1
    assert [one.name for one in line.folder.iterdir()] == ["caller.bpmn"]


def test_a_file_whose_name_is_no_text_is_refused_in_one_sentence(line: Line) -> None:
    """The findings could not be written as JSON: an error of the program, after all that work."""
    (line.folder / "all").mkdir()
    (line.folder / "all" / os.fsdecode(b"\xff.bpmn")).write_bytes(good())
    error = line.run("lint", "all", "--json")
    assert (error.status, error.error["code"]) == (2, "file")


def test_a_form_that_the_server_could_not_show_is_refused_before_anybody_meets_it(line: Line) -> None:
    """Once deployed, such a form stopped every task that used it: a page that fails, and no way on."""
    parts = [
        '{"type": "default", "id": "target", "schemaVersion": 18, "components": [',
        '{"type": "textfield", "id": "f1", "key": "value", "label": "甲"},',
        '{"type": "html", "id": "f2", "content": "<b>x</b>"},',
        '{"type": "textfield", "id": "f3", "label": "乙"}]}',
    ]
    line.write("all/target.form", "\n".join(parts))
    line.write("all/p.bpmn", good())
    said = line.run("lint", "all", "--json")
    assert said.status == 1
    places = [(found["file"], found["line"], found["element"]) for found in said.json["findings"]]
    assert places == [("all/target.form", 3, "f2"), ("all/target.form", 4, "f3")]
    assert "html" in said.json["findings"][0]["message"] and said.json["findings"][0]["hint"]


def test_a_post_that_no_profile_knows_is_refused(line: Line) -> None:
    drawn = in_a_row(user("fill", "unit.chief"))
    line.write("all/p.bpmn", drawn)
    line.write("all/target.form", FORM)
    said = line.run("lint", "all", "--json")
    assert said.status == 1
    (found,) = said.json["findings"]
    assert (found["file"], found["line"], found["element"], found["rule"]) == (
        "all/p.bpmn",
        line_of(drawn, 'id="fill"'),
        "fill",
        "post-unknown",
    )
    assert found["message"] == "没有岗位 “chief”。"
    line.write("all/p.bpmn", in_a_row(user("fill", "unit.liaison"), user("check", "assessor.office.staff")))
    assert line.run("lint", "all", "--json").json == {"findings": []}


def test_the_standard_s_level_does_not_ask_for_forms(line: Line) -> None:
    line.write("p.bpmn", good())
    assert line.run("lint", "--level", "bpmn", "p.bpmn").status == 0


def test_an_entity_is_refused_and_never_read(line: Line) -> None:
    line.write("secret.txt", "geheim")
    entity = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY s SYSTEM "secret.txt">]>\n'
    line.write("p.bpmn", good().replace(b'<?xml version="1.0" encoding="UTF-8"?>', entity))
    said = line.run("lint", "p.bpmn", "--json")
    assert said.status == 1
    (found,) = said.json["findings"]
    assert (found["rule"], found["line"]) == ("dtd", 1)
    assert "geheim" not in said.out


def test_an_element_that_cannot_be_run_is_named(line: Line) -> None:
    complex_gateway = '<bpmn:complexGateway id="x" name="复杂" />'
    drawn = diagram(START, complex_gateway, END, line_up("begun", "x", "done"))
    line.write("p.bpmn", drawn)
    said = line.run("lint", "p.bpmn", "--json")
    assert said.status == 1
    found = [one for one in said.json["findings"] if one["element"] == "x"]
    assert [(one["severity"], one["line"]) for one in found] == [("error", line_of(drawn, 'id="x"'))]


def test_people_read_one_line_a_finding(line: Line) -> None:
    line.write("p.bpmn", good())
    said = line.run("lint", "p.bpmn")
    assert said.status == 1
    (told,) = said.out.splitlines()
    place = line_of(good(), 'id="fill"')
    assert told.startswith(f"错误 p.bpmn:{place} [fill] ")


def test_nothing_to_judge_is_wrong_usage(line: Line) -> None:
    (line.folder / "empty").mkdir()
    line.write("letter.txt", "")
    for path in ("nowhere", "nowhere.bpmn", "empty", "letter.txt"):
        said = line.run("lint", path, "--json")
        assert (said.status, said.error["where"]) == (2, path)
    assert line.run("lint", "--level", "strict", "empty").status == 2
