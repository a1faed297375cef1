"""What diagrams may call besides the standard's functions: posts, people, the clock and working days."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.clock import today
from engine.people import calendar
from engine.people.memberships import holders
from engine.people.posts import parse_reference
from engine.people.tree import ancestors
from engine.runtime.setup import Setup
from engine.runtime.time import feel_now, feel_today
from engine.store import Queries
from engine.work.apart import handlings

QUERIES = Queries(Path(__file__).with_name("functions.sql"))
Function = Callable[..., Any]


@dataclass(frozen=True)
class Begun:
    """Which instance asks: who began it, and what it is called by; nothing when it is only about to begin."""

    started_by: str | None = None
    root_id: str | None = None
    instance_id: str | None = None
    names_of: Callable[[str], list[str]] = lambda element: [element]


def functions_for(
    setup: Setup,
    connection: Connection,
    assessor_id: str | None,
    *,
    cycle_id: str,
    begun: Begun = Begun(),
) -> dict[str, Function]:
    """The functions of one assessor's diagrams; without an assessor there are no working days."""
    found: dict[str, Function] = {}
    if assessor_id is not None:
        found |= calendar.functions(
            lambda: setup.calendars.of(connection, assessor_id), setup.clock, zone=setup.zone
        )
    found["post"] = post
    found["holders"] = partial(_holders, setup, connection, cycle_id)
    found["upward"] = partial(_upward, setup, connection, cycle_id)
    found["initiator"] = partial(initiator, connection, begun)
    found["handlers"] = partial(_handlers, connection, begun)
    found["now"] = partial(feel_now, setup.clock, setup.zone)
    found["today"] = partial(feel_today, setup.clock, setup.zone)
    return found


def _holders(setup: Setup, connection: Connection, cycle_id: str, reference: Any) -> list[str] | None:
    """`holders(post(unit, "expert"))`: the ids of all who hold a post today, the primary holder first."""
    if not isinstance(reference, str) or "#" not in reference:
        return None
    at, day = parse_reference(reference), today(setup.clock, setup.zone)
    found = holders(connection, at.unit_id, at.post_key, on=day, cycle_id=cycle_id)
    return [holder.user_id for holder in found]


def _upward(setup: Setup, connection: Connection, cycle_id: str, unit: Any, key: Any) -> list[str] | None:
    """`upward(unit, "head")`: the post at the unit and at each unit above it, nearest first (逐级审批).

    Where nobody holds it today, or only somebody who holds it further down, that level is left out. Where
    nobody holds it at any level it is the unit's own post, which then goes the way of every vacant post.
    """
    nearest = post(unit, key)
    if nearest is None:
        return None
    at, day = parse_reference(nearest), today(setup.clock, setup.zone)
    found: list[str] = []
    known: set[str] = set()
    for unit_id in [at.unit_id, *ancestors(connection, at.unit_id)]:
        people = {one.user_id for one in holders(connection, unit_id, str(key), on=day, cycle_id=cycle_id)}
        if people - known:
            found.append(f"{unit_id}#{key}")
        known |= people
    return found or [nearest]


def initiator(connection: Connection, begun: Begun) -> str | None:
    """`initiator()`: who began the instance, or the one that called it; null when no person did."""
    if begun.started_by is not None or begun.root_id is None:
        return begun.started_by
    row = QUERIES.row(connection, "started_by", id=begun.root_id)
    return row["started_by"] if row else None


def _handlers(connection: Connection, begun: Begun, element: Any) -> list[str] | None:
    """`handlers("fill")`: who has done a step of this instance, as far as it still counts, in order."""
    if not isinstance(element, str):
        return None
    if begun.instance_id is None:
        return []
    rows = handlings(connection, begun.instance_id, begun.names_of(element))
    return list(dict.fromkeys(row["person_id"] for row in rows if row["person_id"]))


def post(unit: Any, key: Any) -> str | None:
    """`post(unit, "liaison")`: the reference to a post at a unit (a context with `id`, or the id itself)."""
    unit_id = unit.get("id") if isinstance(unit, dict) else unit
    if not isinstance(unit_id, str) or not isinstance(key, str):
        return None
    return f"{unit_id}#{key}"
