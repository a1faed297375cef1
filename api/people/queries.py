"""What the pages of people list: named SQL, a fixed number of statements a page."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
from sqlalchemy import Connection, select
from sqlmodel import col

from engine.people.administering import EVERYTHING, SEE_PEOPLE, SEE_UNITS, visible_any
from engine.people.persons import Person
from engine.people.records import records
from engine.people.tables import Unit
from engine.people.visible import ThingColumns
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("people.sql"))
_UNIT = ThingColumns(unit="u.id", assessor="u.assessor_id")
_HOME = ThingColumns(unit="h.id", assessor="h.assessor_id")


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
    connection: Connection,
    person: Person,
    *,
    search: str = "",
    after: str = "",
    on: date,
    limit: int = 50,
) -> tuple[list[PersonLine], str]:
    """One page of the people whom `person` sees, by pinyin, and the cursor of the next or ''.

    Two statements.
    """
    pinyin, _, last = after.rpartition("~")
    seen = visible_any(person, SEE_PEOPLE, _HOME)
    rows = QUERIES.rows_where(
        connection,
        "people",
        seen.text,
        **seen.values,
        everybody=seen.text == EVERYTHING,
        pattern=pattern_of(search),
        pinyin=pinyin,
        last=last,
        on_day=on,
        most=limit + 1,
    )
    shown = rows[:limit]
    seats = seats_of(connection, person, [row["id"] for row in shown], on=on)
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


def seats_of(
    connection: Connection, person: Person, user_ids: list[str], *, on: date | None
) -> dict[str, list[Row]]:
    """The posts of some people in words, at units that `person` sees: those held on a day, or (None) ever."""
    seen = visible_any(person, SEE_PEOPLE, _UNIT)
    rows = QUERIES.rows_where(
        connection,
        "seats",
        seen.text,
        **seen.values,
        users=orjson.dumps(user_ids).decode(),
        always=on is None,
        on_day=on or date.max,
    )
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["user_id"], []).append(row)
    return found


def units_page(
    connection: Connection,
    person: Person,
    *,
    search: str = "",
    after: str = "",
    on: date,
    limit: int = 500,
) -> tuple[list[Row], str]:
    """One page of the units that `person` sees, by code, found by name, short name, code or pinyin; the
    cursor of the next or ''."""
    code, _, last = after.rpartition("~")
    seen = visible_any(person, SEE_UNITS, _UNIT)
    rows = QUERIES.rows_where(
        connection,
        "units",
        seen.text,
        **seen.values,
        pattern=pattern_of(search),
        code=code,
        last=last,
        on_day=on,
        most=limit + 1,
    )
    shown = rows[:limit]
    return shown, f"{shown[-1]['code']}~{shown[-1]['id']}" if len(rows) > limit else ""


def read_units(connection: Connection, unit_ids: list[str]) -> list[Unit]:
    """These units, in this order. One statement."""
    with records(connection) as session:
        found = {unit.id: unit for unit in session.scalars(select(Unit).where(col(Unit.id).in_(unit_ids)))}
        session.expunge_all()
    return [found[unit_id] for unit_id in unit_ids]


def unit_choices(connection: Connection, person: Person, *acts: str) -> list[tuple[str, str]]:
    """The units that a select offers, id and name: those to which `person` may do one of `acts`."""
    seen = visible_any(person, acts, _UNIT)
    rows = QUERIES.rows_where(connection, "unit_choices", seen.text, **seen.values)
    return [(str(row["id"]), str(row["name"])) for row in rows]


def holders_by_post(connection: Connection, person: Person, *, on: date) -> dict[str, int]:
    """How many people hold each post on a day, at units that `person` sees."""
    seen = visible_any(person, SEE_PEOPLE, _UNIT)
    rows = QUERIES.rows_where(connection, "holders_by_post", seen.text, **seen.values, on_day=on)
    return {row["post_key"]: int(row["people"]) for row in rows}


def members_of(connection: Connection, person: Person, unit_id: str, *, on: date) -> list[Row]:
    """Who sits in a unit on a day, if `person` sees the unit."""
    seen = visible_any(person, SEE_UNITS, _UNIT)
    return QUERIES.rows_where(connection, "members", seen.text, **seen.values, unit_id=unit_id, on_day=on)
