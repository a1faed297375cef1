"""The names by which the diagrams of data collection call its Python."""

from engine.work.bindings import RecordBinding, Service, ServiceCall, Value
from processes.evaluation.collection.entry_steps import Correction, Entry, HeadCheck, Recognition
from processes.evaluation.collection.findings import Verify, fraud
from processes.evaluation.collection.ledger import lock
from processes.evaluation.collection.orders import orders_of, prepare


def lock_data(call: ServiceCall) -> dict[str, Value]:
    """锁定数据: what a supplier (`supplier`, `source`) delivered can never be changed again."""
    orders = orders_of(
        call.connection,
        cycle_id=call.cycle_id,
        supplier_id=str(call.inputs["supplier"]),
        source=str(call.inputs["source"]),
    )
    for order in orders:
        if order.datum is not None:
            lock(call, order.row, order.datum)
    return {}


SERVICES: dict[str, Service] = {
    "collection.prepare": prepare,
    "collection.fraud": fraud,
    "collection.lock": lock_data,
}

RECORDS: dict[str, RecordBinding] = {
    "collection.entry": Entry(),
    "collection.correction": Correction(),
    "collection.head_check": HeadCheck(),
    "collection.verification": Verify(),
    "collection.recognition": Recognition(),
}
