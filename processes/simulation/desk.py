"""What lies on the desks of the whole city: every open item, in an order that no identifier decides."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.store import Queries
from engine.store.types import instant_of
from processes.simulation.city import VirtualCity

QUERIES = Queries(Path(__file__).with_name("desk.sql"))
Place = tuple[str, ...]
"""Where an instance stands among all: the way from its root, in words that are the same in every run."""


@dataclass(frozen=True)
class OpenItem:
    """One open item. `place` tells it from every other, whatever the run."""

    id: str
    instance_id: str
    process: str
    element: str
    place: Place
    unit_id: str | None
    subject_id: str | None
    post: str | None
    assignee_id: str | None
    claim_first: bool
    due_on: date | None
    created_at: datetime
    version: int
    round: int
    returned: bool

    @property
    def step(self) -> tuple[str, str]:
        """Process and element."""
        return self.process, self.element


@dataclass
class Desk:
    """The open items of a city's cycle, read in one statement at a time."""

    city: VirtualCity
    _instances: dict[str, dict[str, Any]] = field(default_factory=dict)
    _places: dict[str, Place] = field(default_factory=dict)
    _newest: str = ""

    def items(self, connection: Connection) -> list[OpenItem]:
        """Everything that is open, by place."""
        rows = QUERIES.rows(connection, "open_items", cycle_id=self.city.cycle_id)
        if any(row["instance_id"] not in self._instances for row in rows):
            self._learn(connection)
        return sorted((self._item(row) for row in rows), key=lambda item: (item.place, item.element))

    def next_alarm(self, connection: Connection) -> datetime | None:
        """When the next timer or reminder is due."""
        row = QUERIES.row(connection, "next_alarm", cycle_id=self.city.cycle_id)
        due = row["due_at"] if row else None
        return instant_of(due) if isinstance(due, str) else due

    def place_of(self, instance_id: str) -> Place:
        """Where an instance stands; empty for one that is not known yet."""
        known = self._places.get(instance_id)
        if known is None and instance_id in self._instances:
            row = self._instances[instance_id]
            above = self.place_of(row["parent_id"]) if row["parent_id"] else (row["started_at"].isoformat(),)
            index = "" if row["child_index"] is None else f"{row['child_index']:06d}"
            subject = self.city.codes.get(row["subject_unit_id"] or "", "")
            known = self._places[instance_id] = (*above, f"{row['process_key']}/{subject}/{index}")
        return known or ()

    def _learn(self, connection: Connection) -> None:
        rows = QUERIES.rows(connection, "instances_after", cycle_id=self.city.cycle_id, after_id=self._newest)
        for row in rows:
            self._instances[row["id"]] = row
            self._newest = row["id"]

    def _item(self, row: dict[str, Any]) -> OpenItem:
        seat = row["unit_id"] or ""
        whose = self.city.codes.get(seat, "") or self.city.logins.get(row["assignee_id"] or "", "")
        return OpenItem(
            id=row["item_id"],
            instance_id=row["instance_id"],
            process=row["process_key"],
            element=row["element_id"],
            place=(*self.place_of(row["instance_id"]), whose, f"{row['round']:03d}"),
            unit_id=row["unit_id"],
            subject_id=row["subject_unit_id"],
            post=row["post_key"],
            assignee_id=row["assignee_id"],
            claim_first=bool(row["claim_first"]),
            due_on=row["due_on"],
            created_at=row["created_at"],
            version=row["lock_version"],
            round=row["round"],
            returned=row["returned_from"] is not None,
        )
