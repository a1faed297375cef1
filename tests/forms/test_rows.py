"""Dynamic lists: rows added, removed, locked; and what nobody may change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal

from forms import Form, check, merge, parse_post, render
from tests.forms.browsing import buttons, change, posted

Make = Callable[..., Form]
Data = dict[str, object]


def rows(data: Data, name: str = "targets") -> list[Data]:
    found = data[name]
    assert isinstance(found, list)
    return found


def test_the_record_comes_back_unchanged_when_nothing_is_changed(
    annual_targets: Form, record: Data, context: Data
) -> None:
    page = render(annual_targets, stored=record, context=context)
    checked = check(
        annual_targets, parse_post(annual_targets, posted(page)).data, context=context, stored=record
    )
    assert checked.errors == []
    assert rows(checked.data) == rows(record)
    assert str(rows(rows(checked.data)[0], "milestones")[1]["value"]) == "49.00"
    assert {name: checked.data[name] for name in ("contact", "confirmed", "bases", "minutes")} == {
        name: record[name] for name in ("contact", "confirmed", "bases", "minutes")
    }


def test_milestones_of_a_locked_target_are_filled_in_but_the_target_is_not_changed(
    annual_targets: Form, record: Data, context: Data
) -> None:
    page = render(annual_targets, stored=record, context=context)
    assert 'name="targets.0.value"' not in page
    pairs = change(posted(page), targets__0__milestones__0__value="48.5")
    forged = [*pairs, ("targets.0.value", "60"), ("targets.0.locked", ""), ("targets.0.name", "改名")]
    checked = check(annual_targets, parse_post(annual_targets, forged).data, context=context, stored=record)
    target = rows(checked.data)[0]
    assert (target["name"], target["value"], target["locked"]) == ("PM2.5 年均浓度", Decimal("49"), True)
    assert rows(target, "milestones")[0]["value"] == Decimal("48.5")
    assert checked.errors == []


def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(
    annual_targets: Form, record: Data, context: Data
) -> None:
    page = render(annual_targets, stored=record, context=context)
    assert buttons(page, "_row_add") == ["targets.0.milestones", "targets.1.milestones", "targets"]
    pairs = change(posted(page, press=("_row_add", "targets")), targets__1__name="水质达标率（新）")
    answer = parse_post(annual_targets, pairs)
    assert answer.edit is not None
    assert (answer.edit.kind, answer.edit.focus) == ("add", "targets")
    again = render(annual_targets, data=answer.data, stored=record, context=context)
    fields = dict(posted(again))
    assert fields["targets.1.name"] == "水质达标率（新）"
    assert fields["targets.2.name"] == ""
    assert fields["targets.2._row"] == ""
    assert "targets.2.milestones.1.date" in fields, "a new target starts with two milestones"


def test_a_row_inside_a_row_is_added_and_removed(annual_targets: Form, record: Data, context: Data) -> None:
    page = render(annual_targets, stored=record, context=context)
    more = parse_post(annual_targets, posted(page, press=("_row_add", "targets.1.milestones")))
    assert len(rows(rows(more.data)[1], "milestones")) == 1
    less = parse_post(annual_targets, posted(page, press=("_row_remove", "targets.0.milestones.0")))
    assert less.edit is not None
    assert less.edit.focus == "targets.0.milestones"
    kept = check(annual_targets, less.data, context=context, stored=record).data
    assert [row["date"] for row in rows(rows(kept)[0], "milestones")] == ["2018-12-31"]


def test_a_removed_row_is_gone_and_a_locked_one_comes_back_in_its_place(
    annual_targets: Form, record: Data, context: Data
) -> None:
    page = render(annual_targets, stored=record, context=context)
    assert "targets.0" not in buttons(page, "_row_remove")
    gone = parse_post(annual_targets, posted(page, press=("_row_remove", "targets.1")))
    assert [row["id"] for row in rows(check(annual_targets, gone.data, context={}, stored=record).data)] == [
        "pm25"
    ]
    forged = parse_post(annual_targets, posted(page, press=("_row_remove", "targets.0")))
    kept = check(annual_targets, forged.data, context=context, stored=record)
    assert rows(kept.data) == rows(record)


def test_rows_numbered_with_gaps_close_up_in_order(annual_targets: Form) -> None:
    pairs = [
        ("targets.12.name", "丙"),
        ("targets.3.name", "乙"),
        ("targets.0.name", "甲"),
        ("targets.x.name", "丁"),
    ]
    assert [row["name"] for row in rows(parse_post(annual_targets, pairs).data)] == ["甲", "乙", "丙"]


def test_an_emptied_list_is_empty_and_one_that_was_not_shown_is_kept(
    annual_targets: Form, record: Data
) -> None:
    water_only = {**record, "targets": rows(record)[1:]}
    emptied = parse_post(annual_targets, [("targets", "")]).data
    assert check(annual_targets, emptied, context={}, stored=water_only).data["targets"] == []
    absent = parse_post(annual_targets, [("contact.name", "李")]).data
    assert rows(check(annual_targets, absent, context={}, stored=water_only).data) == rows(water_only)


def test_the_same_stored_row_cannot_be_claimed_twice(annual_targets: Form, record: Data) -> None:
    claims = [{"_row": "water", "name": "甲"}, {"_row": "water", "name": "乙"}, {"_row": "pm25"}]
    kept = rows(check(annual_targets, {"targets": claims}, context={}, stored=record).data)
    assert [row.get("id") for row in kept] == ["water", None, "pm25"]


def test_rows_without_ids_keep_what_the_record_holds_beside_them(make: Make) -> None:
    field = {"type": "number", "key": "value", "readonly": "=locked"}
    form = make({"type": "dynamiclist", "path": "rows", "components": [field]})
    stored = {"rows": [{"locked": True, "value": 1, "code": "A"}, {"value": 2, "code": "B"}]}
    page = render(form, stored=stored)
    answer = parse_post(form, posted(page, press=("_row_add", "rows")))
    checked = check(form, answer.data, context={}, stored=stored)
    assert rows(checked.data, "rows") == [
        {"locked": True, "code": "A", "value": Decimal(1)},
        {"code": "B", "value": Decimal(2)},
        {"value": None},
    ]


def test_plain_json_rows_are_paired_by_position(make: Make) -> None:
    form = make({"type": "dynamiclist", "path": "rows", "components": [{"type": "number", "key": "value"}]})
    stored = {"rows": [{"code": "A", "value": 1}]}
    checked = check(form, {"rows": [{"value": "7"}, {"value": "8"}]}, context={}, stored=stored)
    assert rows(checked.data, "rows") == [{"code": "A", "value": Decimal(7)}, {"value": Decimal(8)}]


def test_a_list_without_adding_and_removing_keeps_its_rows(make: Make) -> None:
    inner = {"type": "textfield", "key": "text"}
    form = make({"type": "dynamiclist", "path": "rows", "allowAddRemove": False, "components": [inner]})
    stored = {"rows": [{"id": "a", "text": "1"}, {"id": "b", "text": "2"}]}
    page = render(form, stored=stored)
    assert buttons(page, "_row_add") == buttons(page, "_row_remove") == []
    sent = {"rows": [{"_row": "b", "text": "新"}, {"_row": "", "text": "多"}]}
    kept = rows(check(form, sent, context={}, stored=stored).data, "rows")
    assert kept == [{"id": "a", "text": "1"}, {"id": "b", "text": "新"}]


def test_the_first_rows_of_an_empty_record_can_be_filled_where_rows_are_fixed(make: Make) -> None:
    inner = {"type": "textfield", "key": "text"}
    form = make(
        {
            "type": "dynamiclist",
            "path": "rows",
            "allowAddRemove": False,
            "defaultRepetitions": 2,
            "components": [inner],
        }
    )
    pairs = change(posted(render(form)), rows__1__text="第二行")
    assert check(form, parse_post(form, pairs).data, context={}).data == {
        "rows": [{"text": ""}, {"text": "第二行"}]
    }


def test_a_step_may_close_keys_paths_ids_or_everything(annual_targets: Form, record: Data) -> None:
    sent: Data = {
        "contact": {"name": "李", "phone": "12345678"},
        "targets": [{"_row": "water", "name": "改"}],
    }
    for closed, name, phone, target in (
        (["contact.name"], "王芳", "12345678", "改"),
        (["targets"], "李", "12345678", "水质达标率"),
        (["targets.name"], "李", "12345678", "水质达标率"),
        (["t_name"], "李", "12345678", "水质达标率"),
        (["*"], "王芳", "0451-8888 0000", "水质达标率"),
    ):
        data = check(annual_targets, copy.deepcopy(sent), context={}, stored=record, readonly=closed).data
        water = next(row for row in rows(data) if row["id"] == "water")
        assert (data["contact"], water["name"]) == ({"name": name, "phone": phone}, target), closed


def test_nobody_unlocks_a_field_by_posting_the_value_that_its_expression_looks_at(make: Make) -> None:
    form = make(
        {"type": "checkbox", "key": "closed"},
        {"type": "textfield", "key": "text", "readonly": "=closed"},
    )
    stored = {"closed": True, "text": "alt"}
    assert check(form, {"closed": False, "text": "neu"}, context={}, stored=stored).data["text"] == "alt"


def test_a_read_only_expression_that_cannot_be_finished_keeps_the_field_closed(make: Make) -> None:
    endless = "=count(for x in 1..2000, y in 1..2000 return x) = 0"
    form = make({"type": "textfield", "key": "text", "readonly": endless})
    assert check(form, {"text": "neu"}, context={}, stored={"text": "alt"}).data["text"] == "alt"


def test_an_error_in_what_cannot_be_changed_blocks_nobody(annual_targets: Form, record: Data) -> None:
    broken = copy.deepcopy(record)
    rows(broken)[0]["value"] = "尚未下达"
    assert check(annual_targets, {}, context={}, stored=broken).errors == []


def test_a_draft_keeps_wrong_input_and_follows_the_record(annual_targets: Form, record: Data) -> None:
    typed = {"targets": [{"_row": "pm25", "value": 1}, {"_row": "water", "value": "九十"}]}
    draft = merge(annual_targets, typed, context={}, stored=record).data
    assert rows(draft)[1]["value"] == "九十"
    rows(record)[0]["value"] = Decimal("48")
    later = merge(annual_targets, draft, context={}, stored=record).data
    assert [row["value"] for row in rows(later)] == [Decimal("48"), "九十"]
