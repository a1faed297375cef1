"""Records of those who deliver figures: 填报, 更正 what was found unequal, 审核 by the head, 认定."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.work.bindings import FieldError, FormData, StepContext, Value
from processes.cycle.reading import cycle_of
from processes.evaluation.collection.findings import unequal
from processes.evaluation.collection.ledger import add_evidence, mark, put_datum
from processes.evaluation.collection.orders import Ordered, orders_of
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.steps import unit_of

NEITHER = "请填写数值；没有数据的，请勾选“无数据”并写明原因。"


def mine(step: StepContext) -> list[Ordered]:
    """The orders that an instance is about: one supplier's, of one source."""
    return orders_of(
        step.connection,
        cycle_id=step.cycle_id,
        supplier_id=str(unit_of(step)["id"]),
        source=str(step.variables["source"]),
    )


def check_entries(rows: list[Ordered], given: Mapping[str, Mapping[str, Any]]) -> list[FieldError]:
    """Each order has a figure, or says in words why there is none."""
    found = []
    for index, order in enumerate(rows):
        row = given.get(str(order.row["id"]), {})
        value, none = number_of(row.get("value")), bool(row.get("none"))
        if order.datum is not None and order.datum["status"] == "withdrawn":
            continue
        if none and value is not None:
            found.append(FieldError(f"rows.{index}.value", "both", "已勾选“无数据”，请不要再填数值。"))
        elif value is None and not (none and text_of(row.get("note"))):
            found.append(FieldError(f"rows.{index}.value", "missing", NEITHER))
    return found


class Entry:
    """填报数据: every figure that is asked of the body, or that there is none."""

    correcting = False

    def rows(self, step: StepContext) -> list[Ordered]:
        """The orders that this step may write."""
        return mine(step)

    def read(self, step: StepContext) -> FormData:
        return {
            **_head(step),
            "correcting": self.correcting,
            "rows": [self.row(step, order) for order in self.rows(step)],
            "files": [],
        }

    def row(self, step: StepContext, order: Ordered) -> dict[str, Any]:
        """One row of the form."""
        return {**order.as_row(), "finding": ""}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        given = {str(row["id"]): row for row in rows_in(data, "rows")}
        return check_entries(self.rows(step), given)

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        given = {str(row["id"]): row for row in rows_in(data, "rows")}
        written = []
        for order in self.rows(step):
            row = given[str(order.row["id"])]
            value = None if row.get("none") else number_of(row.get("value"))
            note = text_of(row.get("note"))
            written.append(put_datum(step, order.row, order.datum, value=value, note=note))
        add_evidence(step, [one for one in written if one is not None], data.get("files"))
        return {}


class Correction(Entry):
    """更正数据: only the figures that the verification found unequal, each with what was found."""

    correcting = True

    def rows(self, step: StepContext) -> list[Ordered]:
        found = unequal(step.connection, [order.row["id"] for order in mine(step)])
        return [order for order in mine(step) if order.row["id"] in found]

    def row(self, step: StepContext, order: Ordered) -> dict[str, Any]:
        return {**order.as_row(), "finding": unequal(step.connection, [order.row["id"]])[order.row["id"]]}


class HeadCheck:
    """审核数据: the head sees what will be reported; agreeing is the signature."""

    def read(self, step: StepContext) -> FormData:
        return {**_head(step), "rows": [shown(order) for order in mine(step)]}

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        return []

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        return {}


class Recognition(HeadCheck):
    """认定数据: what statistics recognises stands as verified until the lock."""

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        if outcome == "approve":
            for order in mine(step):
                if order.datum is not None and order.datum["status"] == "reported":
                    mark(step, order.datum, "verified")
        return {}


def shown(order: Ordered) -> dict[str, Any]:
    """A figure as a table of those who only read it."""
    row = order.as_row()
    said = "无数据" if row["none"] else f"{row['value'] or ''}{row['unit'] if row['value'] else ''}"
    return {**row, "said": said or "未填"}


def _head(step: StepContext) -> dict[str, Any]:
    return {
        "year": Decimal(cycle_of(step.connection, step.cycle_id)["year"]),
        "supplier": unit_of(step)["name"],
        "self": step.variables["source"] == "self",
    }
