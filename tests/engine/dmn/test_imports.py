"""Models that import others by namespace: elements, types and functions of several files in one decision."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.dmn import DmnRefused, load, read
from engine.dmn.command import answer
from tests.engine.dmn.models import NAMESPACE, decision, literal, needs, table


def made(name: str, body: str, *imports: tuple[str, str]) -> bytes:
    """A model of namespace `urn:name` that imports others as (name of the import, their name)."""
    drawn = "".join(
        f'<import name="{alias}" namespace="urn:{other}" importType="{NAMESPACE}"/>\n'
        for alias, other in imports
    )
    opening = f'<definitions xmlns="{NAMESPACE}" name="{name}" namespace="urn:{name}">'
    return f"{opening}\n{drawn}{body}</definitions>".encode()


def data(name: str, type_ref: str = "") -> str:
    """Input data whose id is its name."""
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<inputData id="{name.replace(" ", "_")}" name="{name}"><variable name="{name}"{kind}/></inputData>'
    )


def knowledge(name: str, parameter: str, text: str) -> str:
    """A business knowledge model of one parameter."""
    key = name.replace(" ", "_")
    return (
        f'<businessKnowledgeModel id="{key}" name="{name}"><variable name="{name}"/><encapsulatedLogic>'
        f'<formalParameter name="{parameter}"/>{literal(text)}</encapsulatedLogic></businessKnowledgeModel>'
    )


SCALE = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"优","良"</text>'
    "</allowedValues></itemDefinition>"
    + knowledge("half up", "x", "round half up(x, 2)")
    + decision("limit", literal("85"))
)
COMMON = made("common", SCALE)


def test_functions_decisions_and_types_of_another_model() -> None:
    body = (
        data("score", "number")
        + decision(
            "d",
            literal("if score >= c.limit then c.half up(score) else -1"),
            needs=needs(inputs=["score"], decisions=["urn:common#limit"], knowledge=["urn:common#half_up"]),
        )
        + decision("typed", literal('"差"'), type_ref="c.tGrade")
        + decision("asked", literal('["优" instance of c.tGrade, 1 instance of c.tGrade]'))
    )
    decisions = read(made("main", body, ("c", "common")), others={"common.dmn": COMMON})
    assert decisions.decide("d", {"score": Decimal("90.125")}).value == Decimal("90.13")
    assert decisions.decide("d", {"score": 10}).value == -1
    assert decisions.decide("typed", {}).value is None
    assert decisions.decide("asked", {}).value == [True, False]
    assert [trace.id for trace in decisions.decide("d", {"score": 90}).decisions] == ["/c#limit", "d"]
    assert list(decisions.names) == ["d", "typed", "asked"]


def test_an_import_without_a_name_needs_none() -> None:
    body = decision(
        "d",
        literal("half up(limit / 3)"),
        needs=needs(decisions=["urn:common#limit"], knowledge=["urn:common#half_up"]),
    ) + decision("typed", literal('"优"'), type_ref="tGrade")
    decisions = read(made("main", body, ("", "common")), others={"x": COMMON})
    assert decisions.decide("d", {}).value == Decimal("28.33")
    assert decisions.decide("typed", {}).value == "优"


def test_an_invocation_of_an_imported_function() -> None:
    logic = (
        "<invocation>"
        + literal("c.half up")
        + '<binding><parameter name="x"/>'
        + literal("1 / 3")
        + "</binding></invocation>"
    )
    body = decision("d", logic, needs=needs(knowledge=["urn:common#half_up"]))
    decisions = read(made("main", body, ("c", "common")), others={"x": COMMON})
    assert decisions.decide("d", {}).value == Decimal("0.33")


def test_inputs_of_imported_models_stand_in_contexts_named_as_the_imports() -> None:
    people = made("people", data("who"))
    greeting = made(
        "greeting",
        decision("hello", literal('"你好，" + p.who'), needs=needs(inputs=["urn:people#who"])),
        ("p", "people"),
    )
    body = decision(
        "both",
        literal("[first.hello, second.hello]"),
        needs=needs(decisions=["urn:greeting#hello", "urn:again#hello"]),
    )
    again = greeting.replace(b"urn:greeting", b"urn:again")
    main = made("main", body, ("first", "greeting"), ("second", "again"))
    decisions = read(main, others={"a": people, "b": greeting, "c": again})
    inputs = {"first": {"p": {"who": "甲"}}, "second": {"p": {"who": "乙"}}}
    assert decisions.decide("both", inputs).value == ["你好，甲", "你好，乙"]
    assert decisions.decide("both", {"who": "丙"}).value == ["你好，丙", "你好，丙"]


def test_a_table_on_an_imported_input() -> None:
    rules = [(">= 60", '"合格"'), ("< 60", '"不合格"')]
    body = decision("d", table(["m.mark"], ["o"], rules), needs=needs(inputs=["urn:marks#mark"]))
    decisions = read(made("main", body, ("m", "marks")), others={"x": made("marks", data("mark", "number"))})
    given = decisions.read_inputs({"m": {"mark": "61.5"}})
    assert given == {"m": {"mark": Decimal("61.5")}}
    assert decisions.decide("d", given).value == "合格"


@pytest.mark.parametrize(
    ("imports", "others", "message"),
    [
        ([("c", "common")], {}, "缺少要引入的模型“urn:common”"),
        ([("c", "common")], {"x": b"<broken"}, "缺少要引入的模型“urn:common”"),
        ([("m", "main")], {"x": made("main", "")}, "循环引入"),
        ([("c", "circle")], {"x": made("circle", "", ("m", "main")), "y": made("main", "")}, "循环引入"),
    ],
)
def test_what_cannot_be_imported_refuses_the_model(
    imports: list[tuple[str, str]], others: dict[str, bytes], message: str
) -> None:
    with pytest.raises(DmnRefused) as caught:
        read(made("main", decision("d", literal("1")), *imports), file="main.dmn", others=others)
    finding = caught.value.findings[0]
    assert message in finding.message
    assert (finding.file, finding.line) == (("main.dmn", 2) if "循环" not in message else (finding.file, 2))
    assert finding.hint


def test_other_kinds_of_import_are_refused_with_their_line() -> None:
    body = '<import name="x" namespace="urn:x" importType="http://www.dmg.org/PMML-4_3" locationURI="http://x/"/>'
    with pytest.raises(DmnRefused) as caught:
        read(made("main", body), file="main.dmn")
    assert "只能引入 DMN 模型" in str(caught.value)


def test_a_fault_in_an_imported_model_names_its_file() -> None:
    broken = made("common", decision("limit", literal("85 +")))
    with pytest.raises(DmnRefused) as caught:
        read(made("main", decision("d", literal("1")), ("c", "common")), others={"common.dmn": broken})
    assert caught.value.findings[0].file == "common.dmn"


def test_loading_finds_imports_beside_the_file(tmp_path: Path) -> None:
    body = decision("d", literal("c.limit + 1"), needs=needs(decisions=["urn:common#limit"]))
    main = made("main", body, ("c", "common"))
    (tmp_path / "common.dmn").write_bytes(COMMON)
    (tmp_path / "notes.dmn").write_text("no model")
    path = tmp_path / "main.dmn"
    path.write_bytes(main)
    assert load(path).decide("d", {}).value == 86
    assert answer(main, str(path), "d", {})["value"] == "86"
