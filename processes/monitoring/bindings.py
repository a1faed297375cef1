"""The names by which the diagrams of monitoring call its Python."""

from engine.work.bindings import RecordBinding, Service
from processes.monitoring.bulletin import (
    BulletinReview,
    BulletinSignature,
    draft_bulletin,
    publish_bulletin,
)
from processes.monitoring.correcting import CorrectionDecision, apply_correction, drop_correction
from processes.monitoring.gathering import gather_issues
from processes.monitoring.improving import CarriedOut, Check, Closing, Measures, Receipt, Talk
from processes.monitoring.month_services import give_card, judge_month, make_card, open_month
from processes.monitoring.month_steps import Explanation, Progress, ProgressReview
from processes.monitoring.notice_steps import NoticeDraft, NoticeSignature, issue_notice

SERVICES: dict[str, Service] = {
    "monitoring.open_month": open_month,
    "monitoring.give_card": give_card,
    "monitoring.judge": judge_month,
    "monitoring.make_card": make_card,
    "monitoring.draft_bulletin": draft_bulletin,
    "monitoring.publish_bulletin": publish_bulletin,
    "monitoring.apply_correction": apply_correction,
    "monitoring.drop_correction": drop_correction,
    "monitoring.gather_issues": gather_issues,
    "monitoring.issue_notice": issue_notice,
}
RECORDS: dict[str, RecordBinding] = {
    "monitoring.progress": Progress(),
    "monitoring.progress_review": ProgressReview(),
    "monitoring.explanation": Explanation(),
    "monitoring.bulletin": BulletinReview(),
    "monitoring.bulletin_signature": BulletinSignature(),
    "monitoring.correction": CorrectionDecision(),
    "monitoring.notice_draft": NoticeDraft(),
    "monitoring.notice_signature": NoticeSignature(),
    "monitoring.receipt": Receipt(),
    "monitoring.measures": Measures(),
    "monitoring.carried_out": CarriedOut(),
    "monitoring.check": Check(),
    "monitoring.talk": Talk(),
    "monitoring.closing": Closing(),
}
