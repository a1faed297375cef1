"""From the dispatch to the answer: the route, 签收 and 退单, the office's ruling, the answer and its end."""

from sqlalchemy import select

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.evaluation.evidence import add_evidence
from processes.planning.entry import text_of
from processes.rectification.acting import move, note
from processes.rectification.reading import (
    ACTS,
    VERDICTS,
    Row,
    issue_in,
    newest_sortings,
    unit_options,
    unit_reference,
)


def said_of(step: StepContext, issue: Row) -> str:
    """What people said, as the unit may read it: every word, but never who."""
    words = [row["text"] for row in newest_sortings(step.connection, issue_id=issue["id"])]
    return "\n".join(f"- {text}" for text in words)


def shown(step: StepContext) -> FormData:
    """What every form of an issue shows above its fields."""
    issue = issue_in(step)
    return {
        "heading": f"{issue['code']} {issue['title']}",
        "about": issue["text"],
        "said": said_of(step, issue),
        "returned_why": last_word(step, issue["id"], "sent_back"),
    }


def last_word(step: StepContext, issue_id: str, kind: str) -> str:
    """The words of the newest act of a kind; "" without one."""
    query = (
        select(ACTS.c.text).where(ACTS.c.issue_id == issue_id, ACTS.c.kind == kind).order_by(ACTS.c.id.desc())
    )
    return str(step.connection.execute(query).scalars().first() or "")


def note_route(call: ServiceCall) -> dict[str, Value]:
    """登记去向: what D16 said."""
    move(call, str(call.inputs["issueId"]), route=str(call.inputs["route"]))
    return {}


class Unchecked:
    """A record whose form says all there is to check."""

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []


class Listed(Unchecked):
    """列入清单: for tracked issues and topics of the hearing, whose own processes come later."""

    def read(self, step: StepContext) -> FormData:
        return shown(step) | {"note": ""}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        issue = issue_in(step)
        move(step, issue["id"], state="listed")
        note(step, issue["id"], "listed", unit_id=issue["unit_id"], text=text_of(data.get("note")))
        return {}


class Sign(Unchecked):
    """签收 or 退单: a unit takes the issue, or sends it back with its reason."""

    def read(self, step: StepContext) -> FormData:
        return shown(step) | {"reason": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "return" and not text_of(data.get("reason")):
            return [FieldError("reason", "missing", "退单请写明理由：为什么不属于本单位职责，应当由谁办")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        issue = issue_in(step)
        back = outcome == "return"
        move(step, issue["id"], state="dispatched" if back else "handling")
        note(
            step,
            issue["id"],
            "sent_back" if back else "accepted",
            unit_id=issue["unit_id"],
            text=text_of(data.get("reason")) if back else "",
        )
        return {}


class Reassign(Unchecked):
    """改派: the office gives the issue to the same unit again or to another one."""

    kind = "dispatched"

    def read(self, step: StepContext) -> FormData:
        options = unit_options(step.connection, step.cycle_id)
        return shown(step) | {"unit_options": options, "unit": issue_in(step)["unit_id"], "reason": ""}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        issue, unit_id = issue_in(step), str(data["unit"])
        move(step, issue["id"], unit_id=unit_id, state="dispatched")
        note(step, issue["id"], self.kind, unit_id=unit_id, text=text_of(data.get("reason")))
        return {"unit": unit_reference(step.connection, unit_id)}


class Rule(Reassign):
    """裁定: after too many returns the office says who handles it; the unit cannot send it back again."""

    kind = "ruled"


class Answer(Unchecked):
    """办理答复: what the unit did, in words for whoever said it; with papers if it wishes."""

    def read(self, step: StepContext) -> FormData:
        issue = issue_in(step)
        again = last_word(step, issue["id"], "redo")
        return shown(step) | {"answer": "", "files": [], "again": again}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        issue = issue_in(step)
        round_number = issue["round"] + 1
        move(step, issue["id"], state="answered", round=round_number)
        text = text_of(data.get("answer"))
        note(step, issue["id"], "answered", unit_id=issue["unit_id"], text=text, round=round_number)
        add_evidence(step, owner_kind="rectification_issue", owner_id=issue["id"], files=data.get("files"))
        known = newest_sortings(step.connection, issue_id=issue["id"])
        return {"reporters": sum(row["code_digest"] is not None for row in known)}


class Settle(Unchecked):
    """核定办理结果: the office's word where nobody can be asked, or where those asked are not content."""

    def read(self, step: StepContext) -> FormData:
        issue = issue_in(step)
        answer = last_word(step, issue["id"], "answered")
        verdict = _verdicts(step, issue)
        return shown(step) | {"answer": answer, "verdict": verdict, "public": False, "reason": ""}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        issue = issue_in(step)
        kind = "redo" if outcome == "redo" else "settled"
        note(step, issue["id"], kind, text=text_of(data.get("reason")), round=issue["round"])
        if outcome == "close" and data.get("public"):
            move(step, issue["id"], public=True)
        return {}


def _verdicts(step: StepContext, issue: Row) -> str:
    """What those who can be asked have said of this answer, one line each."""
    query = (
        select(VERDICTS.c.solved, VERDICTS.c.text)
        .where(VERDICTS.c.issue_id == issue["id"], VERDICTS.c.round == issue["round"])
        .order_by(VERDICTS.c.id)
    )
    lines = [
        "：".join(filter(None, ("已解决" if row.solved else "没有解决", row.text)))
        for row in step.connection.execute(query)
    ]
    return "\n".join(lines)


def redo(call: ServiceCall) -> dict[str, Value]:
    """重办: the unit has it again."""
    move(call, str(call.inputs["issueId"]), state="handling")
    return {}


def close(call: ServiceCall) -> dict[str, Value]:
    """办结, with how it came to its end (input `result`)."""
    issue_id, result = str(call.inputs["issueId"]), str(call.inputs["result"])
    move(call, issue_id, state="closed", result=result, closed_at=call.at)
    note(call, issue_id, "closed", text=result)
    return {}
