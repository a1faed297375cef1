"""A round of a key issue: plan, review, promise, progress, completion with evidence, check, result."""

from datetime import date
from typing import Any

from sqlalchemy import Select, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.evaluation.evidence import add_evidence
from processes.planning.entry import text_of
from processes.rectification.acting import move, note
from processes.rectification.handling_steps import Unchecked, last_word, shown
from processes.rectification.reading import PLANS, PROGRESS, Row, issue_in, issue_of, newest_plan

PLAN_WORDS = ("content", "steps", "leader", "division", "measures")


def begin_round(call: ServiceCall) -> dict[str, Value]:
    """开始一轮整改: the first, or the next after too few were satisfied."""
    issue = issue_of(call.connection, str(call.inputs["issueId"]))
    round_number = issue["round"] + 1
    move(call, issue["id"], state="rectifying", round=round_number)
    return {"round": round_number}


class Plan(Unchecked):
    """填报整改计划: content, steps, leader, division, measures, and by when."""

    def read(self, step: StepContext) -> FormData:
        issue, number = issue_in(step), int(step.variables["round"])
        before = newest_plan(step.connection, issue["id"], number)
        before = before or newest_plan(step.connection, issue["id"], number - 1)
        filled = {name: before[name] if before else "" for name in PLAN_WORDS}
        finish = before["finish_on"].isoformat() if before and before["round"] == number else None
        why = last_word(step, issue["id"], "plan_back") if before else ""
        return shown(step) | filled | {"finish_on": finish, "why": why, "round": number}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        insert_row(
            step.connection,
            PLANS,
            id=new_id(),
            issue_id=issue_in(step)["id"],
            round=int(step.variables["round"]),
            **{name: text_of(data.get(name)) for name in PLAN_WORDS},
            finish_on=_day(data["finish_on"]),
            by_person=step.person_id,
            made_at=step.at,
            instance_id=step.instance_id,
        )
        return {}


class PlanReview:
    """审核整改计划: the office passes the plan for publication, or sends it back."""

    def read(self, step: StepContext) -> FormData:
        plan = _plan(step)
        words = {name: plan[name] for name in PLAN_WORDS}
        return shown(step) | words | {"finish_on": plan["finish_on"].isoformat(), "reason": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return _reason_given(data, outcome, "退回请写明计划哪里要改")

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "return":
            number = int(step.variables["round"])
            note(step, issue_in(step)["id"], "plan_back", text=text_of(data.get("reason")), round=number)
        return {}


def publish_promise(call: ServiceCall) -> dict[str, Value]:
    """公示承诺: the plan that was passed stands on the open pages from now on."""
    issue_id, number = str(call.inputs["issueId"]), int(call.inputs["round"])
    plan = newest_plan(call.connection, issue_id, number)
    assert plan is not None
    call.connection.execute(update(PLANS).where(PLANS.c.id == plan["id"]).values(published_at=call.at))
    move(call, issue_id, state="promised", public=True)
    return {}


class Progress(Unchecked):
    """报告整改进展: what was done since; the public reads it."""

    kind = "progress"

    def read(self, step: StepContext) -> FormData:
        why = last_word(step, issue_in(step)["id"], "check_back")
        return shown(step) | {"finish_on": _plan(step)["finish_on"].isoformat(), "text": "", "why": why}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        report_id = new_id()
        insert_row(
            step.connection,
            PROGRESS,
            id=report_id,
            issue_id=issue_in(step)["id"],
            round=int(step.variables["round"]),
            kind=self.kind,
            text=text_of(data.get("text")),
            published_at=step.at if self.kind == "progress" else None,
            by_person=step.person_id,
            made_at=step.at,
            instance_id=step.instance_id,
        )
        add_evidence(step, owner_kind="promise_progress", owner_id=report_id, files=data.get("files"))
        return {}


class Done(Progress):
    """申报整改完成: the result in words, and what proves it."""

    kind = "done"

    def read(self, step: StepContext) -> FormData:
        return super().read(step) | {"files": []}


class Check:
    """核验整改完成: the office looks at the papers or goes and sees."""

    def read(self, step: StepContext) -> FormData:
        report, plan = _newest_done(step), _plan(step)
        words = {name: plan[name] for name in PLAN_WORDS}
        return shown(step) | words | {"text": report["text"], "reason": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return _reason_given(data, outcome, "退回请写明哪里没有做到")

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "return":
            number = int(step.variables["round"])
            note(step, issue_in(step)["id"], "check_back", text=text_of(data.get("reason")), round=number)
        return {}


def publish_result(call: ServiceCall) -> dict[str, Value]:
    """公布整改结果: what the unit reported as done, now that the office has checked it."""
    issue_id, number = str(call.inputs["issueId"]), int(call.inputs["round"])
    newest = call.connection.execute(_done(issue_id, number)).mappings().first()
    assert newest is not None
    changed = update(PROGRESS).where(PROGRESS.c.id == newest["id"])
    call.connection.execute(changed.values(published_at=call.at))
    move(call, issue_id, state="done")
    return {}


def _done(issue_id: str, number: int) -> Select[Any]:
    mine = PROGRESS.c.issue_id == issue_id, PROGRESS.c.round == number, PROGRESS.c.kind == "done"
    return select(PROGRESS).where(*mine).order_by(PROGRESS.c.id.desc())


def _newest_done(step: StepContext) -> Row:
    query = _done(issue_in(step)["id"], int(step.variables["round"]))
    return dict(step.connection.execute(query).mappings().first() or {"text": ""})


def _plan(step: StepContext) -> Row:
    plan = newest_plan(step.connection, issue_in(step)["id"], int(step.variables["round"]))
    assert plan is not None
    return plan


def _reason_given(data: FormData, outcome: str, sentence: str) -> list[FieldError]:
    if outcome == "return" and not text_of(data.get("reason")):
        return [FieldError("reason", "missing", sentence)]
    return []


def _day(given: object) -> date:
    return given if isinstance(given, date) else date.fromisoformat(str(given))
