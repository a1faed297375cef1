"""Statements of SQLAlchemy that run often: compiled once for each home, then run on the driver's connection.

Building and compiling a `select` each time costs ten times what SQLite needs to run it. A prepared one is
written with `bindparam`s where its values go, and its rows come back by the columns' own types, as
SQLAlchemy would give them:

    BY_UNIT = Prepared(select(PLANS).where(PLANS.c.unit_id == bindparam("unit_id")))
    BY_UNIT.rows(connection, unit_id=unit.id)

A list goes where the statement says `column.in_(bindparam("ids", expanding=True))`; it must not be empty.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Select, Table, bindparam, select

from engine.store.reading import Row
from engine.store.sql import execute

Convert = Callable[[Any], Any] | None


_LIST = r"__\[POSTCOMPILE_(\w+)\]"
_PLACES = {"sqlite": re.compile(rf"\?|{_LIST}"), "postgresql": re.compile(rf"%\((\w+)\)s|{_LIST}")}
_MARKS = {"sqlite": "?", "postgresql": "%s"}


@dataclass
class _Plan:
    """The statement as one home's driver takes it: its text cut at the places of its values, by name.

    `lists` are the names of values that are lists, `fixed` what the statement itself says, such as a limit.
    """

    mark: str
    pieces: Sequence[str]
    order: Sequence[str]
    lists: frozenset[str]
    fixed: Mapping[str, object]
    text: str
    columns: Sequence[tuple[str, Any]]
    converts: Sequence[Convert] | None = None


class Prepared:
    """One `select` whose values are given when it runs."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def rows(self, connection: Connection, /, **values: object) -> list[Row]:
        """All rows, by column name."""
        dialect = connection.dialect
        plan = self._plans.get(dialect.name) or self._planned(dialect)
        text, given = _filled(plan, values)
        cursor = execute(connection, text, given)
        rows = cursor.fetchall()
        if plan.converts is None:
            plan.converts = _converts(plan.columns, dialect, cursor.description)
        columns = [(name, convert) for (name, _), convert in zip(plan.columns, plan.converts, strict=True)]
        return [
            {
                name: value if convert is None or value is None else convert(value)
                for (name, convert), value in zip(columns, row, strict=True)
            }
            for row in rows
        ]

    def row(self, connection: Connection, /, **values: object) -> Row | None:
        """The first row, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def _planned(self, dialect: Dialect) -> _Plan:
        compiled = self._statement.compile(dialect=dialect)
        order, lists, pieces = [], set(), []
        before, given = 0, iter(compiled.positiontup or ())
        for place in _PLACES[dialect.name].finditer(compiled.string):
            name = next(given, None) or place.group(1) or place.group(2)
            order.append(name)
            if "POSTCOMPILE" in place.group():
                lists.add(name)
            pieces.append(compiled.string[before : place.start()])
            before = place.end()
        pieces.append(compiled.string[before:])
        mark = _MARKS[dialect.name]
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        columns = [(str(column.key), column.type) for column in self._statement.selected_columns]
        plan = _Plan(mark, pieces, order, frozenset(lists), fixed, mark.join(pieces), columns)
        return self._plans.setdefault(dialect.name, plan)


@cache
def rows_by(table: Table, *names: str) -> Prepared:
    """The rows of `table` whose columns `names` equal the values given, each under its name."""
    return Prepared(select(table).where(*(table.c[name] == bindparam(name) for name in names)))


def _filled(plan: _Plan, values: Mapping[str, object]) -> tuple[str, list[object]]:
    """The text with a mark for each value, and the values in the order of the marks."""
    fixed = plan.fixed
    if not plan.lists:
        return plan.text, [values[name] if name in values else fixed[name] for name in plan.order]
    given: list[object] = []
    text = [plan.pieces[0]]
    for name, piece in zip(plan.order, plan.pieces[1:], strict=True):
        if name in plan.lists:
            many = cast(Sequence[object], values[name])
            text.append(", ".join([plan.mark] * len(many)))
            given.extend(many)
        else:
            text.append(plan.mark)
            given.append(values[name] if name in values else fixed[name])
        text.append(piece)
    return "".join(text), given


def _converts(
    columns: Sequence[tuple[str, Any]], dialect: Dialect, description: Sequence[Sequence[Any]]
) -> list[Convert]:
    """What makes of a driver's value the one that the column's type means; None where they are the same."""
    return [
        kind.dialect_impl(dialect).result_processor(dialect, told[1])
        for (_, kind), told in zip(columns, description, strict=True)
    ]
