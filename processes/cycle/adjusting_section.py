"""The sections `adjustment` and `challenge` of a profile: days and rounds of changes of targets.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`. A scheme
without challenges (挑战指标) has no section `challenge`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import COUNT, Kind, Place
from processes.cycle.terms_section import OFTEN, term_fault

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "adjustment": ("askDays", "signDays", "reviewDays", "leadDays", "decisionDays"),
    "challenge": (
        *("declareDays", "signDays", "verifyDays", "supplementDays", "reviewDays", "decisionDays"),
        *("supplements", "rounds"),
    ),
}
FROM_ZERO = ("supplements",)
AT_LEAST_ONE = Kind("不小于 1 的整数", OFTEN.fits)


def adjusting_faults(content: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the two sections: place and sentence."""
    for section, names in SECTIONS.items():
        given = content.get(section)
        if section == "challenge" and given is None:
            continue
        if not isinstance(given, dict):
            yield (section,), f"缺少“{section}”，应写为名称和值"
            continue
        for name in given.keys() - set(names):
            yield (section, name), f"“{section}”里没有“{name}”"
        for name in names:
            if fault := term_fault(given.get(name), COUNT if name in FROM_ZERO else AT_LEAST_ONE):
                yield (section, name), f"“{name}”{fault}"
    if content.get("challenge") is not None and "challenge_due" not in content["calendar"]:
        yield ("calendar",), "有挑战指标的方案，日历应写出申报截止日“challenge_due”"
