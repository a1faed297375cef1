"""派发采集单: which figure is asked of whom, as the profile says, and reading those orders again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from engine.ids import new_id
from engine.store.prepared import Prepared
from engine.work.bindings import ServiceCall, Value
from processes.cycle.evaluation_section import evaluation_values
from processes.cycle.reading import cycle_of, scheme_of
from processes.evaluation.collection.ledger import ORDERS, lock, newest
from processes.planning.participants import units_named
from processes.planning.reading import TARGETS, MeasureView, TargetView, targets_among, views
from processes.planning.steps import UNITS
from processes.planning.versions import exact_text

STATES = {
    None: "未报送",
    "reported": "已报送",
    "verified": "已认定",
    "locked": "已锁定",
    "withdrawn": "已作废",
}
"""Where a figure stands, in words."""


class SupplierUnknown(Exception):
    """The profile names a supplying body that the city does not have."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(
            f"方案写明 {code} 的数据由“{name}”提供，但没有这个单位：请先导入该单位，或修改方案。"
        )
        self.code = code


@dataclass(frozen=True)
class Ordered:
    """An order with what it is about and its newest datum."""

    row: Mapping[str, Any]
    target: TargetView
    measure: MeasureView
    unit_name: str
    datum: Mapping[str, Any] | None

    @property
    def state(self) -> str:
        """Where the figure stands, in words."""
        return STATES[self.datum["status"] if self.datum else None]

    def as_row(self) -> dict[str, Any]:
        """The row of a form: what is asked, and what was said."""
        datum = self.datum
        return {
            "id": self.row["id"],
            "about": self.unit_name,
            "target": self.target.label,
            "name": self.measure.row["name"],
            "unit": self.measure.row["unit"],
            "goal": self.measure.shown(),
            "value": exact_text(datum["value"]) if datum else None,
            "none": datum is not None and datum["value"] is None,
            "note": datum["note"] if datum else "",
            "locked": datum is not None and datum["status"] == "withdrawn",
            "state": self.state,
        }


def prepare(call: ServiceCall) -> dict[str, Value]:
    """派发采集单: an order for each figure of issued targets; twice adds nothing.

    `unitCodes` among the variables limits it to figures about some units. Raises: SupplierUnknown.
    """
    cycle = cycle_of(call.connection, call.cycle_id)
    scheme = scheme_of(call.connection, call.cycle_id)
    limits = evaluation_values(scheme, "collection")
    targets = _targets(call)
    _order(call, targets, limits, scheme=scheme, cycle=cycle)
    return {
        "supplies": _supplies(call.connection, call.cycle_id),
        "dataLock": date.fromisoformat(cycle["calendar"]["data_lock"]["on"]),
        "limits": {name: value for name, value in limits.items() if isinstance(value, int)},
    }


@cache
def _orders_by(*names: str) -> Prepared:
    """Orders whose columns `names` equal the values given, with their unit's name and code."""
    query = select(ORDERS, UNITS.c.name, UNITS.c.code).join(UNITS, UNITS.c.id == ORDERS.c.unit_id)
    query = query.where(*(ORDERS.c[name] == bindparam(name) for name in names))
    return Prepared(query.order_by(UNITS.c.code, ORDERS.c.id))


def orders_of(
    connection: Connection,
    *,
    cycle_id: str,
    supplier_id: str | None = None,
    source: str | None = None,
    unit_id: str | None = None,
) -> list[Ordered]:
    """Orders of a cycle (of one supplier, of one source, about one unit), by unit and target."""
    asked = {"cycle_id": cycle_id, "supplier_id": supplier_id, "source": source, "unit_id": unit_id}
    given = {name: value for name, value in asked.items() if value is not None}
    rows = _orders_by(*given).rows(connection, **given)
    if not rows:
        return []
    found = {target.id: target for target in targets_among(connection, {row["target_id"] for row in rows})}
    period = rows[0]["period"]
    data = newest(connection, cycle_id=cycle_id, period=period, measures=[row["measure_id"] for row in rows])
    return [_ordered(row, found[row["target_id"]], data) for row in rows]


def lock_recognised(call: ServiceCall, *, unit_id: str) -> None:
    """Lock what was recognised about a unit. The lock's day comes for its scoring and for its suppliers at
    the same moment; whichever is first locks, the other finds it done."""
    for order in orders_of(call.connection, cycle_id=call.cycle_id, unit_id=unit_id):
        if order.datum is not None and order.datum["status"] == "verified":
            lock(call, order.row, order.datum)


def _ordered(row: dict[str, Any], target: TargetView, data: Mapping[str, Any]) -> Ordered:
    [measure] = [one for one in target.measures if one.id == row["measure_id"]]
    return Ordered(row, target, measure, str(row["name"]), data.get(row["measure_id"]))


def _targets(call: ServiceCall) -> list[TargetView]:
    query = select(TARGETS).where(
        TARGETS.c.cycle_id == call.cycle_id, TARGETS.c.state == "issued", TARGETS.c.scorable.is_(True)
    )
    codes = call.variables.get("unitCodes")
    if isinstance(codes, list):
        query = query.where(TARGETS.c.unit_id.in_(select(UNITS.c.id).where(UNITS.c.code.in_(codes))))
    return views(call.connection, query)


def _order(
    call: ServiceCall,
    targets: Sequence[TargetView],
    limits: Mapping[str, Any],
    *,
    scheme: Mapping[str, Any],
    cycle: Mapping[str, Any],
) -> None:
    units = units_named(call.connection, assessor_id=cycle["assessor_id"], groups=scheme["unitGroups"])
    ordered = select(ORDERS.c.measure_id).where(ORDERS.c.cycle_id == call.cycle_id)
    known = set(call.connection.execute(ordered).scalars())
    fresh = []
    for target in targets:
        code, unit_id = str(target.row["code"]), str(target.row["unit_id"])
        name = limits["suppliers"].get(code)
        supplier = units.find(name) if name else unit_id
        if supplier is None:
            raise SupplierUnknown(code, name)
        fresh += [
            {
                "id": new_id(),
                "cycle_id": call.cycle_id,
                "measure_id": measure.id,
                "target_id": target.id,
                "unit_id": unit_id,
                "supplier_id": supplier,
                "source": "self" if supplier == unit_id else "bureau",
                "risk": "high" if code in limits["highRisk"] else "normal",
                "evidence": "site" if code in limits["onSite"] else "papers",
                "period": str(cycle["year"]),
                "made_at": call.at,
            }
            for measure in target.measures
            if measure.id not in known and measure.value not in (None, Decimal(0))
        ]
    if fresh:
        call.connection.execute(insert(ORDERS), fresh)


def _supplies(connection: Connection, cycle_id: str) -> list[Value]:
    query = (
        select(UNITS.c.id, UNITS.c.name, UNITS.c.code, ORDERS.c.source)
        .distinct()
        .join(ORDERS, ORDERS.c.supplier_id == UNITS.c.id)
        .where(ORDERS.c.cycle_id == cycle_id)
        .order_by(UNITS.c.code, ORDERS.c.source)
    )
    return [
        {"unit": {"id": row.id, "name": row.name, "code": row.code}, "source": row.source}
        for row in connection.execute(query)
    ]
