"""Reads the pieces of one component: texts, rules, options, look. Faults go to a `Finder`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NoReturn

from engine.feel import FeelError
from forms.components import CHOICES, Bound, Column, Look, Option, Rules, Switch
from forms.errors import FormFinding, FormRefused
from forms.expressions import Condition, Template, as_number, compile_condition, compile_template

Raw = Mapping[str, object]


class Finder:
    """Collects the faults of one file while its components are read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[FormFinding] = []

    def add(self, at: str, rule: str, message: str, hint: str) -> None:
        """Note a fault and go on."""
        self.findings.append(FormFinding(self.file, at, rule, message, hint))

    def refuse(self, rule: str, message: str, hint: str) -> NoReturn:
        """Note a fault that makes going on senseless."""
        self.add("", rule, message, hint)
        raise FormRefused(self.findings)

    def stop(self) -> None:
        """Raise FormRefused when anything was noted."""
        if self.findings:
            raise FormRefused(self.findings)

    def condition(self, raw: Raw, name: str, at: str) -> Condition | None:
        """The FEEL under `name`, with or without `=`."""
        text = raw.get(name)
        if text in (None, ""):
            return None
        if not isinstance(text, str):
            self.add(at, "feel", f"{name} 应为 FEEL 文本。", '例如 "=amount > 3"。')
            return None
        try:
            return compile_condition(text)
        except FeelError as error:
            self.add(at, "feel", f"{name} 不是正确的 FEEL：{error}", "请修正表达式。")
            return None

    def template(self, text: str, name: str, at: str) -> Template:
        """Text that may hold FEEL."""
        try:
            return compile_template(text)
        except (FeelError, ValueError) as error:
            self.add(at, "feel", f"{name} 无法填充：{error}", "请用 =表达式 或 {{表达式}}。")
            return Template()

    def text(self, raw: Raw, name: str, at: str) -> str:
        """A text, empty when missing."""
        value = raw.get(name, "")
        if not isinstance(value, str):
            self.add(at, "text", f"{name} 应为文本。", "请加引号。")
            return ""
        return value

    def switch(self, raw: Raw, name: str, at: str) -> Switch:
        """True, false or FEEL that says so."""
        value = raw.get(name, False)
        if isinstance(value, bool):
            return value
        return self.condition(raw, name, at) or False

    def truth(self, raw: Raw, name: str, at: str) -> bool:
        """True or false; FEEL is refused."""
        value = raw.get(name, False)
        if not isinstance(value, bool):
            self.add(at, "switch", f"{name} 应为 true 或 false。", "这里不支持表达式。")
        return value is True

    def whole(self, raw: Raw, name: str, at: str, *, default: int) -> int:
        """A whole number from 0 to 1000; a text that holds one counts."""
        value = raw.get(name)
        if value in (None, ""):
            return default
        number = as_number(value)
        if number is None or number != number.to_integral_value() or not 0 <= number <= 1000:
            self.add(at, "number", f"{name} 应为 0 到 1000 的整数。", "请修正。")
            return default
        return int(number)

    def bound(self, raw: Raw, name: str, at: str) -> Bound:
        """A number or FEEL that gives one."""
        value = raw.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str) and value.startswith("="):
            return self.condition(raw, name, at)
        number = as_number(value)
        if number is None:
            self.add(at, "number", f"{name} 应为数字或 =表达式。", "请修正。")
        return number


def properties_of(raw: Raw) -> Mapping[str, object]:
    """The component's own properties (form-js: "Custom properties")."""
    properties = raw.get("properties")
    return properties if isinstance(properties, dict) else {}


def read_texts(raw: Raw, finder: Finder, at: str) -> Mapping[tuple[str, str], Template]:
    """Label, description and text; `label.en` among the properties is the English label.

    `date.from.text` and `date.until.text` are what is said of a day before the first or after the last.
    """
    texts: dict[tuple[str, str], Template] = {}
    for name in ("label", "description", "text"):
        value = finder.text(raw, name, at)
        if name == "label" and not value and raw.get("type") == "datetime":
            value = finder.text(raw, "dateLabel", at) or finder.text(raw, "timeLabel", at)
        texts[name, "zh"] = finder.template(value, name, at)
    for name, english in properties_of(raw).items():
        plain, _, language = str(name).rpartition(".")
        plain = "label" if plain == "name" else plain
        if language == "en" and plain in ("label", "description", "text") and isinstance(english, str):
            texts[plain, language] = finder.template(english, name, at)
    for name, property_name in (("earliest", "date.from.text"), ("latest", "date.until.text")):
        for language, ending in (("zh", ""), ("en", ".en")):
            said = finder.text(properties_of(raw), property_name + ending, at)
            if said:
                texts[name, language] = finder.template(said, property_name + ending, at)
    return texts


def read_rules(raw: Raw, kind: str, finder: Finder, at: str) -> Rules:
    """The `validate` block, with decimalDigits, disallowPassedDates and our own properties beside it."""
    validate = raw.get("validate")
    validate = validate if isinstance(validate, dict) else {}
    shape: Literal["email", "phone"] | None = None
    if validate.get("validationType") in ("email", "phone"):
        shape = validate["validationType"]
    pattern = finder.text(validate, "pattern", at) or None
    if pattern and len(pattern) > 500:
        finder.add(at, "pattern", "正则表达式超过 500 个字符。", "请缩短。")
    own = properties_of(raw)
    return Rules(
        required=finder.switch(validate, "required", at),
        min=finder.bound(validate, "min", at),
        max=finder.bound(validate, "max", at),
        min_length=finder.bound(validate, "minLength", at),
        max_length=finder.bound(validate, "maxLength", at),
        pattern=pattern if shape is None else None,
        shape=shape,
        decimals=finder.whole(raw, "decimalDigits", at, default=0)
        if raw.get("decimalDigits") is not None
        else None,
        past_allowed=raw.get("disallowPassedDates") is not True,
        earliest=finder.condition(own, "date.from", at) if kind == "datetime" else None,
        latest=finder.condition(own, "date.until", at) if kind == "datetime" else None,
        min_rows=finder.whole(own, "rows.min", at, default=0),
        max_rows=finder.whole(own, "rows.max", at, default=500),
    )


def token_of(value: object) -> str:
    """What the browser posts for an option's value: the text itself, JSON for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = as_number(value)
        return format(number, "f") if number is not None and abs(number.adjusted()) < 60 else str(number)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def option_of(raw: object) -> Option | None:
    """An option from `{label, value}` or from a plain value; None for a null."""
    if isinstance(raw, Mapping):
        value = raw.get("value")
        label = raw.get("label", value)
    else:
        value = label = raw
    if value is None:
        return None
    return Option(
        token=token_of(value), value=value, label=label if isinstance(label, str) else token_of(label)
    )


def read_options(
    raw: Raw, kind: str, finder: Finder, at: str
) -> tuple[tuple[Option, ...] | None, Condition | None]:
    """What can be chosen: fixed `values`, or FEEL over the data (`valuesKey`, `valuesExpression`)."""
    if kind not in CHOICES:
        return None, None
    values = raw.get("values")
    if isinstance(values, list):
        read = [option_of(value) for value in values]
        options = tuple(option for option in read if option)
        if len({option.token for option in options}) < len(options):
            finder.add(at, "options", "两个选项的 value 相同。", "请为每个选项取不同的 value。")
        return options, None
    for name in ("valuesExpression", "valuesKey"):
        if raw.get(name):
            return None, finder.condition(raw, name, at)
    finder.add(at, "options", f"{kind} 没有可选项。", "请设置 values、valuesKey 或 valuesExpression。")
    return (), None


def read_look(raw: Raw, kind: str, finder: Finder, at: str) -> Look:
    """Layout, adorners, table columns and the like."""
    layout = raw.get("layout")
    layout = layout if isinstance(layout, dict) else {}
    adorners = raw.get("appearance")
    adorners = adorners if isinstance(adorners, dict) else {}
    columns = finder.whole(layout, "columns", at, default=0)
    if columns > 16:
        finder.add(at, "layout", "一行只有 16 列。", "请用 1 到 16。")
    step = finder.bound(raw, "increment", at)
    own = properties_of(raw)
    rows_as = own.get("rows.as", "")
    fixed, computed = _table_columns(raw, kind, finder, at)
    return Look(
        columns=columns or None,
        row=str(layout.get("row") or ""),
        prefix=finder.template(finder.text(adorners, "prefixAdorner", at), "prefixAdorner", at),
        suffix=finder.template(finder.text(adorners, "suffixAdorner", at), "suffixAdorner", at),
        step=step if isinstance(step, Decimal) else None,
        height=finder.whole(raw, "height", at, default=0) if kind == "spacer" else 0,
        accept=finder.text(raw, "accept", at),
        outline=raw.get("showOutline") is True,
        rows_as="cards" if rows_as == "cards" else "table" if rows_as == "table" else "",
        row_title=finder.template(finder.text(own, "rows.title", at), "rows.title", at),
        table_columns=fixed,
        table_columns_from=computed,
        page_rows=finder.whole(raw, "rowCount", at, default=0) if kind == "table" else 0,
    )


def _table_columns(
    raw: Raw, kind: str, finder: Finder, at: str
) -> tuple[tuple[Column, ...], Condition | None]:
    if kind != "table":
        return (), None
    columns = raw.get("columns")
    if isinstance(columns, list):
        rows = [column for column in columns if isinstance(column, dict)]
        return tuple(Column(str(row.get("key", "")), str(row.get("label", ""))) for row in rows), None
    computed = finder.condition(raw, "columnsExpression", at)
    if computed is None:
        finder.add(at, "table", "表格没有列。", "请设置 columns 或 columnsExpression。")
    return (), computed
