"""Forms and decisions in the lint, and uploads in a process of their own."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.isolated import check_isolated
from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.lint.decision_files import read_decision_file
from engine.bpmn.lint.form_files import read_form_file
from tests.engine.bpmn.lint_diagrams import good


def form(*components: object, **more: object) -> bytes:
    return json.dumps({"id": "f", "components": components, **more}, ensure_ascii=False, indent=1).encode()


def rules(data: bytes) -> list[tuple[str, str]]:
    return [(f.rule, f.element) for f in read_form_file(data, file="a.form").findings]


def test_a_good_form() -> None:
    read = read_form_file(
        form(
            {"type": "textfield", "key": "name", "conditional": {"hide": "=a > 1"}},
            {"type": "dynamiclist", "path": "rows", "components": [{"type": "number", "key": "name"}]},
            {"type": "text", "text": "说明"},
        ),
        file="a.form",
    )
    assert (read.id, read.findings) == ("f", [])


def test_a_form_as_large_as_one_may_be_is_read_in_the_time_that_there_is() -> None:
    """The names of its fields were gathered anew with each field: 25,000 took longer than a check may."""
    fields = [{"type": "textfield", "key": f"k{number}"} for number in range(25_000)]
    large = json.dumps({"id": "f", "components": fields}).encode()
    assert check_isolated({"a.form": large}, Catalogue(), seconds=5) == []
    assert len(read_form_file(large, file="a.form").fields) == 25_000


def test_malformed_json_is_one_finding_with_its_line() -> None:
    findings = read_form_file(b'{\n "id": "f",\n oops\n}', file="a.form").findings
    assert [(f.rule, f.line) for f in findings] == [("malformed-json", 3)]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[" * 100_000])
def test_json_that_cannot_be_read_at_all(data: bytes) -> None:
    assert rules(data) == [("malformed-json", "")]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b'{"components": []}', ("form-id", "")),
        (b'{"id": "f"}', ("form-components", "f")),
        (b'{"id": "f", "components": [3]}', ("form-components", "")),
        (form({"key": "a"}), ("form-type", "")),
    ],
)
def test_what_every_form_needs(data: bytes, rule: tuple[str, str]) -> None:
    assert rules(data) == [rule]


def test_keys_are_unique_on_their_level() -> None:
    twice = form({"type": "textfield", "key": "a"}, {"type": "textfield", "key": "a"})
    findings = read_form_file(twice, file="a.form").findings
    assert [(f.rule, f.element) for f in findings] == [("form-key", "a")]
    before = twice.decode()[: twice.decode().rindex('"a"')]
    assert findings[0].line == before.count("\n") + 1


def test_a_plain_group_is_no_level_but_one_with_a_path_is() -> None:
    inner = [{"type": "textfield", "key": "a"}]
    plain = form({"type": "textfield", "key": "a"}, {"type": "group", "components": inner})
    pathed = form({"type": "textfield", "key": "a"}, {"type": "group", "path": "g", "components": inner})
    assert rules(plain) == [("form-key", "a")]
    assert rules(pathed) == []


def test_feel_in_a_form_compiles() -> None:
    data = form({"type": "textfield", "key": "a", "conditional": {"hide": "=a >"}})
    findings = read_form_file(data, file="a.form").findings
    assert [f.rule for f in findings] == ["feel-syntax"]
    assert findings[0].line == data.decode().split('"=a >"')[0].count("\n") + 1


def test_decisions_are_found_by_id() -> None:
    data = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        b'<decision id="D01" name="a"><literalExpression><text>1 + 1</text></literalExpression></decision>'
        b"</definitions>"
    )
    found = read_decision_file(data, file="a.dmn")
    assert (found.decisions, found.findings) == ({"D01"}, [])


def test_a_decision_that_does_not_compile_is_a_finding_with_its_line() -> None:
    data = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">\n'
        b'<decision id="D01" name="a">\n<literalExpression><text>1 +</text></literalExpression></decision>'
        b"</definitions>"
    )
    findings = read_decision_file(data, file="a.dmn").findings
    assert [(f.rule, f.severity) for f in findings] == [("decision-model", "error")]
    assert findings[0].line in (2, 3)


@pytest.mark.parametrize(
    ("data", "rule"), [(b"<a", "malformed-xml"), (b"<a/>", "not-dmn"), (b"<!DOCTYPE a><a/>", "dtd")]
)
def test_decision_files_pass_the_same_gate(data: bytes, rule: str) -> None:
    assert [f.rule for f in read_decision_file(data, file="a.dmn").findings] == [rule]


COMMON = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="c" namespace="urn:c">
<businessKnowledgeModel id="half" name="half"><variable name="half"/><encapsulatedLogic>
<formalParameter name="x"/><literalExpression><text>round half up(x, 1)</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel></definitions>"""
IMPORTING = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<import name="c" namespace="urn:c" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<decision id="d" name="d"><variable name="d"/>
<knowledgeRequirement><requiredKnowledge href="urn:c#half"/></knowledgeRequirement>
<literalExpression><text>c.half(score)</text></literalExpression></decision></definitions>"""


def test_a_decision_file_may_import_one_given_with_it_or_one_that_exists_beside() -> None:
    importing = {"main.dmn": IMPORTING}
    (missing,) = lint(importing, catalogue=Catalogue())
    assert (missing.file, missing.line, missing.rule) == ("main.dmn", 2, "decision-model")
    assert "urn:c" in missing.message
    assert lint({**importing, "common.dmn": COMMON}, catalogue=Catalogue()) == []
    assert lint(importing, catalogue=Catalogue(), models={"deployed": COMMON}) == []
    assert check_isolated(importing, Catalogue(), models={"deployed": COMMON}) == []
    broken = COMMON.replace(b"half up(x, 1)", b"half up(x, ")
    assert lint({**importing, "common.dmn": COMMON}, catalogue=Catalogue(), models={"old": broken}) == []


def test_two_models_of_one_namespace_cannot_be_told_apart_when_imported() -> None:
    other = COMMON.replace(b"(x, 1)", b"(x, 2)")
    files = {"main.dmn": IMPORTING, "a.dmn": COMMON, "b.dmn": other}
    assert [finding.file for finding in lint(files, catalogue=Catalogue())] == ["main.dmn"]
    assert lint({"main.dmn": IMPORTING, "a.dmn": COMMON, "same.dmn": COMMON}, catalogue=Catalogue()) == []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.form", "a.dmn", "a.bpmn", "a"]))
def test_no_file_makes_the_lint_raise(data: bytes, name: str) -> None:
    assert all(f.file == name for f in lint({name: data}, catalogue=Catalogue()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["=1+", "a", "group"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "key", "type", "path", "components", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_no_json_makes_the_lint_raise(value: object) -> None:
    read_form_file(json.dumps(value).encode(), file="a.form")


def test_a_child_process_finds_the_same() -> None:
    files = {"a.bpmn": good().replace(b'sourceRef="fill"', b'sourceRef="gone"'), "b.form": b"{"}
    catalogue = Catalogue(forms=frozenset({"target"}), posts=frozenset({"liaison"}))
    assert check_isolated(files, catalogue) == lint(files, catalogue=catalogue)
    assert check_isolated({"a.bpmn": good()}, catalogue) == []


def test_a_child_process_that_takes_too_long_is_killed_and_is_one_finding() -> None:
    findings = check_isolated({"a.bpmn": good()}, Catalogue(), seconds=0.01)
    assert [(f.file, f.rule, f.severity) for f in findings] == [("a.bpmn", "check-timeout", "error")]


def test_a_child_process_that_wants_too_much_memory_is_one_finding() -> None:
    findings = check_isolated({"a.bpmn": good()}, Catalogue(), megabytes=20)
    assert [(f.file, f.rule) for f in findings] == [("a.bpmn", "check-failed")]
