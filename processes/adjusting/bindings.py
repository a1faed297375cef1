"""The names by which the diagrams of changes call their Python."""

from engine.work.bindings import RecordBinding
from processes.adjusting.challenge_steps import (
    ChallengeCard,
    ChallengeCheck,
    ChallengeEntry,
    ChallengeReview,
)
from processes.adjusting.services import SERVICES

RECORDS: dict[str, RecordBinding] = {
    "adjusting.challenge": ChallengeEntry(),
    "adjusting.challenge_signature": ChallengeCard(),
    "adjusting.challenge_check": ChallengeCheck(),
    "adjusting.challenge_review": ChallengeReview(),
}

__all__ = ["RECORDS", "SERVICES"]
