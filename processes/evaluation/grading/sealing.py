"""封存与验证: a snapshot is sealed once; to verify is to compute it again from itself and compare."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from engine.audit.chain import ALGORITHM
from engine.ids import new_id
from engine.store.writing import insert_row
from processes.cycle.records import Cycle
from processes.evaluation.grading.content import (
    Content,
    adjustments_in,
    answers_of,
    grades_of,
    scheme_in,
    text_of,
    units_in,
)
from processes.evaluation.grading.records import Grade, Snapshot
from processes.evaluation.grading.rules import DECISIONS, RuleVersion, rulebook_of, stored_versions
from processes.evaluation.rulebook import NoAnswer
from processes.evaluation.scoring import score
from processes.tables import table_of

SNAPSHOTS = table_of(Snapshot)
GRADES = table_of(Grade)
CYCLES = table_of(Cycle)


def seal(
    connection: Connection,
    content: Content,
    *,
    purpose: str,
    reason: str,
    at: datetime,
    instance_id: str | None,
    previous_id: str | None = None,
) -> str:
    """Store a content under its hash with the next number of the cycle; the snapshot's id."""
    cycle_id = content["cycle"]["id"]
    # Two appeals may be sealed at the same moment.
    connection.execute(select(CYCLES.c.id).where(CYCLES.c.id == cycle_id).with_for_update())
    last = connection.execute(
        select(func.max(SNAPSHOTS.c.number)).where(SNAPSHOTS.c.cycle_id == cycle_id)
    ).scalar()
    text, snapshot_id = text_of(content), new_id()
    insert_row(
        connection,
        SNAPSHOTS,
        id=snapshot_id,
        cycle_id=cycle_id,
        number=int(last or 0) + 1,
        purpose=purpose,
        reason=reason,
        content_text=text,
        digest=hash_of(text, algorithm=ALGORITHM),
        algorithm=ALGORITHM,
        previous_id=previous_id,
        instance_id=instance_id,
        made_at=at,
    )
    return snapshot_id


def hash_of(text: str, *, algorithm: str) -> str:
    """The hash of a snapshot's text, as hexadecimal text."""
    return hashlib.new(algorithm, text.encode()).hexdigest()


def read_snapshot(connection: Connection, snapshot_id: str) -> Mapping[str, Any] | None:
    """A snapshot's row with its `content`; None when there is none."""
    query = select(SNAPSHOTS).where(SNAPSHOTS.c.id == snapshot_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else {**row, "content": orjson.loads(row["content_text"])}


def content_in(connection: Connection, snapshot_id: str) -> Content:
    """What a snapshot seals. Raises LookupError."""
    found = read_snapshot(connection, snapshot_id)
    if found is None:
        raise LookupError(f"no snapshot {snapshot_id}")
    content: Content = found["content"]
    return content


def faults_of(connection: Connection, snapshot_id: str) -> list[str]:
    """What does not hold about a snapshot, one sentence each; empty when it verifies. Raises LookupError."""
    found = read_snapshot(connection, snapshot_id)
    if found is None:
        raise LookupError(f"no snapshot {snapshot_id}")
    faults = []
    if hash_of(found["content_text"], algorithm=found["algorithm"]) != found["digest"]:
        faults.append("封存的内容与摘要不符：内容在封存以后被改动过。")
    content: Content = found["content"]
    versions = stored_versions(connection, [one["version_id"] for one in content["rules"]])
    faults += list(_changed_rules(content, versions))
    if {one.decision for one in versions} >= set(DECISIONS):
        faults += list(_other_answers(content, versions))
    faults += list(_other_grades(connection, snapshot_id, content))
    return faults


def broken_snapshots(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every snapshot that does not verify, with each reason."""
    for (snapshot_id,) in connection.execute(select(SNAPSHOTS.c.id).order_by(SNAPSHOTS.c.id)).all():
        yield from ((snapshot_id, reason) for reason in faults_of(connection, snapshot_id))


def _changed_rules(content: Content, versions: Sequence[RuleVersion]) -> list[str]:
    stored = {(one.decision, one.version_id): one.digest for one in versions}
    return [
        f"决策“{one['decision']}”第 {one['number']} 版与封存时不同。"
        for one in content["rules"]
        if stored.get((one["decision"], one["version_id"])) != one["digest"]
    ]


def _other_answers(content: Content, versions: Sequence[RuleVersion]) -> list[str]:
    """Compute the sealed inputs again with the stored decision versions."""
    try:
        again = answers_of(
            score(units_in(content), scheme=scheme_in(content), rulebook=rulebook_of(versions))
        )
    except NoAnswer as nothing:
        return [f"按封存的数据重新计算没有得出结果：{nothing}"]
    sealed = {unit["unit"]: unit for unit in content["answers"]["units"]}
    wrong = [unit["unit"] for unit in again["units"] if sealed.get(unit["unit"]) != unit]
    found = [f"“{content['names'].get(one, one)}”的结果与重新计算的不同。" for one in wrong]
    if not wrong and again != content["answers"]:
        found.append("排名或名额的结果与重新计算的不同。")
    if grades_of(again, adjustments_in(content)) != content["grades"]:
        found.append("等次与重新计算并加上调整的不同。")
    return found


def _other_grades(connection: Connection, snapshot_id: str, content: Content) -> list[str]:
    """Grades in the table that differ from the snapshot that they rest on."""
    sealed = {
        one["unit"]: (one["grade"], one["rank"], one["zone"], Decimal(one["total"]))
        for one in content["grades"]
    }
    query = select(GRADES).where(GRADES.c.snapshot_id == snapshot_id)
    return [
        f"“{content['names'].get(row['unit_id'], row['unit_id'])}”登记的等次与封存的不同。"
        for row in connection.execute(query).mappings()
        if sealed.get(row["unit_id"]) != (row["grade"], row["rank"], row["zone"], row["total"])
    ]
