"""Functions on texts. Places count characters (code points), from 1 or from the end when negative."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from engine.feel.builtins.conversion import whole
from engine.feel.builtins.registry import builtin
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.values import Value


@builtin("substring", "string: string, start position: number, length: number?")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> Value:
    """`length` characters from a place; fractions of both are cut off."""
    place = whole(start.to_integral_value(ROUND_DOWN))
    if place == 0:
        raise BadCall("没有第0个字符")
    if abs(place) > len(text):
        raise BadCall(f"文本有{len(text)}个字符，没有第{place}个")
    first = place - 1 if place > 0 else len(text) + place
    if length is None:
        return text[first:]
    size = whole(length.to_integral_value(ROUND_DOWN))
    if size < 1:
        raise BadCall("length 至少为1")
    return text[first : first + size]


@builtin("string length", "string: string")
def string_length(run: Run, text: str) -> Value:
    """How many characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(run: Run, text: str) -> Value:
    """In capitals."""
    return run.text_of(text.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, text: str) -> Value:
    """In small letters."""
    return run.text_of(text.lower())


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> Value:
    """What stands before the first `match`; nothing when it does not occur."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> Value:
    """What stands after the first `match`; nothing when it does not occur."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> Value:
    """Whether `match` occurs."""
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> Value:
    """Whether it begins with `match`."""
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> Value:
    """Whether it ends with `match`."""
    return text.endswith(match)


@builtin("string join", "list: list, delimiter: string|null?")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    """The texts of a list with a delimiter between them; nulls are left out."""
    texts = [item for item in items if isinstance(item, str)]
    if any(item is not None and not isinstance(item, str) for item in items):
        raise BadCall("需要文本列表")
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    if size > run.limits.string_size:
        run.text_of(" " * (run.limits.string_size + 1))
    return (delimiter or "").join(texts)


@builtin("trim", "string: string")
def trim(run: Run, text: str) -> Value:
    """Without white space around it (an extension, as in Camunda 8)."""
    return text.strip()


@builtin("is blank", "string: string")
def is_blank(run: Run, text: str) -> Value:
    """Whether there is nothing but white space (an extension, as in Camunda 8)."""
    return not text.strip()
