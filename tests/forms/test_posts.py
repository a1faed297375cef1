"""What comes out of a posted form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import FormData

from forms import Form, attach, check, parse_post

Make = Callable[..., Form]


@dataclass
class Upload:
    filename: str


def test_a_multi_dict_a_mapping_and_pairs_are_the_same(make: Make) -> None:
    form = make({"type": "checklist", "key": "a.b", "values": ["x", "y"]})
    pairs = [("a.b", "x"), ("a.b", "y")]
    expected = {"a": {"b": ["x", "y"]}}
    assert parse_post(form, FormData(pairs)).data == expected
    assert parse_post(form, {"a.b": ["x", "y"]}).data == expected
    assert parse_post(form, pairs).data == expected


def test_a_checkbox_that_is_not_posted_is_off(make: Make) -> None:
    form = make({"type": "checkbox", "key": "a"})
    assert parse_post(form, []).data == {"a": False}
    assert parse_post(form, [("a", ""), ("a", "true")]).data == {"a": True}


def test_buttons_become_edits(make: Make) -> None:
    form = make({"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "t"}]})
    assert parse_post(form, [("_refresh", "1")]).edit is not None
    assert parse_post(form, [("rows.0.t", "a")]).edit is None
    removed = parse_post(form, [("rows.0.t", "a"), ("rows.1.t", "b"), ("_row_remove", "rows.0")])
    assert [row["t"] for row in removed.data["rows"]] == ["b"]  # type: ignore[attr-defined]


def test_a_button_that_names_no_list_changes_nothing(make: Make) -> None:
    form = make({"type": "textfield", "key": "t"})
    answer = parse_post(form, [("t", "a"), ("_row_add", "../nothing"), ("_row_remove", "t.0.0")])
    assert answer.data == {"t": "a"}


def test_uploads_are_handed_over_by_the_path_of_their_field(make: Make) -> None:
    picker = {"type": "filepicker", "key": "files", "multiple": True}
    form = make({"type": "dynamiclist", "path": "rows", "components": [picker]})
    upload, nothing = Upload("纪要.pdf"), Upload("")
    answer = parse_post(form, [("rows.7.files", "old"), ("rows.7.files", upload), ("rows.9.files", nothing)])
    assert answer.uploads == {"rows.0.files": [upload]}
    attach(answer.data, "rows.0.files", ["new"])
    stored = {"rows": [{"files": ["old", "gone"]}]}
    checked = check(
        form, {"rows": [{**answer.data["rows"][0], "_row": "#0"}]}, context={}, stored=stored, files=["new"]
    )  # type: ignore[index]
    assert checked.data == {"rows": [{"files": ["old", "new"]}]}


def test_nobody_attaches_a_file_of_somebody_else(make: Make) -> None:
    form = make({"type": "filepicker", "key": "files"})
    assert check(form, {"files": ["foreign"]}, context={}, stored={"files": ["own"]}).data == {"files": []}


def test_one_file_where_one_is_asked_for(make: Make) -> None:
    form = make({"type": "filepicker", "key": "files", "label": "纪要", "accept": ".pdf"})
    stored = {"files": ["old"]}
    both = check(form, {"files": ["old", "new"]}, context={}, stored=stored, files=["new"])
    assert [(error.code, error.message) for error in both.errors] == [
        ("one_file", "纪要只能有一个文件，请取消勾选不要的文件。")
    ]
    assert check(form, {"files": ["new"]}, context={}, stored=stored, files=["new"]).data == {
        "files": ["new"]
    }


def test_the_field_of_a_path_is_found_for_its_accept_list(annual_targets: Form) -> None:
    picker = annual_targets.field_at("minutes")
    assert picker is not None
    assert picker.look.accept == ".pdf,.docx"
    milestone = annual_targets.field_at("targets.3.milestones.0.value")
    assert milestone is not None
    assert milestone.id == "m_value"
    assert annual_targets.field_at("targets.3.nothing") is None


def test_enormous_posts_are_cut_not_followed(make: Make) -> None:
    form = make({"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "t"}]})
    many = [(f"rows.{number}.t", "x") for number in range(3_000)]
    deep = [("rows" + ".0" * 5_000 + ".t", "x"), ("rows.99999999999999999999.t", "x")]
    assert len(parse_post(form, [*many, *deep]).data["rows"]) == 1_000  # type: ignore[arg-type]
