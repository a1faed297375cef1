"""The section `scoring` of a profile: what the decisions of the assessment take from a city, and its check.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`: nothing is given that
neither a document states nor is marked as a default.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Kind:
    """What a value must be, in words and as a test."""

    said: str
    fits: Callable[[Any], bool]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: _is_number(value) and low <= value <= high


def _one_of(*words: str) -> Kind:
    return Kind("、".join(words) + " 之一", lambda value: value in words)


def _marks(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_number, value.values()))


NUMBER = Kind("数字", _is_number)
POSITIVE = Kind("大于 0 的数字", lambda value: _is_number(value) and value > 0)
NOT_NEGATIVE = Kind("不小于 0 的数字", lambda value: _is_number(value) and value >= 0)
PERCENT = Kind("0 至 100 的数字", _between(0, 100))
PART = Kind("0 至 1 的数字", _between(0, 1))
COUNT = Kind(
    "不小于 0 的整数", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0
)
TEXT = Kind("文字", lambda value: isinstance(value, str) and bool(value))
FLAG = Kind("true 或 false", lambda value: isinstance(value, bool))
TEXTS = Kind("一列文字", lambda value: isinstance(value, list) and all(map(TEXT.fits, value)) and bool(value))
LIST = Kind("一列文字，可以为空", lambda value: isinstance(value, list) and all(map(TEXT.fits, value)))
NAMES = Kind(
    "名称对名称",
    lambda value: isinstance(value, dict) and bool(value) and all(map(TEXT.fits, value.values())),
)
NUMBERS = Kind(
    "一列数字", lambda value: isinstance(value, list) and all(map(_is_number, value)) and bool(value)
)
FALLING = Kind(
    "从大到小的一至三个数字",
    lambda value: NUMBERS.fits(value) and len(value) <= 3 and sorted(value, reverse=True) == value,
)
MARKS = Kind("名称和数字", _marks)
WEIGHTS = Kind(
    "名称和权重，合计 100",
    lambda value: _marks(value) and sum(Decimal(str(one)) for one in value.values()) == 100,
)

REQUIRED: dict[str, dict[str, Kind]] = {
    "total": {
        "scale": POSITIVE,
        "decimals": Kind("0 至 10 的整数", lambda value: COUNT.fits(value) and value <= 10),
        "judged": _one_of("exact", "total"),
    },
    "grades": {"way": _one_of("zones", "quota"), "names": TEXTS, "lowest": TEXT},
    "targets": {"alpha": PART, "baseShare": PERCENT, "keyShare": PERCENT},
    "challenge": {
        "rankMax": COUNT,
        "rankGain": COUNT,
        "growthMin": NOT_NEGATIVE,
        "mode": _one_of("and", "or"),
    },
    "lights": {"yellow": NUMBER, "red": NUMBER, "lateRed": POSITIVE},
    "notices": {
        "windowDays": POSITIVE,
        "countMin": POSITIVE,
        "reportersMin": POSITIVE,
        "repeatsMin": POSITIVE,
        "failuresForTalk": POSITIVE,
    },
    "verification": {"high": TEXT, "site": TEXT, "papers": TEXT},
    "survey": {
        "levelMarks": NUMBERS,
        "satisfiedLevels": POSITIVE,
        "passRate": PERCENT,
        "average": _one_of("items", "pooled"),
    },
    "leaders": {"full": POSITIVE, "validMin": POSITIVE},
    "civil": {
        "rule": _one_of("year", "streak"),
        "best": TEXT,
        "worst": TEXT,
        "years": POSITIVE,
        "step": NOT_NEGATIVE,
        "base": PERCENT,
        "reading": _one_of("points", "relative"),
    },
    "opinions": {"highVolume": POSITIVE, "repeatedYears": POSITIVE},
    "innovation": {"onTop": FLAG, "points": MARKS, "trimFrom": POSITIVE, "max": NOT_NEGATIVE},
    "awards": {"names": TEXTS, "shares": NUMBERS},
    "sanctions": {
        "low": TEXTS,
        "worst": TEXT,
        "years": POSITIVE,
        "adjustYears": POSITIVE,
        "veto": LIST,
        "flags": LIST,
        "failures": POSITIVE,
        "bodies": NAMES,
    },
    "hotline": {
        "responded": PERCENT,
        "resolved": PERCENT,
        "satisfied": PERCENT,
        "excellent": PERCENT,
        "pass": PERCENT,
        "publishMin": COUNT,
    },
}
OPTIONAL: dict[str, dict[str, Kind]] = {
    "grades": {
        "zones": TEXTS,
        "areas": TEXTS,
        "cutoffs": FALLING,
        "share": NOT_NEGATIVE,
        "rounding": _one_of("ceiling", "floor", "fixed"),
        "scope": _one_of("all", "group"),
    },
    "challenge": {"overMin": NOT_NEGATIVE},
    "veto": {"effect": _one_of("bar", "lowest"), "seat": _one_of("next", "empty")},
    "marks": {"cap": NOT_NEGATIVE},
    "dimensions": {"department": WEIGHTS, "district": WEIGHTS},
}
"""What only some schemes have: zones or a quota, vetoes, plus and minus points, weighted dimensions."""
OF_QUOTA = ("share", "rounding", "scope")
OF_ZONES = ("zones", "areas", "cutoffs")


def scoring_faults(section: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence."""
    if not isinstance(section, dict):
        yield ("scoring",), "“scoring”应写为名称和值"
        return
    found = [*_missing(section), *_shape_faults(section)]
    yield from found
    if not found:
        yield from _agreement_faults(plain_values(section))


def _missing(section: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for group, kinds in REQUIRED.items():
        values = section.get(group)
        for name in kinds:
            if not isinstance(values, dict) or name not in values:
                yield ("scoring", group), f"计分的参数缺少“{group}.{name}”"


def _shape_faults(section: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for group, values in section.items():
        if group not in REQUIRED and group not in OPTIONAL:
            yield ("scoring", group), f"计分的参数里没有“{group}”一组"
        elif not isinstance(values, dict):
            yield ("scoring", group), f"“{group}”应写为名称和值"
        else:
            yield from _value_faults(group, values)


def _value_faults(group: str, values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    kinds = {**REQUIRED.get(group, {}), **OPTIONAL.get(group, {})}
    for name, entry in values.items():
        place: Place = ("scoring", group, name)
        if name not in kinds:
            yield place, f"计分的参数里没有“{group}.{name}”"
        elif not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
            yield place, f"“{group}.{name}”应写为 value：值 和 label：名称"
        elif not entry.get("source") and entry.get("assumption") is not True:
            yield place, f"“{group}.{name}”没有出处：写上 source，或标明 assumption: true"
        elif not kinds[name].fits(entry["value"]):
            yield place, f"“{group}.{name}”应当是{kinds[name].said}"


def _agreement_faults(values: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Place, str]]:
    """Values that fit one by one but not together."""
    grades = values["grades"]
    wanted = OF_ZONES if grades["way"] == "zones" else OF_QUOTA
    for name in wanted:
        if name not in grades:
            yield ("scoring", "grades"), f"定等办法为 {grades['way']} 的方案缺少“grades.{name}”"
            return
    if grades["way"] == "zones":
        zones = len(grades["cutoffs"]) + 1
        if any(len(grades[name]) != zones for name in ("names", "zones", "areas")):
            yield (
                ("scoring", "grades"),
                f"{zones - 1} 条界线分 {zones} 区，等次、颜色和区域名称都应有 {zones} 个",
            )
    elif len(grades["names"]) != 2:
        yield ("scoring", "grades", "names"), "按名额定等次的方案应有两个等次：进入名额的和其余的"
    if grades["way"] == "quota" and grades["rounding"] != "fixed" and grades["share"] > 100:
        yield ("scoring", "grades", "share"), "“grades.share”是百分比，不能超过 100"
    if values["lights"]["red"] > values["lights"]["yellow"]:
        yield ("scoring", "lights", "red"), "红灯的界线应低于黄灯的界线"
    if values["targets"]["baseShare"] + values["targets"]["keyShare"] != 100:
        yield ("scoring", "targets"), "基本目标和关键性挑战指标的分值合计应为 100"
    if len(values["awards"]["names"]) != len(values["awards"]["shares"]):
        yield ("scoring", "awards"), "每个奖项应有一个比例"


def plain_values(section: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The values alone: `{group: {name: value}}`."""
    return {
        group: {name: entry["value"] for name, entry in values.items()} for group, values in section.items()
    }
