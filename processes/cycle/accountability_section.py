"""The section `accountability` of a profile: how long each step may take, and who signs.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import TEXT, Kind, Place
from processes.cycle.terms_section import DAYS, post_faults, term_faults

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
    place: Place = ("accountability",)
    yield from term_faults(section, KINDS, place=place, title="问责")
    yield from post_faults(section, SIGNERS, posts, place=place)
