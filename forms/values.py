"""The values of fields: from what was posted or stored to one exact form per kind.

| kind | value | empty |
|---|---|---|
| textfield, textarea | text, line ends LF | "" |
| number | Decimal (text with `serializeToString`) | None |
| datetime | text: `2018-05-20`, `09:30`, `2018-05-20T09:30` | None |
| select, radio | the option's value | None |
| checkbox | bool | False |
| checklist, taglist | list of option values | [] |
| filepicker | list of file ids | [] |

What cannot be read stays as it was typed, so that it can be shown again beside its sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from forms.components import SEVERAL, Component, Option
from forms.expressions import as_number
from forms.parts import token_of

LONGEST_TEXT: Final = 20_000
_MOST_CHOICES: Final = 1_000
_BIGGEST: Final = Decimal(10) ** 24
_SMALLEST_EXPONENT: Final = -24
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?")


def empty_value(component: Component) -> object:
    """What stands for "nothing entered"."""
    if component.kind in SEVERAL or component.kind == "dynamiclist":
        return []
    if component.kind == "checkbox":
        return False
    return "" if component.kind in ("textfield", "textarea") else None


def is_empty(component: Component, value: object) -> bool:
    """Whether nothing was entered; blanks alone are nothing."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is False or value == []


def clean_text(text: str) -> str:
    """Text as it may be stored: line ends LF, no control characters, no half characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def read_value(component: Component, raw: object, options: Sequence[Option] | None = None) -> object:
    """The value of a field from what was posted, stored or sent as JSON; never raises."""
    if component.kind in SEVERAL:
        items = list(raw) if isinstance(raw, list | tuple) else [] if raw in (None, "") else [raw]
        values = [_choice(item, options) for item in items[:_MOST_CHOICES] if item not in (None, "")]
        return _without_twins(values)
    if raw is not None and not isinstance(raw, bool | int | float | str | Decimal):
        return _choice(raw, options) if component.kind in ("select", "radio") else {}
    if component.kind == "checkbox":
        return raw in (True, "true", "on", "1")
    if component.kind in ("select", "radio"):
        return None if raw in (None, "") else _choice(raw, options)
    if component.kind == "number":
        return read_number(raw, as_string=component.as_string)
    if component.kind == "datetime":
        return clean_text(str(raw)).strip()[:40] or None if isinstance(raw, str) else raw
    return _text(component, raw)


def _text(component: Component, raw: object) -> object:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        return raw if isinstance(raw, bool) else plain_number(raw)
    text = clean_text(raw)
    return text if component.kind == "textarea" else " ".join(text.split("\n")).strip()


def read_number(raw: object, *, as_string: bool = False) -> object:
    """A number exactly as given: Decimal, or its text; full-width digits and thousands commas count."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", clean_text(raw)).strip().replace("−", "-")
        if not text:
            return None
        if len(text) > 60 or not _NUMBER.fullmatch(text):
            return clean_text(raw)[:200]
        number = as_number(text.replace(",", ""))
    else:
        number = as_number(raw)
    if number is None or not -_BIGGEST < number < _BIGGEST:
        return plain_number(raw)
    if not _SMALLEST_EXPONENT <= _exponent(number) <= 0:
        number = Decimal(format(number, "f")) if abs(_exponent(number)) < 60 else None
    if number is None or _exponent(number) < _SMALLEST_EXPONENT:
        return plain_number(raw)
    return format(number, "f") if as_string else number


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def plain_number(raw: object) -> str:
    """A number that is no usable value, as text to show again (never a page of digits)."""
    if isinstance(raw, str):
        return clean_text(raw)[:200]
    number = as_number(raw) if not isinstance(raw, int) or abs(raw) < 10**60 else None
    if number is None:
        return "?"
    return format(number, "f") if abs(_exponent(number)) < 60 else str(number)[:200]


def _choice(raw: object, options: Sequence[Option] | None) -> object:
    """The value of the chosen option; what matches none comes back as readable text."""
    try:
        token = clean_text(raw if isinstance(raw, str) else token_of(raw))
    except (RecursionError, ValueError):  # nested without end, or a number of thousands of digits
        token = ""
    for option in options or ():
        if option.token == token:
            return option.value
    return token[:LONGEST_TEXT]


def _without_twins(values: list[object]) -> list[object]:
    """Each value once, in the order of the first."""
    return list({token_of(value): value for value in reversed(values)}.values())[::-1]


def is_date(text: object) -> bool:
    """Whether the text is a day of the calendar, `2018-02-28`."""
    return isinstance(text, str) and len(text) == 10 and as_date(text) is not None


def as_date(text: str) -> date | None:
    """The day that a date or date-time text names."""
    if not _DATE.fullmatch(text[:10]):
        return None
    try:
        return date.fromisoformat(text[:10]) if len(text) == 10 or text[10] == "T" else None
    except ValueError:
        return None


def is_time(text: object) -> bool:
    """Whether the text is a time of day, `09:30`."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return False
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date_time(text: object) -> bool:
    """Whether the text is a day and a time, `2018-05-20T09:30` (an offset may follow)."""
    if not isinstance(text, str) or len(text) < 16 or text[10] != "T" or not is_date(text[:10]):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def rows_of(raw: object, *, most: int = 1_000) -> list[Mapping[str, object]]:
    """The rows of a list as given; what is no row is dropped."""
    if not isinstance(raw, list | tuple):
        return []
    return [row for row in raw[:most] if isinstance(row, Mapping)]
