"""汇总分项: the marks of every assessed unit from the score ledger, and what is still missing.

Of each component the newest score that nobody replaces counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select

from engine.feel import Value
from engine.people.tables import Unit as PeopleUnit
from engine.store.prepared import Prepared
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.inputs import MARKS, TARGET_FLAGS, Unit
from processes.evaluation.score_records import Score
from processes.tables import table_of

SCORES = table_of(Score)
UNITS = table_of(PeopleUnit)

TARGETS = "targets"
EXTRAS = {"plus": "加分", "minus": "减分", "veto": "一票否决", "innovation": "创新加分"}


@dataclass(frozen=True)
class Component:
    """A component of the profile: `best` is its full mark (None: points without an upper bound)."""

    key: str
    label: str
    best: Decimal | None
    required: bool
    kind: Literal["mark", "points", "flag"] = "mark"


@dataclass(frozen=True)
class Gap:
    """A mark that is missing or cannot be used; `why` is a sentence."""

    unit_id: str
    unit_name: str
    component: Component
    why: str


@dataclass(frozen=True)
class Board:
    """All assessed units of a cycle with what the ledger has of them.

    `units` are ready to be scored when `gaps` is empty; `scores` are the rows that count, by unit.
    """

    units: list[Unit]
    gaps: list[Gap]
    names: dict[str, str]
    scores: dict[str, list[Mapping[str, Any]]]


def components_of(content: Mapping[str, Any]) -> list[Component]:
    """What a profile composes a total of, the heaviest first; extras after the parts."""
    scoring = content["scoring"]
    full = Decimal(str(scoring["leaders"]["full"]["value"]))
    found = [
        Component(key, str(part["label"]), full if key == "leaders" else MARKS, required=True)
        for key, part in sorted(content["composition"].items(), key=_heaviest)
    ]
    if "marks" in scoring:
        found += [Component(key, EXTRAS[key], None, False, "points") for key in ("plus", "minus")]
    if "veto" in scoring:
        found.append(Component("veto", EXTRAS["veto"], None, False, "flag"))
    if scoring["innovation"]["onTop"]["value"]:
        found.append(Component("innovation", EXTRAS["innovation"], None, False, "points"))
    return found


def _heaviest(part: tuple[str, Mapping[str, Any]]) -> tuple[Decimal, str]:
    """An order of its own: PostgreSQL does not keep that of the file."""
    return -Decimal(str(part[1]["weight"])), part[0]


def assessed_units(connection: Connection, cycle_id: str) -> list[Mapping[str, Any]]:
    """The units that are graded in a cycle (id, name, code, unit_group), by code.

    Supporting bodies take part without being assessed; they are never graded.
    """
    cycle = cycle_of(connection, cycle_id)
    last = date(cycle["year"], 12, 31)
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code, UNITS.c.unit_group)
        .where(
            UNITS.c.assessor_id == cycle["assessor_id"],
            UNITS.c.id != cycle["assessor_id"],
            UNITS.c.assessed.is_(True),
            UNITS.c.valid_until_on.is_(None) | (UNITS.c.valid_until_on >= last),
            UNITS.c.valid_from_on.is_(None) | (UNITS.c.valid_from_on <= last),
        )
        .order_by(UNITS.c.code, UNITS.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


NEWER = SCORES.alias("newer")
OF_CYCLE = (
    select(SCORES)
    .where(
        SCORES.c.cycle_id == bindparam("cycle_id"),
        ~select(NEWER.c.id).where(NEWER.c.replaces_id == SCORES.c.id).exists(),
    )
    .order_by(SCORES.c.scored_at, SCORES.c.id)
)
COUNTING = Prepared(OF_CYCLE)
COUNTING_OF_UNIT = Prepared(OF_CYCLE.where(SCORES.c.unit_id == bindparam("unit_id")))


def counting_scores(
    connection: Connection, cycle_id: str, *, unit_id: str | None = None
) -> list[Mapping[str, Any]]:
    """The scores that nobody replaced, oldest first."""
    if unit_id is None:
        return [*COUNTING.rows(connection, cycle_id=cycle_id)]
    return [*COUNTING_OF_UNIT.rows(connection, cycle_id=cycle_id, unit_id=unit_id)]


def board_of(connection: Connection, cycle_id: str) -> Board:
    """The marks of all assessed units as they stand now."""
    components = components_of(scheme_of(connection, cycle_id))
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in counting_scores(connection, cycle_id):
        found[row["unit_id"]].append(row)
    units: list[Unit] = []
    gaps: list[Gap] = []
    names: dict[str, str] = {}
    for unit in assessed_units(connection, cycle_id):
        names[unit["id"]] = unit["name"]
        marks, targets, missing = _marks(components, found[unit["id"]])
        gaps += [Gap(unit["id"], unit["name"], component, why) for component, why in missing]
        units.append(Unit(unit["id"], unit["unit_group"], marks, targets))
    return Board(units, gaps, names, dict(found))


def _marks(
    components: list[Component], rows: list[Mapping[str, Any]]
) -> tuple[dict[str, Value], list[dict[str, Value]] | None, list[tuple[Component, str]]]:
    marks: dict[str, Value] = {}
    targets: list[dict[str, Value]] | None = None
    missing: list[tuple[Component, str]] = []
    for component in components:
        mine = [row for row in rows if row["component"] == component.key]
        whole = [row for row in mine if row["target_id"] is None]
        if component.kind == "flag":
            marks[component.key] = [str(row["basis"]) for row in whole if row["value"] > 0] or False
        elif component.kind == "points":
            marks[component.key] = sum((row["value"] for row in whole), start=Decimal(0))
        elif not whole and component.key == TARGETS and mine:
            targets = [_target(row["inputs_json"]) for row in mine]
        elif why := _unusable(component, whole):
            missing.append((component, why))
        else:
            marks[component.key] = whole[-1]["value"]
    return marks, targets, missing


def _unusable(component: Component, rows: list[Mapping[str, Any]]) -> str:
    if not rows:
        return "还没有得分"
    newest = rows[-1]
    if newest["of"] != component.best:
        return f"满分是 {newest['of']}，方案的满分是 {component.best}"
    if not 0 <= newest["value"] <= newest["of"]:
        return f"得分 {newest['value']} 不在 0 至 {component.best} 之间"
    return ""


def _target(inputs: Mapping[str, Any]) -> dict[str, Value]:
    """A target as D08 reads it, from the inputs that its score keeps."""
    target: dict[str, Value] = {
        name: Decimal(str(inputs[name])) for name in ("weight", "achievement", "measure")
    }
    return target | {name: bool(inputs.get(name, False)) for name in TARGET_FLAGS}
