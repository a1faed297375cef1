"""Whole models: requirements, boxes, functions, types, and files that are refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.dmn import DmnRefused, UnknownDecision, load, read
from engine.dmn.command import answer
from tests.engine.dmn.models import decision, literal, model, needs, table

D = Decimal
INPUTS = (
    '<inputData id="i_score" name="Raw Score"><variable name="Raw Score" typeRef="number"/></inputData>'
    '<inputData id="i_bonus" name="bonus"><variable name="bonus" typeRef="number"/></inputData>'
)
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
    answered = answer(model(INPUTS + GRADE + TOTAL), "m.dmn", "grade", {"Raw Score": 88, "bonus": "3"})
    assert answered["value"] is None
    answered = answer(model(INPUTS + GRADE + TOTAL), "m.dmn", "grade", {"Raw Score": 88.5, "bonus": 3})
    assert answered == {
        "value": "A",
        "type": "string",
        "warnings": [],
        "decisions": [
            {"id": "total", "value": "91.5", "inputs": {"Raw Score": "88.5", "bonus": "3"}, "rules": []},
            {"id": "grade", "value": "A", "inputs": {"total": "91.5"}, "rules": [{"number": 1, "id": "r1"}]},
        ],
    }
