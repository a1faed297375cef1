"""What the rules that match make together: the hit policies. Source: DMN 1.5, 8.2.10 and 8.2.11."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.dmn.model import Aggregation, HitPolicy
from engine.feel.builtins import BUILTINS
from engine.feel.compare import equal
from engine.feel.functions import BadCall
from engine.feel.scope import Run
from engine.feel.values import Value

Row = tuple[Value, ...]
"""One rule's results, one a column."""
Rank = Callable[[Row], tuple[int, ...]]
"""A row's place in the order of the output values."""


class Conflict(Exception):
    """The rules that match contradict the hit policy; the text says how."""


def rows_of(policy: HitPolicy, rows: list[Row], rank: Rank, run: Run) -> list[Row]:
    """The rows that count, in the order that counts. Raises Conflict."""
    match policy:
        case "UNIQUE":
            if len(rows) > 1:
                raise Conflict(f"有{len(rows)}条规则同时命中，只允许一条")
            return rows
        case "ANY":
            if any(equal(run, list(row), list(rows[0])) is not True for row in rows[1:]):
                raise Conflict("命中的规则结果不一致")
            return rows[:1]
        case "FIRST":
            return rows[:1]
        case "PRIORITY":
            return sorted(rows, key=rank)[:1]
        case "OUTPUT ORDER":
            return sorted(rows, key=rank)
    return rows


MANY = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
"""Policies that give a list."""


def aggregate(how: Aggregation, values: list[Value], run: Run) -> Value:
    """SUM, MIN, MAX or COUNT of a column. Raises Conflict when the values do not allow it."""
    if how == "COUNT":
        return Decimal(len(values))
    try:
        return BUILTINS[how.lower()].call(run, [values])
    except BadCall as error:
        raise Conflict(f"{how}：{error}") from error
