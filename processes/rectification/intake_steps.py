"""Opinions that come one by one: terms by the hotline's public figures, and what the office makes of one."""

from typing import Any

from sqlalchemy import select

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.data.tables import rows_of
from processes.planning.entry import text_of
from processes.rectification.acting import move, new_issue, note, sort_opinion
from processes.rectification.batch_steps import FLAGS, classified
from processes.rectification.reading import (
    ISSUES,
    OPINIONS,
    Row,
    asked_scheme,
    facts_of,
    issue_of,
    open_issues,
    terms_of,
    unit_options,
    unit_reference,
)

TERMS = "ext_sla_12345"
"""The table of dispatch and feedback hours (C2 of the public references)."""
URGENCIES = (
    ("general", "一般诉求"),
    ("complex", "复杂疑难"),
    ("utility", "水电气热、极端天气"),
    ("urgent", "突发、可能危及生命财产"),
)
_HOURS = {"小时": 1, "天": 24}


def hours_of(rule_key: str) -> int:
    """A term of the hotline's table, in hours."""
    row = next(row for row in rows_of(TERMS) if row["rule_key"] == rule_key)
    return int(row["value"]) * _HOURS[row["unit"]]


def receive(call: ServiceCall) -> dict[str, Value]:
    """登记意见: the city's terms, and how soon the office must have dispatched it."""
    terms = terms_of(call.connection, call.cycle_id)
    return {
        "terms": {**terms, "dispatchHours": hours_of("dispatch_general")},
        "scheme": asked_scheme(call.connection, call.cycle_id),
    }


class SortOpinion:
    """归类分派意见: to a unit as an issue of its own, into another issue, or declined with a reason."""

    def read(self, step: StepContext) -> FormData:
        opinion = self._opinion(step)
        return {
            "text": opinion["text"],
            "issue_options": open_issues(step.connection, step.cycle_id),
            "unit_options": unit_options(step.connection, step.cycle_id),
            "urgency_options": [
                {"value": key, "label": f"{label}（{hours_of(f'feedback_{key}')} 小时内答复）"}
                for key, label in URGENCIES
            ],
            "title": opinion["text"][:40],
            "unit": opinion["unit_id"],
            "urgency": "general",
            "issue": None,
            "public_text": "",
            "reason": "",
            "volume": 1,
            "years_repeated": 1,
            **dict.fromkeys(FLAGS, False),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "merge" and not text_of(data.get("issue")):
            return [FieldError("issue", "missing", "请选择并入哪个事项")]
        if outcome == "decline" and not text_of(data.get("reason")):
            return [FieldError("reason", "missing", "请写明不予受理的理由，提出人会看到")]
        if outcome != "dispatch":
            return []
        words = {"title": "请写事项名称", "unit": "请选择责任单位", "urgency": "请选择办理时限"}
        return [
            FieldError(name, "missing", said) for name, said in words.items() if not text_of(data.get(name))
        ]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        opinion_id = str(step.variables["opinionId"])
        released = text_of(data.get("public_text"))
        if outcome == "decline":
            sort_opinion(step, opinion_id, outcome, reason=text_of(data.get("reason")), public_text=released)
            return {}
        if outcome == "merge":
            sort_opinion(step, opinion_id, outcome, issue_id=str(data["issue"]), public_text=released)
            move(step, str(data["issue"]), volume=ISSUES.c.volume + 1)
            return {}
        return self._dispatch(step, opinion_id, data, released)

    def _dispatch(
        self, step: StepContext, opinion_id: str, data: FormData, released: str
    ) -> dict[str, Value]:
        unit_id = str(data["unit"])
        values: dict[str, Any] = {"title": text_of(data.get("title")), "unit_id": unit_id, **classified(data)}
        issue_id = new_issue(step, state="dispatched", **values)
        sort_opinion(step, opinion_id, "dispatch", issue_id=issue_id, public_text=released)
        note(step, issue_id, "dispatched", unit_id=unit_id)
        return {
            "issueId": issue_id,
            "title": values["title"],
            "unit": unit_reference(step.connection, unit_id),
            "facts": facts_of(issue_of(step.connection, issue_id)),
            "answerHours": hours_of(f"feedback_{data['urgency']}"),
        }

    def _opinion(self, step: StepContext) -> Row:
        query = select(OPINIONS).where(OPINIONS.c.id == str(step.variables["opinionId"]))
        return dict(step.connection.execute(query).mappings().one())
