"""The section `evaluation` of a profile: who supplies which figures, by when; how targets are assessed.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from processes.cycle.scoring_section import COUNT, PART, PERCENT, TEXT, Kind, Place
from processes.cycle.terms_section import DAYS, term_faults

NAMES = Kind(
    "名称对名称", lambda value: isinstance(value, dict) and all(map(TEXT.fits, [*value, *value.values()]))
)
CODES = Kind("一列代码，可以为空", lambda value: isinstance(value, list) and all(map(TEXT.fits, value)))
WEIGHT = Kind("大于 0 的数字", lambda value: isinstance(value, (int, float)) and value > 0)

KINDS: Mapping[str, Mapping[str, Kind]] = {
    "collection": {
        "entryLead": DAYS,
        "checkWorkingDays": DAYS,
        "verifyWorkingDays": DAYS,
        "recogniseWorkingDays": DAYS,
        "suppliers": NAMES,
        "highRisk": CODES,
        "onSite": CODES,
    },
    "assessment": {
        "component": TEXT,
        "reportMin": COUNT,
        "reportWorkingDays": DAYS,
        "signWorkingDays": DAYS,
        "scoreWorkingDays": DAYS,
        "reviewWorkingDays": DAYS,
        "randomShare": PERCENT,
        "threshold": PART,
        "defaultWeight": WEIGHT,
    },
}


def evaluation_faults(section: object, parts: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence. `parts` is the profile's composition."""
    if not isinstance(section, dict):
        yield ("evaluation",), "“evaluation”应写为名称和值"
        return
    for group, kinds in KINDS.items():
        given = section.get(group)
        if not isinstance(given, dict):
            yield ("evaluation", group), f"“evaluation”缺少“{group}”"
            continue
        yield from term_faults(given, kinds, place=("evaluation", group), title=f"“{group}”")
    component = _value(section.get("assessment"), "component")
    if component is not None and isinstance(parts, dict) and component not in parts:
        place: Place = ("evaluation", "assessment", "component")
        yield place, f"目标考核计入的“{component}”不是方案的组成部分"


def _value(group: object, name: str) -> object:
    entry = group.get(name) if isinstance(group, dict) else None
    return entry.get("value") if isinstance(entry, dict) else None


def evaluation_values(content: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The plain values of `collection` or `assessment`, numbers exact."""
    found = {name: entry["value"] for name, entry in content["evaluation"][group].items()}
    return {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in found.items()}
