"""From a form's components to one JSON Schema (2020-12), compiled once per form.

The schema sees only what must be checked: the examination leaves out hidden and read-only fields
and empty optional ones, and shows a required one that is empty as null. Bounds given as FEEL
depend on the data and are checked in `examine`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import jsonschema_rs

from forms.components import Component
from forms.values import LONGEST_TEXT, is_date, is_date_time, is_time

Schema = dict[str, object]

_FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "civil-date": is_date,
    "civil-time": is_time,
    "civil-date-time": is_date_time,
}
_DATE_FORMAT: Final = {"date": "civil-date", "time": "civil-time", "datetime": "civil-date-time"}
_SHAPES: Final = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$",
    "phone": r"^\+?[0-9][0-9 \-]{4,18}[0-9]$",
}
_ANYTHING: Final = ["string", "number", "boolean", "object", "array"]


def schema_of(component: Component) -> Schema:
    """The JSON Schema of a group, a list or the whole form."""
    schema = _object()
    for field in component.own_fields():
        _place(schema, field)
    return schema


def compile_schema(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """A validator whose patterns run in linear time.

    Raises jsonschema_rs.ValidationError or ValueError for a pattern that cannot (look-around,
    back-references) or is too large.
    """
    return jsonschema_rs.Draft202012Validator(
        schema,
        formats=dict(_FORMATS),
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(size_limit=1_000_000, dfa_size_limit=1_000_000),
    )


def _object() -> Schema:
    return {"type": "object", "properties": {}}


def _place(schema: Schema, field: Component) -> None:
    for name in field.local[:-1]:
        properties = schema["properties"]
        assert isinstance(properties, dict)
        schema = properties.setdefault(name, _object())
    properties = schema["properties"]
    assert isinstance(properties, dict)
    properties[field.local[-1]] = _of_field(field)


def _of_field(field: Component) -> Schema:
    match field.kind:
        case "textfield" | "textarea":
            return _text(field)
        case "number":
            return _number(field)
        case "datetime":
            return {"type": "string", "format": _DATE_FORMAT[field.subtype]}
        case "checkbox":
            return {"type": "boolean"}
        case "select" | "radio":
            return _one_of(field)
        case "checklist" | "taglist":
            return {"type": "array", "items": _one_of(field)}
        case "filepicker":
            files: Schema = {"type": "array", "items": {"type": "string"}}
            return files if field.multiple else {**files, "maxItems": 1}
        case "dynamiclist":
            rules = field.rules
            return {
                "type": "array",
                "items": schema_of(field),
                "minItems": rules.min_rows,
                "maxItems": rules.max_rows,
            }
        case _:
            return {}


def _text(field: Component) -> Schema:
    rules = field.rules
    schema: Schema = {"type": "string", "maxLength": LONGEST_TEXT}
    if isinstance(rules.min_length, Decimal):
        schema["minLength"] = int(rules.min_length)
    if isinstance(rules.max_length, Decimal):
        schema["maxLength"] = min(int(rules.max_length), LONGEST_TEXT)
    if rules.shape:
        schema["pattern"] = _SHAPES[rules.shape]
    elif rules.pattern:
        schema["pattern"] = rules.pattern
    return schema


def _number(field: Component) -> Schema:
    rules = field.rules
    schema: Schema = {"type": "number"}
    for keyword, bound in (("minimum", rules.min), ("maximum", rules.max)):
        if isinstance(bound, Decimal):
            schema[keyword] = bound
    if rules.decimals is not None:
        schema["multipleOf"] = Decimal(1).scaleb(-rules.decimals)
    return schema


def _one_of(field: Component) -> Schema:
    if field.options is None:
        return {"type": _ANYTHING}
    return {"enum": [option.value for option in field.options]}
