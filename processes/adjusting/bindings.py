"""The names by which the diagrams of changes call their Python."""

from engine.work.bindings import RecordBinding
from processes.adjusting.adjustment_decisions import BodyDecision, OfficeDecision
from processes.adjusting.adjustment_steps import (
    AdjustmentCard,
    AdjustmentEntry,
    AdjustmentReview,
    LeadOpinion,
)
from processes.adjusting.challenge_steps import (
    ChallengeCard,
    ChallengeCheck,
    ChallengeEntry,
    ChallengeReview,
)
from processes.adjusting.selection import KeyDecision, KeyProposal
from processes.adjusting.services import SERVICES

RECORDS: dict[str, RecordBinding] = {
    "adjusting.challenge": ChallengeEntry(),
    "adjusting.challenge_signature": ChallengeCard(),
    "adjusting.challenge_check": ChallengeCheck(),
    "adjusting.challenge_review": ChallengeReview(),
    "adjusting.key_proposal": KeyProposal(),
    "adjusting.key_decision": KeyDecision(),
    "adjusting.adjustment": AdjustmentEntry(),
    "adjusting.adjustment_signature": AdjustmentCard(),
    "adjusting.adjustment_review": AdjustmentReview(),
    "adjusting.adjustment_opinion": LeadOpinion(),
    "adjusting.office_decision": OfficeDecision(),
    "adjusting.body_decision": BodyDecision(),
}

__all__ = ["RECORDS", "SERVICES"]
