"""Who may sit over a project: experts without ties to its units, fitting its field, with room for more.

What "enough" and "too many" mean stands in the profile; identifiers decide nothing but the order of equals.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.people.memberships import holders
from engine.people.posts import parse_reference
from engine.people.tables import Membership
from engine.work.bindings import StepContext
from processes.innovation.reading import EXPERTS, SEATS, UNITS, USERS, units_of_project
from processes.tables import table_of

MEMBERSHIPS = table_of(Membership)
BUSY = ("assigned", "released", "scored")


@dataclass(frozen=True)
class Expert:
    """Somebody on the experts' post: what they know, and the units to which they have ties."""

    id: str
    name: str
    login: str
    fields: frozenset[str] = frozenset()
    tied: frozenset[str] = frozenset()


@dataclass
class Panel:
    """The experts of a round and how many projects each of them has."""

    experts: Sequence[Expert]
    most: int
    load: Counter[str] = field(default_factory=Counter)

    def choices(
        self, project: Mapping[str, Any], units: Iterable[str], *, without: Iterable[str] = ()
    ) -> list[Expert]:
        """Who may sit over the project, the best first: knows the field, has least to do."""
        behind, gone = frozenset(units), frozenset(without)
        free = [
            one
            for one in self.experts
            if one.id not in gone and not one.tied & behind and self.load[one.id] < self.most
        ]
        return sorted(
            free, key=lambda one: (project["domain"] not in one.fields, self.load[one.id], one.login)
        )

    def seat(self, expert: Expert) -> None:
        """Count one more project for an expert."""
        self.load[expert.id] += 1


def panel_of(step: StepContext, *, most: int) -> Panel:
    """The experts on the post that the input `experts` names, with what they have in this round."""
    post = parse_reference(str(step.variables["experts"]))
    held = holders(step.connection, post.unit_id, post.post_key, on=step.today, cycle_id=step.cycle_id)
    ids = [one.user_id for one in held]
    known = {
        row.user_id: row for row in step.connection.execute(select(EXPERTS).where(EXPERTS.c.user_id.in_(ids)))
    }
    people = step.connection.execute(select(USERS.c.id, USERS.c.login).where(USERS.c.id.in_(ids)))
    logins = {row.id: str(row.login) for row in people}
    homes = _homes(step, ids, except_unit=post.unit_id)
    experts = [
        Expert(
            id=one.user_id,
            name=one.name,
            login=logins[one.user_id],
            fields=frozenset(known[one.user_id].fields if one.user_id in known else ()),
            tied=frozenset(known[one.user_id].units if one.user_id in known else ())
            | homes.get(one.user_id, frozenset()),
        )
        for one in held
    ]
    return Panel(experts, most, _load(step))


def barred(step: StepContext, project_id: str) -> set[str]:
    """Experts who had a seat over the project in this round, or declared a tie in an earlier one."""
    query = select(SEATS.c.user_id, SEATS.c.round, SEATS.c.state).where(
        SEATS.c.project_id == project_id, SEATS.c.user_id.is_not(None)
    )
    here = int(step.variables["round"])
    return {
        str(row.user_id)
        for row in step.connection.execute(query)
        if row.round == here or row.state == "conflict"
    }


def units_behind(step: StepContext, project: Mapping[str, Any]) -> set[str]:
    """The units behind a project, for the question who has ties."""
    return units_of_project(step.connection, project)


def _homes(step: StepContext, ids: Sequence[str], *, except_unit: str) -> dict[str, frozenset[str]]:
    """The units in which people sit or hold a post, and the units above them (处室)."""
    query = select(MEMBERSHIPS.c.user_id, MEMBERSHIPS.c.unit_id, MEMBERSHIPS.c.home_id).where(
        MEMBERSHIPS.c.user_id.in_(list(ids)),
        (MEMBERSHIPS.c.until_on.is_(None)) | (MEMBERSHIPS.c.until_on >= step.today),
    )
    found: dict[str, frozenset[str]] = {}
    for row in step.connection.execute(query):
        units = {row.unit_id, row.home_id} - {None, except_unit}
        found[row.user_id] = found.get(row.user_id, frozenset()) | units | _above(step, units)
    return found


def _above(step: StepContext, units: Iterable[str]) -> set[str]:
    query = select(UNITS.c.parent_id).where(UNITS.c.id.in_(list(units)), UNITS.c.parent_id.is_not(None))
    return {str(one) for one in step.connection.execute(query).scalars()}


def _load(step: StepContext) -> Counter[str]:
    query = select(SEATS.c.user_id).where(
        SEATS.c.cycle_id == step.cycle_id,
        SEATS.c.round == int(step.variables["round"]),
        SEATS.c.state.in_(BUSY),
        SEATS.c.user_id.is_not(None),
    )
    return Counter(str(one) for one in step.connection.execute(query).scalars())
