"""The names by which the diagrams of accountability call its Python."""

from engine.work.bindings import RecordBinding, Service
from processes.accountability.flags import Finding, raise_flag
from processes.accountability.ordering import (
    Check,
    Filing,
    Order,
    OrderSignature,
    Plan,
    PlanLook,
    Report,
    ReportSignature,
    close,
    issue_order,
)
from processes.accountability.proposing import Proposals, Statement, Weighing, begin
from processes.accountability.recommending import Answer, Letter, LetterSignature, send_letter, tell_answer
from processes.accountability.weighing import find, weigh_failure

SERVICES: dict[str, Service] = {
    "accountability.find": find,
    "accountability.begin": begin,
    "accountability.issue_order": issue_order,
    "accountability.weigh_failure": weigh_failure,
    "accountability.send_letter": send_letter,
    "accountability.tell_answer": tell_answer,
    "accountability.close": close,
    "accountability.raise_flag": raise_flag,
}

RECORDS: dict[str, RecordBinding] = {
    "accountability.proposals": Proposals(),
    "accountability.statement": Statement(),
    "accountability.weighing": Weighing(),
    "accountability.order": Order(),
    "accountability.order_signature": OrderSignature(),
    "accountability.plan": Plan(),
    "accountability.plan_signature": PlanLook("plan_signed"),
    "accountability.plan_review": PlanLook("plan_passed"),
    "accountability.report": Report(),
    "accountability.report_signature": ReportSignature(),
    "accountability.check": Check(),
    "accountability.letter": Letter(),
    "accountability.letter_signature": LetterSignature(),
    "accountability.answer": Answer(),
    "accountability.filing": Filing(),
    "accountability.finding": Finding(),
}
