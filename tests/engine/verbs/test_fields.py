"""Cutting a form to what one step may see and write, without a database."""

from typing import Any

import orjson

from engine.verbs.showing.fields import form_of_step, restored, without

FORM = orjson.dumps(
    {
        "id": "f",
        "components": [
            {"type": "textfield", "key": "name", "id": "a"},
            {
                "type": "dynamiclist",
                "path": "rows",
                "id": "l",
                "components": [
                    {"type": "number", "key": "value", "id": "v"},
                    {"type": "textfield", "key": "secret", "id": "s"},
                ],
            },
            {
                "type": "group",
                "path": "more",
                "id": "g",
                "components": [{"type": "textfield", "key": "inner", "id": "i"}],
            },
        ],
    }
)


def task(**said: str) -> dict[str, str]:
    return {f"bihuan:{name}": text for name, text in said.items()}


def cut(**said: str) -> Any:
    return orjson.loads(form_of_step(FORM, task(**said)).content)["components"]


def test_without_a_word_the_form_stays_the_same_bytes() -> None:
    assert form_of_step(FORM, task()).content is FORM


def test_a_field_of_a_list_and_a_whole_group_are_cut_by_path_key_or_id() -> None:
    kept = cut(hidden="rows.secret,g")
    assert [one["id"] for one in kept] == ["a", "l"]
    assert [one["id"] for one in kept[1]["components"]] == ["v"]
    assert form_of_step(FORM, task(hidden="rows.secret,g")).hidden == (("rows", "secret"), ("more", "inner"))


def test_one_writable_column_leaves_the_rows_as_many_as_they_are() -> None:
    name, rows, more = cut(writable="rows.value")
    assert (name["readonly"], more["components"][0]["readonly"]) == (True, True)
    assert rows["allowAddRemove"] is False
    assert [one.get("readonly", False) for one in rows["components"]] == [False, True]


def test_a_writable_list_is_open_with_all_its_columns() -> None:
    rows = cut(writable="rows")[1]
    assert "allowAddRemove" not in rows
    assert not any(one.get("readonly") for one in rows["components"])


def test_hidden_data_is_left_out_and_put_back() -> None:
    hidden = (("rows", "secret"), ("more", "inner"))
    stored = {"name": "x", "rows": [{"value": 1, "secret": 2}], "more": {"inner": 3, "other": 4}}
    seen = without(stored, hidden)
    assert seen == {"name": "x", "rows": [{"value": 1}], "more": {"other": 4}}
    assert restored({"name": "y"}, stored, hidden) == {"name": "y", "more": {"inner": 3}}
