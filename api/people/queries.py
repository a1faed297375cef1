"""What the pages of people list: named SQL, a fixed number of statements a page."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from engine.people.records import records
from engine.people.tables import Unit
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("people.sql"))


@dataclass(frozen=True)
class PersonLine:
    """A person in the list, with the posts held today."""

    id: str
    name: str
    login: str
    phone: str
    active: bool
    seats: tuple[str, ...]


def pattern_of(text: str) -> str:
    """`text` as a LIKE pattern that finds it anywhere; '' for no text. Its own wildcards mean themselves."""
    safe = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{safe}%" if safe else ""


def people_page(
    connection: Connection, *, search: str = "", after: str = "", on: date, limit: int = 50
) -> tuple[list[PersonLine], str]:
    """One page of people by pinyin, and the cursor of the next or ''. Two statements."""
    pinyin, _, last = after.rpartition("~")
    rows = QUERIES.rows(
        connection, "people", pattern=pattern_of(search), pinyin=pinyin, last=last, most=limit + 1
    )
    shown = rows[:limit]
    seats = seats_of(connection, [row["id"] for row in shown], on=on)
    lines = [
        PersonLine(
            id=row["id"],
            name=row["name"],
            login=row["login"],
            phone=row["phone"],
            active=bool(row["active"]),
            seats=tuple(f"{seat['unit']} · {seat['post']}" for seat in seats.get(row["id"], ())),
        )
        for row in shown
    ]
    return lines, f"{shown[-1]['pinyin']}~{shown[-1]['id']}" if len(rows) > limit else ""


def seats_of(connection: Connection, user_ids: list[str], *, on: date | None) -> dict[str, list[Row]]:
    """The posts of some people in words: those held on a day, or (None) all they ever held."""
    rows = QUERIES.rows(
        connection,
        "seats",
        users=orjson.dumps(user_ids).decode(),
        always=on is None,
        on_day=on or date.max,
    )
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["user_id"], []).append(row)
    return found


def units_page(
    connection: Connection, *, search: str = "", after: str = "", on: date, limit: int = 500
) -> tuple[list[Row], str]:
    """One page of units by code, found by name, short name, code or pinyin; the cursor of the next or ''."""
    code, _, last = after.rpartition("~")
    rows = QUERIES.rows(
        connection, "units", pattern=pattern_of(search), code=code, last=last, on_day=on, most=limit + 1
    )
    shown = rows[:limit]
    return shown, f"{shown[-1]['code']}~{shown[-1]['id']}" if len(rows) > limit else ""


def read_units(connection: Connection, unit_ids: list[str]) -> list[Unit]:
    """These units, in this order. One statement."""
    with records(connection) as session:
        found = {unit.id: unit for unit in session.scalars(select(Unit).where(col(Unit.id).in_(unit_ids)))}
        session.expunge_all()
    return [found[unit_id] for unit_id in unit_ids]


def choices(connection: Connection, which: str) -> list[tuple[str, str]]:
    """What a select offers, by the name of its query: `unit_choices`."""
    rows = QUERIES.rows(connection, which)
    return [(str(value), str(name)) for value, name in (tuple(row.values()) for row in rows)]
