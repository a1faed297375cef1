"""The section `decomposition` of a profile: the terms of 目标分解, and whether a unit may do without it.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

import re
from collections.abc import Iterator
from datetime import date

from processes.cycle.scoring_section import FLAG, Kind, Place
from processes.cycle.terms_section import OFTEN, term_faults

TEXT_NUMBER = Kind("不小于 0 的数字，加引号", lambda value: bool(re.fullmatch(r"\d+(\.\d+)?", str(value))))


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(f"2018-{value}")
    except ValueError:
        return False
    return True


DAY = Kind("月-日，例如 12-31", _is_day)
NAMES = {
    **dict.fromkeys(("breakDownDays", "assignDays", "confirmDays", "ruleDays"), OFTEN),
    "weightTotal": OFTEN,
    "weightTolerance": TEXT_NUMBER,
    "mayDecline": FLAG,
    "endsOn": DAY,
}


def decomposition_faults(section: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence."""
    yield from term_faults(section, NAMES, place=("decomposition",), title="目标分解")
