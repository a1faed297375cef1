"""The section `monitoring` of a profile: deadlines, who signs, who talks to whom.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import FLAG, TEXT, TEXTS, Kind, Place
from processes.cycle.terms_section import DAYS, post_faults, term_faults

MONTHS = Kind(
    "1 到 12 的月份，至少一个",
    lambda value: isinstance(value, list) and bool(value) and set(value) <= set(range(1, 13)),
)

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
    place: Place = ("monitoring",)
    yield from term_faults(section, KINDS, place=place, title="监控")
    if not isinstance(section, dict):
        return
    yield from post_faults(section, POSTS, posts, place=place)
    red, closes = (section.get(name) for name in ("redWorkingDays", "closeWorkingDays"))
    if _days(red) and _days(closes) and _days(closes) < _days(red):
        yield ("monitoring", "closeWorkingDays"), "不再等待的日子应不早于给红牌的日子"


def _days(entry: object) -> int:
    value = entry.get("value") if isinstance(entry, dict) else None
    return value if isinstance(value, int) else 0
