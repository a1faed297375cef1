"""What pages show of decompositions: a unit's tree, a person's duties, how far the units of a year are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.reading import CYCLES
from processes.decomposition.sets import PARTS, SETS, SETTLED, Part, Standing, standing_of_targets
from processes.planning.reading import TARGETS, TargetView, views
from processes.planning.steps import UNITS
from processes.planning.versions import newest_versions

VERDICTS = {
    "": "待确认",
    "accepted": "已确认",
    "own": "本人承担",
    "objected": "有异议",
    "silent": "逾期视为确认",
    "ruled": "主要负责人裁定",
}
"""The answer to a part, in words."""
STATES = {
    "open": "还没有分解",
    "changed": "目标有新版本，待重新分解",
    "declined": "不作分解",
    "asked": "确认中",
    "settled": "已落实到人",
}
"""How far a target is, in words."""


@dataclass(frozen=True)
class Branch:
    """A share with the duties made of it; for a unit without divisions a duty with none below."""

    part: Part
    duties: Sequence[Part] = ()

    @property
    def carriers(self) -> Sequence[Part]:
        """The persons' duties of this branch."""
        return [self.part] if self.part.user_id else self.duties


@dataclass(frozen=True)
class Tree:
    """One target with who carries what."""

    target: TargetView
    state: str
    version: int
    reason: str
    branches: Sequence[Branch]

    @property
    def state_text(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def duties(self) -> list[Part]:
        """All persons' duties under this target."""
        return [duty for branch in self.branches for duty in branch.carriers]


@dataclass(frozen=True)
class Duty:
    """What one person answers for: the duty, the target it is a part of, and through whom it came."""

    part: Part
    target: TargetView
    year: int
    cycle_id: str
    unit_id: str
    unit_name: str
    division: str
    current: bool
    """False when the target has a newer version that nobody has broken down yet."""

    @property
    def verdict_text(self) -> str:
        """The person's answer in words."""
        return VERDICTS[self.part.verdict]


def trees_of(
    connection: Connection, *, cycle_id: str, unit_id: str, division_id: str | None = None
) -> list[Tree]:
    """A unit's targets in force with who carries what; only a division's shares when one is named."""
    query = select(TARGETS).where(
        TARGETS.c.cycle_id == cycle_id, TARGETS.c.unit_id == unit_id, TARGETS.c.state == "issued"
    )
    trees = _trees(connection, views(connection, query))
    if division_id is None:
        return trees
    found = []
    for tree in trees:
        mine = [branch for branch in tree.branches if branch.part.division_id == division_id]
        if mine:
            found.append(Tree(tree.target, tree.state, tree.version, tree.reason, mine))
    return found


def duties_of(connection: Connection, user_id: str) -> list[Duty]:
    """What a person answers for now, the newest year first; an objection is listed until it is settled."""
    concerned = (
        select(SETS.c.target_id)
        .join(PARTS, PARTS.c.decomposition_id == SETS.c.id)
        .where(PARTS.c.user_id == user_id)
        .distinct()
    )
    targets = views(connection, select(TARGETS).where(TARGETS.c.id.in_(concerned)))
    around = _around(connection, targets)
    found = [
        Duty(part, tree.target, division=_division(branch),
             current=tree.state != "changed", **around[tree.target.id])
        for tree in _trees(connection, targets)
        for branch in tree.branches
        for part in branch.carriers
        if part.user_id == user_id
    ]  # fmt: skip
    return sorted(found, key=lambda duty: (-duty.year, duty.part.due_on, duty.target.label))


def _around(connection: Connection, targets: Sequence[TargetView]) -> dict[str, dict[str, Any]]:
    query = (
        select(TARGETS.c.id, CYCLES.c.year, TARGETS.c.cycle_id, TARGETS.c.unit_id, UNITS.c.name)
        .join(CYCLES, CYCLES.c.id == TARGETS.c.cycle_id)
        .join(UNITS, UNITS.c.id == TARGETS.c.unit_id)
        .where(TARGETS.c.id.in_([target.id for target in targets]))
    )
    return {
        row.id: {
            "year": int(row.year),
            "cycle_id": row.cycle_id,
            "unit_id": row.unit_id,
            "unit_name": row.name,
        }
        for row in connection.execute(query)
    }


def responsible_of(connection: Connection, *, cycle_id: str, unit_id: str) -> dict[str, str]:
    """Who answers for each of a unit's targets, by the target's label: `大气环境处 王志强、李晓峰`."""
    found = {}
    for tree in trees_of(connection, cycle_id=cycle_id, unit_id=unit_id):
        said = [
            " ".join(
                part for part in (_division(branch), "、".join(one.holder for one in branch.carriers)) if part
            )
            for branch in tree.branches
        ]
        if said:
            found[tree.target.label] = "；".join(said)
    return found


def _division(branch: Branch) -> str:
    return branch.part.holder if branch.part.division_id else ""


def progress_of(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """How far each unit with targets in force is, by code; a fixed number of statements."""
    query = select(TARGETS).where(TARGETS.c.cycle_id == cycle_id, TARGETS.c.state == "issued")
    by_unit: dict[str, list[Tree]] = {}
    for tree in _trees(connection, views(connection, query)):
        by_unit.setdefault(str(tree.target.row["unit_id"]), []).append(tree)
    units = connection.execute(
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .where(UNITS.c.id.in_(list(by_unit)))
        .order_by(UNITS.c.code)
    ).mappings()
    return [{**unit, **_counts(by_unit[unit["id"]])} for unit in units]


def _counts(trees: Sequence[Tree]) -> dict[str, Any]:
    duties = [duty for tree in trees for duty in tree.duties]
    parts = [branch.part for tree in trees for branch in tree.branches]
    said = [part.verdict for part in {part.origin_id: part for part in (*duties, *parts)}.values()]
    reasons = dict.fromkeys(tree.reason for tree in trees if tree.state == "declined")
    return {
        "targets": len(trees),
        "broken": sum(tree.state in ("asked", "settled") for tree in trees),
        "settled": sum(tree.state == "settled" for tree in trees),
        "declined": sum(tree.state == "declined" for tree in trees),
        "changed": sum(tree.state == "changed" for tree in trees),
        "people": len({duty.user_id for duty in duties}),
        "confirmed": sum(duty.verdict in SETTLED for duty in duties),
        "duties": len(duties),
        "objections": said.count("objected"),
        "reason": "；".join(reasons),
    }


def _trees(connection: Connection, targets: Sequence[TargetView]) -> list[Tree]:
    ids = [target.id for target in targets]
    standing, versions = standing_of_targets(connection, ids), newest_versions(connection, ids)
    return [_tree(target, standing, versions.get(target.id)) for target in targets]


def _tree(target: TargetView, standing: Mapping[str, Standing], version: Mapping[str, Any] | None) -> Tree:
    number = int(version["number"]) if version else 0
    now = standing.get(target.id)
    if now is None:
        return Tree(target, "open", number, "", ())
    branches = tuple(_branches(now, standing))
    return Tree(target, _state(now, branches, number), number, str(now.row["reason"]), branches)


def _branches(now: Standing, standing: Mapping[str, Standing]) -> Iterator[Branch]:
    for part in now.parts:
        below = standing.get(part.origin_id)
        yield Branch(part, below.parts if below else ())


def _state(now: Standing, branches: Sequence[Branch], number: int) -> str:
    if now.row["version_number"] < number:
        return "changed"
    if now.row["basis"] == "declined":
        return "declined"
    done = all(
        branch.carriers and all(duty.verdict in SETTLED for duty in branch.carriers) for branch in branches
    )
    return "settled" if done else "asked"
