"""What stands in one cell of an imported line, and the refusal that names its column."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from engine.people.names import fold
from engine.people.refusals import PeopleRefused
from engine.people.sheets import SEPARATORS, Column
from engine.people.workbook import Line

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@contextmanager
def in_column(title: str) -> Iterator[None]:
    """Refusals inside belong to this column, unless they name one."""
    try:
        yield
    except PeopleRefused as refused:
        refused.fields.setdefault("column", title)
        raise


def wrong(column: str, message: str, *, hint: str = "") -> PeopleRefused:
    """The refusal of what stands in one column of a line."""
    return PeopleRefused("cell", message, hint=hint, column=column)


def need(line: Line, columns: tuple[Column, ...]) -> None:
    """Raises PeopleRefused when a required cell is blank."""
    for column in columns:
        if column.required and not line.cells.get(column.title):
            raise wrong(column.title, f"“{column.title}”不能为空。")


def only_once(seen: dict[str, int], line: Line) -> None:
    """Raises PeopleRefused when an earlier line has the same code."""
    code = line.cells["代码"]
    if code in seen:
        raise wrong("代码", f"代码 {code} 与第 {seen[code]} 行重复。")
    seen[code] = line.number


def key_of(text: str, names: Mapping[str, str], column: str) -> str:
    """The key whose key or Chinese name is written. Raises PeopleRefused."""
    for key, name in names.items():
        if fold(text) in (fold(key), fold(name)):
            return key
    raise wrong(column, f"不认识的{column}“{text}”。", hint=f"可以写：{'；'.join(names.values())}。")


def yes_or_no(text: str) -> bool:
    """是 or 否; blank is 否. Raises PeopleRefused."""
    if text not in ("", "是", "否"):
        raise wrong("参加考评", f"“{text}”既不是“是”也不是“否”。")
    return text == "是"


def several(text: str) -> list[str]:
    """The names in a cell that may hold several."""
    return [part.strip() for part in re.split(f"[{SEPARATORS}]", text) if part.strip()]


def day_of(text: str, column: str) -> date | None:
    """The day that a person or Excel wrote; None when blank."""
    if not text:
        return None
    written = _DAY.fullmatch(text)
    try:
        if written is None:
            raise ValueError(text)
        return date(*(int(part) for part in written.groups()))
    except ValueError as error:
        raise wrong(column, f"“{text}”不是日期。", hint="请写成 2018-01-01 的样子。") from error
