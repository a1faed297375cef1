"""撤回 of what ended a step that several people worked on: its seats and open tasks are as they were before.

The signatures that stood stand again, the other seats have a task again, and so has who takes back. It is the
same visit, so its round stays; nobody is asked anew whom the diagram means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.bpmn.execution import Wait
from engine.people.changes import note_change
from engine.runtime.steps.desks import desk_of, item_row
from engine.runtime.steps.signing import taken_for
from engine.runtime.steps.step import Step
from engine.store import Row
from engine.work import signers
from engine.work.items import NEVER
from engine.work.signers import Seat

KEPT = (
    "id", "round", "unit_id", "post_key", "assignee_id", "meant_user_id", "meant_unit_id", "meant_post_key",
    "claim_first", "due_on", "due_at", "from_name", "returned_from", "return_reason_id", "back_to", "purpose",
    "waits_for",
)  # fmt: skip
"""What is kept of an open task."""
SEAT = (
    "id", "place", "state", "item_id", "meant_user_id", "meant_unit_id", "meant_post_key", "outcome",
    "event_id", "person_id", "person_name", "holder_id", "signed_at", "data_text", "kind", "for_id", "weight",
)  # fmt: skip
"""What is kept of a seat."""
TEXTS = frozenset({"outcome", "person_name", "kind", "from_name", "purpose", "waits_for"})
TIMES: Mapping[str, type[date]] = {"signed_at": datetime, "due_at": datetime, "due_on": date}
LIES = ("assignee_id", "unit_id", "post_key")
"""What a seat reads from its task."""


@dataclass
class Seated:
    """The seats of one wait before a submission, `gone` those taken out of it, `items` its open tasks.

    `opened` are the tasks that have opened again, by the ids that they had.
    """

    wait_key: str
    element_id: str
    seats: Sequence[Seat]
    gone: Sequence[Row] = ()
    items: Sequence[Row] = ()
    opened: dict[str, Row] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As it is kept in the step's record."""
        rows = [*map(_row_of, self.seats), *self.gone]
        seats, items = [_brief(row, SEAT) for row in rows], [_brief(row, KEPT) for row in self.items]
        return {"k": self.wait_key, "e": self.element_id, "s": seats, "i": items}

    @classmethod
    def read(cls, stored: Mapping[str, Any], *, cycle_id: str, instance_id: str) -> "Seated":
        """As it was kept."""
        items = [_whole(row, KEPT) for row in stored["i"]]
        lies = {row["id"]: {name: row[name] for name in LIES} for row in items}
        place = {"cycle_id": cycle_id, "instance_id": instance_id, "wait_key": stored["k"]}
        rows = [_whole(row, SEAT) | place for row in stored["s"]]
        nowhere: Row = dict.fromkeys(LIES)
        seats = [
            Seat(**{**row, **lies.get(row["item_id"], nowhere), "weight": signers.weight_of(row)})
            for row in rows
            if row["state"] != signers.GONE
        ]
        gone = [row for row in rows if row["state"] == signers.GONE]
        return cls(stored["k"], stored["e"], seats, gone, items)


def _row_of(seat: Seat) -> Row:
    row = {name: value for name, value in seat.__dict__.items() if name not in LIES}
    return row | {"weight": str(seat.weight)}


def _brief(row: Row, names: Sequence[str]) -> Row:
    """What there is of these columns."""
    return {name: row[name] for name in names if row[name] not in (None, "")}


def _whole(row: Row, names: Sequence[str]) -> Row:
    """The columns again as they were."""
    given = {name: kind.fromisoformat(row[name]) for name, kind in TIMES.items() if name in row}
    return {**{name: "" if name in TEXTS else None for name in names}, **row, **given}


def open_again(step: Step, seated: Seated, key: str, wait: Wait) -> None:
    """Open the tasks of the wait as they lay, and put its seats back."""
    step.row.visits.settled.pop(wait.element, None)
    desk = desk_of(step, key, wait, round_number=seated.items[0]["round"])
    by_item = {seat.item_id: seat for seat in seated.seats}
    for row in seated.items:
        seat = by_item[row["id"]]
        item = item_row(desk, seat.meant)
        fresh = {"id": item["id"], "order_at": row["due_at"] or NEVER}
        item |= row | fresh | {"claim_first": bool(row["claim_first"])}
        apart = desk.apart | taken_for(desk, list(seated.seats), seat.meant)
        step.opened.append(item)
        step.apart += [{"item_id": item["id"], "person_id": one} for one in sorted(apart)]
        seated.opened[row["id"]] = item
    place = {"instance_id": step.row.id, "wait_key": key}
    rows = [_row_of(seat) | place | {"item_id": _now(seated, seat.item_id)} for seat in seated.seats]
    signers.write_seats(step.connection, [*rows, *(row | place for row in seated.gone)])
    for unit_id in sorted({row["unit_id"] for row in seated.items if row["unit_id"]}):
        note_change(step.connection, unit_id=unit_id)  # who holds the post may have changed meanwhile


def _now(seated: Seated, item_id: str | None) -> str | None:
    return None if item_id is None else str(seated.opened[item_id]["id"])
