"""Values in words, for people who only look and for inputs that show what was entered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from forms.components import Component, Option
from forms.expressions import as_text, to_feel
from forms.parts import token_of
from forms.values import is_date, is_date_time, is_time
from forms.views import ChoiceView

_PLAIN_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")


def entered(component: Component, value: object) -> str:
    """The value as an input holds it."""
    if value is None or isinstance(value, bool | list | Mapping):
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def input_type(component: Component, text: str) -> str:
    """The type of the HTML input; a date that no date input can hold is shown as text, not lost."""
    if component.kind == "datetime":
        kind, good = {
            "date": ("date", is_date(text)),
            "time": ("time", is_time(text)),
            "datetime": ("datetime-local", bool(_PLAIN_DATE_TIME.fullmatch(text)) and is_date_time(text)),
        }[component.subtype]
        return kind if good or not text else "text"
    return {"email": "email", "phone": "tel"}.get(component.rules.shape or "", "text")


def choice_views(value: object, options: Sequence[Option], *, gone: str) -> list[ChoiceView]:
    """The options with what is chosen; something chosen that is no longer offered stays visible."""
    chosen = value if isinstance(value, list) else [] if value in (None, "") else [value]
    tokens = {token_of(item) for item in chosen}
    views = [ChoiceView(option.token, option.label, option.token in tokens) for option in options]
    known = {option.token for option in options}
    return [*views, *(ChoiceView(token, token + gone, True) for token in sorted(tokens - known))]


def in_words(
    component: Component, value: object, views: Sequence[ChoiceView], words: Mapping[str, str]
) -> str:
    """The value as text for reading."""
    if component.kind == "checkbox":
        return words["yes"] if value is True else words["no"]
    if views:
        return "、".join(view.label for view in views if view.chosen)
    if component.kind == "datetime":
        return entered(component, value).replace("T", " ")
    if component.kind == "expression":
        return as_text(to_feel(value))
    return entered(component, value)
