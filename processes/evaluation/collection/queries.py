"""What pages ask of the collection: who has delivered what, and which cycles are being collected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from processes.cycle.reading import CYCLES
from processes.evaluation.collection.ledger import ORDERS
from processes.evaluation.collection.orders import Ordered, orders_of
from processes.planning.steps import UNITS


@dataclass(frozen=True)
class Delivery:
    """One supplying body of a cycle: how many figures are asked, and how far each has come."""

    supplier_id: str
    name: str
    orders: tuple[Ordered, ...]

    @property
    def asked(self) -> int:
        """How many figures are asked."""
        return len(self.orders)

    @property
    def missing(self) -> int:
        """How many of them nobody has entered."""
        return sum(order.datum is None for order in self.orders)

    def in_state(self, state: str) -> int:
        """How many stand at `reported`, `verified`, `locked` or `withdrawn`."""
        return sum(order.datum is not None and order.datum["status"] == state for order in self.orders)

    @property
    def sources(self) -> list[str]:
        """Whether it reports about itself, about others, or both."""
        return sorted({str(order.row["source"]) for order in self.orders})


def deliveries(connection: Connection, cycle_id: str) -> list[Delivery]:
    """Every supplying body of a cycle; who has not delivered comes first."""
    found: dict[str, list[Ordered]] = {}
    for order in orders_of(connection, cycle_id=cycle_id):
        found.setdefault(str(order.row["supplier_id"]), []).append(order)
    names = {
        row.id: row.name
        for row in connection.execute(select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_(found)))
    }
    rows = [Delivery(key, names[key], tuple(orders)) for key, orders in found.items()]
    return sorted(rows, key=lambda row: (row.missing == 0, row.name))


def supplied(connection: Connection) -> list[Mapping[str, Any]]:
    """Which body supplies figures of which cycle: {supplier_id, name, cycle_id, year, assessor_id}."""
    query = (
        select(
            ORDERS.c.supplier_id,
            UNITS.c.name,
            CYCLES.c.id.label("cycle_id"),
            CYCLES.c.year,
            CYCLES.c.assessor_id,
            CYCLES.c.calendar,
        )
        .distinct()
        .join(UNITS, UNITS.c.id == ORDERS.c.supplier_id)
        .join(CYCLES, CYCLES.c.id == ORDERS.c.cycle_id)
        .order_by(CYCLES.c.year.desc(), UNITS.c.name)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
