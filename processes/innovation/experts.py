"""The year's experts as the office keeps them: who is on the post, what they know, whom they have ties to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from engine.people.memberships import holders
from engine.runtime.definitions.versions import Definitions, UnknownDefinition
from processes.innovation.reading import EXPERTS, SEATS, UNITS

ROUND = "innovation_round"
ASSIGN = "innovation.assign"
INPUT = "experts"
_POST = '= post(assessor, "'


@dataclass(frozen=True)
class Listed:
    """An expert with what the assignment goes by."""

    user_id: str
    name: str
    fields: tuple[str, ...]
    units: tuple[str, ...]
    projects: int
    """How many seats they have or had in the cycle."""


def expert_post(connection: Connection, definitions: Definitions) -> str | None:
    """The post from which the newest diagram of a round takes its experts; None when it names no one post."""
    try:
        newest = definitions.latest(connection, "process", ROUND)
    except UnknownDefinition:
        return None
    for element in definitions.process(connection, newest.id).drawn.elements.values():
        if element.task_type == ASSIGN:
            for mapping in element.inputs:
                if mapping.target == INPUT and mapping.source.startswith(_POST):
                    return mapping.source.removeprefix(_POST).removesuffix('")')
    return None


def listed_experts(
    connection: Connection, definitions: Definitions, cycle: Mapping[str, Any], *, today: date
) -> list[Listed]:
    """Everybody on the experts' post of the cycle's assessor, by name."""
    post = expert_post(connection, definitions)
    if post is None:
        return []
    held = holders(connection, str(cycle["assessor_id"]), post, on=today, cycle_id=str(cycle["id"]))
    ids = [one.user_id for one in held]
    rows = connection.execute(select(EXPERTS).where(EXPERTS.c.user_id.in_(ids))).mappings()
    known = {row["user_id"]: row for row in rows}
    names = {row.id: str(row.name) for row in connection.execute(select(UNITS.c.id, UNITS.c.name))}
    seats = list(connection.execute(select(SEATS.c.user_id).where(SEATS.c.cycle_id == cycle["id"])).scalars())
    return [
        Listed(
            user_id=one.user_id,
            name=one.name,
            fields=tuple(known[one.user_id]["fields"]) if one.user_id in known else (),
            units=tuple(names[unit] for unit in known[one.user_id]["units"]) if one.user_id in known else (),
            projects=seats.count(one.user_id),
        )
        for one in sorted(held, key=lambda one: one.name)
    ]
