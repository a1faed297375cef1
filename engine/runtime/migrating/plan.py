"""What is to be moved where: two versions of a process, and which old element a new one stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.bpmn.migration.passage import Passage
from engine.runtime.definitions.versions import Definitions, ProcessVersion, UnknownDefinition
from engine.store import Row


class PlanRefused(ValueError):
    """Nothing can be moved like this: one sentence, and what to do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Plan:
    """From version `old` to version `new`; `mapping`: the new id of each old element that changes it."""

    old: ProcessVersion
    new: ProcessVersion
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def process_key(self) -> str:
        """The key of the process."""
        return self.new.version.key

    @property
    def passage(self) -> Passage:
        """The two versions as the room of diagrams sees them."""
        return Passage(self.old.process, self.new.process, self.mapping)

    @property
    def words(self) -> str:
        """What people read of it: `第 1 版 → 第 2 版`."""
        return f"第 {self.old.version.number} 版 → 第 {self.new.version.number} 版"

    def reversed(self) -> "Plan":
        """The way back."""
        return Plan(self.new, self.old, {new: old for old, new in self.mapping.items()})


def plan_of(
    connection: Connection,
    definitions: Definitions,
    key: str,
    *,
    old: int,
    new: int,
    mapping: Mapping[str, str],
) -> Plan:
    """The plan between two versions by number. Raises `UnknownDefinition`, `PlanRefused`."""
    rows = {row["number"]: row for row in definitions.versions(connection, "process", key)}
    if not rows:
        raise UnknownDefinition("process", key)
    if old == new:
        raise PlanRefused("迁移要在两个不同的版本之间。", hint="请选另一个目标版本。")
    given = {one: target for one, target in mapping.items() if one != target}
    plan = Plan(
        definitions.process(connection, _version_id(rows, old)),
        definitions.process(connection, _version_id(rows, new)),
        given,
    )
    _check_mapping(plan)
    return plan


def _version_id(rows: Mapping[int, Row], number: int) -> str:
    if number not in rows:
        known = "、".join(str(one) for one in sorted(rows))
        raise PlanRefused(f"没有第 {number} 版。", hint=f"已部署的版本：{known}。")
    return str(rows[number]["id"])


def _check_mapping(plan: Plan) -> None:
    for old_id, new_id in plan.mapping.items():
        old, new = plan.old.drawn.elements.get(old_id), plan.new.drawn.elements.get(new_id)
        if old is None:
            raise PlanRefused(f"映射里的“{old_id}”不是旧版里的元素。", hint="请写旧版图里的元素编号。")
        if new is None:
            raise PlanRefused(f"映射里的“{new_id}”不是新版里的元素。", hint="请写新版图里的元素编号。")
        if old.kind != new.kind:
            told = f"“{old.name or old_id}”（{old.kind}）不能对应“{new.name or new_id}”（{new.kind}）"
            raise PlanRefused(f"{told}：种类不同。", hint="只有同一种元素可以对应。")
