"""问责线索: raising a flag, what supervision found about it, and which flags nobody has taken up yet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, select

from engine.ids import new_id
from engine.people.tables import Unit
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.accountability.records import AccountabilityFlag, CaseFlag, FlagFinding
from processes.cycle.reading import CYCLES, cycle_of, scheme_of
from processes.planning.entry import text_of
from processes.planning.steps import unit_of
from processes.tables import table_of

FLAGS = table_of(AccountabilityFlag)
FINDINGS = table_of(FlagFinding)
TAKEN = table_of(CaseFlag)
UNITS = table_of(Unit)

KINDS = {
    "rectification": "重点整改目标不达标",
    "notice": "改进通知再次核查不合格",
    "data_fraud": "数据弄虚作假",
}
VIOLATIONS = {"minor": "较轻", "serious": "较重", "grave": "严重"}
JUDGED = ("data_fraud",)
"""Kinds that count only once supervision has found them true."""


def put_flag(step: StepContext, *, unit_id: str, kind: str, subject_id: str, reason: str) -> str:
    """Raise a flag; its id. The same subject is flagged once, a second call finds the first."""
    found = step.connection.execute(
        select(FLAGS.c.id).where(FLAGS.c.kind == kind, FLAGS.c.subject_id == subject_id)
    ).scalar_one_or_none()
    if found is not None:
        return str(found)
    flag_id = new_id()
    insert_row(
        step.connection,
        FLAGS,
        id=flag_id,
        cycle_id=step.cycle_id,
        unit_id=unit_id,
        kind=kind,
        subject_id=subject_id,
        reason=reason,
        raised_at=step.at,
    )
    return flag_id


def raise_flag(call: ServiceCall) -> dict[str, Value]:
    """登记问责线索 about the instance's unit. Inputs: `kind`, `subjectId`, `reason`."""
    given = call.inputs
    flag_id = put_flag(
        call,
        unit_id=str(unit_of(call)["id"]),
        kind=str(given["kind"]),
        subject_id=str(given["subjectId"]),
        reason=str(given["reason"]),
    )
    days = scheme_of(call.connection, call.cycle_id)["accountability"]["judgeWorkingDays"]
    return {"flagId": flag_id, "judgeDays": days["value"]}


def flags_of(connection: Connection, cycle_id: str, *, unit_id: str | None = None) -> list[dict[str, Any]]:
    """The flags of a cycle (of one unit), newest first, with unit's name, newest finding and case."""
    query = _flags().where(FLAGS.c.cycle_id == cycle_id)
    if unit_id is not None:
        query = query.where(FLAGS.c.unit_id == unit_id)
    return _read(connection, query)


def waiting_flags(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The flags that a year's accountability takes up: in no case yet, and true where that must be found.

    A formal year takes up what earlier formal years have left; a simulated one only its own.
    """
    cycle = cycle_of(connection, cycle_id)
    query = _flags().where(TAKEN.c.case_id.is_(None), CYCLES.c.assessor_id == cycle["assessor_id"])
    if cycle["run_mode"] == "formal":
        query = query.where(CYCLES.c.run_mode == "formal", CYCLES.c.year <= cycle["year"])
    else:
        query = query.where(FLAGS.c.cycle_id == cycle_id)
    return [row for row in _read(connection, query) if row["kind"] not in JUDGED or row["founded"]]


def flags_said(connection: Connection, cycle_id: str) -> str:
    """The flags of a year that count, for who decides the grades; empty when there are none."""
    words = [
        f"{flag['unit_name']}：{flag['kind_name']}"
        + (f"（监察认定情节{flag['violation_name']}）" if flag["founded"] else "")
        for flag in reversed(flags_of(connection, cycle_id))
        if flag["kind"] not in JUDGED or flag["founded"]
    ]
    return f"问责线索，定级时请一并考虑：{'；'.join(words)}" if words else ""


def cleared_of_fraud(connection: Connection, cycle_id: str, unit_id: str) -> bool:
    """Has supervision found that what was reported of a unit's figures is not true?"""
    flags = [flag for flag in flags_of(connection, cycle_id, unit_id=unit_id) if flag["kind"] == "data_fraud"]
    return bool(flags) and all(flag["founded"] is False for flag in flags)


class Finding:
    """认定弄虚作假: supervision says whether it is true, how grave, and whether a person is responsible."""

    def read(self, step: StepContext) -> FormData:
        flag = self._flag(step)
        return {
            "unit_name": unit_of(step)["name"],
            "reason": flag["reason"],
            "violation": None,
            "person": False,
            "text": "",
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if outcome == "confirm" and not data.get("violation"):
            return [FieldError("violation", "missing", "认定成立的，请选择情节轻重")]
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        founded = outcome == "confirm"
        insert_row(
            step.connection,
            FINDINGS,
            id=new_id(),
            flag_id=self._flag(step)["id"],
            founded=founded,
            violation=str(data.get("violation") or "") if founded else "",
            person=founded and data.get("person") is True,
            text=text_of(data.get("text")),
            by_person=step.person_id,
            made_at=step.at,
            instance_id=step.instance_id,
        )
        return {}

    def _flag(self, step: StepContext) -> Mapping[str, Any]:
        query = select(FLAGS).where(FLAGS.c.id == str(step.variables["flagId"]))
        return dict(step.connection.execute(query).mappings().one())


def _flags() -> Select[Any]:
    newer = FINDINGS.alias("newer")
    newest = (
        ~select(newer.c.id).where(newer.c.flag_id == FINDINGS.c.flag_id, newer.c.id > FINDINGS.c.id).exists()
    )
    return (
        select(
            FLAGS,
            UNITS.c.name.label("unit_name"),
            FINDINGS.c.founded,
            FINDINGS.c.violation,
            FINDINGS.c.person,
            FINDINGS.c.text.label("finding"),
            TAKEN.c.case_id,
        )
        .join(UNITS, UNITS.c.id == FLAGS.c.unit_id)
        .join(CYCLES, CYCLES.c.id == FLAGS.c.cycle_id)
        .join(FINDINGS, (FINDINGS.c.flag_id == FLAGS.c.id) & newest, isouter=True)
        .join(TAKEN, TAKEN.c.flag_id == FLAGS.c.id, isouter=True)
        .order_by(FLAGS.c.id.desc())
    )


def _read(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "kind_name": KINDS.get(row["kind"], row["kind"]),
            "violation_name": VIOLATIONS.get(row["violation"] or "", ""),
        }
        for row in connection.execute(query).mappings()
    ]
