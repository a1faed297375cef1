"""Asking once what many need: the names and the holders of posts of a handful of units.

Children of one call begin one after another in one transaction, each about a unit of its own. Whoever makes
them says which units these will be; the first question about one of them is then asked about all, and the
others wait for no answer of the database. About other units everything is asked as ever.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection

from engine.people.queries import QUERIES
from engine.people.refusals import PeopleRefused
from engine.store import Row
from engine.store.texts import json_text

_OPEN: dict[int, "Together"] = {}
"""The handfuls of now, by connection (its `id`)."""


class Together:
    """What is known of a handful of units, in one transaction."""

    def __init__(self, connection: Connection, units: Collection[str]) -> None:
        self._connection = connection
        self.units = frozenset(units)
        self._names: dict[str, str] | None = None
        self._holders: dict[tuple[str, date, str | None], dict[str, list[Row]]] = {}

    def name(self, unit_id: str) -> str | None:
        """A unit's name; None when there is no such unit."""
        if self._names is None:
            rows = QUERIES.rows(self._connection, "unit_names", units=self._given())
            self._names = {row["id"]: row["name"] for row in rows}
        return self._names.get(unit_id)

    def holders(self, unit_id: str, post_key: str, *, on: date, cycle_id: str | None) -> list[Row]:
        """Who holds a post at a unit, as the statement `holders` says it."""
        key = (post_key, on, cycle_id)
        if key not in self._holders:
            found = self._holders[key] = {}
            given = {"post_key": post_key, "on_day": on, "cycle_id": cycle_id}
            for row in QUERIES.rows(self._connection, "holders_at", units=self._given(), **given):
                found.setdefault(row["unit_id"], []).append(row)
        return self._holders[key].get(unit_id, [])

    def _given(self) -> str:
        return json_text(sorted(self.units))


@contextmanager
def asked_together(connection: Connection, units: Collection[str]) -> Iterator[None]:
    """In the block, what is asked about one of `units` is asked about all of them at once."""
    if not units:
        yield
        return
    _OPEN[id(connection)] = Together(connection, units)
    try:
        yield
    finally:
        del _OPEN[id(connection)]


def handful(connection: Connection, unit_id: str) -> Together | None:
    """The handful to which a unit belongs just now."""
    found = _OPEN.get(id(connection))
    return found if found is not None and unit_id in found.units else None


def unit_name(connection: Connection, unit_id: str) -> str:
    """The name of the unit with this id. Raises PeopleRefused when there is none."""
    together = handful(connection, unit_id)
    if together is not None:
        name = together.name(unit_id)
    else:
        row = QUERIES.row(connection, "unit_name", id=unit_id)
        name = str(row["name"]) if row else None
    if name is None:
        raise PeopleRefused("unit_missing", "没有这个单位。", unit_id=unit_id)
    return name
