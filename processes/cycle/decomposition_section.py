"""The section `decomposition` of a profile: the terms of 目标分解, and whether a unit may do without it.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

import re
from collections.abc import Iterator
from datetime import date

from processes.cycle.scoring_section import COUNT, Kind, Place

DAYS = Kind("大于 0 的整数", lambda value: COUNT.fits(value) and value > 0)
FLAG = Kind("true 或 false", lambda value: isinstance(value, bool))
TEXT_NUMBER = Kind("不小于 0 的数字，加引号", lambda value: bool(re.fullmatch(r"\d+(\.\d+)?", str(value))))


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(f"2018-{value}")
    except ValueError:
        return False
    return True


DAY = Kind("月-日，例如 12-31", _is_day)
NAMES = {
    **dict.fromkeys(("breakDownDays", "assignDays", "confirmDays", "ruleDays"), DAYS),
    "weightTotal": DAYS,
    "weightTolerance": TEXT_NUMBER,
    "mayDecline": FLAG,
    "endsOn": DAY,
}


def decomposition_faults(section: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence."""
    if not isinstance(section, dict):
        yield ("decomposition",), "“decomposition”应写为名称和值"
        return
    for name in (*NAMES, *(section.keys() - NAMES.keys())):
        place: Place = ("decomposition", name)
        entry = section.get(name)
        if name not in NAMES:
            yield place, f"目标分解的参数里没有“{name}”"
        elif name not in section:
            yield ("decomposition",), f"目标分解的参数缺少“{name}”"
        elif not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
            yield place, f"“{name}”应写为 value：值 和 label：名称"
        elif not entry.get("source") and entry.get("assumption") is not True:
            yield place, f"“{name}”没有出处：写上 source，或标明 assumption: true"
        elif not NAMES[name].fits(entry["value"]):
            yield place, f"“{name}”应当是{NAMES[name].said}"
