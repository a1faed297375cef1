"""The form in which the sections of a profile state their terms, and what is wrong with one that does not.

A term stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import COUNT, Kind, Place

DAYS = Kind("大于 0 的工作日数", lambda value: COUNT.fits(value) and value > 0)
OFTEN = Kind("大于 0 的整数", lambda value: COUNT.fits(value) and value > 0)


def term_faults(
    section: object, kinds: Mapping[str, Kind], *, place: Place, title: str
) -> Iterator[tuple[Place, str]]:
    """What is wrong with a section of terms: place and sentence. `title` is what the sentences call it."""
    if not isinstance(section, dict):
        yield place, f"“{place[-1]}”应写为名称和值"
        return
    for name in (*kinds, *(section.keys() - kinds.keys())):
        if name not in kinds:
            yield (*place, name), f"{title}的参数里没有“{name}”"
        elif name not in section:
            yield place, f"{title}的参数缺少“{name}”"
        elif fault := term_fault(section[name], kinds[name]):
            yield (*place, name), f"“{name}”{fault}"


def post_faults(
    section: object, names: tuple[str, ...], posts: Mapping[str, Any], *, place: Place
) -> Iterator[tuple[Place, str]]:
    """Terms that name a post which the profile does not have."""
    for name in names:
        entry = section.get(name) if isinstance(section, dict) else None
        value = entry.get("value") if isinstance(entry, dict) else None
        if isinstance(value, str) and value and value not in posts:
            yield (*place, name), f"“{name}”写的岗位“{value}”不在方案的岗位里"


def term_fault(entry: object, kind: Kind) -> str:
    """What is wrong with one term; empty when it is in order."""
    if not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
        return "应写为 value：值 和 label：名称"
    if not entry.get("source") and entry.get("assumption") is not True:
        return "没有出处：写上 source，或标明 assumption: true"
    return "" if kind.fits(entry["value"]) else f"应当是{kind.said}"
