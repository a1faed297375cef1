"""Several people on one step: who signs, in which order, and what they have said while it is open.

They are work items of one token. A row lives as long as the step is open; the history keeps what was done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from sqlalchemy import Connection

from engine.ids import new_id
from engine.store import Queries, Row, insert_rows
from engine.work.routing import Candidate

QUERIES = Queries(Path(__file__).with_name("signers.sql"))

WAITING, OPEN, SIGNED = "waiting", "open", "signed"
"""A signer's turn has not come; has an open item; has signed."""
HELD, GIVEN, GONE = "held", "given", "gone"
"""Has an item that waits for others; has signed, and it counts when others have; was taken out (减签)."""


@dataclass(frozen=True)
class Seat:
    """One signer of an open step. `assignee_id`, `unit_id`, `post_key` say where the open item lies.

    With the policy `stay` an open seat may hold the outcome of a rejection that does not count.
    """

    id: str
    cycle_id: str
    instance_id: str
    wait_key: str
    place: int
    state: str
    item_id: str | None
    meant_user_id: str | None
    meant_unit_id: str | None
    meant_post_key: str | None
    outcome: str
    event_id: str | None
    person_id: str | None
    person_name: str
    holder_id: str | None
    signed_at: datetime | None
    data_text: str | None
    assignee_id: str | None
    unit_id: str | None
    post_key: str | None
    kind: str = ""
    for_id: str | None = None
    weight: Fraction = Fraction(1)

    @property
    def signed(self) -> bool:
        """Whether this signature counts."""
        return self.state == SIGNED

    @property
    def meant(self) -> Candidate:
        """Whom the diagram means, for placing the item."""
        personal = self.meant_user_id is not None
        return Candidate(self.meant_user_id, None if personal else self.meant_unit_id, self.meant_post_key)

    @property
    def key(self) -> str:
        """The seat and whose it is: what somebody sends who means just this signer. Changed by 转办."""
        return f"{self.id}@{self.meant_user_id or f'{self.meant_unit_id}#{self.meant_post_key}'}"


@dataclass(frozen=True)
class SeatName:
    """What people read of a signer: the person, or the post and its unit."""

    person: str
    unit: str
    post: str

    @property
    def shown(self) -> str:
        """The person, else the post and its unit."""
        return self.person or " · ".join(part for part in (self.unit, self.post) if part)


def seats_of(connection: Connection, *, instance_id: str, wait_key: str) -> list[Seat]:
    """Everyone who signs an open step, in order."""
    rows = QUERIES.rows(connection, "of_wait", instance_id=instance_id, wait_key=wait_key)
    return [Seat(**{**row, "weight": weight_of(row)}) for row in rows]


def weight_of(row: Row) -> Fraction:
    """How much a stored signer's vote counts."""
    return Fraction(row["weight"])


def weight_at_start(connection: Connection, *, instance_id: str, wait_key: str) -> Fraction:
    """The votes of all whom the diagram named when the step began, also of those taken out since."""
    rows = QUERIES.rows(connection, "at_start", instance_id=instance_id, wait_key=wait_key)
    return sum((Fraction(row["weight"]) for row in rows), Fraction(0))


def names_of(connection: Connection, *, instance_id: str, wait_key: str) -> dict[str, SeatName]:
    """The names of the signers of an open step, by seat."""
    rows = QUERIES.rows(connection, "names", instance_id=instance_id, wait_key=wait_key)
    return {
        row["id"]: SeatName(row["person_name"] or "", row["unit_name"] or "", row["post_name"] or "")
        for row in rows
    }


def seat_row(
    item: Row,
    meant: Row,
    *,
    place: int,
    state: str,
    kind: str = "",
    for_id: str | None = None,
    weight: Fraction = Fraction(1),
) -> Row:
    """The row of a new signer of the step to which `item` belongs; `meant` are its `meant_*` columns."""
    return {
        "id": new_id(),
        "cycle_id": item["cycle_id"],
        "instance_id": item["instance_id"],
        "wait_key": item["wait_key"],
        "place": place,
        "state": state,
        "item_id": item["id"] if state in (OPEN, HELD) else None,
        "meant_user_id": meant["meant_user_id"],
        "meant_unit_id": meant["meant_unit_id"],
        "meant_post_key": meant["meant_post_key"],
        "outcome": "",
        "person_name": "",
        "kind": kind,
        "for_id": for_id,
        "weight": str(weight),
    }


def write_seats(connection: Connection, rows: Sequence[Row]) -> None:
    """Store new signers."""
    insert_rows(connection, "signer", rows)


def spoken_for(seats: Iterable[Seat]) -> frozenset[str]:
    """The people whose signature this step already has."""
    have = [seat for seat in seats if seat.state in (SIGNED, GIVEN) and seat.kind != "ask"]
    people = {person for seat in have for person in (seat.person_id, seat.holder_id)}
    return frozenset(filter(None, people))
