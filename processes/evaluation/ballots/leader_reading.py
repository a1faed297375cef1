"""What every part of the leaders' evaluation reads."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from engine.people.tables import Unit, UserAccount
from processes.cycle.records import Cycle, ProfileVersion
from processes.evaluation.ballots.leader_records import LeaderEvaluation, LeaderResult, LeaderScope
from processes.tables import table_of

EVALUATIONS = table_of(LeaderEvaluation)
SCOPES = table_of(LeaderScope)
RESULTS = table_of(LeaderResult)
UNITS = table_of(Unit)
PEOPLE = table_of(UserAccount)
CYCLES = table_of(Cycle)
PROFILES = table_of(ProfileVersion)
UNKNOWN = "unknown"
"""不了解: a ballot without a mark."""


def evaluation_of(connection: Connection, evaluation_id: str) -> Mapping[str, Any]:
    """The evaluation's row. Raises LookupError when there is none."""
    query = select(EVALUATIONS).where(EVALUATIONS.c.id == evaluation_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise LookupError(f"no evaluation {evaluation_id}")
    return dict(row)


def assessed_units(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """Every assessed unit of the cycle's assessor by code: {id, name}."""
    assessor = select(CYCLES.c.assessor_id).where(CYCLES.c.id == cycle_id).scalar_subquery()
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .where(UNITS.c.assessor_id == assessor, UNITS.c.assessed.is_(True))
        .order_by(UNITS.c.code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def units_before(connection: Connection, evaluation_id: str, person_id: str) -> list[dict[str, Any]]:
    """The units that a leader may score, by code: {id, name, alone}; `alone`: nobody else scores it."""
    eligible = eligible_per_unit(connection, evaluation_id)
    query = (
        select(UNITS.c.id, UNITS.c.name)
        .join(SCOPES, SCOPES.c.unit_id == UNITS.c.id)
        .where(SCOPES.c.evaluation_id == evaluation_id, SCOPES.c.person_id == person_id)
        .order_by(UNITS.c.code)
    )
    return [
        {"id": row.id, "name": row.name, "alone": eligible[row.id] == 1} for row in connection.execute(query)
    ]


def eligible_per_unit(connection: Connection, evaluation_id: str) -> dict[str, int]:
    """unit → how many leaders may score it."""
    found: dict[str, int] = {}
    query = select(SCOPES.c.unit_id).where(SCOPES.c.evaluation_id == evaluation_id)
    for unit_id in connection.execute(query).scalars():
        found[unit_id] = found.get(unit_id, 0) + 1
    return found


def leader_names(connection: Connection, person_ids: list[str]) -> dict[str, str]:
    """person → name, in the order given."""
    query = select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(person_ids))
    names = {row.id: row.name for row in connection.execute(query)}
    return {one: names[one] for one in person_ids if one in names}


def mark_evaluation(connection: Connection, evaluation_id: str, **values: Any) -> None:
    """Change columns of an evaluation."""
    connection.execute(update(EVALUATIONS).where(EVALUATIONS.c.id == evaluation_id).values(**values))
