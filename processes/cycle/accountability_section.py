"""The section `accountability` of a profile: how long each step may take, and who signs.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.monitoring_section import DAYS
from processes.cycle.scoring_section import TEXT, Kind, Place

SIGNERS = ("orderSigner", "letterSigner")
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        (
            "confirmWorkingDays",
            "statementWorkingDays",
            "planWorkingDays",
            "reviewWorkingDays",
            "rectifyWorkingDays",
            "answerWorkingDays",
            "judgeWorkingDays",
        ),
        DAYS,
    ),
    **dict.fromkeys(SIGNERS, TEXT),
}


def accountability_faults(section: object, posts: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence. `posts` are the profile's own."""
    if not isinstance(section, dict):
        yield ("accountability",), "“accountability”应写为名称和值"
        return
    for name in (*KINDS, *(section.keys() - KINDS.keys())):
        place: Place = ("accountability", name)
        entry = section.get(name)
        if name not in KINDS:
            yield place, f"问责的参数里没有“{name}”"
        elif name not in section:
            yield ("accountability",), f"问责的参数缺少“{name}”"
        elif not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
            yield place, f"“{name}”应写为 value：值 和 label：名称"
        elif not entry.get("source") and entry.get("assumption") is not True:
            yield place, f"“{name}”没有出处：写上 source，或标明 assumption: true"
        elif not KINDS[name].fits(entry["value"]):
            yield place, f"“{name}”应当是{KINDS[name].said}"
        elif name in SIGNERS and entry["value"] not in posts:
            yield place, f"“{name}”写的岗位“{entry['value']}”不在方案的岗位里"
