"""Decompositions as they stand: the newest of each scope, its parts, and what was answered to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, func, insert, select

from engine.ids import new_id
from engine.store import insert_rows
from engine.store.prepared import Prepared
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.decomposition.records import Decomposition, DecompositionAnswer, DecompositionPart
from processes.planning.steps import unit_of
from processes.tables import table_of

SETS = table_of(Decomposition)
PARTS = table_of(DecompositionPart)
ANSWERS = table_of(DecompositionAnswer)

SETTLED = ("accepted", "own", "silent", "ruled")
"""Verdicts after which a part is somebody's responsibility."""


@dataclass(frozen=True)
class Part:
    """One part with the answer to it: `verdict` is '' while nobody has said anything."""

    id: str
    origin_id: str
    division_id: str | None
    user_id: str | None
    holder: str
    duty: str
    weight: Decimal
    due_on: date
    verdict: str = ""
    reason: str = ""

    def content(self) -> tuple[object, ...]:
        """What makes a part differ from another."""
        return self.division_id, self.user_id, self.duty, self.weight, self.due_on


@dataclass(frozen=True)
class Standing:
    """The newest decomposition of a scope with its parts in order."""

    row: Mapping[str, Any]
    parts: Sequence[Part]

    @property
    def target_id(self) -> str:
        return str(self.row["target_id"])


@dataclass(frozen=True)
class NewPart:
    """A part as a form gave it; `origin_id` is that of the part it leaves as it was, or ''."""

    division_id: str | None
    user_id: str | None
    holder: str
    duty: str
    weight: Decimal
    due_on: date
    origin_id: str = ""

    def content(self) -> tuple[object, ...]:
        """What makes a part differ from another."""
        return self.division_id, self.user_id, self.duty, self.weight, self.due_on


@dataclass(frozen=True)
class Scope:
    """What is broken down: a target, or a share of one."""

    id: str
    target_id: str
    version_number: int


def run_of(step: StepContext) -> str:
    """The instance in which the unit breaks its targets down: the variable `run`, or the instance itself."""
    return str(step.variables.get("run") or step.instance_id)


def standing_of(connection: Connection, scope_ids: Collection[str]) -> dict[str, Standing]:
    """The newest decomposition of each of these scopes that has one, by scope id; three statements."""
    return _standing(connection, NEWEST_OF_SCOPES, scope_ids)


def standing_of_targets(connection: Connection, target_ids: Collection[str]) -> dict[str, Standing]:
    """The newest decompositions of targets and of all their shares, by scope id."""
    return _standing(connection, NEWEST_OF_TARGETS, target_ids)


def _newest(asked: "Column[Any]") -> Prepared:
    """The newest decomposition of each scope among those whose column `asked` is one of `ids`."""
    newest = (
        select(SETS.c.scope_id, func.max(SETS.c.number).label("number"))
        .where(asked.in_(bindparam("ids", expanding=True)))
        .group_by(SETS.c.scope_id)
        .subquery()
    )
    same = (newest.c.scope_id == SETS.c.scope_id) & (newest.c.number == SETS.c.number)
    return Prepared(select(SETS).join(newest, same))


NEWEST_OF_SCOPES = _newest(SETS.c.scope_id)
NEWEST_OF_TARGETS = _newest(SETS.c.target_id)


def _standing(connection: Connection, newest: Prepared, ids: Collection[str]) -> dict[str, Standing]:
    if not ids:
        return {}
    rows = newest.rows(connection, ids=list(ids))
    parts = _parts(connection, [row["id"] for row in rows])
    return {row["scope_id"]: Standing(row, parts.get(row["id"], [])) for row in rows}


def parts_with_answers() -> "Select[Any]":
    """Every part with the answer to it, as a statement to narrow down."""
    return select(PARTS, ANSWERS.c.verdict, ANSWERS.c.reason).join(
        ANSWERS, ANSWERS.c.origin_id == PARTS.c.origin_id, isouter=True
    )


def part_of(row: Mapping[str, Any]) -> Part:
    """A row of `parts_with_answers`."""
    named = ("id", "origin_id", "division_id", "user_id", "holder", "duty", "weight", "due_on")
    given = {name: row[name] for name in named}
    return Part(**given, verdict=row["verdict"] or "", reason=row["reason"] or "")


NEWEST_NUMBER = Prepared(
    select(func.max(SETS.c.number).label("number")).where(SETS.c.scope_id == bindparam("scope_id"))
)
PARTS_OF = Prepared(
    parts_with_answers()
    .where(PARTS.c.decomposition_id.in_(bindparam("set_ids", expanding=True)))
    .order_by(PARTS.c.decomposition_id, PARTS.c.position)
)


def _parts(connection: Connection, set_ids: Sequence[str]) -> dict[str, list[Part]]:
    if not set_ids:
        return {}
    found: dict[str, list[Part]] = {}
    for row in PARTS_OF.rows(connection, set_ids=set_ids):
        found.setdefault(row["decomposition_id"], []).append(part_of(row))
    return found


def add_set(
    step: StepContext, scope: Scope, parts: Sequence[NewPart], *, basis: str, reason: str = ""
) -> list[NewPart]:
    """Break a scope down anew; its parts, each with the origin it has now."""
    [newest] = NEWEST_NUMBER.rows(step.connection, scope_id=scope.id)
    set_id = new_id()
    insert_row(
        step.connection,
        SETS,
        id=set_id,
        cycle_id=step.cycle_id,
        unit_id=unit_of(step)["id"],
        target_id=scope.target_id,
        version_number=scope.version_number,
        scope_id=scope.id,
        number=(newest["number"] or 0) + 1,
        run_id=run_of(step),
        basis=basis,
        reason=reason,
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )
    rows = [_row(part, set_id, position) for position, part in enumerate(parts)]
    if rows:
        insert_rows(step.connection, PARTS.name, rows)
    return [replace(part, origin_id=row["origin_id"]) for part, row in zip(parts, rows, strict=True)]


def _row(part: NewPart, set_id: str, position: int) -> dict[str, Any]:
    made = new_id()
    return {
        "id": made,
        "decomposition_id": set_id,
        "origin_id": part.origin_id or made,
        "position": position,
        "division_id": part.division_id,
        "user_id": part.user_id,
        "holder": part.holder,
        "duty": part.duty,
        "weight": part.weight,
        "due_on": part.due_on,
    }


def answer(step: StepContext, said: Mapping[str, str], *, verdict: str) -> None:
    """Write down what was said to parts (`origin id` → reason); what has its answer already keeps it."""
    known = step.connection.execute(
        select(ANSWERS.c.origin_id).where(ANSWERS.c.origin_id.in_(list(said)))
    ).scalars()
    open_ones = set(said) - set(known)
    rows = [
        {
            "id": new_id(),
            "origin_id": origin_id,
            "verdict": verdict,
            "reason": reason,
            "by_person": step.person_id,
            "answered_at": step.at,
            "instance_id": step.instance_id,
        }
        for origin_id, reason in said.items()
        if origin_id in open_ones
    ]
    if rows:
        step.connection.execute(insert(ANSWERS), rows)
