"""What a unit writes into its targets: responsible persons, measures, milestones, function indicators.

Only the unit's own targets are touched, and of an assigned one never the figure.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, delete, update

from engine.ids import new_id
from engine.store import insert_rows
from engine.store.writing import change_row, insert_row
from engine.work.bindings import FieldError
from processes.planning.reading import MILESTONES, MONTH_FIELDS, TargetView
from processes.planning.records import Target, TargetMeasure
from processes.tables import table_of

TARGETS = table_of(Target)
MEASURES = table_of(TargetMeasure)

Rows = Sequence[Mapping[str, Any]]


def rows_in(data: Mapping[str, Any], name: str) -> Rows:
    """The rows of list `name` in form data."""
    found = data.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def number_of(given: object) -> Decimal | None:
    """A number of a form (text or Decimal); None for empty or unreadable."""
    if given is None or given == "":
        return None
    try:
        return Decimal(str(given))
    except InvalidOperation:
        return None


def text_of(given: object) -> str:
    """Text of a form without blanks around it."""
    return str(given).strip() if given is not None else ""


def write_shares(connection: Connection, targets: Sequence[TargetView], rows: Rows) -> None:
    """Store responsible persons and measures of the given targets."""
    own = {target.id for target in targets}
    for row in rows:
        if row.get("id") in own:
            connection.execute(
                update(TARGETS)
                .where(TARGETS.c.id == row["id"])
                .values(responsible=text_of(row.get("responsible")), measures=text_of(row.get("measures")))
            )


def write_milestones(connection: Connection, targets: Sequence[TargetView], rows: Rows) -> None:
    """Store the milestones of the given targets' measures; an empty field takes one away."""
    own = {measure.id for target in targets for measure in target.measures}
    for row in rows:
        if row.get("id") in own:
            put_milestones(connection, str(row["id"]), row)


def put_milestones(connection: Connection, measure_id: str, row: Mapping[str, Any]) -> None:
    """Replace one measure's milestones by those of a form row; months that it does not have stay."""
    months = [(month, number_of(row[name])) for month, name in MONTH_FIELDS.items() if name in row]
    connection.execute(
        delete(MILESTONES).where(
            MILESTONES.c.measure_id == measure_id, MILESTONES.c.month.in_([month for month, _ in months])
        )
    )
    values = [
        {"id": new_id(), "measure_id": measure_id, "month": month, "value": value}
        for month, value in months
        if value is not None
    ]
    if values:
        insert_rows(connection, MILESTONES.name, values)


def write_functions(
    connection: Connection, targets: Sequence[TargetView], rows: Rows, *, cycle_id: str, unit_id: str
) -> None:
    """Make the unit's function indicators what the rows say.

    One that is missing is taken away, unless it was issued already; versions that were signed stay.
    """
    present = {target.id: target for target in targets if not target.row["locked"]}
    kept = {str(row["id"]) for row in rows if row.get("id") in present}
    for target_id in present.keys() - kept:
        if present[target_id].row["state"] != "issued":
            _remove(connection, present[target_id])
    number = max([int(str(target.row["code"])[2:]) for target in present.values()], default=0)
    for position, row in enumerate(rows, 1):
        target = present.get(str(row.get("id")))
        if target is None:
            number += 1
            target_id = _add(connection, number, cycle_id=cycle_id, unit_id=unit_id)
        else:
            target_id = target.id
        _fill(connection, target_id, row, position=position)
        _measure(connection, target, target_id, row)


def fill_functions(connection: Connection, targets: Sequence[TargetView], rows: Rows) -> None:
    """Fill in the given function indicators; their names and weights stay, none comes or goes."""
    present = {target.id: target for target in targets if not target.row["locked"]}
    for row in rows:
        target = present.get(str(row.get("id")))
        if target is not None:
            kept = {"title": target.title, "weight": target.row["weight"]}
            _fill(connection, target.id, {**row, **kept}, position=int(target.row["position"]))
            _measure(connection, target, target.id, {**row, **kept})


def check_functions(rows: Rows) -> list[FieldError]:
    """Two function indicators of one name, or milestones without a figure."""
    found, seen = [], set()
    for index, row in enumerate(rows):
        title = text_of(row.get("title"))
        if title and title in seen:
            found.append(FieldError(f"functions.{index}.title", "twice", f"“{title}”已经填过一次"))
        seen.add(title)
        if number_of(row.get("value")) is None and any(
            number_of(row.get(name)) is not None for name in MONTH_FIELDS.values()
        ):
            found.append(FieldError(f"functions.{index}.value", "missing", "填了节点就要填目标值"))
    return found


def _add(connection: Connection, number: int, *, cycle_id: str, unit_id: str) -> str:
    target_id = new_id()
    insert_row(
        connection,
        TARGETS,
        id=target_id,
        cycle_id=cycle_id,
        unit_id=unit_id,
        code=f"ZN{number:02d}",
        kind="function",
        position=number,
        domain="职能指标",
        title="",
        text="",
        source="单位申报",
        locked=False,
        pending=False,
        scorable=True,
        state="draft",
        responsible="",
        measures="",
    )
    return target_id


def _fill(connection: Connection, target_id: str, row: Mapping[str, Any], *, position: int) -> None:
    change_row(
        connection,
        TARGETS,
        target_id,
        position=position,
        title=text_of(row.get("title")),
        text=text_of(row.get("text")),
        weight=number_of(row.get("weight")),
        responsible=text_of(row.get("responsible")),
        measures=text_of(row.get("measures")),
    )


def _measure(
    connection: Connection, target: TargetView | None, target_id: str, row: Mapping[str, Any]
) -> None:
    value = number_of(row.get("value"))
    known = target.measures[0].id if target and target.measures else None
    if value is None:
        if known:
            _remove_measure(connection, known)
        return
    facts = {"name": text_of(row.get("title")), "unit": text_of(row.get("unit")), "value": value}
    if known is None:
        known = new_id()
        insert_row(
            connection,
            MEASURES,
            id=known,
            target_id=target_id,
            position=1,
            direction="up",
            comparator=">=",
            kind="absolute",
            awaits="",
            **facts,
        )
    else:
        connection.execute(update(MEASURES).where(MEASURES.c.id == known).values(**facts))
    put_milestones(connection, known, row)


def _remove(connection: Connection, target: TargetView) -> None:
    for measure in target.measures:
        _remove_measure(connection, measure.id)
    connection.execute(delete(TARGETS).where(TARGETS.c.id == target.id))


def _remove_measure(connection: Connection, measure_id: str) -> None:
    connection.execute(delete(MILESTONES).where(MILESTONES.c.measure_id == measure_id))
    connection.execute(delete(MEASURES).where(MEASURES.c.id == measure_id))
