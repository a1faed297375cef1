"""Values as PostgreSQL reads them in a statement: their texts, and the types that they are of."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from psycopg.pq import Format

from engine.store.texts import UnstorableText, json_text

Spelled = tuple[list[bytes | None], tuple[int, ...], list[Format] | None]
"""Texts, types and formats, in the order of the values; no formats where all are texts."""

_UNKNOWN, _BOOLEAN, _BYTES, _LONG, _INTEGER, _FLOAT = 0, 16, 17, 20, 23, 701
_DATE, _INSTANT, _NUMERIC = 1082, 1184, 1700
_LARGEST = 2**31


def spelled(values: Sequence[object]) -> Spelled:
    """`values` for a statement. Raises UnstorableText; TypeError for what no column holds."""
    texts: list[bytes | None] = []
    types: list[int] = []
    binary = False
    for value in values:
        kind = type(value)
        if kind is str:
            texts.append(_text(value))  # type: ignore[arg-type]
            types.append(_UNKNOWN)
        elif value is None:
            texts.append(None)
            types.append(_UNKNOWN)
        else:
            number, spell = _SPELLINGS.get(kind) or _spelling_of(value)
            binary = binary or number == _BYTES
            texts.append(spell(value))
            types.append(_LONG if number == _INTEGER and not -_LARGEST <= value < _LARGEST else number)  # type: ignore[operator]
    formats = [Format.BINARY if number == _BYTES else Format.TEXT for number in types] if binary else None
    return texts, tuple(types), formats


def _text(value: str) -> bytes:
    try:
        data = value.encode()
    except UnicodeEncodeError:
        raise UnstorableText from None
    if b"\0" in data:
        raise UnstorableText
    return data


def _instant(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError("an instant must carry a zone")
    return value.isoformat().encode()


Spelling = tuple[int, Callable[..., bytes]]
_SPELLINGS: Mapping[type, Spelling] = {
    bool: (_BOOLEAN, lambda value: b"t" if value else b"f"),
    int: (_INTEGER, lambda value: b"%d" % value),
    float: (_FLOAT, lambda value: repr(value).encode()),
    Decimal: (_NUMERIC, lambda value: str(value).encode()),
    datetime: (_INSTANT, _instant),
    date: (_DATE, lambda value: value.isoformat().encode()),
    bytes: (_BYTES, bytes),
    dict: (_UNKNOWN, lambda value: json_text(value).encode()),
    list: (_UNKNOWN, lambda value: json_text(value).encode()),
    str: (_UNKNOWN, _text),
}


def _spelling_of(value: object) -> Spelling:
    """How a kind of one of the plain types is spelled: a text, a list of its own."""
    for kind, spelling in _SPELLINGS.items():
        if isinstance(value, kind):
            return spelling
    raise TypeError(f"no column holds a {type(value).__name__}")
