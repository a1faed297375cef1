"""The section `rectification` of a profile: how long each step may take, how often it may come back.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator

from processes.cycle.scoring_section import COUNT, Kind, Place

OFTEN = Kind("大于 0 的整数", lambda value: COUNT.fits(value) and value > 0)
NAMES = (
    *("sortDays", "signDays", "planDays", "reviewDays", "surveyDays", "redoDays", "commentDays"),
    *("ratingDays", "complaintDays", "progressMonths", "rounds", "returns"),
)


def rectification_faults(section: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence."""
    if not isinstance(section, dict):
        yield ("rectification",), "“rectification”应写为名称和值"
        return
    for name in (*NAMES, *(section.keys() - set(NAMES))):
        place: Place = ("rectification", name)
        entry = section.get(name)
        if name not in NAMES:
            yield place, f"整改的参数里没有“{name}”"
        elif name not in section:
            yield ("rectification",), f"整改的参数缺少“{name}”"
        elif not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
            yield place, f"“{name}”应写为 value：值 和 label：名称"
        elif not entry.get("source") and entry.get("assumption") is not True:
            yield place, f"“{name}”没有出处：写上 source，或标明 assumption: true"
        elif not OFTEN.fits(entry["value"]):
            yield place, f"“{name}”应当是{OFTEN.said}"
