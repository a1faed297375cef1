"""What changed between two versions of a target, in words: 6月节点：54 → 55 μg/m³."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from processes.planning.versions import exact_text

NOTHING = "未填"
WORDS = (
    ("title", "名称"),
    ("text", "目标内容"),
    ("weight", "权重"),
    ("division", "责任处室"),
    ("responsible", "具体责任人"),
    ("measures", "方法与措施"),
)
YEAR_END = 12

Version = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that a version says otherwise than the one before it."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}：{self.before} → {self.after}"


def differences(before: Version, after: Version) -> list[Difference]:
    """What `after` says otherwise: figures and milestones first, then words, weight and people."""
    found = _figures(before["figures"], after["figures"])
    for name, label in WORDS:
        old, new = _shown(before[name]), _shown(after[name])
        if old != new:
            found.append(Difference(label, old, new))
    return found


def told(versions: Sequence[Version]) -> list[list[Difference]]:
    """For each version, oldest first, what changed against the one before; nothing for the first."""
    if not versions:
        return []
    return [[], *(differences(before, after) for before, after in pairwise(versions))]


def _figures(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Difference]:
    old, new = ({figure["measure"]: figure for figure in figures} for figures in (before, after))
    several = len(old.keys() | new.keys()) > 1
    found = []
    for measure in [*old, *(measure for measure in new if measure not in old)]:
        one, other = old.get(measure, {}), new.get(measure, {})
        name = f"{other.get('name') or one.get('name')} · " if several else ""
        if one and other and one["name"] != other["name"]:
            found.append(Difference(f"{name}指标", one["name"], other["name"]))
        if figure_text(one) != figure_text(other):
            found.append(Difference(f"{name}年度目标", figure_text(one), figure_text(other)))
        found += _milestones(one, other, name=name)
    return found


def _milestones(before: Mapping[str, Any], after: Mapping[str, Any], *, name: str) -> list[Difference]:
    old, new = before.get("milestones", {}), after.get("milestones", {})
    unit = str(after.get("unit") or before.get("unit") or "")
    return [
        Difference(f"{name}{month_text(month)}", _with(old.get(month), unit), _with(new.get(month), unit))
        for month in sorted(old.keys() | new.keys(), key=int)
        if old.get(month) != new.get(month)
    ]


def month_text(month: str | int) -> str:
    """`6月节点`; the last month is 年末节点."""
    return "年末节点" if int(month) == YEAR_END else f"{month}月节点"


def figure_text(figure: Mapping[str, Any]) -> str:
    """A figure of a version in words: `≤49μg/m³`, or 未定."""
    if figure.get("value") is None:
        return "未定"
    sign = {"<=": "≤", "<": "<", ">": ">"}.get(figure["comparator"], "")
    return f"{sign}{figure['value']}{figure['unit']}"


def _with(value: str | None, unit: str) -> str:
    return f"{value}{unit}" if value is not None else NOTHING


def _shown(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    return value if isinstance(value, str) else exact_text(value) or NOTHING
