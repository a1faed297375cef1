"""Whatever is wrong with a file, it is refused with a line, or read; nothing else ever happens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.dmn import DmnRefused, UnknownDecision, read
from tests.engine.dmn.models import decision, literal, model, needs, table

WHOLE = model(
    '<itemDefinition name="t"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues>'
    '</itemDefinition><inputData id="i" name="score"><variable name="score" typeRef="t"/></inputData>'
    '<businessKnowledgeModel id="k" name="k"><variable name="k"/>'
    '<encapsulatedLogic><formalParameter name="x"/>'
    f"{literal('x + 1')}</encapsulatedLogic></businessKnowledgeModel>"
    + decision("total", literal("k(score)"), needs=needs(inputs=["i"], knowledge=["k"]), type_ref="t")
    + decision(
        "grade",
        table(["total"], ["grade"], [("> 5", '"A"'), ("-", '"B"')], policy="PRIORITY", values=['"B","A"']),
        needs=needs(decisions=["total"]),
    )
    + '<decisionService id="s" name="s"><outputDecision href="#grade"/><inputData href="#i"/>'
    "</decisionService>"
)
COUNT = sum(1 for _ in etree.fromstring(WHOLE).iter())
CHANGES = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1),
        st.sampled_from(["drop", "attribute", "text", "copy"]),
        st.sampled_from(["", "(", "#x", "x", "t", "1 +", "COLLECT"]),
    ),
    min_size=1,
    max_size=5,
)


def changed(changes: list[tuple[int, str, str]]) -> bytes:
    root = etree.fromstring(WHOLE)
    elements = list(root.iter())
    for place, kind, text in changes:
        element, parent = elements[place], elements[place].getparent()
        if kind == "drop" and parent is not None:
            parent.remove(element)
        elif kind == "attribute" and element.attrib:
            element.set(sorted(str(key) for key in element.attrib)[0], text)
        elif kind == "text":
            element.text = text
        elif kind == "copy" and parent is not None:
            parent.append(etree.fromstring(etree.tostring(element)))
    return etree.tostring(root)


@settings(max_examples=150, deadline=None)
@given(CHANGES, st.booleans())
def test_a_damaged_model_is_refused_or_read(changes: list[tuple[int, str, str]], lenient: bool) -> None:
    try:
        decisions = read(changed(changes), file="damaged.dmn", lenient=lenient)
    except DmnRefused as refused:
        assert all(finding.line >= 1 and finding.message for finding in refused.findings)
        return
    for name in decisions.names:
        outcome = decisions.decide(name, {"score": 7})
        assert {trace.id for trace in outcome.decisions} <= set(decisions.names)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_anything_are_refused(data: bytes) -> None:
    with pytest.raises(DmnRefused):
        read(data)


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + WHOLE
    with pytest.raises(DmnRefused):
        read(bomb)


def test_too_deep_and_too_large_files_are_refused() -> None:
    deep = decision("d", "<list>" * 150 + literal("1") + "</list>" * 150)
    for data in (model(deep), b" " * 6_000_000):
        with pytest.raises(DmnRefused):
            read(data)


def test_the_whole_model_works_when_nothing_is_damaged() -> None:
    assert read(WHOLE).decide("grade", {"score": 7}).value == "B"
    with pytest.raises(UnknownDecision):
        read(WHOLE).decide("none", {})


def knowledge(kind: str) -> str:
    """A business knowledge model in another language, and a decision that calls it."""
    mapping = (
        '<context><contextEntry><variable name="class"/>'
        + literal('"java.lang.Math"')
        + '</contextEntry><contextEntry><variable name="method signature"/>'
        + literal('"cos(double)"')
        + "</contextEntry></context>"
    )
    return (
        f'<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic kind="{kind}">'
        f'<formalParameter name="x"/>{mapping}</encapsulatedLogic></businessKnowledgeModel>'
    ) + decision("d", literal("k(1)"), needs=needs(knowledge=["k"]))


def boxed(kind: str) -> str:
    """A function definition inside a context."""
    return decision(
        "d",
        f'<context><contextEntry><variable name="k"/><functionDefinition kind="{kind}">'
        f'<formalParameter name="x"/>{literal("{}")}</functionDefinition></contextEntry>'
        f"<contextEntry>{literal('k(1)')}</contextEntry></context>",
    )


def written(outside: str) -> str:
    """A function written in FEEL's own words."""
    return decision("d", literal(f"{{k: function(x) external {outside}, r: k(1)}}.r"))


JAVA, PMML = '{java: {class: "java.lang.Math", method signature: "cos(double)"}}', '{pmml: {document: "x"}}'


@pytest.mark.parametrize(
    "body",
    [knowledge("Java"), knowledge("PMML"), boxed("Java"), boxed("PMML"), written(JAVA), written(PMML)],
    ids=["model Java", "model PMML", "box Java", "box PMML", "text java", "text pmml"],
)
def test_a_function_in_another_language_is_refused_or_null(body: str) -> None:
    with pytest.raises(DmnRefused) as caught:
        read(model(body), file="a.dmn")
    (finding,) = caught.value.findings
    assert "函数" in finding.message and finding.line == 2 and finding.hint
    outcome = read(model(body), lenient=True).decide("d", {})
    assert outcome.value is None
    assert [warning.code for warning in outcome.warnings] == ["external"]
