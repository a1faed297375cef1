"""Whom a notice or an item concerns: a person, or the holders of a post; and who stands in for them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from engine.runtime.notices.people import QUERIES
from engine.store import Row
from engine.store.texts import json_text


def place_of(row: Row, holder: str) -> str:
    """How a page knows that something is for it: a person, or a post at a unit."""
    return row[holder] or f"{row['unit_id']}#{row['post_key']}"


def receivers(
    connection: Connection, rows: Sequence[Row], *, holder: str, on: date
) -> dict[str, frozenset[str]]:
    """The people whom each row concerns, by its id; those kept apart from an item are not told of it.

    `holder` names the column of a person; without one a row is for `post_key` at `unit_id`.
    """
    posts = _on_posts(connection, {row["unit_id"] for row in rows if not row[holder] and row["unit_id"]}, on)
    apart: dict[str, set[str]] = {}
    for kept in QUERIES.rows(connection, "kept_apart", ids=json_text([_item(row) for row in rows])):
        apart.setdefault(kept["item_id"], set()).add(kept["person_id"])
    return {row["id"]: _of(row, row[holder], posts) - apart.get(_item(row), set()) for row in rows}


def with_stand_ins(
    connection: Connection, rows: Sequence[Row], told: dict[str, frozenset[str]], *, on: date
) -> dict[str, frozenset[str]]:
    """`told`, with those who do the work of these people meanwhile, for rows that are about open work."""
    people = sorted({person for row in rows for person in told[row["id"]]})
    rules: dict[str, list[Row]] = {}
    if people:
        given = {"ids": json_text(people), "on_day": on, "on_day2": on}
        for rule in QUERIES.rows(connection, "stand_ins", **given):
            rules.setdefault(rule["user_id"], []).append(rule)
    if not rules:
        return told
    more = {
        row["id"]: frozenset(
            rule["stand_in_id"]
            for person in told[row["id"]]
            for rule in rules.get(person, ())
            if _stands_in(rule, row)
        )
        for row in rows
    }
    return {key: people | more.get(key, frozenset()) for key, people in told.items()}


def _item(row: Row) -> str:
    return str(row.get("item_id") or row["id"])


def _on_posts(connection: Connection, units: Collection[str], on: date) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    if units:
        given = {"units": json_text(sorted(units)), "on_day": on, "on_day2": on}
        for row in QUERIES.rows(connection, "on_posts", **given):
            found.setdefault((row["unit_id"], row["post_key"]), []).append(row)
    return found


def _of(row: Row, person: str | None, posts: dict[tuple[str, str], list[Row]]) -> frozenset[str]:
    if person:
        return frozenset([person])
    held = posts.get((row["unit_id"], row["post_key"]), [])
    return frozenset(one["user_id"] for one in held if one["cycle_id"] in (None, row["cycle_id"]))


def _stands_in(rule: Row, row: Row) -> bool:
    if rule["processes_json"] and row.get("process_key") not in rule["processes_json"]:
        return False
    return not rule["posts_json"] or f"{row['unit_id']}#{row['post_key']}" in rule["posts_json"]
