"""Which version of a target counts on a day: an adjustment counts from its day, not before (自…起执行).

A month is judged by the targets valid at its end, the year by those valid at the year's end, however late
somebody looks. Values that come from above (下达指标) count as soon as they are there.
"""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select, tuple_

from engine.store.prepared import Prepared
from processes.adjusting.records import AdjustmentFact
from processes.planning.reading import TargetView
from processes.planning.versions import VERSIONS
from processes.tables import table_of

FACTS = table_of(AdjustmentFact)
FACTS_OF = Prepared(
    select(FACTS)
    .where(FACTS.c.target_id.in_(bindparam("target_ids", expanding=True)))
    .order_by(FACTS.c.version_number)
)


def end_of(period: str) -> date:
    """The last day of `2017-06` or of `2017`."""
    year, _, month = period.partition("-")
    last = int(month or 12)
    return date(int(year), last, calendar.monthrange(int(year), last)[1])


def valid_at(connection: Connection, targets: Sequence[TargetView], day: date) -> list[TargetView]:
    """The targets as they read on a day; one query where nothing is adjusted later, else two."""
    other = earlier_versions(connection, [target.id for target in targets], day)
    return [_as_then(target, other[target.id]) if target.id in other else target for target in targets]


def earlier_versions(
    connection: Connection, target_ids: Collection[str], day: date
) -> dict[str, Mapping[str, Any]]:
    """The versions that counted on a day, of the targets that an adjustment changes only later."""
    if not target_ids:
        return {}
    by_target: dict[str, list[Mapping[str, Any]]] = {}
    for row in FACTS_OF.rows(connection, target_ids=list(target_ids)):
        by_target.setdefault(row["target_id"], []).append(row)
    places = {(target_id, number) for target_id, rows in by_target.items() for number in _number(rows, day)}
    if not places:
        return {}
    query = select(VERSIONS).where(tuple_(VERSIONS.c.target_id, VERSIONS.c.number).in_(sorted(places)))
    return {row["target_id"]: dict(row) for row in connection.execute(query).mappings()}


def _number(facts: Sequence[Mapping[str, Any]], day: date) -> list[int]:
    """The version's number on a day where that is not the newest: before the first that counts later."""
    begun = max((row["version_number"] for row in facts if row["effective_on"] <= day), default=0)
    later = [row for row in facts if row["effective_on"] > day and row["version_number"] > begun]
    return [int(later[0]["version_before"])] if later and later[0]["version_before"] else []


def _as_then(target: TargetView, version: Mapping[str, Any]) -> TargetView:
    figures = {figure["measure"]: figure for figure in version["figures"]}
    measures = [
        replace(measure, row={**measure.row, "value": _exact(then["value"])}, milestones=_milestones(then))
        if (then := figures.get(measure.id)) and then["value"] is not None
        else measure
        for measure in target.measures
    ]
    return TargetView({**target.row, "text": version["text"]}, tuple(measures))


def _milestones(figure: Mapping[str, Any]) -> dict[int, Decimal]:
    return {int(month): Decimal(value) for month, value in figure["milestones"].items() if value is not None}


def _exact(value: str | None) -> Decimal | None:
    return Decimal(value) if value is not None else None
