"""管理审计: what administrators did, as far as the person reads the audit; the same for the page and REST."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.house import House
from api.people.allowed import require
from engine.audit.administration import AdministrationEvent, broken, newest
from engine.people.persons import Person
from engine.people.visible import ThingColumns, visible

END = 2**31 - 1
"""Before this number are all."""
_COLUMNS = ThingColumns(unit="e.unit_id", assessor="e.assessor_id")


@dataclass(frozen=True)
class SeenAudit:
    """Acts, newest first; from which number on older ones follow; why the chain is broken, or None."""

    events: Sequence[AdministrationEvent]
    older: int | None
    broken: str | None


def audit_seen(house: House, person: Person, *, before: int = END, limit: int = 100) -> SeenAudit:
    """The newest acts in sight, those before a number. Raises Trouble(403)."""
    require(person, "read_audit")
    seen = visible(person, "read_audit", _COLUMNS)
    with house.database.read() as connection:
        found = newest(
            connection, condition=seen.text, values=seen.values, before=min(before, END), limit=limit + 1
        )
        reason = broken(connection)
    shown = found[:limit]
    return SeenAudit(shown, shown[-1].seq if len(found) > limit else None, reason)
