"""The divisions (处室) of the demonstration city. No seed names any: all are assumptions, and say so."""

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.people.divisions import add_division
from engine.people.tables import Unit
from processes.data.tables import rows_of

INVENTED = "演示假设"
"""Shown beside every division of the demonstration."""
ELSEWHERE = ("综合处",)
"""What a supporting body has that plans too."""


def add_divisions(connection: Connection, units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Add the divisions of these units; by unit id, in order."""
    named: dict[str, list[str]] = {}
    for row in rows_of("divisions"):
        named.setdefault(row["unit_code"], []).append(row["division_name"])
    return {
        unit.id: [
            add_division(connection, unit.id, name, note=INVENTED) for name in named.get(unit.code, ELSEWHERE)
        ]
        for unit in units
    }
