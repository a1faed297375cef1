"""问责个案: a unit's case, its measures and acts; writing them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.ids import new_id
from engine.people.tables import UserAccount
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.accountability.records import AccountabilityCase, CaseAct, CaseMeasure
from processes.cycle.documents import DOCUMENTS
from processes.planning.meetings import DECISIONS
from processes.planning.steps import UNITS
from processes.tables import table_of

CASES = table_of(AccountabilityCase)
MEASURES = table_of(CaseMeasure)
ACTS = table_of(CaseAct)
USERS = table_of(UserAccount)

ORDER, RECOMMEND = "order", "recommend"
Row = dict[str, Any]


def case_id_of(step: StepContext) -> str:
    """The case that the instance is about."""
    return str(step.variables["caseId"])


def case_of(connection: Connection, case_id: str) -> Row:
    """A case with its unit's name and code. Raises NoResultFound."""
    query = (
        select(CASES, UNITS.c.name.label("unit_name"), UNITS.c.code.label("unit_code"))
        .join(UNITS, UNITS.c.id == CASES.c.unit_id)
        .where(CASES.c.id == case_id)
    )
    return dict(connection.execute(query).mappings().one())


def measures_of(
    connection: Connection, case_id: str, *, way: str = "", states: Sequence[str] = ()
) -> list[Row]:
    """A case's measures in the order in which they were proposed, with letter and decision of each."""
    query = (
        select(
            MEASURES,
            DOCUMENTS.c.number.label("letter"),
            DECISIONS.c.document_number,
            DECISIONS.c.decided_on,
        )
        .join(DOCUMENTS, DOCUMENTS.c.id == MEASURES.c.document_id, isouter=True)
        .join(DECISIONS, DECISIONS.c.id == MEASURES.c.decision_id, isouter=True)
        .where(MEASURES.c.case_id == case_id)
        .order_by(MEASURES.c.proposed_at, MEASURES.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [row for row in rows if way in ("", row["way"]) and (not states or row["state"] in states)]


def acts_of(connection: Connection, case_id: str, *kinds: str) -> list[Row]:
    """What was done about a case, in order, with who did it; only of these kinds when some are named."""
    query = (
        select(ACTS, USERS.c.name.label("person"))
        .join(USERS, USERS.c.id == ACTS.c.by_person, isouter=True)
        .where(ACTS.c.case_id == case_id)
        .order_by(ACTS.c.made_at, ACTS.c.id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [row for row in rows if not kinds or row["kind"] in kinds]


def last_act(connection: Connection, case_id: str, kind: str, *, measure_id: str | None = None) -> Row | None:
    """The newest act of a kind (about one measure)."""
    rows = [
        row
        for row in acts_of(connection, case_id, kind)
        if measure_id is None or row["measure_id"] == measure_id
    ]
    return rows[-1] if rows else None


def move(step: StepContext, case_id: str, **changes: Any) -> None:
    """Change where a case stands."""
    step.connection.execute(update(CASES).where(CASES.c.id == case_id).values(**changes))


def move_measure(step: StepContext, measure_id: str, **changes: Any) -> None:
    """Change where a measure stands."""
    step.connection.execute(update(MEASURES).where(MEASURES.c.id == measure_id).values(**changes))


def note(
    step: StepContext,
    case_id: str,
    kind: str,
    *,
    text: str = "",
    passed: bool | None = None,
    measure_id: str | None = None,
    details: Mapping[str, object] | None = None,
) -> str:
    """Put on record what was done; the act's id."""
    act_id = new_id()
    insert_row(
        step.connection,
        ACTS,
        id=act_id,
        case_id=case_id,
        measure_id=measure_id,
        kind=kind,
        round=step.round,
        text=text,
        details=dict(details or {}),
        passed=passed,
        by_person=step.person_id,
        made_at=step.at,
        instance_id=step.instance_id,
    )
    return act_id


def add_measures(
    step: StepContext, case_id: str, found: Sequence[Mapping[str, Any]], *, state: str
) -> list[Row]:
    """Add what D19 lists and the case does not have yet; the same measure for two reasons is one."""
    merged: dict[str, Row] = {}
    known = {row["measure"] for row in measures_of(step.connection, case_id)}
    for one in found:
        if one["measure"] in known:
            continue
        if one["measure"] in merged:
            merged[one["measure"]]["basis"] += f"；{one['basis']}"
            continue
        merged[one["measure"]] = {
            "id": new_id(),
            "case_id": case_id,
            **{name: str(one[name]) for name in ("way", "measure", "basis", "authority")},
            "state": state,
            "reason": "",
            "decision": "",
            "proposed_at": step.at,
        }
    if merged:
        step.connection.execute(insert(MEASURES), list(merged.values()))
    return list(merged.values())


def as_passed(measures: Sequence[Row]) -> list[dict[str, str]]:
    """Those to be recommended as diagrams pass them: {id, measure}."""
    return [{"id": row["id"], "measure": row["measure"]} for row in measures if row["way"] == RECOMMEND]
