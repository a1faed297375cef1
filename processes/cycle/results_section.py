"""The sections `grading` and `feedback` of a profile: the days that each step of the year's end is given.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import COUNT, Kind, Place
from processes.cycle.terms_section import term_fault

GIVEN = Kind("大于 0 的天数", lambda value: COUNT.fits(value) and value > 0)

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
            if fault := term_fault(given.get(name), GIVEN):
                yield (section, name), f"“{name}”{fault}"
