"""The sentences beside fields, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forms.components import Component
from forms.errors import FieldError
from forms.expressions import Scope, as_text, to_feel

_ZH: Final = {
    "required": "请填写{label}。",
    "required_choice": "请选择{label}。",
    "required_check": "请勾选“{label}”。",
    "required_file": "请上传{label}。",
    "number": "{label}应为数字，如 12.5。",
    "text": "{label}应为文字。",
    "date": "{label}应为有效日期，如 2018-05-20。",
    "time": "{label}应为有效时间，如 09:30。",
    "datetime": "{label}应为有效的日期和时间，如 2018-05-20T09:30。",
    "past": "{label}不能早于今天（{limit}）。",
    "earliest": "{label}不能早于 {limit}。",
    "latest": "{label}不能晚于 {limit}。",
    "min": "{label}不能小于 {limit}。",
    "max": "{label}不能大于 {limit}。",
    "min_length": "{label}至少需要 {limit} 个字。",
    "max_length": "{label}不能超过 {limit} 个字。",
    "decimals": "{label}最多保留 {limit} 位小数。",
    "integer": "{label}应为整数。",
    "pattern": "{label}的格式不符合要求。",
    "email": "{label}应为有效的电子邮箱，如 name@example.cn。",
    "phone": "{label}应为有效的电话号码。",
    "option": "{label}中有不在可选范围内的内容，请重新选择。",
    "min_rows": "{label}至少需要 {limit} 行。",
    "max_rows": "{label}最多 {limit} 行。",
    "one_file": "{label}只能有一个文件，请取消勾选不要的文件。",
}
_EN: Final = {
    "required": "Fill in: {label}.",
    "required_choice": "Choose: {label}.",
    "required_check": "Tick: {label}.",
    "required_file": "Upload: {label}.",
    "number": "{label} must be a number such as 12.5.",
    "text": "{label} must be text.",
    "date": "{label} must be a date such as 2018-05-20.",
    "time": "{label} must be a time such as 09:30.",
    "datetime": "{label} must be a date and time such as 2018-05-20T09:30.",
    "past": "{label} cannot be before today ({limit}).",
    "earliest": "{label} cannot be before {limit}.",
    "latest": "{label} cannot be after {limit}.",
    "min": "{label} cannot be less than {limit}.",
    "max": "{label} cannot be more than {limit}.",
    "min_length": "{label} needs at least {limit} characters.",
    "max_length": "{label} can have at most {limit} characters.",
    "decimals": "{label} can have at most {limit} decimal places.",
    "integer": "{label} must be a whole number.",
    "pattern": "{label} does not have the required form.",
    "email": "{label} must be an e-mail address such as name@example.cn.",
    "phone": "{label} must be a telephone number.",
    "option": "{label} holds something that cannot be chosen; choose again.",
    "min_rows": "{label} needs at least {limit} rows.",
    "max_rows": "{label} can have at most {limit} rows.",
    "one_file": "{label} can have one file only; untick the others.",
}
_CODES: Final = {"required_choice": "required", "required_check": "required", "required_file": "required"}


@dataclass(frozen=True, slots=True)
class Sentences:
    """Builds errors in one language (`zh` unless `en`)."""

    language: str = "zh"

    def error(
        self, path: str, component: Component, code: str, *, limit: object = None, scope: Scope | None = None
    ) -> FieldError:
        """The error of a field: its sentence names the field and, where there is one, the limit.

        For a day out of bounds the form may bring its own sentence, which can say why.
        """
        own = component.text(code, self.language) if code in ("earliest", "latest") else None
        if own:
            return FieldError(path, code, own.text(scope or Scope()))
        label = component.text("label", self.language).text(scope or Scope()) or ".".join(component.key)
        sentence = (_EN if self.language == "en" else _ZH)[code]
        shown = as_text(to_feel(limit)) if not isinstance(limit, str) else limit
        return FieldError(path, _CODES.get(code, code), sentence.format(label=label, limit=shown))

    def from_schema(self, path: str, component: Component, keyword: str, *, empty: bool) -> FieldError:
        """The error for a keyword of JSON Schema that was not met."""
        code, limit = _required(component) if empty else _broken(component, keyword)
        return self.error(path, component, code, limit=limit)


def _required(component: Component) -> tuple[str, object]:
    match component.kind:
        case "select" | "radio" | "checklist" | "taglist":
            return "required_choice", None
        case "checkbox":
            return "required_check", None
        case "filepicker":
            return "required_file", None
        case _:
            return "required", None


def _broken(component: Component, keyword: str) -> tuple[str, object]:
    rules = component.rules
    match keyword:
        case "minimum":
            return "min", rules.min
        case "maximum":
            return "max", rules.max
        case "minLength":
            return "min_length", rules.min_length
        case "maxLength":
            return "max_length", rules.max_length if isinstance(rules.max_length, Decimal) else 20_000
        case "minItems":
            return "min_rows", rules.min_rows
        case "maxItems":
            return ("one_file", None) if component.kind == "filepicker" else ("max_rows", rules.max_rows)
        case "multipleOf":
            return ("decimals", rules.decimals) if rules.decimals else ("integer", None)
        case "pattern":
            return rules.shape or "pattern", None
        case _:
            return _wrong_kind(component), None


def _wrong_kind(component: Component) -> str:
    if component.kind == "number":
        return "number"
    if component.kind == "datetime":
        return component.subtype
    return "text" if component.kind in ("textfield", "textarea") else "option"
