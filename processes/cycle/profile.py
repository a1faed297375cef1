"""A city's scheme: read from YAML, checked when loaded, kept as a version.

Every fault is a sentence with file and line; a profile with a fault is not loaded at all.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from itertools import pairwise
from typing import Any, cast

import yaml

from processes.cycle.accountability_section import accountability_faults
from processes.cycle.adjusting_section import adjusting_faults
from processes.cycle.decomposition_section import decomposition_faults
from processes.cycle.evaluation_section import evaluation_faults
from processes.cycle.monitoring_section import monitoring_faults
from processes.cycle.rectification_section import rectification_faults
from processes.cycle.results_section import results_faults
from processes.cycle.scoring_section import scoring_faults
from processes.cycle.year_section import year_faults

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where the library for it is there; both are safe."""
Content = dict[str, Any]
Path = tuple[str | int, ...]

REQUIRED = (
    *("key", "title", "years", "bodies", "assignedTargets", "planning", "calendar", "posts", "scoring"),
    *("monitoring", "evaluation", "rectification", "accountability", "decomposition"),
)
PLANNING_DAYS = ("consultationWorkingDays", "remindWorkingDays", "reworkWorkingDays", "reviewWorkingDays")
PLANNING_DATES = ("plan_opens", "plan_report_due", "plan_review_due", "plan_issue_due")

SHARES = (("external", "externalMin", "外部评估"), ("survey", "surveyMin", "满意度调查"))
"""Parts of the composition that a profile may not make too small (D01; Source: 002, “1+3”文件)."""


@dataclass(frozen=True)
class ProfileFault:
    """One fault: where it stands and what is wrong."""

    file: str
    line: int
    message: str


class ProfileRefused(Exception):
    """The profile has faults and was not loaded."""

    def __init__(self, faults: list[ProfileFault]) -> None:
        first = faults[0]
        super().__init__(f"{first.file} 第 {first.line} 行：{first.message}")
        self.faults = faults


@dataclass(frozen=True)
class Profile:
    """A checked scheme. `content` is the file as plain values."""

    key: str
    title: str
    content: Content
    digest: str
    file: str
    lines: dict[Path, int] = field(default_factory=dict, repr=False)

    def days(self, name: str) -> int:
        """A number of working days of the planning stage, such as `consultationWorkingDays`."""
        return int(self.content["planning"][name]["value"])

    def body(self, name: str) -> str:
        """What this city calls `office`, `committee` or `government`."""
        return str(self.content["bodies"][name])

    def calendar_of(self, year: int) -> dict[str, dict[str, Any]]:
        """The year's dates by name: `{"on": "2018-03-09", "label", "labelEn", "assumption"}`."""
        return {
            name: {
                "on": _civil(year, entry).isoformat(),
                "label": entry["label"],
                "labelEn": entry.get("labelEn", ""),
                "assumption": bool(entry.get("assumption", False)),
            }
            for name, entry in self.content["calendar"].items()
        }


def bundled_profiles() -> list[str]:
    """The names of the profiles that ship with the product."""
    names = (entry.name for entry in files("processes.profiles").iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def load_profile(name: str) -> Profile:
    """The profile `name` that ships with the product.

    Raises: ProfileRefused.
    """
    file = f"{name}.yaml"
    return read_profile((files("processes.profiles") / file).read_bytes(), file=f"processes/profiles/{file}")


def read_profile(data: bytes, *, file: str) -> Profile:
    """Read and check a profile. Raises: ProfileRefused."""
    try:
        node = yaml.compose(data.decode("utf-8"), Loader=LOADER)
        content = yaml.load(data, Loader=LOADER)  # noqa: S506 (either of the two is safe)
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ProfileRefused([ProfileFault(file, line, f"不是有效的 YAML: {problem}")]) from problem
    if not isinstance(content, dict):
        raise ProfileRefused([ProfileFault(file, 1, "方案文件的最外层应为名称和值")])
    lines = dict(_lines(node, ()))
    faults = [
        ProfileFault(file, _line_of(lines, path), message)
        for path, message in _faults(cast(Content, content))
    ]
    if faults:
        raise ProfileRefused(faults)
    digest = hashlib.sha256(data).hexdigest()
    return Profile(str(content["key"]), str(content["title"]), content, digest, file, lines)


def _lines(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int]]:
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            for below, line in _lines(value, (*path, key.value)):
                if below != (*path, key.value):
                    yield below, line
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))


def _line_of(lines: dict[Path, int], path: Path) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _faults(content: Content) -> Iterator[tuple[Path, str]]:
    missing = [name for name in REQUIRED if name not in content]
    for name in missing:
        yield (), f"缺少“{name}”"
    if missing:
        return
    for name in PLANNING_DAYS:
        entry = content["planning"].get(name)
        if not isinstance(entry, dict) or not isinstance(entry.get("value"), int) or entry["value"] < 1:
            yield ("planning", name), f"“{name}”应写出 value，即大于 0 的工作日数"
    months = content["planning"].get("milestoneMonths")
    if not _are_months(months):
        yield ("planning", "milestoneMonths"), "“milestoneMonths”应写为从小到大的月份，例如 [6, 12]"
    yield from _calendar_faults(content["calendar"])
    yield from year_faults(content)
    yield from _weight_faults(content)
    yield from scoring_faults(content["scoring"])
    yield from results_faults(content)
    yield from monitoring_faults(content["monitoring"], content["posts"])
    yield from decomposition_faults(content["decomposition"])
    yield from adjusting_faults(content)
    yield from rectification_faults(content["rectification"])
    yield from accountability_faults(content["accountability"], content["posts"])
    yield from evaluation_faults(content["evaluation"], content.get("composition"))
    for key, post in content["posts"].items():
        if not isinstance(post, dict) or not post.get("name"):
            yield ("posts", key), f"岗位“{key}”没有名称"


def _are_months(given: object) -> bool:
    return (
        isinstance(given, list)
        and all(type(month) is int and 1 <= month <= 12 for month in given)
        and given == sorted(set(given))
    )


def _calendar_faults(calendar: Content) -> Iterator[tuple[Path, str]]:
    for name in PLANNING_DATES:
        if name not in calendar:
            yield ("calendar",), f"日历缺少“{name}”"
    dates = []
    for name, entry in calendar.items():
        try:
            day = _civil(2018, entry)
        except (KeyError, ValueError, TypeError, AttributeError):
            yield ("calendar", name), f"“{name}”应写出 date（月-日）和 label（名称）"
            continue
        if name in PLANNING_DATES:
            dates.append((day, name))
    for (earlier, first), (later, second) in pairwise(dates):
        if later < earlier:
            yield ("calendar", second), f"“{second}”早于“{first}”"


def _weight_faults(content: Content) -> Iterator[tuple[Path, str]]:
    parts = content.get("composition") or {}
    limits = content.get("limits") or {}
    weights: dict[str, Decimal] = {}
    for name, part in parts.items():
        try:
            weights[name] = Decimal(str(part["weight"]))
        except (KeyError, TypeError, InvalidOperation):
            yield ("composition", name), f"“{name}”的权重应为数字"
    if not parts or len(weights) < len(parts):
        return
    for name, weight in weights.items():
        if weight < 0:
            yield ("composition", name), f"“{name}”的权重不能小于 0"
    if abs(sum(weights.values(), start=Decimal(0)) - 100) > Decimal("0.001"):
        yield ("composition",), f"各部分权重合计为 {sum(weights.values())}，应为 100"
    for flag, limit, label in SHARES:
        least = Decimal(str(limits.get(limit, 0)))
        external = [weight for name, weight in weights.items() if parts[name].get(flag)]
        share = sum(external, start=Decimal(0))
        if share < least:
            yield ("limits", limit), f"{label}所占比例为 {share}%，不得低于 {least}%"


def _civil(year: int, entry: Content) -> date:
    month, day = str(entry["date"]).split("-")
    if not entry["label"]:
        raise ValueError("a date needs a label")
    return date(year + (1 if entry.get("nextYear") else 0), int(month), int(day))
