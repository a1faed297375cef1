"""Records of rectification within a term: 拟定、签发通知, 整改方案, 整改报告, 验收; and sending the order."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.accountability.cases import (
    ORDER,
    Row,
    acts_of,
    case_id_of,
    case_of,
    last_act,
    measures_of,
    move,
    move_measure,
    note,
)
from processes.accountability.proposing import OWNER, table_rows, why_of
from processes.cycle.documents import number_taken, proposed_number, put_document
from processes.cycle.reading import cycle_of
from processes.evaluation.evidence import add_evidence
from processes.evaluation.grading.reading import evidence_of
from processes.planning.entry import text_of
from processes.planning.meetings import day_of
from processes.planning.telling import tell
from processes.planning.unit_steps import Unchecked

SERIES = "order"
PLAN = ("content", "steps", "leader", "division")


class Order(Unchecked):
    """拟定整改通知: title, words and the day by which the unit must have put things right."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        drafted = last_act(step.connection, case["id"], "drafted")
        why = why_of(step.connection, case)
        return {
            **_head(step, case),
            "title": drafted["details"]["title"] if drafted else f"关于责令{case['unit_name']}限期整改的通知",
            "body": drafted["text"] if drafted else self._words(step, case, why),
            "deadline": drafted["details"]["deadline"] if drafted else self._proposed(step).isoformat(),
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        deadline = day_of(data.get("deadline")) or self._proposed(step)
        details = {"title": text_of(data.get("title")), "deadline": deadline.isoformat()}
        note(step, case_id_of(step), "drafted", text=text_of(data.get("body")), details=details)
        move(step, case_id_of(step), deadline_on=deadline)
        return {"deadline": deadline}

    def _proposed(self, step: StepContext) -> date:
        days = step.variables["limits"]["rectifyWorkingDays"]
        found: date = step.functions["add working days"](step.today, days)
        return found

    def _words(self, step: StepContext, case: Row, why: str) -> str:
        ordered = measures_of(step.connection, case["id"], way=ORDER, states=("kept",))
        listed = "；".join(row["measure"] for row in ordered)
        year = cycle_of(step.connection, step.cycle_id)["year"]
        return (
            f"{case['unit_name']}：\n\n你单位 {year} 年度：{why}。现{listed}。"
            "请制定整改方案，按期整改并书面报告。"
        )


class OrderSignature:
    """签发整改通知: signed, it is a paper with a number of its series."""

    def read(self, step: StepContext) -> FormData:
        case, drafted = case_of(step.connection, case_id_of(step)), _drafted(step)
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            **_head(step, case),
            "title": drafted["details"]["title"],
            "body": drafted["text"],
            "deadline": drafted["details"]["deadline"],
            "number": proposed_number(step.connection, cycle, kind=SERIES),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return number_faults(step, data)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        drafted = _drafted(step)
        document_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=SERIES,
            number=text_of(data.get("number")),
            title=drafted["details"]["title"],
            issued_on=step.today,
            body=drafted["text"],
            instance_id=step.instance_id,
        )
        move(step, case_id_of(step), document_id=document_id)
        note(step, case_id_of(step), "ordered", text=text_of(data.get("number")))
        return {}


def number_faults(step: StepContext, data: FormData) -> list[FieldError]:
    """A number is borne by one paper."""
    if number_taken(step.connection, step.cycle_id, text_of(data.get("number"))):
        return [FieldError("number", "taken", "这个文号已经用过，请换一个。")]
    return []


def issue_order(call: ServiceCall) -> dict[str, Value]:
    """编号下发: the order is in force; the posts of the diagram are told ({title}, {number}, {until})."""
    case, drafted = case_of(call.connection, case_id_of(call)), _drafted(call)
    for row in measures_of(call.connection, case["id"], way=ORDER, states=("kept",)):
        move_measure(call, row["id"], state="sent", document_id=case["document_id"])
    signed = last_act(call.connection, case["id"], "ordered")
    assert signed is not None  # the signature comes before
    until = case["deadline_on"].isoformat()
    tell(call, title=drafted["details"]["title"], number=signed["text"], until=until)
    return {}


class Plan(Unchecked):
    """制定整改方案: what, in which steps, who answers for it; after a failed check the unit sees why."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        failed = [act for act in acts_of(step.connection, case["id"], "checked") if not act["passed"]]
        before = last_act(step.connection, case["id"], "planned")
        kept = before["details"] if before else {}
        return {
            **_order_head(step, case),
            "failed": f"上次验收不合格：{failed[-1]['text']}" if failed else "",
            **{name: kept.get(name, "") for name in PLAN},
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        details = {name: text_of(data.get(name)) for name in PLAN}
        note(step, case_id_of(step), "planned", text=details["content"], details=details)
        return {}


class PlanLook(Unchecked):
    """审签、审核整改方案: read and agreed to, or returned by the verb."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        return {**_order_head(step, case), **_planned(step)}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(step, case_id_of(step), self.kind)
        return {}


class Report(Unchecked):
    """报送整改报告: what was done, with the papers that prove it."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        before = last_act(step.connection, case["id"], "reported")
        return {
            **_order_head(step, case),
            **_planned(step),
            "report": before["text"] if before else "",
            "evidence": [],
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        act_id = note(step, case_id_of(step), "reported", text=text_of(data.get("report")))
        add_evidence(step, owner_kind=OWNER, owner_id=act_id, files=data.get("evidence"))
        return {}


class ReportSignature(Unchecked):
    """签报整改报告: the unit's head answers for it."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        return {**_order_head(step, case), **_reported(step)}

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(step, case_id_of(step), "signed")
        return {}


class Check(Unchecked):
    """验收整改: passed or not, how it was checked and what was found; the failures are counted."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        return {
            **_order_head(step, case),
            **_planned(step),
            **_reported(step),
            "method": None,
            "findings": "",
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        passed, case = outcome == "pass", case_of(step.connection, case_id_of(step))
        details = {"method": text_of(data.get("method"))}
        note(step, case["id"], "checked", text=text_of(data.get("findings")), passed=passed, details=details)
        if passed:
            for row in measures_of(step.connection, case["id"], way=ORDER, states=("sent",)):
                move_measure(step, row["id"], state="done")
            return {"deadline": case["deadline_on"]}
        move(step, case["id"], failures=case["failures"] + 1)
        return {"deadline": self._again(step, case), "failures": Decimal(case["failures"] + 1)}

    def _again(self, step: StepContext, case: Row) -> date:
        """A unit that failed gets the term anew, counted from now."""
        days = step.variables["limits"]["rectifyWorkingDays"]
        deadline: date = step.functions["add working days"](step.today, days)
        move(step, case["id"], deadline_on=deadline)
        return deadline


def close(call: ServiceCall) -> dict[str, Value]:
    """办结: everything that was to follow has followed."""
    move(call, case_id_of(call), state="closed", closed_at=call.at)
    note(call, case_id_of(call), "closed")
    return {}


class Filing(Unchecked):
    """监察备案: supervision reads how the case went and puts it on file."""

    def read(self, step: StepContext) -> FormData:
        case = case_of(step.connection, case_id_of(step))
        return {
            "unit_name": case["unit_name"],
            "why": why_of(step.connection, case),
            "measures": [
                {
                    "measure": row["measure"],
                    "authority": row["authority"],
                    "state": STATES[row["state"]],
                    "number": row["document_number"] or row["letter"] or "",
                }
                for row in measures_of(step.connection, case["id"])
            ],
            "remark": "",
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(step, case_id_of(step), "filed", text=text_of(data.get("remark")))
        return {}


STATES = {
    "proposed": "拟议",
    "kept": "待办理",
    "dropped": "不采用",
    "sent": "已下达",
    "decided": "已有决定",
    "done": "整改合格",
    "failed": "整改不合格",
}


def _head(step: StepContext, case: Row) -> dict[str, Any]:
    return {
        "unit_name": case["unit_name"],
        "why": why_of(step.connection, case),
        "measures": table_rows(step, case["id"]),
    }


def _order_head(step: StepContext, case: Row) -> dict[str, Any]:
    drafted = _drafted(step)
    signed = last_act(step.connection, case["id"], "ordered")
    deadline = case["deadline_on"]
    return {
        "title": drafted["details"]["title"],
        "number": signed["text"] if signed else "",
        "body": drafted["text"],
        "deadline_text": deadline.isoformat() if deadline else "",
    }


def _drafted(step: StepContext) -> Row:
    drafted = last_act(step.connection, case_id_of(step), "drafted")
    assert drafted is not None  # the order is drafted first
    return drafted


def _planned(step: StepContext) -> dict[str, Any]:
    planned = last_act(step.connection, case_id_of(step), "planned")
    return {f"plan_{name}": planned["details"][name] if planned else "" for name in PLAN}


def _reported(step: StepContext) -> dict[str, Any]:
    reported = last_act(step.connection, case_id_of(step), "reported")
    if reported is None:
        return {"report": "", "papers": Decimal(0)}
    papers = evidence_of(step.connection, [reported["id"]]).get(reported["id"], [])
    return {"report": reported["text"], "papers": Decimal(len(papers))}
