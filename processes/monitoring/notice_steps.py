"""Records of the office's and the leader's steps with a notice: 确认, 签发; and its number (编号下发)."""

from collections.abc import Mapping
from typing import Any

from engine.ids import new_id
from engine.store.prepared import rows_by
from engine.store.writing import change_row, insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.cycle.documents import DOCUMENTS, number_taken, proposed_number, put_document
from processes.cycle.reading import cycle_of
from processes.monitoring.gathering import ACTS, NOTICES, facts, issue_rows, notice_of
from processes.monitoring.scheme import limits
from processes.planning.entry import text_of
from processes.planning.steps import unit_of
from processes.planning.telling import tell
from processes.planning.unit_steps import Unchecked

SERIES = {"绩效改进通知单": "notice", "督办函": "letter", "约谈": "talk"}
"""The series of documents from which each kind of notice takes its number."""
NOTHING = "无"


def notice_id_of(step: StepContext) -> str:
    """The notice that the instance is about."""
    return str(step.variables["noticeId"])


def move(step: StepContext, **changes: Any) -> None:
    """Change where the notice stands."""
    change_row(step.connection, NOTICES, notice_id_of(step), **changes)


def note(
    step: StepContext, kind: str, *, text: str = "", passed: bool | None = None, **details: object
) -> str:
    """Put on record what was done; the act's id."""
    act_id = new_id()
    insert_row(
        step.connection,
        ACTS,
        id=act_id,
        notice_id=notice_id_of(step),
        kind=kind,
        round=step.round,
        text=text,
        details=details,
        passed=passed,
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )
    return act_id


class NoticeDraft(Unchecked):
    """确认通知: what has come together, what D04 says of it now; the office sets kind, title and words."""

    def read(self, step: StepContext) -> FormData:
        notice = notice_of(step.connection, notice_id_of(step))
        issues = issue_rows(step.connection, notice_id_of(step))
        proposal = self._proposal(step)
        level = notice["level"] or (
            proposal["notice"] if proposal["notice"] in SERIES else next(iter(SERIES))
        )
        unit = unit_of(step)["name"]
        return {
            "unit_name": unit,
            "advice": f"系统建议：{proposal['notice']}（{proposal['reason']}）",
            "issues": issues,
            "level": level,
            "title": notice["title"] or f"关于{unit}改进有关工作的{level if level != '约谈' else '约谈通知'}",
            "body": notice["body"] or self._words(unit, issues),
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        level, proposed = str(data.get("level")), str(self._proposal(step)["notice"])
        sent = outcome == "approve"
        move(
            step,
            level=level if sent else "",
            proposed=proposed,
            state="confirmed" if sent else "dropped",
            title=text_of(data.get("title")),
            body=text_of(data.get("body")),
            **({} if sent else {"closed_at": step.at}),
        )
        note(step, "confirmed" if sent else "dropped", level=level, proposed=proposed)
        return {"level": level}

    def _proposal(self, step: StepContext) -> Mapping[str, Any]:
        decision = step.properties.get("bihuan:advice")
        if step.decide is None or not decision:
            return {"notice": NOTHING, "reason": "没有可问的决策"}
        about = facts(step.connection, notice_id_of(step), at=step.at, failures=0)
        said = step.decide(
            decision, {"issue": about, "scheme": limits(step.connection, step.cycle_id, "notices")}
        )
        return said if isinstance(said, Mapping) else {"notice": NOTHING, "reason": "没有规则命中"}

    @staticmethod
    def _words(unit: str, issues: list[dict[str, Any]]) -> str:
        lines = "\n".join(f"{number}. {issue['text']}" for number, issue in enumerate(issues, 1))
        return f"{unit}：\n\n以下事项需要改进：\n\n{lines}\n\n请即知即改，按期报送整改措施和落实情况。"


class NoticeSignature:
    """签发通知: with the signature the notice is a paper with a number of its series."""

    def read(self, step: StepContext) -> FormData:
        notice = notice_of(step.connection, notice_id_of(step))
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            "unit_name": unit_of(step)["name"],
            "title": notice["title"],
            "body": notice["body"],
            "issues": issue_rows(step.connection, notice_id_of(step)),
            "number": proposed_number(step.connection, cycle, kind=SERIES[notice["level"]]),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if number_taken(step.connection, step.cycle_id, text_of(data.get("number"))):
            return [FieldError("number", "taken", "这个文号已经用过，请换一个。")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        notice = notice_of(step.connection, notice_id_of(step))
        document_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=SERIES[notice["level"]],
            number=text_of(data.get("number")),
            title=notice["title"],
            issued_on=step.today,
            body=notice["body"],
            instance_id=step.instance_id,
        )
        move(step, document_id=document_id)
        note(step, "signed", number=text_of(data.get("number")))
        return {}


def issue_notice(call: ServiceCall) -> dict[str, Value]:
    """编号下发: the notice is in force, the posts that the diagram names are told ({title}, {number})."""
    notice = notice_of(call.connection, notice_id_of(call))
    move(call, state="issued")
    note(call, "issued")
    tell(call, title=notice["title"], number=number_of_document(call, notice))
    return {}


def number_of_document(step: StepContext, notice: Mapping[str, Any]) -> str:
    """The number (文号) under which a notice was sent; empty before it is signed."""
    row = rows_by(DOCUMENTS, "id").row(step.connection, id=notice["document_id"])
    return str(row["number"] or "") if row else ""
