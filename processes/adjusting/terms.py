"""What a city's profile says of changes: days, rounds, until when."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from engine.work.bindings import Value
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.scheme import scheme_of as scoring_scheme

CLOSES = "challenge_due"
"""The calendar's name of the last day on which a challenge may be declared."""


def challenge_terms(connection: Connection, cycle_id: str) -> dict[str, Value] | None:
    """The section `challenge` as plain values; None in a city without challenges."""
    return _values(scheme_of(connection, cycle_id).get("challenge"))


def adjustment_terms(connection: Connection, cycle_id: str) -> dict[str, Value]:
    """The section `adjustment` as plain values."""
    return _values(scheme_of(connection, cycle_id)["adjustment"]) or {}


def challenge_closes(connection: Connection, cycle_id: str) -> date | None:
    """The last day for declaring a challenge, from the cycle's calendar."""
    entry = cycle_of(connection, cycle_id)["calendar"].get(CLOSES)
    return date.fromisoformat(entry["on"]) if entry else None


def challenge_scheme(connection: Connection, cycle_id: str) -> dict[str, Value]:
    """The scoring parameters that D02 asks for, as its input `scheme`."""
    return {"challenge": scoring_scheme(scheme_of(connection, cycle_id))["challenge"]}


def _values(section: Mapping[str, Any] | None) -> dict[str, Value] | None:
    if not section:
        return None
    return {name: Decimal(entry["value"]) for name, entry in section.items()}
