"""What a form asks to be broken down, and who can be chosen for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.people.divisions import divisions_of, people_of, staff_of
from engine.work.bindings import StepContext
from processes.cycle.reading import cycle_of, scheme_of
from processes.decomposition.sets import Part, Scope, Standing, run_of, standing_of
from processes.planning.reading import ISSUED_TARGETS, TargetView, with_measures
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text, newest_versions

WHOLE_DUTY = "完成全年目标"
"""What a form proposes as the duty of whoever carries the whole."""


@dataclass(frozen=True)
class Asked:
    """One thing to break down: what it asks for, how far it reaches, and how it stands."""

    scope: Scope
    target: TargetView
    label: str
    duty: str
    due_on: date
    """No part may be due later."""
    standing: Standing | None = None
    share: Part | None = None
    """The share, where it is a division's."""

    def row(self) -> dict[str, Any]:
        """How a form shows it above the parts."""
        return {
            "id": self.scope.id,
            "label": self.label,
            "requirement": self.target.shown(),
            "duty": self.duty,
            "weight": exact_text(self.share.weight) if self.share else "100",
            "due_on": self.due_on.isoformat(),
        }


@dataclass(frozen=True)
class Choice:
    """Who can carry a part: `kind` says whether these are divisions or persons."""

    kind: str
    names: Mapping[str, str]

    def options(self) -> list[dict[str, str]]:
        """The choice as a form offers it."""
        return [{"label": name, "value": key} for key, name in self.names.items()]


def setting(connection: Connection, cycle_id: str, name: str) -> Any:
    """One value of the profile's section `decomposition`."""
    return scheme_of(connection, cycle_id)["decomposition"][name]["value"]


def settings(connection: Connection, cycle_id: str) -> dict[str, Any]:
    """The section's values by name."""
    section = scheme_of(connection, cycle_id)["decomposition"]
    return {name: entry["value"] for name, entry in section.items()}


def last_day(connection: Connection, cycle_id: str) -> date:
    """The last day of a yearly target in this cycle; no part of it may be due later."""
    month, day = str(setting(connection, cycle_id, "endsOn")).split("-")
    return date(int(cycle_of(connection, cycle_id)["year"]), int(month), int(day))


def targets_in_force(
    connection: Connection, *, cycle_id: str, unit_id: str, target_ids: Sequence[str] | None = None
) -> list[TargetView]:
    """A unit's issued targets, or those of `target_ids` among them."""
    issued = ISSUED_TARGETS.rows(connection, cycle_id=cycle_id, unit_id=unit_id)
    asked = None if target_ids is None else frozenset(target_ids)
    return with_measures(connection, [row for row in issued if asked is None or row["id"] in asked])


def asked_targets(step: StepContext) -> list[Asked]:
    """The targets of this run that no later run has taken over."""
    targets = targets_in_force(
        step.connection,
        cycle_id=step.cycle_id,
        unit_id=unit_of(step)["id"],
        target_ids=step.variables.get("targetIds") or [],
    )
    ids = [target.id for target in targets]
    standing, versions = standing_of(step.connection, ids), newest_versions(step.connection, ids)
    until, run = last_day(step.connection, step.cycle_id), run_of(step)
    found = []
    for target in targets:
        now = standing.get(target.id)
        if now is not None and now.row["run_id"] != run:
            if now.row["run_id"] > run:  # identifiers grow with time: a later run has it
                continue
            now = None
        number = int(versions[target.id]["number"]) if target.id in versions else 0
        scope = Scope(target.id, target.id, number)
        found.append(Asked(scope, target, target.label, str(target.row["measures"]), until, now))
    return found


def asked_shares(step: StepContext, division_id: str) -> list[Asked]:
    """A division's shares in this run, with what has been made of each."""
    above = [one for one in asked_targets(step) if one.standing is not None]
    mine = [
        (one, part)
        for one in above
        for part in (one.standing.parts if one.standing else ())
        if part.division_id == division_id and part.verdict != "objected"
    ]
    below = standing_of(step.connection, [part.origin_id for _, part in mine])
    return [
        Asked(
            Scope(part.origin_id, one.scope.target_id, one.scope.version_number),
            one.target,
            one.label,
            part.duty,
            part.due_on,
            below.get(part.origin_id),
            part,
        )
        for one, part in mine
    ]


def divisions_for(step: StepContext) -> Choice:
    """The unit's divisions of the day."""
    found = divisions_of(step.connection, unit_of(step)["id"], on=step.today)
    return Choice("division", {division.id: division.short_name for division in found})


def persons_for(step: StepContext, holder_id: str) -> Choice:
    """The people of a division or unit on this day; of the whole unit where a division has nobody."""
    seated = staff_of(step.connection, [holder_id], on=step.today)[holder_id]
    found = {seat.user_id: seat.name for seat in seated}
    found |= people_of(step.connection, holder_id, on=step.today)
    if not found:
        found = dict(people_of(step.connection, unit_of(step)["id"], on=step.today))
    return Choice("person", found)


def proposed_division(asked: Asked, choice: Choice) -> str:
    """The division that answers for the target in planning, else the unit's first."""
    planned = asked.target.row["division_id"]
    return str(planned) if planned in choice.names else next(iter(choice.names), "")


def proposed_person(asked: Asked, choice: Choice) -> str:
    """The person in charge by name, or the only one there is; '' where somebody has to be chosen."""
    named = [key for key, name in choice.names.items() if name == asked.target.row["responsible"]]
    return named[0] if named else next(iter(choice.names)) if len(choice.names) == 1 else ""
