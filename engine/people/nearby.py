"""Who holds the posts at the unit that a step is about, asked before anybody knows which post is next.

PostgreSQL is waited for once less: the answer comes with that of the first questions of an act or a start.
Other units, other days and other cycles are asked about as ever; so is a unit with very many posts.
"""

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


def ask_at_item(connection: Connection, item_id: str, *, clock: Clock, zone: str) -> Question | None:
    """Ask about the unit that an item is about. None where an answer costs no wait of its own."""
    if not gathers(connection):
        return None
    on = today(clock, zone)
    return Question(on, QUERIES.ask(connection, "holders_at_item", item_id=item_id, on_day=on, most=MOST))


def ask_at_instance(connection: Connection, instance_id: str, *, clock: Clock, zone: str) -> Question | None:
    """Ask about the unit that an instance is about. None where an answer costs no wait of its own."""
    if not gathers(connection):
        return None
    on = today(clock, zone)
    given = {"instance_id": instance_id, "on_day": on, "most": MOST}
    return Question(on, QUERIES.ask(connection, "holders_at_instance", **given))


def ask_here(
    connection: Connection, unit_id: str, *, cycle_id: str, clock: Clock, zone: str
) -> Question | None:
    """Ask about a unit. None where an answer costs no wait of its own."""
    if not gathers(connection):
        return None
    on = today(clock, zone)
    given = {"unit_id": unit_id, "on_day": on, "cycle_id": cycle_id, "most": MOST}
    return Question(on, QUERIES.ask(connection, "holders_here", **given))


class Nearby:
    """In a `with`, `known` answers from what was asked, now that it is known about which unit and cycle."""

    __slots__ = ("_connection", "_place", "question")

    def __init__(
        self, connection: Connection, question: Question | None, *, unit_id: str | None, cycle_id: str
    ) -> None:
        self.question = question
        self._connection = connection
        self._place = (unit_id, cycle_id)

    def __enter__(self) -> None:
        if self.question is not None:
            _OPEN[id(self._connection)] = self

    def __exit__(self, *_failed: object) -> None:
        if self.question is not None:
            _OPEN.pop(id(self._connection), None)

    def holders(self, unit_id: str, post_key: str, *, on: date, cycle_id: str | None) -> list[Row] | None:
        """Who holds a post, as the statement `holders` says it; None when that is not known."""
        if self.question is None or (unit_id, cycle_id) != self._place or self.question.on != on:
            return None
        rows = self.question.asked.rows()
        return None if len(rows) >= MOST else [row for row in rows if row["post_key"] == post_key]


def forget(connection: Connection) -> None:
    """Somebody was put on a post or taken off one in this transaction: what was asked before is old."""
    _OPEN.pop(id(connection), None)


def known(
    connection: Connection, unit_id: str, post_key: str, *, on: date, cycle_id: str | None
) -> list[Row] | None:
    """Who holds a post at a unit, where that was asked already; else None."""
    found = _OPEN.get(id(connection))
    return None if found is None else found.holders(unit_id, post_key, on=on, cycle_id=cycle_id)
