"""Who holds the posts at the unit that a step is about, asked before anybody knows which post is next.

PostgreSQL is waited for once less: the answer comes with that of the first questions of an act or a start.
Other units, other days and other cycles are asked about as ever; so is a unit with very many posts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.clock import Clock, today
from engine.people.queries import QUERIES
from engine.store import Row
from engine.store.pipelining import gathers
from engine.store.sql import Asked

MOST = 40
"""Rows that are asked for; where there are as many, the post is asked about by itself."""
_OPEN: dict[int, "Nearby"] = {}
"""What was asked in the transactions of now, by connection (its `id`)."""


@dataclass(frozen=True)
class Question:
    """Who holds any post at one unit on a day: asked, and not answered yet."""

    on: date
    asked: Asked


@dataclass(frozen=True)
class Nearby:
    """A question, once it is known about which unit and for which cycle it was."""

    unit_id: str | None
    cycle_id: str
    question: Question

    def holders(self, post_key: str) -> list[Row] | None:
        """Who holds a post, as the statement `holders` says it; None when that is not known."""
        rows = self.question.asked.rows()
        return None if len(rows) >= MOST else [row for row in rows if row["post_key"] == post_key]


def ask_at_item(connection: Connection, item_id: str, *, clock: Clock, zone: str) -> Question | None:
    """Ask about the unit that an item is about. None where an answer costs no wait of its own."""
    if not gathers(connection):
        return None
    on = today(clock, zone)
    return Question(on, QUERIES.ask(connection, "holders_at_item", item_id=item_id, on_day=on, most=MOST))


def ask_here(
    connection: Connection, unit_id: str, *, cycle_id: str, clock: Clock, zone: str
) -> Question | None:
    """Ask about a unit. None where an answer costs no wait of its own."""
    if not gathers(connection):
        return None
    on = today(clock, zone)
    given = {"unit_id": unit_id, "on_day": on, "cycle_id": cycle_id, "most": MOST}
    return Question(on, QUERIES.ask(connection, "holders_here", **given))


@contextmanager
def nearby(
    connection: Connection, question: Question | None, *, unit_id: str | None, cycle_id: str
) -> Iterator[None]:
    """In the block `known` answers from what was asked."""
    if question is None:
        yield
        return
    _OPEN[id(connection)] = Nearby(unit_id, cycle_id, question)
    try:
        yield
    finally:
        _OPEN.pop(id(connection), None)


def forget(connection: Connection) -> None:
    """Somebody was put on a post or taken off one in this transaction: what was asked before is old."""
    _OPEN.pop(id(connection), None)


def known(
    connection: Connection, unit_id: str, post_key: str, *, on: date, cycle_id: str | None
) -> list[Row] | None:
    """Who holds a post at a unit, where that was asked already; else None."""
    found = _OPEN.get(id(connection))
    if found is None or (found.unit_id, found.question.on, found.cycle_id) != (unit_id, on, cycle_id):
        return None
    return found.holders(post_key)
