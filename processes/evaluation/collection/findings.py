"""符合性验证: how a self-reported figure is verified (D06), what was found, and fraud."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.ids import new_id
from engine.people.posts import parse_reference
from engine.work.bindings import FieldError, FormData, ServiceCall, StepContext, Value
from engine.work.notices import Notice, notify
from engine.work.placing import heard
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.collection.ledger import mark
from processes.evaluation.collection.orders import Ordered, orders_of
from processes.evaluation.collection.records import Verification
from processes.evaluation.scheme import scheme_of as rules_scheme
from processes.planning.entry import number_of, rows_in, text_of
from processes.planning.steps import unit_of
from processes.planning.versions import exact_text
from processes.tables import table_of

FINDINGS = table_of(Verification)


def unequal(connection: Connection, order_ids: Collection[str]) -> dict[str, str]:
    """Orders whose newest finding is that the figure is not what was reported, with a sentence."""
    query = select(FINDINGS).where(FINDINGS.c.order_id.in_(list(order_ids))).order_by(FINDINGS.c.id)
    newest = {row["order_id"]: dict(row) for row in connection.execute(query).mappings()}
    return {
        order_id: f"核实为 {exact_text(row['found'])}：{row['basis']}"
        for order_id, row in newest.items()
        if row["result"] == "unequal"
    }


class Verify:
    """验证数据: each figure that is not yet verified, by the method that D06 says."""

    def read(self, step: StepContext) -> FormData:
        return {
            "year": cycle_of(step.connection, step.cycle_id)["year"],
            "supplier": unit_of(step)["name"],
            "rows": [self._row(step, order) for order in _open(step)],
        }

    def check(self, step: StepContext, data: FormData, *, outcome: str) -> list[FieldError]:
        found, results = [], []
        for index, row in enumerate(rows_in(data, "rows")):
            result = str(row.get("result") or "")
            results.append(result)
            if result != "equal" and not text_of(row.get("basis")):
                found.append(FieldError(f"rows.{index}.basis", "missing", "请写明依据。"))
            if result == "unequal" and number_of(row.get("found")) is None:
                found.append(FieldError(f"rows.{index}.found", "missing", "请填写核实的数值。"))
        if outcome != _outcome(results):
            found.append(FieldError("rows", "outcome", "办理结果与各行的结论不符，请核对。"))
        return found

    def write(self, step: StepContext, data: FormData, *, outcome: str) -> dict[str, Value]:
        given = {str(row["id"]): row for row in rows_in(data, "rows")}
        for order in _open(step):
            row = given[str(order.row["id"])]
            assert order.datum is not None
            if row["result"] == "equal":
                datum_id = mark(step, order.datum, "verified")
            else:
                datum_id = str(order.datum["id"])
            step.connection.execute(insert(FINDINGS).values(_finding(step, order, row, datum_id)))
        return {}

    def _row(self, step: StepContext, order: Ordered) -> dict[str, Any]:
        row = order.as_row()
        said = "无数据" if row["none"] else f"{row['value']}{row['unit']}"
        blank = {"result": "", "found": None, "basis": ""}
        return {**row, **blank, "said": said, "method": method_of(step, order)}


def method_of(step: StepContext, order: Ordered) -> str:
    """现场验证, 工作底单核验 or 综合验证, as D06 decides."""
    assert step.decide is not None
    item = {name: order.row[name] for name in ("source", "risk", "evidence")}
    scheme = rules_scheme(scheme_of(step.connection, step.cycle_id))
    answer = step.decide("verification_method", {"item": item, "scheme": scheme})
    return str(answer["method"])


def fraud(call: ServiceCall) -> dict[str, Value]:
    """登记弄虚作假: the figures are withdrawn, and the post named by the diagram is told.

    {fraudFigures, fraudId, fraud}: how many, an id of this finding, and what was forged, in words.
    """
    flagged = []
    for order in _orders(call):
        if order.datum is not None and _is_fraud(call, order):
            mark(call, order.datum, "withdrawn", note=f"{order.datum['note']} 验证认定弄虚作假，作废".strip())
            flagged.append(" ".join(dict.fromkeys((order.target.label, str(order.measure.row["name"])))))
    post = parse_reference(str(call.inputs["post"]))
    cycle, unit = cycle_of(call.connection, call.cycle_id), unit_of(call)
    sentence = (
        f"{cycle['year']} 年数据验证：{unit['name']}自报的“{'；'.join(flagged)}”弄虚作假，已作废，请处理。"
    )
    notice = Notice(
        cycle_id=call.cycle_id,
        kind="collection.fraud",
        params={"year": cycle["year"], "unit": unit["name"], "notice": sentence},
        unit_id=post.unit_id,
        post_key=post.post_key,
        instance_id=call.instance_id,
    )
    notify(call.connection, heard(call.connection, [notice], on=call.today), at=call.at)
    forged = f"自报的“{'；'.join(flagged)}”弄虚作假，已作废"
    return {"fraudFigures": len(flagged), "fraudId": new_id(), "fraud": forged}


def _outcome(results: list[str]) -> str:
    if "fraud" in results:
        return "fraud" if "unequal" not in results else ""
    return "correct" if "unequal" in results else "pass"


def _is_fraud(step: StepContext, order: Ordered) -> bool:
    query = (
        select(FINDINGS.c.result)
        .where(FINDINGS.c.order_id == order.row["id"])
        .order_by(FINDINGS.c.id.desc())
        .limit(1)
    )
    return bool(step.connection.execute(query).scalar() == "fraud")


def _orders(step: StepContext) -> list[Ordered]:
    return orders_of(
        step.connection, cycle_id=step.cycle_id, supplier_id=str(unit_of(step)["id"]), source="self"
    )


def _open(step: StepContext) -> list[Ordered]:
    return [order for order in _orders(step) if order.datum and order.datum["status"] == "reported"]


def _finding(step: StepContext, order: Ordered, row: Any, datum_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "order_id": order.row["id"],
        "datum_id": datum_id,
        "method": method_of(step, order),
        "result": row["result"],
        "found": number_of(row.get("found")),
        "basis": text_of(row.get("basis")),
        "by_person": step.person_id,
        "made_at": step.at,
        "instance_id": step.instance_id,
    }
