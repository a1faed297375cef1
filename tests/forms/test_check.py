"""What may be said, and the sentence beside what may not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest

from forms import Checked, FieldError, Form, check

Make = Callable[..., Form]


def sentence(form: Form, value: object, **more: object) -> tuple[str, str] | None:
    """Code and sentence for the form's only field, called a."""
    checked = check(form, {"a": value, **more}, context={})
    assert len(checked.errors) <= 1
    return (checked.errors[0].code, checked.errors[0].message) if checked.errors else None


@pytest.mark.parametrize(
    ("component", "value", "expected"),
    [
        ({"type": "textfield", "validate": {"required": True}}, "  ", ("required", "请填写甲。")),
        ({"type": "textfield", "validate": {"minLength": 3}}, "二字", ("min_length", "甲至少需要 3 个字。")),
        (
            {"type": "textfield", "validate": {"maxLength": 3}},
            "四个汉字",
            ("max_length", "甲不能超过 3 个字。"),
        ),
        ({"type": "textfield", "validate": {"maxLength": 4}}, "四个汉字", None),
        (
            {"type": "textfield", "validate": {"pattern": "^[A-Z]{2}$"}},
            "abc",
            ("pattern", "甲的格式不符合要求。"),
        ),
        ({"type": "textfield", "validate": {"pattern": "^[A-Z]{2}$"}}, "", None),
        (
            {"type": "textfield", "validate": {"validationType": "email"}},
            "wang@",
            ("email", "甲应为有效的电子邮箱，如 name@example.cn。"),
        ),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "0451-8888 0000", None),
        (
            {"type": "textfield", "validate": {"validationType": "phone"}},
            "八八八",
            ("phone", "甲应为有效的电话号码。"),
        ),
        ({"type": "textarea"}, "字" * 20_001, ("max_length", "甲不能超过 20000 个字。")),
        ({"type": "textfield"}, True, ("text", "甲应为文字。")),
        ({"type": "number"}, "四十九", ("number", "甲应为数字，如 12.5。")),
        ({"type": "number"}, "1e5", ("number", "甲应为数字，如 12.5。")),
        ({"type": "number", "serializeToString": True}, "1e5", ("number", "甲应为数字，如 12.5。")),
        ({"type": "number"}, True, ("number", "甲应为数字，如 12.5。")),
        ({"type": "number"}, 10**30, ("number", "甲应为数字，如 12.5。")),
        ({"type": "number", "validate": {"min": 0}}, "-0.01", ("min", "甲不能小于 0。")),
        ({"type": "number", "validate": {"max": 0.3}}, "0.30000000000000001", ("max", "甲不能大于 0.3。")),
        ({"type": "number", "validate": {"max": 0.3}}, "0.3", None),
        ({"type": "number", "decimalDigits": 2}, "49.001", ("decimals", "甲最多保留 2 位小数。")),
        ({"type": "number", "decimalDigits": 2}, "49.00", None),
        ({"type": "number", "decimalDigits": 0}, "4.5", ("integer", "甲应为整数。")),
        ({"type": "number", "validate": {"required": True}}, 0, None),
        ({"type": "number", "validate": {"required": True}}, "", ("required", "请填写甲。")),
        ({"type": "datetime"}, "2018-02-29", ("date", "甲应为有效日期，如 2018-05-20。")),
        ({"type": "datetime"}, "2018-02-28T10:00", ("date", "甲应为有效日期，如 2018-05-20。")),
        ({"type": "datetime"}, "2016-02-29", None),
        ({"type": "datetime", "subtype": "time"}, "25:00", ("time", "甲应为有效时间，如 09:30。")),
        ({"type": "datetime", "subtype": "time"}, "09:30", None),
        (
            {"type": "datetime", "subtype": "datetime"},
            "2018-05-20 9:30",
            ("datetime", "甲应为有效的日期和时间，如 2018-05-20T09:30。"),
        ),
        ({"type": "datetime", "subtype": "datetime"}, "2018-05-20T09:30", None),
        ({"type": "checkbox", "validate": {"required": True}}, False, ("required", "请勾选“甲”。")),
        (
            {"type": "select", "values": ["x"], "validate": {"required": True}},
            None,
            ("required", "请选择甲。"),
        ),
        ({"type": "select", "values": ["x"]}, "y", ("option", "甲中有不在可选范围内的内容，请重新选择。")),
        ({"type": "radio", "values": [{"value": 1, "label": "一"}]}, "1", None),
        (
            {"type": "checklist", "values": ["x"]},
            ["x", "y"],
            ("option", "甲中有不在可选范围内的内容，请重新选择。"),
        ),
        (
            {"type": "taglist", "values": ["x"], "validate": {"required": True}},
            [],
            ("required", "请选择甲。"),
        ),
        ({"type": "taglist", "valuesExpression": "=[1, 2]"}, ["1", 2], None),
        (
            {"type": "select", "valuesExpression": "=[1, 2]"},
            "3",
            ("option", "甲中有不在可选范围内的内容，请重新选择。"),
        ),
        ({"type": "filepicker", "validate": {"required": True}}, ["unknown"], ("required", "请上传甲。")),
    ],
)
def test_each_rule_has_its_sentence(
    make: Make, component: dict[str, object], value: object, expected: tuple[str, str] | None
) -> None:
    assert sentence(make({"key": "a", "label": "甲", **component}), value) == expected


@pytest.mark.parametrize(
    ("component", "value", "kept"),
    [
        ({"type": "number"}, "1,234.50", Decimal("1234.50")),
        ({"type": "number"}, "４９．５", Decimal("49.5")),
        ({"type": "number"}, 0.1, Decimal("0.1")),
        ({"type": "number"}, Decimal("123456789012345678.12"), Decimal("123456789012345678.12")),
        ({"type": "number", "serializeToString": True}, "49.00", "49.00"),
        ({"type": "textfield"}, " 王\n芳 ", "王 芳"),
        ({"type": "textarea"}, "一\r\n二\x00\x1b", "一\n二"),
        ({"type": "select", "values": [{"value": 1, "label": "一"}]}, "1", 1),
        ({"type": "checklist", "values": ["x", "y"]}, ["y", "y", "x"], ["y", "x"]),
        ({"type": "checkbox"}, "true", True),
        ({"type": "textfield"}, "\ud800", ""),
    ],
)
def test_values_come_out_in_one_exact_form(
    make: Make, component: dict[str, object], value: object, kept: object
) -> None:
    checked = check(make({"key": "a", **component}), {"a": value}, context={})
    assert checked.data == {"a": kept}
    assert str(checked.data["a"]) == str(kept)
    assert checked.errors == []


def test_fields_that_the_form_does_not_have_are_dropped(make: Make) -> None:
    checked = check(make({"type": "textfield", "key": "a.b"}), {"a": {"b": "x", "c": 1}, "d": 2}, context={})
    assert checked.data == {"a": {"b": "x"}}


def test_a_hidden_field_is_neither_required_nor_kept(make: Make) -> None:
    form = make(
        {"type": "checkbox", "key": "other"},
        {
            "type": "textfield",
            "key": "why",
            "conditional": {"hide": "=not(other)"},
            "validate": {"required": True},
        },
    )
    assert check(form, {"other": False, "why": "旧"}, context={}) == Checked(
        {"other": False}, {"other": False}, []
    )
    assert check(form, {"other": True, "why": ""}, context={}).errors == [
        FieldError("why", "required", "请填写why。")
    ]


def test_hiding_a_field_hides_what_depends_on_it(make: Make) -> None:
    form = make(
        {"type": "textfield", "key": "a"},
        {"type": "textfield", "key": "b", "conditional": {"hide": '=a = "no"'}},
        {"type": "textfield", "key": "c", "conditional": {"hide": "=b = null"}},
        {"type": "textfield", "key": "d", "conditional": {"hide": "=c = null"}},
    )
    assert check(form, {"a": "no", "b": "x", "c": "y", "d": "z"}, context={}).data == {"a": "no"}


def test_a_hidden_group_hides_all_in_it(make: Make) -> None:
    inner = {"type": "number", "key": "n", "validate": {"required": True}}
    form = make({"type": "group", "path": "g", "conditional": {"hide": "=off"}, "components": [inner]})
    assert check(form, {"g": {"n": "x"}}, context={"off": True}) == Checked({}, {}, [])
    assert [error.field for error in check(form, {}, context={"off": False}).errors] == ["g.n"]


def test_a_condition_that_fails_shows_the_field(make: Make) -> None:
    form = make({"type": "textfield", "key": "a", "conditional": {"hide": "=nothing.at.all > 3"}})
    assert check(form, {"a": "x"}, context={}).data == {"a": "x"}


def test_bounds_may_be_expressions_over_the_row(annual_targets: Form, record: dict[str, object]) -> None:
    milestone = {"date": "2018-06-30", "value": "55"}
    targets = [{"_row": "pm25", "milestones": [{"_row": "", **milestone}]}]
    checked = check(annual_targets, {"targets": targets}, context={}, stored=record)
    assert checked.errors == [FieldError("targets.0.milestones.0.value", "max", "应达到不能大于 49。")]


def test_required_may_be_an_expression(make: Make) -> None:
    form = make({"type": "textfield", "key": "a", "label": "甲", "validate": {"required": "=year > 2017"}})
    assert check(form, {}, context={"year": 2017}).errors == []
    assert check(form, {}, context={"year": 2018}).errors == [FieldError("a", "required", "请填写甲。")]


def test_a_date_gone_by_is_refused_by_the_given_day(make: Make) -> None:
    form = make({"type": "datetime", "key": "a", "label": "截止日期", "disallowPassedDates": True})
    today = datetime.date(2018, 5, 20)
    assert check(form, {"a": "2018-05-20"}, context={}, today=today).errors == []
    late = check(form, {"a": "2018-05-19"}, context={}, today=today)
    assert late.errors == [FieldError("a", "past", "截止日期不能早于今天（2018-05-20）。")]


def test_conditions_ask_the_host_for_the_day(make: Make) -> None:
    form = make({"type": "textfield", "key": "a", "conditional": {"hide": '=today() < date("2018-06-01")'}})
    may = {"today": lambda: datetime.date(2018, 5, 20)}
    june = {"today": lambda: datetime.date(2018, 6, 20)}
    assert check(form, {"a": "x"}, context={}, functions=may).data == {}
    assert check(form, {"a": "x"}, context={}, functions=june).data == {"a": "x"}


def test_errors_stand_in_form_order_and_speak_english_when_asked(annual_targets: Form) -> None:
    data = {"targets": [{"name": "", "value": "-1", "unit": "%", "milestones": []}], "confirmed": True}
    checked = check(annual_targets, data, context={"unit_options": ["%"]}, language="en")
    assert [(error.field, error.message) for error in checked.errors] == [
        ("contact.name", "Fill in: Contact."),
        ("targets.0.name", "Fill in: 指标名称."),
        ("targets.0.value", "全年目标值 cannot be less than 0."),
    ]


def test_too_few_and_too_many_rows_are_told_at_the_list(annual_targets: Form) -> None:
    few = check(annual_targets, {"targets": []}, context={})
    assert FieldError("targets", "min_rows", "目标至少需要 1 行。") in few.errors
    many = check(annual_targets, {"targets": [{}] * 61}, context={})
    assert FieldError("targets", "max_rows", "目标最多 60 行。") in many.errors


def test_malformed_shapes_become_sentences_not_exceptions(annual_targets: Form) -> None:
    for shape in (3, "x", [], {}, None, [[]], [{"milestones": "x"}], [{"value": {"a": 1}, "unit": [1]}]):
        checked = check(annual_targets, {"targets": shape, "contact": shape, "bases": shape}, context={})
        assert checked.errors, shape


def test_a_slow_pattern_is_run_in_linear_time(make: Make) -> None:
    form = make({"type": "textarea", "key": "a", "validate": {"pattern": "^(a+)+$"}})
    assert sentence(form, "a" * 19_000 + "!") == ("pattern", "a的格式不符合要求。")


def test_a_computed_field_is_never_taken_from_the_post(make: Make) -> None:
    form = make(
        {"type": "number", "key": "a"},
        {"type": "number", "key": "b"},
        {"type": "expression", "key": "sum", "expression": "=a + b"},
    )
    assert check(form, {"a": "1.1", "b": "2", "sum": 99}, context={}).data["sum"] == Decimal("3.1")


def test_a_day_lies_between_the_bounds_of_the_form_which_says_why(make: Make) -> None:
    component = {"type": "datetime", "key": "a", "label": "决定日期"}
    bounds = {"date.from": "=opened", "date.until": "=today()"}
    own = {"date.from.text": '="不能早于送审之日（" + string(opened) + "）。"'}
    form, told = make({**component, "properties": bounds}), make({**component, "properties": bounds | own})
    context = {"opened": datetime.date(2018, 4, 1)}
    functions = {"today": lambda: datetime.date(2018, 4, 20)}
    for day, expected in (
        ("2018-03-31", FieldError("a", "earliest", "决定日期不能早于 2018-04-01。")),
        ("2018-04-01", None),
        ("2018-04-20", None),
        ("2018-04-21", FieldError("a", "latest", "决定日期不能晚于 2018-04-20。")),
    ):
        found = check(form, {"a": day}, context=context, functions=functions)
        assert found.errors == ([expected] if expected else []), day
    early = check(told, {"a": "2018-03-31"}, context=context, functions=functions)
    assert early.errors == [FieldError("a", "earliest", "不能早于送审之日（2018-04-01）。")]
    unknown = check(form, {"a": "2018-03-31"}, context={"opened": None}, functions=functions)
    assert unknown.errors == []
