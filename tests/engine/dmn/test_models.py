"""Whole models: requirements, boxes, functions, types, and files that are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from engine.dmn import DmnRefused, UnknownDecision, load, read
from engine.dmn.command import answer
from engine.feel import Value
from tests.engine.dmn.models import decision, literal, model, needs, table

D = Decimal
INPUTS = (
    '<inputData id="i_score" name="Raw Score"><variable name="Raw Score" typeRef="number"/></inputData>'
    '<inputData id="i_bonus" name="bonus"><variable name="bonus" typeRef="number"/></inputData>'
)
A, B = literal('"a"'), literal('"b"')
TOTAL = decision("total", literal("Raw Score + bonus"), needs=needs(inputs=["i_score", "i_bonus"]))
GRADE = decision(
    "grade",
    table(["total"], ["grade"], [(">= 90", '"A"'), ("< 90", '"B"')]),
    needs=needs(decisions=["total"]),
)


def test_required_decisions_are_made_first_and_traced() -> None:
    outcome = read(model(INPUTS + GRADE + TOTAL)).decide("grade", {"Raw Score": "x", "bonus": 1})
    assert outcome.value is None
    outcome = read(model(INPUTS + GRADE + TOTAL)).decide("grade", {"Raw Score": 88, "bonus": 3})
    assert outcome.value == "A"
    assert [(trace.id, trace.value) for trace in outcome.decisions] == [("total", D(91)), ("grade", "A")]
    assert outcome.decisions[0].inputs == {"Raw Score": D(88), "bonus": D(3)}


def test_an_input_that_is_not_required_is_not_seen() -> None:
    blind = decision("blind", literal("bonus"))
    outcome = read(model(INPUTS + blind)).decide("blind", {"bonus": 3})
    assert outcome.value is None
    assert [warning.code for warning in outcome.warnings] == ["unknown_name"]


def test_business_knowledge_is_called_by_text_and_by_box() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="weighted"><variable name="weighted"/><encapsulatedLogic>'
        '<formalParameter name="value" typeRef="number"/><formalParameter name="weight" typeRef="number"/>'
        f"{literal('value * weight')}</encapsulatedLogic></businessKnowledgeModel>"
    )
    by_text = decision("by_text", literal("weighted(80, 0.5)"), needs=needs(knowledge=["k"]))
    boxed = (
        f"<invocation>{literal('weighted')}<binding><parameter name='weight'/>{literal('0.25')}</binding>"
        f"<binding><parameter name='value'/>{literal('80')}</binding></invocation>"
    )
    by_box = decision("by_box", boxed, needs=needs(knowledge=["k"]))
    decisions = read(model(knowledge + by_text + by_box))
    assert decisions.decide("by_text", {}).value == D(40)
    assert decisions.decide("by_box", {}).value == D(20)


def test_context_entries_see_earlier_ones_and_the_last_is_the_result() -> None:
    logic = (
        f"<context><contextEntry><variable name='base'/>{literal('0.7 * I')}</contextEntry>"
        f"<contextEntry>{literal('base + 0.3 * X')}</contextEntry></context>"
    )
    assert read(model(decision("d", logic))).decide("d", {"I": 96, "X": D("73.7")}).value == D("89.310")


def test_item_definitions_check_results_and_inputs() -> None:
    types = (
        '<itemDefinition name="tGrade"><typeRef>string</typeRef>'
        '<allowedValues><text>"A","B"</text></allowedValues></itemDefinition>'
    )
    good = decision("good", literal('"A"'), type_ref="tGrade")
    bad = decision("bad", literal('"C"'), type_ref="tGrade")
    decisions = read(model(types + good + bad))
    assert decisions.decide("good", {}).value == "A"
    assert decisions.decide("bad", {}).value is None
    assert [warning.code for warning in decisions.decide("bad", {}).warnings] == ["wrong_type"]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
    ],
)
def test_older_versions_are_read(namespace: str) -> None:
    assert read(model(decision("d", literal("1 + 1")), namespace=namespace)).decide("d", {}).value == D(2)


REFUSED: list[tuple[str, bytes, int, str, str]] = [
    (
        "python",
        model("\n" + decision("d", literal("__import__('os').system('id')"))),
        3,
        "d",
        "双引号",
    ),
    ("cell", model(decision("d", table(["a"], ["b"], [("> >", "1")]))), 2, "r1", "这里应当是一个值"),
    ("language", model(decision("d", '<literalExpression expressionLanguage="python"/>')), 2, "d", "python"),
    ("policy", model(decision("d", table(["a"], ["b"], [], policy="BEST"))), 2, "d", "命中策略"),
    ("width", model(decision("d", table(["a"], ["b"], [("1",)]))), 2, "r1", "条件"),
    ("missing", model(decision("d", literal("1"), needs=needs(decisions=["x"]))), 2, "d", "不存在"),
    ("type", model(decision("d", literal("1"), type_ref="tNone")), 2, "d", "没有类型"),
    (
        "circle",
        model(
            decision("a", literal("b"), needs=needs(decisions=["b"]))
            + decision("b", literal("a"), needs=needs(decisions=["a"]))
        ),
        2,
        "a",
        "循环",
    ),
    ("twice", model(decision("d", literal("1")) + decision("d", literal("2"))), 2, "d", "两个元素"),
    ("malformed", b"<definitions", 1, "", "XML"),
    ("other", b"<a/>", 1, "", "不是 DMN"),
    ("dtd", b'<!DOCTYPE a [<!ENTITY b "c">]>\n' + model(""), 1, "", "文档类型"),
    ("import", model('<import name="x" namespace="y" importType="z"/>'), 2, "x", "引入"),
]


@pytest.mark.parametrize(
    ("data", "line", "element", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_broken_models_are_refused_where_they_are_broken(
    data: bytes, line: int, element: str, message: str
) -> None:
    with pytest.raises(DmnRefused) as caught:
        read(data, file="broken.dmn")
    finding = caught.value.findings[0]
    assert (finding.file, finding.line, finding.element) == ("broken.dmn", line, element)
    assert message in finding.message


def test_a_file_is_loaded_by_path(tmp_path: Path) -> None:
    (tmp_path / "one.dmn").write_bytes(model(decision("d", literal("1"))))
    assert load(tmp_path / "one.dmn").decide("d", {}).value == D(1)


def test_an_unknown_decision_names_the_known_ones() -> None:
    with pytest.raises(UnknownDecision) as caught:
        read(model(TOTAL + INPUTS)).decide("grade", {})
    assert caught.value.known == ["total"]


def test_the_command_answers_in_plain_json() -> None:
    answered = answer(model(INPUTS + GRADE + TOTAL), "m.dmn", "grade", {"Raw Score": "many", "bonus": 3})
    assert answered["value"] is None
    answered = answer(model(INPUTS + GRADE + TOTAL), "m.dmn", "grade", {"Raw Score": 88.5, "bonus": "3"})
    assert answered == {
        "value": "A",
        "type": "string",
        "warnings": [],
        "decisions": [
            {"id": "total", "value": "91.5", "inputs": {"Raw Score": "88.5", "bonus": "3"}, "rules": []},
            {"id": "grade", "value": "A", "inputs": {"total": "91.5"}, "rules": [{"number": 1, "id": "r1"}]},
        ],
    }


def test_dates_in_json_become_dates_where_the_model_says_so() -> None:
    types = (
        '<itemDefinition name="tPeriod"><itemComponent name="start"><typeRef>date</typeRef></itemComponent>'
        '<itemComponent name="length"><typeRef>dayTimeDuration</typeRef></itemComponent></itemDefinition>'
        '<inputData id="p" name="periods"><variable name="periods" typeRef="tPeriods"/></inputData>'
        '<itemDefinition name="tPeriods" isCollection="true"><typeRef>tPeriod</typeRef></itemDefinition>'
    )
    end = decision(
        "end", literal("max(for p in periods return p.start + p.length)"), needs=needs(inputs=["p"])
    )
    given: dict[str, Value] = {"periods": [{"start": "2018-06-30", "length": "P2D"}]}
    assert answer(model(types + end), "m.dmn", "end", given)["value"] == "2018-07-02"


def test_decision_services_are_decided_and_called() -> None:
    service = (
        '<decisionService id="s" name="grading"><variable name="grading"/><outputDecision href="#grade"/>'
        '<encapsulatedDecision href="#total"/><inputData href="#i_score"/><inputData href="#i_bonus"/>'
        "</decisionService>"
    )
    caller = decision("caller", literal("grading(88, 3)"), needs=needs(knowledge=["s"]))
    decisions = read(model(INPUTS + GRADE + TOTAL + service + caller))
    assert decisions.decide("grading", {"Raw Score": 80, "bonus": 1}).value == "B"
    assert decisions.decide("caller", {}).value == "A"
    assert decisions.call("grading", [90, 0]).value == "A"


def test_boxed_lists_relations_conditions_and_loops() -> None:
    relation = (
        "<relation><column name='name'/><column name='score'/>"
        f"<row>{A}{literal('90')}</row><row>{B}{literal('70')}</row></relation>"
    )
    units = decision("units", relation)
    over = f"iteratorVariable='u'><in>{literal('units')}</in>"
    loop = f"<for {over}<return>{literal('u.score + 1')}</return></for>"
    kept = f"<filter><in>{literal('units')}</in><match>{literal('score > 80')}</match></filter>"
    choice = (
        f"<conditional><if>{literal('count(units) > 1')}</if>"
        f"<then><list>{literal('1')}{literal('2')}</list></then>"
        f"<else>{literal('null')}</else></conditional>"
    )
    some = f"<some {over}<satisfies>{literal('u.score > 80')}</satisfies></some>"
    required = needs(decisions=["units"])
    boxes = {"loop": loop, "kept": kept, "choice": choice, "some": some}
    decisions = read(
        model(units + "".join(decision(name, box, needs=required) for name, box in boxes.items()))
    )
    assert decisions.decide("loop", {}).value == [D(91), D(71)]
    assert decisions.decide("kept", {}).value == [{"name": "a", "score": D(90)}]
    assert decisions.decide("choice", {}).value == [D(1), D(2)]
    assert decisions.decide("some", {}).value is True


def test_functions_of_the_host_are_seen_by_decisions() -> None:
    decisions = read(model(decision("d", literal("double it(n)"))))
    assert decisions.decide("d", {"n": 4}, functions={"double it": lambda n: n * 2}).value == D(8)
    assert decisions.decide("d", {"n": 4}).value is None


def test_one_model_serves_threads() -> None:
    decisions = read(model(INPUTS + GRADE + TOTAL))

    def grade(score: int) -> Value:
        return decisions.decide("grade", {"Raw Score": score, "bonus": 0}).value

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(grade, range(200))) == ["A" if score >= 90 else "B" for score in range(200)]


def test_a_constraint_holds_for_a_collection_and_allowed_values_for_its_items() -> None:
    marks = (
        '<itemDefinition name="tMarks" isCollection="true"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..100]</text></allowedValues>"
        "<typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>"
    )
    for text, expected in (("[90, 80]", [90, 80]), ("[90, 101]", None), ("[1, 2, 3]", None)):
        decisions = read(model(marks + decision("d", literal(text), type_ref="tMarks")))
        assert decisions.decide("d", {}).value == expected


@pytest.mark.parametrize("kind", ["number", "tF"])
def test_a_function_names_the_type_of_its_result_or_its_own(kind: str) -> None:
    body = (
        '<itemDefinition name="tF"><functionItem outputTypeRef="number">'
        '<parameters name="x" typeRef="number"/></functionItem></itemDefinition>'
        f'<businessKnowledgeModel id="k" name="k"><variable name="k" typeRef="{kind}"/><encapsulatedLogic>'
        f'<formalParameter name="x" typeRef="number"/>{literal("if x > 1 then [x] else string(x)")}'
        "</encapsulatedLogic></businessKnowledgeModel>"
        + decision("d", literal("[k(2), k(1)]"), needs=needs(knowledge=["k"]))
    )
    assert read(model(body)).decide("d", {}).value == [2, None]
