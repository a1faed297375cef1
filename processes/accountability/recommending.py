"""处理建议: the letter to the body that decides, and the decision of that body as it was registered."""

from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.accountability.cases import (
    Row,
    case_id_of,
    case_of,
    last_act,
    measures_of,
    move_measure,
    note,
)
from processes.accountability.ordering import number_faults
from processes.accountability.proposing import why_of
from processes.cycle.documents import proposed_number, put_document
from processes.cycle.reading import cycle_of
from processes.planning.entry import text_of
from processes.planning.meetings import record_decision
from processes.planning.telling import tell
from processes.planning.unit_steps import Unchecked

SERIES = "recommendation"
DECISIONS = {"adopted": "采纳", "changed": "另作处理", "declined": "不予处理"}


class Letter(Unchecked):
    """拟定建议函: to whom, what is recommended, and on what it rests."""

    def read(self, step: StepContext) -> FormData:
        case, measure = case_of(step.connection, case_id_of(step)), measure_of(step)
        before = last_act(step.connection, case["id"], "lettered", measure_id=measure["id"])
        unit = case["unit_name"]
        year = cycle_of(step.connection, step.cycle_id)["year"]
        words = (
            f"{measure['authority']}：\n\n{unit} {year} 年度：{why_of(step.connection, case)}。"
            f"依据：{measure['basis']}。"
            f"建议：{measure['measure'].removeprefix('建议')}。请研究决定，并将决定告知我办。"
        )
        return {
            **_head(case, measure),
            "title": before["details"]["title"] if before else f"关于对{unit}处理建议的函",
            "body": before["text"] if before else words,
        }

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        note(
            step,
            case_id_of(step),
            "lettered",
            text=text_of(data.get("body")),
            measure_id=measure_of(step)["id"],
            details={"title": text_of(data.get("title"))},
        )
        return {}


class LetterSignature:
    """签发建议函: signed, it is a paper with a number of its series."""

    def read(self, step: StepContext) -> FormData:
        case, measure = case_of(step.connection, case_id_of(step)), measure_of(step)
        letter = self._letter(step, measure)
        cycle = cycle_of(step.connection, step.cycle_id)
        return {
            **_head(case, measure),
            "title": letter["details"]["title"],
            "body": letter["text"],
            "number": proposed_number(step.connection, cycle, kind=SERIES),
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return number_faults(step, data)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        measure = measure_of(step)
        letter = self._letter(step, measure)
        document_id = put_document(
            step.connection,
            cycle_of(step.connection, step.cycle_id),
            kind=SERIES,
            number=text_of(data.get("number")),
            title=letter["details"]["title"],
            issued_on=step.today,
            body=letter["text"],
            instance_id=step.instance_id,
        )
        move_measure(step, measure["id"], document_id=document_id)
        return {}

    def _letter(self, step: StepContext, measure: Row) -> Row:
        letter = last_act(step.connection, case_id_of(step), "lettered", measure_id=measure["id"])
        assert letter is not None  # it is drafted first
        return letter


def send_letter(call: ServiceCall) -> dict[str, Value]:
    """编号送达: the body has it from this day on. {sentOn}."""
    measure = measure_of(call)
    move_measure(call, measure["id"], state="sent")
    text = f"{measure['authority']}：{measure['letter']}"
    note(call, case_id_of(call), "sent", text=text, measure_id=measure["id"])
    return {"sentOn": call.today}


class Answer:
    """登记机关决定: what the body decided, under which number; nothing is decided here."""

    def read(self, step: StepContext) -> FormData:
        case, measure = case_of(step.connection, case_id_of(step)), measure_of(step)
        return {**_head(case, measure), "letter": measure["letter"], "decision": None, "remark": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if data.get("decision") != "adopted" and not text_of(data.get("remark")):
            return [FieldError("remark", "missing", "没有照建议处理的，请写明机关的决定和理由")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        measure = measure_of(step)
        decision_id = record_decision(step, data, body=measure["authority"])
        decision = str(data.get("decision"))
        move_measure(step, measure["id"], state="decided", decision=decision, decision_id=decision_id)
        note(
            step,
            case_id_of(step),
            "decided",
            text=text_of(data.get("remark")),
            measure_id=measure["id"],
            details={"decision": decision},
        )
        return {}


def tell_answer(call: ServiceCall) -> dict[str, Value]:
    """告知处理决定: to the posts of the diagram ({body}, {measure}, {decision}, {number})."""
    measure = measure_of(call)
    tell(
        call,
        body=measure["authority"],
        measure=measure["measure"],
        decision=DECISIONS[measure["decision"]],
        number=measure["document_number"],
    )
    return {}


def measure_of(step: StepContext) -> Row:
    """The measure that the instance is about."""
    measure_id = str(step.variables["measureId"])
    return next(row for row in measures_of(step.connection, case_id_of(step)) if row["id"] == measure_id)


def _head(case: Row, measure: Row) -> dict[str, Value]:
    return {
        "unit_name": case["unit_name"],
        **{name: measure[name] for name in ("measure", "basis", "authority")},
    }
