"""An order, or its taking back, on the chain of what administrators do."""

from datetime import datetime

from sqlalchemy import Connection

from engine.audit.administration import Subject, note
from engine.people.administering import root_thing
from engine.runtime.migrating.plan import Plan
from engine.runtime.setup import Actor


def note_order(
    connection: Connection, plan: Plan, *, by: Actor, at: datetime, count: int, back: bool = False
) -> None:
    """In the order's own transaction; `at` is the machine's time. It belongs to the installation's root."""
    root = root_thing(connection)
    words = plan.reversed().words if back else plan.words
    name = f"{plan.new.drawn.name or plan.process_key} {words}"
    subject = Subject("instances", name[:200], unit_id=root.unit_id, assessor_id=root.assessor_id)
    said = f"{'退回' if back else '迁移'} {count} 个实例"
    note(connection, "migrate", subject, at=at, actor_id=by.person_id, actor_name=by.name, note=said)
