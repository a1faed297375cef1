"""What monitoring takes from the cycle's profile."""

from typing import Any

from sqlalchemy import Connection

from engine.feel import Value
from processes.cycle.reading import scheme_of
from processes.evaluation.scheme import scheme_of as scoring_scheme


def setting(connection: Connection, cycle_id: str, name: str) -> Any:
    """One value of the section `monitoring`."""
    return scheme_of(connection, cycle_id)["monitoring"][name]["value"]


def settings(connection: Connection, cycle_id: str) -> dict[str, Any]:
    """The section's values by name."""
    return {name: entry["value"] for name, entry in scheme_of(connection, cycle_id)["monitoring"].items()}


def limits(connection: Connection, cycle_id: str, *groups: str) -> dict[str, Value]:
    """The groups of scoring parameters that D03 and D04 ask for, as their input `scheme`."""
    whole = scoring_scheme(scheme_of(connection, cycle_id))
    return {group: whole[group] for group in groups}
