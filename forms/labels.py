"""What a posted name and value are called on the form: for words that are shown outside of it."""

from __future__ import annotations

from forms.components import Component
from forms.expressions import Scope
from forms.form import Form


def label_at(form: Form, name: str, language: str = "zh") -> str:
    """The labels on the way to a field, with the numbers of rows: `措施 2 · 完成时限`; "" for no field."""
    if form.field_at(name) is None:
        return ""
    parts = name.split(".")
    said: list[str] = []
    for length, part in enumerate(parts, start=1):
        if part.isdecimal():
            said[-1:] = [f"{said[-1]} {int(part) + 1}".strip()] if said else []
        elif (field := form.field_at(".".join(parts[:length]))) is not None:
            said.append(_label(field, language))
    return " · ".join(one for one in said if one)


def value_at(form: Form, name: str, posted: str) -> str:
    """A posted value as it was read on the page: what was chosen by its label, the rest as it was typed."""
    field = form.field_at(name)
    if field is None or not field.options:
        return posted
    return next((option.label for option in field.options if option.token == posted), posted)


def _label(field: Component, language: str) -> str:
    return field.text("label", language).text(Scope())
