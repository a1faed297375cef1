"""What diagrams may call besides the standard's functions: posts, the clock and working days."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection

from engine.clock import today
from engine.people import calendar
from engine.people.memberships import holders
from engine.people.posts import parse_reference
from engine.runtime.setup import Setup
from engine.runtime.time import feel_now, feel_today

Function = Callable[..., Any]


def functions_for(
    setup: Setup, connection: Connection, assessor_id: str | None, *, cycle_id: str
) -> dict[str, Function]:
    """The functions of one assessor's diagrams; without an assessor there are no working days."""
    found: dict[str, Function] = {}
    if assessor_id is not None:
        found |= calendar.functions(
            lambda: setup.calendars.of(connection, assessor_id), setup.clock, zone=setup.zone
        )
    found["post"] = post
    found["holders"] = partial(_holders, setup, connection, cycle_id)
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


def post(unit: Any, key: Any) -> str | None:
    """`post(unit, "liaison")`: the reference to a post at a unit (a context with `id`, or the id itself)."""
    unit_id = unit.get("id") if isinstance(unit, dict) else unit
    if not isinstance(unit_id, str) or not isinstance(key, str):
        return None
    return f"{unit_id}#{key}"
