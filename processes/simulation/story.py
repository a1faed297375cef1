"""What the report tells of a virtual year: lights by month, stages on a line, and the units with a story."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.clock import ZONE
from engine.store import Queries, Row
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.marks import components_of
from processes.simulation.city import Body, VirtualCity

QUERIES = Queries(Path(__file__).with_name("story.sql"))
COLOURS = ("绿", "黄", "红")


@dataclass(frozen=True)
class Stage:
    """A process of the year on the line of time."""

    name: str
    begun: date
    over: date | None
    count: int


@dataclass(frozen=True)
class Tale:
    """A unit with a story: who, what people say of it, and what happened, a sentence each."""

    name: str
    said: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """Everything that the report shows besides the results."""

    months: list[str]
    lights: dict[str, dict[str, Counter[str]]]
    """Unit's name → month → colours."""
    stages: list[Stage]
    tales: list[Tale]
    verbs: dict[str, int]
    issues: list[Row] = field(default_factory=list)


def story_of(connection: Connection, city: VirtualCity) -> Story:
    """Read the story of a year that is over."""
    lights: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    months = set()
    for row in _rows(connection, "lights", city):
        body = city.bodies.get(row["unit_id"])
        if body is not None:
            months.add(row["period"])
            lights[body.name][row["period"]][row["light"]] += row["how_many"]
    return Story(
        months=sorted(months),
        lights={name: dict(found) for name, found in lights.items()},
        stages=[_stage(row) for row in _rows(connection, "stages", city)],
        tales=_tales(connection, city),
        verbs={row["verb"]: row["how_many"] for row in _rows(connection, "verbs", city)},
        issues=_rows(connection, "issues", city),
    )


def _rows(connection: Connection, name: str, city: VirtualCity) -> list[Row]:
    return QUERIES.rows(connection, name, cycle_id=city.cycle_id)


def _stage(row: Row) -> Stage:
    zone = ZoneInfo(ZONE)
    over = row["over_at"].astimezone(zone).date() if row["over_at"] else None
    return Stage(
        row["name"] or row["process_key"], row["begun_at"].astimezone(zone).date(), over, row["how_many"]
    )


def _tales(connection: Connection, city: VirtualCity) -> list[Tale]:
    known = {name: _rows(connection, name, city) for name in _TOLD}
    labels = {one.key: one.label for one in components_of(scheme_of(connection, city.cycle_id))}
    special = [body for body in city.assessed if said_of(body, labels)]
    return [
        Tale(
            body.name,
            said_of(body, labels),
            tuple(
                sentence
                for name, tell in _TOLD.items()
                for sentence in tell([row for row in known[name] if row["unit_id"] == body.id], labels)
            ),
        )
        for body in sorted(special, key=_order)
    ]


def said_of(body: Body, components: Collection[str]) -> str:
    """A unit's story in a word; there is no tale of a veto where the profile has none."""
    spared = body.character.role == "vetoed" and "veto" not in components
    return "" if spared else body.character.said


def _order(body: Body) -> tuple[str, str]:
    return body.character.role, body.code


def _late(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    for row in rows:
        late = int(row["late"] or 0)
        yield f"本单位办理 {row['how_many']} 件待办，其中 {late} 件逾期。"


def _returned(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    for row in rows:
        yield f"材料被退回 {row['how_many']} 次。"


def _notified(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    for row in rows:
        yield f"收到改进通知 {row['how_many']} 份。"


def _cheated(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    for row in rows:
        yield f"自报的 {row['how_many']} 项数据经验证认定弄虚作假，作废。"


def _appealed(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    for row in rows:
        component = labels.get(row["component"], row["component"])
        told = f"对“{component}”申诉，认为应得 {_plain(row['claimed'])}："
        upheld = row["outcome"] == "upheld"
        yield told + (f"成立，更正为 {_plain(row['value'])}。" if upheld else "不成立，维持原分。")


def _graded(rows: list[Row], labels: Mapping[str, str]) -> Iterable[str]:
    said = [f"{_plain(row['total'])} 分、第 {row['rank']} 名、{row['grade']}" for row in rows]
    different = list(dict.fromkeys(said))
    if len(different) > 1:
        yield "；后来是 ".join(different[i] for i in (0, -1)).join(("先定为 ", "。"))
    elif different:
        yield f"{different[0]}。"


def _plain(value: Any) -> str:
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_TOLD = {
    "late_acts": _late,
    "returns": _returned,
    "notices": _notified,
    "frauds": _cheated,
    "appeals": _appealed,
    "grades": _graded,
}
