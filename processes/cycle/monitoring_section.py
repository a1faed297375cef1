"""The section `monitoring` of a profile: deadlines, who signs, who talks to whom.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import COUNT, FLAG, TEXT, TEXTS, Kind, Place

MONTHS = Kind(
    "1 到 12 的月份，至少一个",
    lambda value: isinstance(value, list) and bool(value) and set(value) <= set(range(1, 13)),
)
DAYS = Kind("大于 0 的工作日数", lambda value: COUNT.fits(value) and value > 0)

KINDS: Mapping[str, Kind] = {
    "months": MONTHS,
    **dict.fromkeys(
        (
            "reportWorkingDays",
            "redWorkingDays",
            "closeWorkingDays",
            "explainWorkingDays",
            "bulletinWorkingDays",
            "correctionWorkingDays",
            "confirmWorkingDays",
            "receiptWorkingDays",
            "measuresWorkingDays",
            "checkWorkingDays",
        ),
        DAYS,
    ),
    **dict.fromkeys(("bulletinSigner", "noticeSigner", "letterSigner", "talkBy", "talkWith"), TEXT),
    "publicBulletin": FLAG,
    **dict.fromkeys(("countUnits", "rateKinds", "yearlyKinds"), TEXTS),
}
POSTS = ("bulletinSigner", "noticeSigner", "letterSigner", "talkBy", "talkWith")


def monitoring_faults(section: object, posts: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence. `posts` are the profile's own."""
    if not isinstance(section, dict):
        yield ("monitoring",), "“monitoring”应写为名称和值"
        return
    for name in (*KINDS, *(section.keys() - KINDS.keys())):
        place: Place = ("monitoring", name)
        entry = section.get(name)
        if name not in KINDS:
            yield place, f"监控的参数里没有“{name}”"
        elif name not in section:
            yield ("monitoring",), f"监控的参数缺少“{name}”"
        elif not isinstance(entry, dict) or "value" not in entry or not entry.get("label"):
            yield place, f"“{name}”应写为 value：值 和 label：名称"
        elif not entry.get("source") and entry.get("assumption") is not True:
            yield place, f"“{name}”没有出处：写上 source，或标明 assumption: true"
        elif not KINDS[name].fits(entry["value"]):
            yield place, f"“{name}”应当是{KINDS[name].said}"
        elif name in POSTS and entry["value"] not in posts:
            yield place, f"“{name}”写的岗位“{entry['value']}”不在方案的岗位里"
    red, closes = (section.get(name) for name in ("redWorkingDays", "closeWorkingDays"))
    if _days(red) and _days(closes) and _days(closes) < _days(red):
        yield ("monitoring", "closeWorkingDays"), "不再等待的日子应不早于给红牌的日子"


def _days(entry: object) -> int:
    value = entry.get("value") if isinstance(entry, dict) else None
    return value if isinstance(value, int) else 0
