"""The names by which the diagrams of the assessment call its Python."""

from engine.work.bindings import RecordBinding, Service
from processes.evaluation.assessment.opening import open_assessment, score
from processes.evaluation.assessment.scoring_steps import (
    Group,
    LeaderReview,
    Second,
    Special,
    SpecialSignature,
)
from processes.evaluation.assessment.totalling import total
from processes.evaluation.assessment.unit_steps import ExemptionNote, SelfReport, Signature

SERVICES: dict[str, Service] = {
    "assessment.open": open_assessment,
    "assessment.score": score,
    "assessment.total": total,
}

RECORDS: dict[str, RecordBinding] = {
    "assessment.exemption": ExemptionNote(),
    "assessment.self_report": SelfReport(),
    "assessment.signature": Signature(),
    "assessment.special": Special(),
    "assessment.special_signature": SpecialSignature(),
    "assessment.group": Group(),
    "assessment.second": Second(),
    "assessment.leader": LeaderReview(),
}
