"""选题目录: the year's topics come from the plan's guide, are revised by the office, and published."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from engine.ids import new_id
from engine.store.writing import insert_row
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from processes.cycle.reading import cycle_of
from processes.cycle.records import Publication
from processes.data.tables import rows_of
from processes.innovation.reading import TOPICS, UNITS, limits_of
from processes.planning.entry import rows_in, text_of
from processes.tables import table_of

PUBLICATIONS = table_of(Publication)


def prepare(call: ServiceCall) -> dict[str, Value]:
    """准备选题目录: last to be revised is the table that the input `guide` names; who may apply.

    `unitCodes` among the variables limits the year to some units (a pilot).
    Raises: NoInnovation.
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    limits = limits_of(call.connection, call.cycle_id)
    topics = [
        {
            "id": new_id(),
            "cycle_id": call.cycle_id,
            "code": row["guide_code"],
            "domain": row["domain"],
            "focus": row["focus"],
            "direction": row["direction"],
            "chosen": True,
        }
        for row in rows_of(str(call.inputs["guide"]))
    ]
    call.connection.execute(insert(TOPICS), topics)
    closing = date.fromisoformat(cycle["calendar"]["innovation_closing"]["on"])
    codes = call.variables.get("unitCodes")
    units = _applicants(call, str(cycle["assessor_id"]), codes if isinstance(codes, list) else None)
    return {"limits": limits, "units": units, "closingOn": closing}


def _applicants(call: ServiceCall, assessor_id: str, codes: list[Any] | None) -> list[dict[str, Value]]:
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code)
        .where(UNITS.c.assessor_id == assessor_id, UNITS.c.assessed.is_(True))
        .where((UNITS.c.valid_until_on.is_(None)) | (UNITS.c.valid_until_on >= call.today))
        .order_by(UNITS.c.code)
    )
    rows = [dict(row) for row in call.connection.execute(query).mappings()]
    return [row for row in rows if codes is None or row["code"] in codes]


class Catalogue:
    """修订选题目录: take directions out, reword them, add what the public's opinions ask for."""

    def read(self, step: StepContext) -> FormData:
        rows = _topics(step)
        domains = list(dict.fromkeys(row["domain"] for row in rows))
        return {
            "topics": [
                {
                    "id": row["id"],
                    "locked": True,
                    **{name: row[name] for name in ("chosen", "domain", "focus", "direction")},
                }
                for row in rows
            ],
            "added": [],
            "domain_options": [{"label": domain, "value": domain} for domain in domains],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        if rows_in(data, "added") or any(row.get("chosen") for row in rows_in(data, "topics")):
            return []
        return [FieldError("topics", "missing", "目录里至少要有一个选题")]

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        known = {row["id"] for row in _topics(step)}
        for row in rows_in(data, "topics"):
            if row.get("id") in known:
                values = {"chosen": bool(row.get("chosen")), "direction": text_of(row.get("direction"))}
                step.connection.execute(update(TOPICS).where(TOPICS.c.id == row["id"]).values(**values))
        for number, row in enumerate(rows_in(data, "added"), 1):
            insert_row(
                step.connection,
                TOPICS,
                id=new_id(),
                cycle_id=step.cycle_id,
                code=f"NEW{number:02d}",
                chosen=True,
                **{name: text_of(row.get(name)) for name in ("domain", "focus", "direction")},
            )
        return {}


def publish_catalogue(call: ServiceCall) -> dict[str, Value]:
    """公布选题目录 as `title`; applications are taken until the end of the day `until`."""
    call.connection.execute(
        update(TOPICS)
        .where(TOPICS.c.cycle_id == call.cycle_id, TOPICS.c.chosen.is_(True))
        .values(published_at=call.at)
    )
    publish(call, kind="innovation_topics")
    return {"applyUntil": call.inputs["until"]}


def publish(call: ServiceCall, *, kind: str) -> None:
    """Make something public under the input `title`."""
    insert_row(
        call.connection,
        PUBLICATIONS,
        id=new_id(),
        cycle_id=call.cycle_id,
        kind=kind,
        title=str(call.inputs["title"]),
        body="",
        instance_id=call.instance_id,
        published_at=call.at,
    )


def _topics(step: StepContext) -> list[dict[str, Any]]:
    query = select(TOPICS).where(TOPICS.c.cycle_id == step.cycle_id).order_by(TOPICS.c.code)
    return [dict(row) for row in step.connection.execute(query).mappings()]
