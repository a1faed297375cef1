"""试算: what a result would be with one mark changed, by the sealed calculation's own decisions.

Nothing is written: the newest calculation is computed again with the other mark, and compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection

from engine.feel import Value
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.content import Content, answers_of, scheme_in, units_in
from processes.evaluation.grading.marks import TARGETS, Component, components_of
from processes.evaluation.grading.reading import snapshots_of
from processes.evaluation.grading.rules import rulebook_of, stored_versions
from processes.evaluation.grading.sealing import content_in
from processes.evaluation.grading.unfolding import shown
from processes.evaluation.rulebook import NoAnswer
from processes.evaluation.scoring import score

COMPARED = ("total", "rank", "zone", "grade")
YES, NO = "是", "否"


class NotTried(Exception):
    """The trial cannot be computed; the message is a sentence, `field` what it is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Difference:
    """A unit whose result would be another one; `before` and `after` hold total, rank, zone, grade."""

    unit_id: str
    name: str
    group: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """One mark changed: whose, which, from what to what; every unit whose result moves with it."""

    unit: str
    component: str
    before: str
    after: str
    moved: list[Difference]


@dataclass(frozen=True)
class Tried:
    """The calculation that is tried with another mark, and the components that can be changed in it."""

    content: Content
    components: list[Component]

    @property
    def units(self) -> list[tuple[str, str]]:
        """Ids and names of the units, by group and name."""
        names = self.content["names"]
        found = sorted((one["group"], names[one["unit"]], one["unit"]) for one in self.content["grades"])
        return [(unit, name) for _group, name, unit in found]


def to_try(connection: Connection, cycle_id: str) -> Tried | None:
    """A year's newest calculation; None before there is one."""
    newest = next(iter(snapshots_of(connection, cycle_id)), None)
    if newest is None:
        return None
    whole = components_of(scheme_of(connection, cycle_id))
    changeable = [one for one in whole if one.key != TARGETS]
    return Tried(content_in(connection, newest["id"]), changeable)


def try_mark(
    connection: Connection, tried: Tried | None, *, unit_id: str, component: str, value: str
) -> Trial:
    """What the result would be if a unit's component were `value`. Raises NotTried."""
    if tried is None:
        raise NotTried("还没有计算过：数据锁定并计算以后才能试算。")
    content, components = tried.content, tried.components
    names = content["names"]
    if unit_id not in {one["unit"] for one in content["grades"]}:
        raise NotTried("请选一个参加考评的单位。", field="unit")
    part = next((one for one in components if one.key == component), None)
    if part is None:
        raise NotTried("请选一个分项。", field="component")
    mark = _mark(part, value)
    units = {one.unit: one for one in units_in(content)}
    before = units[unit_id].marks.get(component)
    units[unit_id] = replace(units[unit_id], marks={**units[unit_id].marks, component: mark})
    versions = stored_versions(connection, [one["version_id"] for one in content["rules"]])
    try:
        scored = score(list(units.values()), scheme=scheme_in(content), rulebook=rulebook_of(versions))
    except NoAnswer as nothing:
        raise NotTried(f"按这个得分算不出结果：{nothing}", field="value") from None
    moved = _moved(content, answers_of(scored))
    moved.sort(key=lambda one: (one.unit_id != unit_id, one.group, one.after["rank"], one.name))
    return Trial(names[unit_id], part.label, _shown(before), _shown(mark), moved)


def _mark(part: Component, value: str) -> Value:
    if part.kind == "flag":
        if value not in (YES, NO):
            raise NotTried(f"“{part.label}”只能是“{YES}”或“{NO}”。", field="value")
        return value == YES
    try:
        mark = Decimal(value.strip())
    except InvalidOperation:
        raise NotTried("请填一个数。", field="value") from None
    if not mark.is_finite() or mark < 0 or (part.best is not None and mark > part.best):
        most = f"0 到 {part.best}" if part.best is not None else "0 或正数"
        raise NotTried(f"“{part.label}”应当是 {most}。", field="value")
    return mark


def _shown(value: Value) -> str:
    if value is None:
        return "没有"
    if isinstance(value, bool):
        return YES if value else NO
    return shown(value) if isinstance(value, Decimal) else str(value)


def _moved(content: Content, after: Content) -> list[Difference]:
    """Units whose total, rank, zone or grade differ between two calculations."""
    names = content["names"]
    now = {one["unit"]: one for one in content["answers"]["units"]}
    return [
        Difference(
            unit["unit"],
            names[unit["unit"]],
            unit["group"],
            before={name: now[unit["unit"]][name] for name in COMPARED},
            after={name: unit[name] for name in COMPARED},
        )
        for unit in after["units"]
        if any(now[unit["unit"]][name] != unit[name] for name in COMPARED)
    ]
