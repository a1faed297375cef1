"""A case about a target: opening it, what happened in it, how it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.adjusting.records import ChangeAct, ChangeCase
from processes.planning.reading import TargetView
from processes.planning.versions import newest_versions
from processes.tables import table_of

CASES = table_of(ChangeCase)
ACTS = table_of(ChangeAct)

CHALLENGE = "challenge"
ADJUSTMENT = "adjustment"
KINDS = {CHALLENGE: "挑战指标申报", ADJUSTMENT: "目标调整"}

OPEN = "open"
STATES = {
    OPEN: "填写中",
    "stated": "已填报",
    "signed": "已签发",
    "verified": "已核对",
    "judged": "已判断",
    "supplement": "补正中",
    "reviewed": "初审通过",
    "advised": "牵头部门已提意见",
    "approved": "已批准",
    "accepted": "已列为挑战指标",
    "key": "关键性挑战指标",
    "lapsed": "目标已提高，不再计为挑战",
    "applied": "已调整",
    "refused": "未同意",
    "unqualified": "不合格",
    "given_up": "已放弃",
    "withdrawn": "已撤回",
    "frozen": "年度冻结，未办结",
}
"""How a case stands, by the kind of its newest act."""
STANDING = ("accepted", "key")
"""A challenge that counts."""
FINAL = (*STANDING, "lapsed", "applied", "refused", "unqualified", "given_up", "withdrawn", "frozen")
"""Nothing is under way any more."""


@dataclass(frozen=True)
class Case:
    """A case with its newest act."""

    row: Mapping[str, Any]
    state: str
    text: str

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def running(self) -> bool:
        """Is something still under way?"""
        return self.state not in FINAL


def open_case(
    connection: Connection, target: TargetView, *, kind: str, asker: str, by: str, at: datetime
) -> Mapping[str, Any]:
    """Store a case about a target; its row. The caller holds the target's row locked."""
    last = select(func.max(CASES.c.number)).where(CASES.c.target_id == target.id, CASES.c.kind == kind)
    version = newest_versions(connection, [target.id]).get(target.id)
    row = {
        "id": new_id(),
        "cycle_id": target.row["cycle_id"],
        "unit_id": target.row["unit_id"],
        "target_id": target.id,
        "kind": kind,
        "number": int(connection.execute(last).scalar() or 0) + 1,
        "label": target.label,
        "asker": asker,
        "version_number": int(version["number"]) if version else 0,
        "opened_by": by,
        "opened_at": at,
    }
    insert_row(connection, CASES, **row)
    return row


def case_of(connection: Connection, case_id: str) -> Case | None:
    """One case, or None."""
    found = cases_where(connection, CASES.c.id == case_id)
    return found[0] if found else None


def cases_of_targets(connection: Connection, target_ids: Collection[str], *, kind: str = "") -> list[Case]:
    """The cases of these targets, oldest first; only of a kind when one is named."""
    of_kind = [CASES.c.kind == kind] if kind else []
    return cases_where(connection, CASES.c.target_id.in_(list(target_ids)), *of_kind)


def cases_where(connection: Connection, *conditions: Any) -> list[Case]:
    """Cases chosen by conditions on the case table, oldest first, each with its newest act: two queries."""
    chosen = select(CASES).where(*conditions).order_by(CASES.c.id)
    rows = [dict(row) for row in connection.execute(chosen).mappings()]
    mine = select(CASES.c.id).where(*conditions)
    acts = select(ACTS.c.case_id, ACTS.c.kind, ACTS.c.text).where(ACTS.c.case_id.in_(mine))
    newest = {row.case_id: row for row in connection.execute(acts.order_by(ACTS.c.id))}
    return [
        Case(row, newest[row["id"]].kind, newest[row["id"]].text)
        if row["id"] in newest
        else Case(row, OPEN, "")
        for row in rows
    ]


def running_case(connection: Connection, target_id: str, *, kind: str) -> Case | None:
    """The case of this kind that is under way for a target."""
    found = cases_of_targets(connection, [target_id], kind=kind)
    return next((case for case in found if case.running), None)


def acts_of(connection: Connection, case_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What happened in cases, oldest first, by case."""
    query = select(ACTS).where(ACTS.c.case_id.in_(list(case_ids))).order_by(ACTS.c.id)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["case_id"], []).append(dict(row))
    return found


def add_act(
    step: StepContext, case_id: str, kind: str, *, text: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Write down what happened in a case at this step."""
    assert kind in STATES
    insert_row(
        step.connection,
        ACTS,
        id=new_id(),
        case_id=case_id,
        kind=kind,
        text=text,
        facts=dict(facts or {}),
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )


def case_at(step: StepContext) -> Case:
    """The case of a step: the variable `caseId`."""
    found = case_of(step.connection, str(step.variables["caseId"]))
    assert found is not None
    return found
