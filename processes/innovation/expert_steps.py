"""What an expert does with one project: declare ties first, then score it without knowing whose it is."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.innovation.reading import (
    REVIEWS,
    SEATS,
    limits_of,
    project_of,
    scoring_of,
    variable,
)
from processes.planning.entry import number_of, rows_in, text_of

CONFLICT = "conflict"


class SeatNotOpen(Exception):
    """Somebody answers for a seat that was given to another meanwhile."""

    def __init__(self) -> None:
        super().__init__("这个评审席位已经换人或已经评完，不能再提交。")


class Declaration:
    """申报利益关系: the expert sees what the project is called, nothing that tells whose it is."""

    def read(self, step: StepContext) -> FormData:
        return {**heading(step), "tie": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == CONFLICT and not text_of(data.get("tie")):
            return [FieldError("tie", "required", "请写明是什么关系（只有考评办看得到）")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == CONFLICT:
            _close_seat(step, state=CONFLICT, reason=text_of(data.get("tie")))
        return {"result": outcome}


class BlindScore:
    """盲评打分: a coefficient for each dimension of the profile's rubric, and an opinion."""

    def read(self, step: StepContext) -> FormData:
        project = project_of(step.connection, str(variable(step, "seat")["project"]))
        files = len(project["blind_file_ids"])
        seat = str(variable(step, "seat")["id"])
        return {
            **heading(step),
            "blind_summary": project["blind_summary"],
            "blind_report": project["blind_report"],
            "statement": "" if is_blind(step) else project["statement"],
            "files_text": f"[匿名材料 {files} 份](/innovation/seats/{seat})" if files else "",
            "marks": [
                {"id": name, "locked": True, "name": name, "points": str(points), "value": None}
                for name, points in _points(step).items()
            ],
            "text": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found = []
        for index, row in enumerate(rows_in(data, "marks")):
            value = number_of(row.get("value"))
            if value is None or not 0 <= value <= 1:
                found.append(FieldError(f"marks.{index}.value", "range", "系数应在 0 至 1 之间"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        given = {str(row.get("id")): number_of(row.get("value")) for row in rows_in(data, "marks")}
        marks = {name: given[name] for name in _points(step)}
        seat = variable(step, "seat")
        _close_seat(step, state="scored")
        insert_row(
            step.connection,
            REVIEWS,
            id=new_id(),
            cycle_id=step.cycle_id,
            seat_id=seat["id"],
            project_id=seat["project"],
            round=int(step.variables["round"]),
            user_id=step.person_id,
            marks={name: str(mark) for name, mark in marks.items()},
            mark=decided(step, "expert_mark", marks=marks, scheme=scoring_of(step.connection, step.cycle_id)),
            text=text_of(data.get("text")),
            scored_at=step.at,
        )
        return {"result": "scored"}


class NoDecision(Exception):
    """A step asks a decision that gives nothing."""

    def __init__(self, decision: str) -> None:
        super().__init__(f"决策“{decision}”没有得出结果，请检查它和方案中的数值。")
        self.decision = decision


def decided(step: StepContext, decision: str, **inputs: Value) -> Any:
    """What a decision of the diagram's deployment answers. Raises: NoDecision."""
    assert step.decide is not None
    answer = step.decide(decision, dict(inputs))
    if answer is None:
        raise NoDecision(decision)
    return answer


def is_blind(step: StepContext) -> bool:
    """Whether experts of this round may not see the unit."""
    return Decimal(int(step.variables["round"])) in limits_of(step.connection, step.cycle_id)["blindRounds"]


def heading(step: StepContext) -> FormData:
    """What every expert sees of a project: its number, title and topic; the unit only in an open round."""
    project = project_of(step.connection, str(variable(step, "seat")["project"]))
    return {
        "number": project["number"],
        "title": project["title"],
        "topic": f"{project['domain']}：{project['direction']}",
        "unit_name": "" if is_blind(step) else project["unit_name"],
    }


def _points(step: StepContext) -> dict[str, Decimal]:
    points: dict[str, Decimal] = scoring_of(step.connection, step.cycle_id)["innovation"]["points"]  # type: ignore[index]
    return points


def _close_seat(step: StepContext, *, state: str, reason: str = "") -> None:
    """End the seat for this expert. Raises: SeatNotOpen."""
    seat_id = str(variable(step, "seat")["id"])
    now = step.connection.execute(select(SEATS.c.state).where(SEATS.c.id == seat_id)).scalar_one()
    if now != "released":
        raise SeatNotOpen
    step.connection.execute(
        update(SEATS).where(SEATS.c.id == seat_id).values(state=state, reason=reason, ended_at=step.at)
    )
