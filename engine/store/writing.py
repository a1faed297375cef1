"""One row of a table, written on the driver's connection: what SQLAlchemy builds costs more than the row.

Values travel as in `engine.store.sql`; a column without a value gets the default of its table.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Connection, Table

from engine.store.database import dialect_of
from engine.store.pipelining import settle
from engine.store.sql import execute, insert_rows, quoted
from engine.store.texts import json_text


def insert_row(connection: Connection, table: Table, /, **values: object) -> None:
    """Insert one row. The columns' names come from code only."""
    missing = {name: make() for name, make in _defaults(table) if name not in values}
    insert_rows(connection, table.name, [_stored(table, {**values, **missing})])


def change_row(connection: Connection, table: Table, row_id: str, /, **values: object) -> int:
    """Change columns of the row with this id; how many there were. The names come from code only."""
    mark = "?" if dialect_of(connection) == "sqlite" else "%s"
    changes = ", ".join(f"{quoted(name)} = {mark}" for name in values)
    text = f"update {quoted(table.name)} set {changes} where id = {mark}"  # noqa: S608
    cursor = execute(connection, text, [*_stored(table, values).values(), row_id])
    settle(cursor.connection)
    return int(cursor.rowcount)


def _stored(table: Table, values: Mapping[str, object]) -> dict[str, object]:
    """JSON as text, whatever it is: a lone text too."""
    packed = _packed(table)
    return {
        name: json_text(value) if name in packed and value is not None else value
        for name, value in values.items()
    }


@cache
def _packed(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if isinstance(column.type, JSON))


@cache
def _defaults(table: Table) -> tuple[tuple[str, Callable[[], object]], ...]:
    """What stands in a column when nobody says."""
    given = [column for column in table.columns if column.default is not None]
    return tuple((column.name, _maker(column.default)) for column in given)


def _maker(default: Any) -> Callable[[], object]:
    if default.is_callable:  # SQLAlchemy gives every such function a context, which none of ours asks for
        return lambda: default.arg(None)
    return lambda: cast(object, default.arg)
