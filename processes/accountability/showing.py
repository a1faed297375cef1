"""What pages show of accountability: a year's cases and flags, one case with everything that was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from processes.accountability.cases import CASES, ORDER, acts_of, case_of, measures_of
from processes.accountability.ordering import STATES as MEASURE_STATES
from processes.accountability.proposing import why_of
from processes.accountability.recommending import DECISIONS
from processes.cycle.documents import DOCUMENTS
from processes.cycle.reading import CYCLES
from processes.evaluation.grading.reading import evidence_of
from processes.planning.steps import UNITS

CASE_STATES = {
    "proposed": "拟议",
    "heard": "已听取陈述",
    "open": "办理中",
    "dropped": "不作处理",
    "closed": "已办结",
}
ACT_WORDS = {
    "confirmed": "核定处理方案", "silent": "期满没有陈述", "accepted": "没有异议", "stated": "陈述申辩",
    "weighed": "研究陈述", "begun": "开始处理", "drafted": "拟定整改通知", "ordered": "签发整改通知",
    "planned": "整改方案", "plan_signed": "审签整改方案", "plan_passed": "审核整改方案",
    "reported": "整改报告", "signed": "签报整改报告", "checked": "验收",
    "lettered": "拟定建议函", "sent": "建议送达", "decided": "登记机关决定",
    "closed": "办结", "filed": "监察备案",
}  # fmt: skip
OFFICE_ONLY = ("drafted", "lettered")
"""Drafts, which a unit does not read."""


@dataclass(frozen=True)
class Case:
    """One case as a page shows it. `told`: the unit knows of it."""

    row: dict[str, Any]
    why: str
    state: str
    order: str
    measures: list[dict[str, Any]]
    acts: list[dict[str, Any]]
    told: bool


def cases_of(connection: Connection, cycle_id: str) -> list[dict[str, Any]]:
    """The cases of a cycle by unit: {id, unit_id, unit_name, why, measures, state_text, deadline_on}."""
    query = (
        select(CASES.c.id)
        .join(UNITS, UNITS.c.id == CASES.c.unit_id)
        .where(CASES.c.cycle_id == cycle_id)
        .order_by(UNITS.c.code)
    )
    found = []
    for case_id in connection.execute(query).scalars():
        case = case_of(connection, case_id)
        found.append(
            {
                **case,
                "why": why_of(connection, case),
                "state_text": CASE_STATES[case["state"]],
                "measures": [
                    row["measure"] for row in measures_of(connection, case_id) if row["state"] != "dropped"
                ],
            }
        )
    return found


def read_case(connection: Connection, case_id: str, *, whole: bool) -> Case | None:
    """One case; with `whole` the office's drafts as well. None when there is none."""
    if connection.execute(select(CASES.c.id).where(CASES.c.id == case_id)).first() is None:
        return None
    row = case_of(connection, case_id)
    acts = [act for act in acts_of(connection, case_id) if whole or act["kind"] not in OFFICE_ONLY]
    proofs = evidence_of(connection, [act["id"] for act in acts])
    confirmed = [act for act in acts if act["kind"] == "confirmed"]
    measures = {one["id"]: one for one in measures_of(connection, case_id)}
    return Case(
        row={**row, **_year(connection, row["cycle_id"])},
        why=why_of(connection, row),
        state=CASE_STATES[row["state"]],
        order=_number(connection, row["document_id"]),
        measures=[_measure(one) for one in measures.values()],
        acts=[_act(act, measures, proofs.get(act["id"], [])) for act in acts],
        told=bool(confirmed) and int(confirmed[-1]["details"]["kept"]) > 0,
    )


def told_case(connection: Connection, cycle_id: str, unit_id: str) -> str | None:
    """The id of a unit's case in a cycle, once the unit was told of it."""
    query = select(CASES.c.id).where(CASES.c.cycle_id == cycle_id, CASES.c.unit_id == unit_id)
    case_id = connection.execute(query).scalar_one_or_none()
    found = read_case(connection, case_id, whole=False) if case_id else None
    return found.row["id"] if found is not None and found.told else None


def _year(connection: Connection, cycle_id: str) -> dict[str, Any]:
    query = select(CYCLES.c.year, CYCLES.c.assessor_id, CYCLES.c.run_mode).where(CYCLES.c.id == cycle_id)
    return dict(connection.execute(query).mappings().one())


def _number(connection: Connection, document_id: str | None) -> str:
    query = select(DOCUMENTS.c.number).where(DOCUMENTS.c.id == document_id)
    return str(connection.execute(query).scalar() or "")


def _measure(row: dict[str, Any]) -> dict[str, Any]:
    state = DECISIONS[row["decision"]] if row["decision"] else MEASURE_STATES[row["state"]]
    return {**row, "state_text": state, "ordered": row["way"] == ORDER}


def _act(
    act: dict[str, Any], measures: Mapping[str, dict[str, Any]], evidence: list[dict[str, Any]]
) -> dict[str, Any]:
    """An act in words: what it was about, of a draft its title, of a decision what was decided."""
    about = measures.get(act["measure_id"] or "")
    words = ACT_WORDS[act["kind"]] + (f" · {about['measure']}" if about else "")
    text = act["details"]["title"] if act["kind"] in OFFICE_ONLY else act["text"]
    if act["kind"] == "decided":
        text = "，".join(filter(None, (DECISIONS[act["details"]["decision"]], text)))
    return {**act, "words": words, "text": text, "evidence": evidence}
