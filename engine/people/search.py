"""Finding units and people by any part of a name, by pinyin or its initials, by code, login or phone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from engine.people.names import fold
from engine.people.queries import QUERIES

Kind = Literal["unit", "person"]
_LONGEST = 60


@dataclass(frozen=True)
class Found:
    """A unit (`detail`: the alias that fitted, else its code) or a person (`detail`: their units)."""

    kind: Kind
    id: str
    name: str
    detail: str


def find(
    connection: Connection,
    text: str,
    *,
    on: date,
    kinds: Collection[Kind] = ("unit", "person"),
    assessor_id: str | None = None,
    limit: int = 20,
) -> list[Found]:
    """Units and active people whose name, alias, pinyin, initials, code, login or phone contains `text`.

    `find(c, "sfzhggwyh", on=day)` finds 市发展和改革委员会. What begins with the text comes first. Blank text
    finds nothing. `assessor_id` keeps to one assessor's units and the people who hold a post there on `on`.
    """
    wanted = fold(text)[:_LONGEST]
    if not wanted:
        return []
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "part": f"%{escaped}%",
        "start": f"{escaped}%",
        "assessor_id": assessor_id or "",
        "on_day": on,
        "most": limit,
    }
    found: list[Found] = []
    if "unit" in kinds:
        found += _units(connection, values)
    if "person" in kinds:
        found += _people(connection, values)
    return found[:limit]


def _units(connection: Connection, values: dict[str, object]) -> list[Found]:
    rows = QUERIES.rows(connection, "find_units", **values)
    return [Found("unit", row["id"], row["name"], row["alias"] or row["code"]) for row in rows]


def _people(connection: Connection, values: dict[str, object]) -> list[Found]:
    rows = QUERIES.rows(connection, "find_people", **values)
    units: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        names[row["id"]] = row["name"]
        if row["unit_name"] and row["unit_name"] not in units.setdefault(row["id"], []):
            units[row["id"]].append(row["unit_name"])
    return [Found("person", id_, name, "、".join(units.get(id_, ()))) for id_, name in names.items()]
