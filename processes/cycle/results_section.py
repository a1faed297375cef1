"""The sections `grading` and `feedback` of a profile: the days that each step of the year's end is given.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import COUNT, Place

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "grading": ("marksWorkingDays", "checkWorkingDays", "decisionWorkingDays"),
    "feedback": (
        "appealWorkingDays",
        "admitWorkingDays",
        "reviewWorkingDays",
        "answerWorkingDays",
        "noticeDays",
    ),
}


def results_faults(content: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the two sections: place and sentence."""
    for section, names in SECTIONS.items():
        given = content.get(section)
        if not isinstance(given, dict):
            yield (section,), f"缺少“{section}”，应写为名称和值"
            continue
        for name in given.keys() - set(names):
            yield (section, name), f"“{section}”里没有“{name}”"
        for name in names:
            if fault := _fault(given.get(name)):
                yield (section, name), f"“{name}”{fault}"


def _fault(entry: object) -> str:
    if not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
        return "应写为 value：值 和 label：名称"
    if not entry.get("source") and entry.get("assumption") is not True:
        return "没有出处：写上 source，或标明 assumption: true"
    return "" if COUNT.fits(entry["value"]) and entry["value"] > 0 else "应当是大于 0 的天数"
