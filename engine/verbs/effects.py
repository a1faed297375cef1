"""What a verb leads to, in rows and in sentences: read from what it has changed before it is undone.

Whose work is closed, who gets something or has it instead, which opinions no longer count, where the token
goes, whether the instance ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.step import Step
from engine.store import Queries, Row
from engine.work import history

QUERIES = Queries(Path(__file__).with_name("effects.sql"))


@dataclass(frozen=True)
class Work:
    """One task that a verb closes, opens or passes on: the step, and whose it is, as people read it."""

    item_id: str
    element_id: str
    step: str
    who: str
    assignee_id: str | None
    unit_id: str | None
    post_key: str | None
    instance_id: str = ""


@dataclass(frozen=True)
class Place:
    """Where a token stood or comes to stand."""

    element_id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Passed:
    """A task that goes from one to another."""

    before: Work
    after: Work


@dataclass(frozen=True)
class Superseded:
    """An opinion that no longer counts: whose, and at which step."""

    element_id: str
    step: str
    person: str


@dataclass(frozen=True)
class Effect:
    """What a verb leads to. `sentences` say the same in Chinese, one line each.

    `status` is the instance's when all is done; `children` are tasks of called instances that end with it.
    """

    verb: str
    name: str
    closed: tuple[Work, ...]
    opened: tuple[Work, ...]
    passed: tuple[Passed, ...]
    superseded: tuple[Superseded, ...]
    leaves: tuple[Place, ...]
    arrives: tuple[Place, ...]
    children: tuple[Work, ...]
    status: str
    sentences: tuple[str, ...]


@dataclass
class Looking:
    """The open work of an instance before a verb; afterwards, what has become of it."""

    connection: Connection
    row: InstanceRow
    version: ProcessVersion
    before: dict[str, Row]
    status: str

    @classmethod
    def at(cls, connection: Connection, row: InstanceRow, version: ProcessVersion) -> "Looking":
        """Look before the verb does anything."""
        return cls(connection, row, version, _open(connection, row.id), row.status)

    def effect(
        self, *, verb: str, name: str, mine: str = "", step: Step | None = None, told: tuple[str, ...] = ()
    ) -> Effect:
        """What has changed since; `mine` is the item that the verb was done with."""
        after = _open(self.connection, self.row.id)
        closed = tuple(self._work(row) for key, row in self.before.items() if key not in after)
        opened = tuple(self._work(row) for key, row in after.items() if key not in self.before)
        both = [
            Passed(self._work(self.before[key]), self._work(after[key]))
            for key in self.before
            if key in after
        ]
        passed = tuple(one for one in both if one.before != one.after)
        waits = step.execution.waits() if step else {}
        found = Effect(
            verb=verb,
            name=name,
            closed=closed,
            opened=opened,
            passed=passed,
            superseded=tuple(self._superseded(step)) if step else (),
            leaves=self._places(step.before, without=waits) if step else (),
            arrives=self._places(waits, without=step.before) if step else (),
            children=tuple(
                self._work(row)
                for row in QUERIES.rows(self.connection, "ending_below", instance_id=self.row.id)
            ),
            status=self.row.status,
            sentences=(),
        )
        said = (*_sentences(found, mine=mine, ended=self.status != self.row.status), *told)
        return Effect(**{**found.__dict__, "sentences": tuple(dict.fromkeys(said))})

    def _work(self, row: Row) -> Work:
        drawn = self.version.drawn.elements.get(row["element_id"])
        desk = " · ".join(part for part in (row["unit_name"], row["post_name"]) if part)
        return Work(
            item_id=row["item_id"],
            element_id=row["element_id"],
            step=(drawn.name if drawn else "") or row["element_id"],
            who=row["assignee_name"] or desk,
            assignee_id=row["assignee_id"],
            unit_id=row["unit_id"],
            post_key=row["post_key"],
            instance_id=row.get("instance_id") or self.row.id,
        )

    def _places(self, waits: dict[str, Wait], *, without: Iterable[str]) -> tuple[Place, ...]:
        places = [
            Place(wait.element, self.version.element(wait.element).name or wait.element, wait.kind)
            for key, wait in waits.items()
            if key not in without and wait.kind not in ("timer", "signal")
        ]
        return tuple(dict.fromkeys(places))

    def _superseded(self, step: Step) -> Iterable[Superseded]:
        for event in step.events:
            if event["verb"] != "supersede":
                continue
            earlier = QUERIES.row(self.connection, "event", id=event["supersedes_id"])
            drawn = self.version.drawn.elements.get(event["element_id"])
            name = (drawn.name if drawn else "") or event["element_id"]
            yield Superseded(event["element_id"], name, earlier["person_name"] if earlier else "")


def _open(connection: Connection, instance_id: str) -> dict[str, Row]:
    return {row["item_id"]: row for row in history.open_items(connection, instance_id)}


_ARRIVES = {"job": "系统自动办理“{name}”。", "children": "开始“{name}”。", "message": "等待“{name}”。"}


def _sentences(effect: Effect, *, mine: str, ended: bool) -> Iterable[str]:
    for work in effect.closed:
        if work.item_id == mine:
            yield f"您的“{work.step}”办完。"
        else:
            yield f"{work.who}的“{work.step}”由系统关闭。"
    for passed in effect.passed:
        yield f"“{passed.after.step}”由{passed.before.who}转到{passed.after.who}。"
    for work in effect.opened:
        yield f"“{work.step}”交{work.who}办理。"
    for place in effect.arrives:
        if place.kind in _ARRIVES:
            yield _ARRIVES[place.kind].format(name=place.name)
    if effect.children:
        who = "、".join(dict.fromkeys(work.who for work in effect.children))
        yield f"下级流程中 {len(effect.children)} 项未办完的任务一并结束（{who}）。"
    if effect.superseded:
        steps = "、".join(dict.fromkeys(f"{one.step}（{one.person}）" for one in effect.superseded))
        yield f"以下意见不再有效，仍留在办理过程中：{steps}。"
    if ended:
        yield _ENDS.get(effect.status, "")
    elif not (effect.arrives or effect.leaves or effect.closed or effect.opened or effect.passed):
        yield "流程留在原处。"


_ENDS = {
    "completed": "本流程办结。",
    "terminated": "本流程终止，不能再办理。",
    "voided": "本流程作废，不能再办理。",
    "withdrawn": "本流程撤销，不能再办理。",
    "suspended": "本流程挂起：任何人都不能办理，期限顺延。",
    "running": "本流程恢复办理。",
}
