"""问责: a year's cases and flags for who sees all results, a unit's own case; the same for pages and REST."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.errors import Trouble
from api.office.cycles import ACCOUNTABILITY, FEEDBACK, may_run
from api.office.following import chosen_cycle, is_running, was_started
from api.office.sight import cycles_for
from engine.people.persons import Person
from engine.people.rights import Thing, may
from processes.accountability.flags import flags_of
from processes.accountability.showing import Case, cases_of, read_case
from processes.evaluation.grading.deciding import current_grades


@dataclass(frozen=True)
class Year:
    """A year's accountability. `may_start`: the grades are final and nobody has started it."""

    cycles: Sequence[Mapping[str, Any]]
    cycle: Mapping[str, Any]
    cases: Sequence[Mapping[str, Any]]
    flags: Sequence[Mapping[str, Any]]
    started: bool
    may_start: bool


def read_year(connection: Connection, person: Person, cycle_id: str = "") -> Year:
    """The cases and flags of a cycle, for who sees every unit's result. Raises Trouble(403, 404)."""
    cycles = cycles_for(connection, person, "see_scores")
    cycle = chosen_cycle(cycles, cycle_id)
    started = was_started(connection, cycle["id"], ACCOUNTABILITY)
    final = bool(current_grades(connection, cycle["id"])) and not is_running(
        connection, cycle["id"], FEEDBACK
    )
    return Year(
        cycles=cycles,
        cycle=cycle,
        cases=cases_of(connection, cycle["id"]),
        flags=flags_of(connection, cycle["id"]),
        started=started,
        may_start=final and not started and may_run(person, cycle),
    )


def case_to_see(connection: Connection, person: Person, case_id: str) -> tuple[Case, bool]:
    """A case, and whether the person sees all cases of its year; a unit's people see their own once told.

    Raises Trouble(404).
    """
    found = read_case(connection, case_id, whole=True)
    if found is None:
        raise Trouble(404, "not_found")
    row = found.row
    if may(person, "see_scores", Thing(assessor_id=row["assessor_id"], cycle_id=row["cycle_id"])):
        return found, True
    mine = Thing(unit_id=row["unit_id"], assessor_id=row["assessor_id"], cycle_id=row["cycle_id"])
    own = read_case(connection, case_id, whole=False)
    if own is None or not own.told or not may(person, "see_scores", mine):
        raise Trouble(404, "not_found")
    return own, False
