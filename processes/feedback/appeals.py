"""申诉: what a unit appeals, what was done with it, and who may not review it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, or_, select

from engine.ids import new_id
from engine.people.tables import UserAccount
from engine.runtime.tables import Instance
from engine.store.writing import insert_row
from engine.work.tables import File, WorkEvent
from processes.cycle.reading import scheme_of
from processes.evaluation.grading.marks import SCORES, Component, components_of
from processes.evaluation.grading.reading import EVIDENCE, plain
from processes.feedback.records import Appeal, AppealAct
from processes.tables import table_of

APPEALS = table_of(Appeal)
ACTS = table_of(AppealAct)
USERS = table_of(UserAccount)
EVENTS = table_of(WorkEvent)
INSTANCES = table_of(Instance)
FILES = table_of(File)

STEPS = {
    "signed": "签发",
    "admitted": "受理审查",
    "reviewed": "独立复核",
    "rechecked": "核定复核意见",
    "ruled": "裁定",
    "corrected": "更正",
}
OUTCOMES = {
    "approve": "同意",
    "return": "退回",
    "admit": "受理",
    "reject": "不予受理",
    "uphold": "建议更正",
    "dismiss": "建议维持",
    "upheld": "成立",
    "dismissed": "不成立",
    "corrected": "已更正",
}
GRADING = "composite_grading"


def read_appeal(connection: Connection, appeal_id: str) -> Mapping[str, Any]:
    """One appeal's row. Raises NoResultFound."""
    return dict(connection.execute(select(APPEALS).where(APPEALS.c.id == appeal_id)).mappings().one())


def component_of(connection: Connection, cycle_id: str, key: str) -> Component:
    """A component of the cycle's profile by its key."""
    return next(one for one in components_of(scheme_of(connection, cycle_id)) if one.key == key)


def note_act(
    connection: Connection,
    appeal_id: str,
    kind: str,
    *,
    at: datetime,
    by: str | None,
    outcome: str = "",
    text: str = "",
    value: Decimal | None = None,
    decision_id: str | None = None,
    score_id: str | None = None,
    snapshot_id: str | None = None,
) -> None:
    """Put on record what was done with an appeal."""
    insert_row(
        connection,
        ACTS,
        id=new_id(),
        appeal_id=appeal_id,
        kind=kind,
        outcome=outcome,
        value=value,
        text=text,
        by_person=by,
        decision_id=decision_id,
        score_id=score_id,
        snapshot_id=snapshot_id,
        done_at=at,
    )


def acts_of(connection: Connection, appeal_id: str) -> list[dict[str, Any]]:
    """What was done with an appeal, in order: `{kind, step, outcome, text, value, person, on}`."""
    query = (
        select(ACTS, USERS.c.name.label("person"))
        .join(USERS, USERS.c.id == ACTS.c.by_person, isouter=True)
        .where(ACTS.c.appeal_id == appeal_id)
        .order_by(ACTS.c.done_at, ACTS.c.id)
    )
    return [
        {
            "kind": row["kind"],
            "step": STEPS[row["kind"]],
            "outcome": OUTCOMES.get(row["outcome"], row["outcome"]),
            "outcome_key": row["outcome"],
            "text": row["text"],
            "value": row["value"],
            "person": row["person"] or "系统",
            "on": row["done_at"].date().isoformat(),
            "at": row["done_at"],
        }
        for row in connection.execute(query).mappings()
    ]


def last_review(connection: Connection, appeal_id: str) -> Mapping[str, Any] | None:
    """The newest finding of the independent review."""
    found = [one for one in acts_of(connection, appeal_id) if one["kind"] == "reviewed"]
    return found[-1] if found else None


def facts_of(connection: Connection, appeal: Mapping[str, Any], *, unit_name: str) -> dict[str, Any]:
    """An appeal as every form of its way shows it."""
    score = connection.execute(select(SCORES).where(SCORES.c.id == appeal["score_id"])).mappings().one()
    component = component_of(connection, appeal["cycle_id"], appeal["component"])
    review = last_review(connection, appeal["id"])
    return {
        "unit_name": unit_name,
        "component_label": component.label,
        "current": plain(score["value"]),
        "claimed": plain(appeal["claimed"]),
        "text": appeal["text"],
        "files": files_of(connection, appeal["id"]),
        "acts": acts_of(connection, appeal["id"]),
        "proposal": "" if review is None else _proposal(review),
    }


def _proposal(review: Mapping[str, Any]) -> str:
    mark = f"，更正为 {plain(review['value'])}" if review["value"] is not None else ""
    return f"{review['outcome']}{mark}。{review['text']}"


def files_of(connection: Connection, appeal_id: str) -> list[dict[str, Any]]:
    """The papers that came with an appeal."""
    query = (
        select(FILES.c.id, FILES.c.name, FILES.c.size)
        .join(EVIDENCE, EVIDENCE.c.file_id == FILES.c.id)
        .where(EVIDENCE.c.owner_kind == "appeal", EVIDENCE.c.owner_id == appeal_id)
        .order_by(FILES.c.name)
    )
    return [
        {"id": row.id, "name": row.name, "size": f"{max(row.size // 1024, 1)} KB"}
        for row in connection.execute(query)
    ]


def involved(connection: Connection, appeal: Mapping[str, Any]) -> dict[str, str]:
    """Who took part before and may therefore not review: person id and what they did, in words."""
    found: dict[str, str] = {}
    scored = select(SCORES.c.scored_by).where(
        SCORES.c.cycle_id == appeal["cycle_id"],
        SCORES.c.unit_id == appeal["unit_id"],
        SCORES.c.component == appeal["component"],
        SCORES.c.scored_by.is_not(None),
    )
    checked = (
        select(EVENTS.c.person_id)
        .join(INSTANCES, INSTANCES.c.id == EVENTS.c.instance_id)
        .where(
            INSTANCES.c.cycle_id == appeal["cycle_id"],
            INSTANCES.c.process_key == GRADING,
            EVENTS.c.verb.in_(("complete", "register_for")),
            EVENTS.c.person_id.is_not(None),
        )
    )
    handled = select(ACTS.c.by_person).where(
        or_(ACTS.c.kind == "signed", ACTS.c.kind == "admitted"), ACTS.c.appeal_id == appeal["id"]
    )
    for query, what in (
        (handled, "签发或受理过这项申诉"),
        (checked, "参加过本年度的综合评定"),
        (scored, "给这个分项评过分"),
    ):
        found |= {str(person): what for person in connection.execute(query).scalars() if person}
    if appeal["filed_by"]:
        found[appeal["filed_by"]] = "提出了这项申诉"
    return found


def reviewers_so_far(connection: Connection, appeal_id: str) -> Sequence[str]:
    """Who reviewed this appeal."""
    query = select(ACTS.c.by_person).where(ACTS.c.appeal_id == appeal_id, ACTS.c.kind == "reviewed")
    return [str(person) for person in connection.execute(query).scalars() if person]
