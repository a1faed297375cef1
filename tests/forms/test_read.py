"""Reading form files: what is understood, and how the rest is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forms import Form, FormRefused, read_form, render


def refusal(*components: dict[str, object], **document: object) -> FormRefused:
    text = json.dumps({"type": "default", "id": "f", "components": list(components), **document})
    with pytest.raises(FormRefused) as caught:
        read_form(text, file="planning/fill.form")
    return caught.value


def test_a_form_knows_its_name_in_both_languages_and_its_fields(annual_targets: Form) -> None:
    assert annual_targets.id == "annual_targets"
    assert annual_targets.name == "年度目标填报"
    assert annual_targets.name_in("en") == "Annual targets"
    assert {"contact.name", "targets", "targets.value", "targets.milestones.date"} <= annual_targets.keys


def test_a_bom_and_bytes_are_read() -> None:
    text = '{"type": "default", "id": "f", "components": []}'
    assert read_form(b"\xef\xbb\xbf" + text.encode(), file="f.form").id == "f"


@pytest.mark.parametrize("kind", ["html", "iframe", "image", "documentPreview", "script", "nonsense", None])
def test_components_that_could_carry_code_or_are_unknown_are_refused(kind: str | None) -> None:
    finding = refusal(
        {"type": "group", "components": [{"type": "textfield", "key": "a"}, {"type": kind, "content": "x"}]}
    ).findings[0]
    assert finding.file == "planning/fill.form"
    assert finding.component == "components[0].components[1]"
    assert finding.rule == "component"
    assert finding.message == f"不支持组件 {kind!r}。"
    assert finding.hint


def test_all_faults_are_told_at_once_with_their_places() -> None:
    findings = refusal(
        {"type": "textfield", "key": "a", "conditional": {"hide": "=a ="}},
        {"type": "number", "key": "b", "validate": {"min": "three"}},
        {"type": "select", "key": "c"},
        {"type": "textfield"},
    ).findings
    assert [(finding.component, finding.rule) for finding in findings] == [
        ("components[0]", "feel"),
        ("components[1]", "number"),
        ("components[2]", "options"),
        ("components[3]", "key"),
    ]


@pytest.mark.parametrize("pattern", ["(?=x)y", r"(a)\1", "(unclosed", "[", "(?<!a)b", "(a{1000}){1000}"])
def test_patterns_that_cannot_run_in_linear_time_are_refused(pattern: str) -> None:
    error = refusal({"type": "textfield", "key": "a", "validate": {"pattern": pattern}})
    assert error.findings[0].rule == "pattern"
    assert error.findings[0].component == "components[0]"


@pytest.mark.parametrize("key", ["", "a b", "a..b", "1a", "this", "parent", "x.i", "_row", "a[0]", "<b>"])
def test_keys_that_cannot_name_a_field_are_refused(key: str) -> None:
    assert refusal({"type": "textfield", "key": key}).findings[0].rule == "key"


def test_two_fields_for_one_path_are_refused_also_across_groups() -> None:
    finding = refusal(
        {"type": "textfield", "key": "a.b"},
        {"type": "group", "path": "a", "components": [{"type": "number", "key": "b"}]},
    ).findings[0]
    assert (finding.component, finding.rule) == ("components[1].components[0]", "key-twice")


def test_a_field_cannot_stand_on_the_way_to_another() -> None:
    twins = refusal({"type": "textfield", "key": "a"}, {"type": "textfield", "key": "a.b"})
    assert twins.findings[0].rule == "key-twice"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "json"),
        ("{", "json"),
        ("[" * 100_000, "json"),
        ('{"type": "default", "id": NaN}', "json"),
        ("[]", "form"),
        ('{"type": "other", "components": []}', "form"),
        ('{"type": "default", "id": "f", "components": 3}', "form"),
        ('{"type": "default", "components": []}', "form-id"),
        ('{"type": "default", "id": "f", "schemaVersion": 99, "components": []}', "schema-version"),
        ("x" * 1_000_001, "size"),
    ],
)
def test_what_is_no_form_is_refused_in_a_sentence(text: str, rule: str) -> None:
    with pytest.raises(FormRefused) as caught:
        read_form(text, file="f.form")
    assert caught.value.findings[0].rule == rule
    assert str(caught.value).startswith("f.form: ")


def test_components_nested_without_end_are_refused() -> None:
    component: dict[str, object] = {"type": "textfield", "key": "a"}
    for _ in range(20):
        component = {"type": "group", "components": [component]}
    assert refusal(component).findings[0].rule == "depth"


def test_loops_in_text_are_refused_not_shown_raw() -> None:
    assert refusal({"type": "text", "text": "{{#loop rows}}x{{/loop}}"}).findings[0].rule == "feel"


def test_every_form_of_the_library_can_be_read_and_shown() -> None:
    library = Path(__file__).parents[2] / "forms" / "library"
    for file in sorted(library.rglob("*.form")):
        form = read_form(file.read_bytes(), file=file.name)
        assert f'data-bihuan-form="{form.id}"' in render(form)
        assert "<input" not in render(form, mode="read")


def test_what_form_js_writes_by_itself_is_kept_readable(make: Callable[..., Form]) -> None:
    form = make(
        {"type": "textfield", "key": "a", "id": "Field_1", "layout": {"row": "Row_1", "columns": None}},
        {"type": "button", "id": "Field_2", "action": "submit", "label": "提交"},
        {"type": "number", "key": "n", "id": "Field_3", "validate": {"min": "1", "max": 3.10}},
        {"type": "spacer", "id": "Field_4", "height": 60},
    )
    assert form.keys == {"a", "n"}
