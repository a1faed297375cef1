"""Whatever is stored, shown and posted back is the same; whatever is posted, nothing breaks."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import Form, check, parse_post, read_form, render
from tests.forms.browsing import parsed, posted

Data = dict[str, object]

OPTIONS = [{"label": "甲", "value": "a"}, {"label": "<乙>", "value": '"b"&'}, {"label": "三", "value": 3}]
FIELDS: list[Data] = [
    {"type": "textfield", "key": "text", "label": "文"},
    {"type": "textarea", "key": "long.text"},
    {"type": "number", "key": "number", "decimalDigits": 6},
    {"type": "number", "key": "exact", "serializeToString": True},
    {"type": "datetime", "key": "day"},
    {"type": "datetime", "key": "hour", "subtype": "time"},
    {"type": "datetime", "key": "moment", "subtype": "datetime"},
    {"type": "select", "key": "one", "values": OPTIONS},
    {"type": "radio", "key": "radio", "valuesKey": "offered"},
    {"type": "checkbox", "key": "tick"},
    {"type": "checklist", "key": "many", "values": OPTIONS},
    {"type": "taglist", "key": "tags", "valuesExpression": "=offered"},
    {"type": "filepicker", "key": "files", "multiple": True},
]
ROWS: list[Data] = [
    {"type": "textfield", "key": "name", "readonly": "=locked"},
    {"type": "number", "key": "value", "readonly": "=locked", "validate": {"min": 0}},
    {"type": "textarea", "key": "note", "validate": {"required": True}},
    {"type": "dynamiclist", "path": "steps", "components": [{"type": "datetime", "key": "on"}]},
]


@cache
def form() -> Form:
    components = [
        *FIELDS,
        {"type": "group", "path": "box", "label": "组", "components": [{"type": "textfield", "key": "in"}]},
        {"type": "dynamiclist", "path": "rows", "label": "行", "components": ROWS},
    ]
    document = {"type": "default", "id": "all_kinds", "schemaVersion": 19, "components": components}
    return read_form(json.dumps(document), file="all_kinds.form")


line = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30).map(str.strip)
page_of_text = st.lists(line, max_size=4).map("\n".join)
amount = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
day = st.dates().map(lambda value: value.isoformat())
value_of_option = st.sampled_from(["a", '"b"&', 3])
row = st.fixed_dictionaries(
    {
        "locked": st.booleans(),
        "name": line,
        "value": st.none() | amount,
        "note": page_of_text,
        "steps": st.lists(st.fixed_dictionaries({"on": st.none() | day}), max_size=2),
    }
)


def in_order(values: list[object]) -> list[object]:
    """Boxes are posted in the order of the page."""
    return [option["value"] for option in OPTIONS if option["value"] in values]


def whole_form() -> st.SearchStrategy[Data]:
    options = st.lists(value_of_option, unique=True).map(in_order)
    return st.fixed_dictionaries(
        {
            "text": line,
            "long": st.fixed_dictionaries({"text": page_of_text}),
            "number": st.none() | amount,
            "exact": st.none() | amount.map(lambda value: format(value, "f")),
            "day": st.none() | day,
            "hour": st.none() | st.times().map(lambda value: value.isoformat("minutes")),
            "moment": st.none() | st.datetimes().map(lambda value: value.isoformat("T", "minutes")),
            "one": st.none() | value_of_option,
            "radio": st.none() | value_of_option,
            "tick": st.booleans(),
            "many": options,
            "tags": options,
            "files": st.lists(st.uuids().map(str), unique=True, max_size=2),
            "box": st.fixed_dictionaries({"in": line}),
            "rows": st.lists(row, max_size=3),
        }
    )


OFFERED: Data = {"offered": OPTIONS}


@settings(max_examples=120, deadline=None)
@given(whole_form())
def test_a_form_posted_back_untouched_is_the_data_that_was_shown(data: Data) -> None:
    record = {**data, **OFFERED}
    answer = parse_post(form(), posted(render(form(), stored=record)))
    checked = check(form(), answer.data, context={}, stored=record)
    assert checked.data == data
    assert str(checked.data["number"]) == str(data["number"])


@settings(max_examples=120, deadline=None)
@given(whole_form())
def test_a_new_record_filled_in_by_hand_is_stored_as_it_was_typed(data: Data) -> None:
    shown = render(form(), data=data, stored=OFFERED, files={})
    data = {**data, "files": [], "rows": [{k: v for k, v in r.items() if k != "locked"} for r in _rows(data)]}
    checked = check(form(), parse_post(form(), posted(shown)).data, context={}, stored=OFFERED)
    assert checked.data == data


def _rows(data: Data) -> list[Data]:
    rows = data["rows"]
    assert isinstance(rows, list)
    return rows


tricky = ["rows", "rows.0", "rows.0.name", "rows.0.value", "rows.1.name", "rows.00.name", "rows.0.locked"]
tricky += ["rows.0._row", "rows.1._row", "rows.0.id", "rows.0.steps.0.on", "offered"]
tricky += ["_row_add", "_row_remove", "_refresh"]
names = st.sampled_from([*sorted(form().keys), *tricky])
anything = st.text(max_size=12) | st.sampled_from(["#0", "#1", "true", "", "rows", "rows.0", "rows.0.steps"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(names | st.text(max_size=10), anything), max_size=30))
def test_no_posted_text_makes_the_check_fail_and_no_locked_value_changes(
    pairs: list[tuple[str, str]],
) -> None:
    locked = {"locked": True, "name": "下达", "value": Decimal("49"), "note": "", "steps": []}
    record = {"rows": [locked, {"name": "自选", "value": None, "note": "", "steps": []}], **OFFERED}
    answer = parse_post(form(), pairs)
    checked = check(form(), answer.data, context={}, stored=record)
    kept = [row for row in _rows(checked.data) if row.get("locked")]
    assert [(row["name"], row["value"]) for row in kept] == [("下达", Decimal("49"))]
    assert "offered" not in checked.data
    assert all(error.message.endswith("。") for error in checked.errors)
    again = render(form(), data=checked.shown, errors=checked.errors, stored=record)
    assert parsed(again).xpath("//script") == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([key.split(".")[0] for key in form().keys]), json_values, max_size=8))
def test_no_json_makes_the_check_fail(data: Data) -> None:
    checked = check(form(), data, context={}, stored=OFFERED)
    assert set(checked.data) <= {key.split(".")[0] for key in form().keys}
    assert render(form(), data=checked.shown, errors=checked.errors, stored=OFFERED)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "{{7*7}}",
]


def test_hostile_values_labels_and_errors_stay_text() -> None:
    for evil in HOSTILE:
        components = [
            {**field, "label": evil, "description": evil} for field in FIELDS if "values" not in field
        ]
        components += [{"type": "select", "key": "evil", "values": [{"label": evil, "value": evil}]}]
        components += [{"type": "dynamiclist", "path": "rows", "label": evil, "components": ROWS}]
        components += [{"type": "text", "text": evil.replace("{{7*7}}", "x")}]
        components = [json.loads(json.dumps(item).replace("{{7*7}}", "7")) for item in components]
        document = {"type": "default", "id": "evil", "components": components}
        hostile = read_form(json.dumps(document), file="evil.form")
        rows = [{"id": evil, "name": evil, "note": evil, "value": evil, "locked": True}]
        record = {
            "text": evil,
            "long": {"text": evil},
            "day": evil,
            "evil": evil,
            "rows": rows,
            "tags": [evil],
        }
        errors = check(hostile, record, context={}, stored={"offered": [evil]}).errors
        for mode in ("edit", "read", "print"):
            page = render(
                hostile, data=record, stored={"offered": [evil], "rows": rows}, errors=errors, mode=mode
            )  # type: ignore[arg-type]
            tree = parsed(page)
            assert tree.xpath("//script|//img|//*[@onerror]|//*[@onfocus]|//*[@autofocus]") == []
            assert "alert(1)" in tree.text_content() or "{{7*7}}" in evil or "autofocus" in evil
