"""异议: a unit says that an assigned figure is wrong; the office accepts it, or keeps the figure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import StepContext
from processes.planning.entry import Rows, text_of
from processes.planning.reading import TargetView
from processes.planning.records import Objection
from processes.tables import table_of

OBJECTIONS = table_of(Objection)
WITHDRAWN = "单位已撤回"


def objections_of(connection: Connection, target_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The newest objection to each target that has one."""
    rows = connection.execute(
        select(OBJECTIONS)
        .where(OBJECTIONS.c.target_id.in_(list(target_ids)))
        .order_by(OBJECTIONS.c.made_at, OBJECTIONS.c.id)
    ).mappings()
    return {row["target_id"]: dict(row) for row in rows}


def open_objections(connection: Connection, target_ids: Sequence[str]) -> int:
    """How many objections to these targets the office has not answered."""
    count = connection.execute(
        select(func.count()).where(
            OBJECTIONS.c.target_id.in_(list(target_ids)), OBJECTIONS.c.answered_at.is_(None)
        )
    ).scalar_one()
    return int(count)


def write_objections(
    step: StepContext, targets: Sequence[TargetView], rows: Rows, *, round_number: int
) -> None:
    """Record new or changed objections; emptying one that is unanswered withdraws it."""
    own = {target.id for target in targets if target.row["locked"]}
    newest = objections_of(step.connection, list(own))
    for row in rows:
        target_id = str(row.get("id"))
        if target_id in own:
            text = text_of(row.get("objection"))
            last = newest.get(target_id)
            is_open = last is not None and last["answered_at"] is None
            if is_open and last is not None and text == last["text"]:
                continue
            if is_open and last is not None:
                answer(
                    step.connection, last["id"], text=WITHDRAWN, accepted=False, by=step.person_id, at=step.at
                )
            if text:
                _raise(step, target_id, text, round_number)


def answer(
    connection: Connection, objection_id: str, *, text: str, accepted: bool, by: str | None, at: datetime
) -> None:
    """Write down the answer to an open objection."""
    connection.execute(
        update(OBJECTIONS)
        .where(OBJECTIONS.c.id == objection_id, OBJECTIONS.c.answered_at.is_(None))
        .values(answer=text, accepted=accepted, answered_by=by, answered_at=at)
    )


def _raise(step: StepContext, target_id: str, text: str, round_number: int) -> None:
    insert_row(
        step.connection,
        OBJECTIONS,
        id=new_id(),
        target_id=target_id,
        round=round_number,
        text=text,
        by_person=step.person_id,
        made_at=step.at,
        answer="",
    )
