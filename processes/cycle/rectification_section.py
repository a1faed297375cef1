"""The section `rectification` of a profile: how long each step may take, how often it may come back.

Each value stands as `{value, label, source}` or `{value, label, assumption: true}`, as in `scoring`.
"""

from collections.abc import Iterator

from processes.cycle.scoring_section import Place
from processes.cycle.terms_section import OFTEN, term_faults

NAMES = dict.fromkeys(
    (
        *("sortDays", "signDays", "planDays", "reviewDays", "surveyDays", "redoDays", "commentDays"),
        *("ratingDays", "complaintDays", "progressMonths", "rounds", "returns"),
    ),
    OFTEN,
)


def rectification_faults(section: object) -> Iterator[tuple[Place, str]]:
    """What is wrong with the section: its place and a sentence."""
    yield from term_faults(section, NAMES, place=("rectification",), title="整改")
