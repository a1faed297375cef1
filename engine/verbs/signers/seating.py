"""Who waits for whom on one visit of a step: seats that were added before or after a signer, or asked by one.

前加签: mine waits, theirs first. 后加签: mine is given, and counts when theirs are. 委派: mine waits until it
comes back. Every item of such a step has its seat; the token is one.
"""

from collections.abc import Sequence
from typing import Any

from engine.bpmn.votes import VoteRule
from engine.feel import codec
from engine.runtime.steps.desks import meant_by, open_item
from engine.runtime.steps.signing import not_yet, open_next, taken_for
from engine.store import Row
from engine.verbs.refusals import Stale
from engine.verbs.visit import Visit
from engine.work import signers
from engine.work.bindings import FormData
from engine.work.routing import Candidate
from engine.work.signers import Seat

FIRST = ("before", "ask")
"""Who does something while the owner's task waits."""


def seats_of(visit: Visit) -> list[Seat]:
    """Everyone who signs the step, as it is now."""
    item = visit.item
    return signers.seats_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)


def like(visit: Visit) -> Row:
    """What the next item of the step takes over from this one."""
    item = visit.item
    return {
        "returned_from": item.returned_from,
        "return_reason_id": item.return_reason_id,
        "back_to": item.back_to,
    }


def waiting_for_me(seats: Sequence[Seat], mine: Seat, rule: VoteRule, outcome: str) -> list[Seat]:
    """Who signs after me before mine counts; nobody where my rejection ends the step at once (veto)."""
    if rule.reject == "veto" and rule.form != "any" and not rule.ballot(outcome):
        return []
    return [seat for seat in seats if seat.for_id == mine.id and seat.kind == "after" and not seat.signed]


def open_after(visit: Visit, after: Sequence[Seat], seats: list[Seat]) -> None:
    """后加签: mine is given, so theirs begin."""
    desk = visit.desk
    for seat in after:
        if seat.state == signers.WAITING:
            columns = {**like(visit), "purpose": "after", "from_name": visit.step.actor.name}
            open_next(desk, seat, seats=seats, like=columns)


def settle_for(visit: Visit, seats: Sequence[Seat], done: Seat) -> None:
    """`done` has signed, answered, or is gone: whoever waited for the last of them goes on.

    `seats` are those of before. A signature that was given counts now; a task that waited comes back.
    """
    owner = next((seat for seat in seats if seat.id == done.for_id), None)
    if owner is None:
        return
    alike = [seat for seat in seats if seat.for_id == owner.id and seat.kind in _alike(done.kind)]
    if left := [seat for seat in alike if seat.id != done.id and not seat.signed]:
        _name_awaited(visit, owner, left)
        return
    if done.kind == "after" and owner.state == signers.GIVEN:
        signers.QUERIES.run(visit.connection, "state", id=owner.id, state=signers.SIGNED)
        settle_for(visit, seats, owner)
    elif done.kind in FIRST and owner.state == signers.HELD:
        signers.QUERIES.run(visit.connection, "state", id=owner.id, state=signers.OPEN)
        signers.QUERIES.run(visit.connection, "back", id=owner.item_id, at=visit.step.at)


def name_anew(visit: Visit, seats: Sequence[Seat], mine: Seat) -> None:
    """Another does what `mine` was asked or added for: the task that waits says who."""
    owner = next((seat for seat in seats if seat.id == mine.for_id), None)
    if owner is not None:
        kinds = _alike(mine.kind)
        left = [one for one in seats if one.for_id == owner.id and one.kind in kinds and not one.signed]
        _name_awaited(visit, owner, left)


def _name_awaited(visit: Visit, owner: Seat, left: Sequence[Seat]) -> None:
    if owner.state != signers.HELD:
        return
    item = visit.item
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    said = "、".join(names[seat.id].shown for seat in left)
    signers.QUERIES.run(visit.connection, "await", id=owner.item_id, waits_for=said)


def _alike(kind: str) -> tuple[str, ...]:
    return FIRST if kind in FIRST else (kind,)


def my_seat(visit: Visit) -> Seat:
    """The seat of my item; on a step drawn for one person it is made when others first come in."""
    for _ in range(2):
        for seat in seats_of(visit):
            if seat.item_id == visit.item.id:
                return seat
        item: Row = visit.item.__dict__
        meant = meant_by(visit.step, Candidate(user_id=visit.holder_id))
        signers.write_seats(visit.connection, [signers.seat_row(item, meant, place=0, state=signers.OPEN)])
    raise AssertionError("the seat was written")


def seat_others(visit: Visit, whom: Sequence[Candidate], *, mine: Seat, kind: str, opens: bool) -> list[Row]:
    """Seats for `whom` beside `mine`; with `opens` each has a task at once. Their rows."""
    seats = seats_of(visit)
    desk = visit.desk
    place = max(seat.place for seat in seats) + 1
    rows: list[Row] = []
    for number, candidate in enumerate(whom):
        item: dict[str, Any] = not_yet(desk)
        if opens:
            item = open_item(desk, candidate, without=taken_for(desk, seats, candidate))
            item |= {**like(visit), "purpose": kind, "from_name": visit.step.actor.name, "claim_first": False}
        state = signers.OPEN if opens else signers.WAITING
        meant = meant_by(visit.step, candidate)
        rows.append(
            signers.seat_row(item, meant, place=place + number, state=state, kind=kind, for_id=mine.id)
        )
    signers.write_seats(visit.connection, rows)
    return rows


def named_seat(visit: Visit, seats: Sequence[Seat]) -> Seat | None:
    """The seat that the person has picked; None when it is gone. Raises `Stale` when another has it now."""
    seat_id, _, whose = visit.request.target.partition("@")
    found = next((seat for seat in seats if whose and seat.id == seat_id), None)
    if found is None or found.key == visit.request.target or found.event_id is not None:
        return found
    item = visit.item
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    raise Stale(f"您选的这一份已经转给{names[found.id].shown}，没有任何改动；请刷新页面再决定。")


def hold(visit: Visit, mine: Seat, *, names: str) -> None:
    """My task waits for others, in my own name."""
    signers.QUERIES.run(visit.connection, "state", id=mine.id, state=signers.HELD)
    assignee_id = visit.item.assignee_id or visit.holder_id
    signers.QUERIES.run(visit.connection, "hold", id=visit.item.id, waits_for=names, assignee_id=assignee_id)


def sign_aside(visit: Visit, seat: Seat, *, outcome: str, event_id: str, data: FormData) -> None:
    """Who was asked has answered; it never decides."""
    write_signature(visit, seat, outcome=outcome, event_id=event_id, data=data, state=signers.SIGNED)


def write_signature(
    visit: Visit, seat: Seat, *, outcome: str, event_id: str, data: FormData, state: str
) -> None:
    """What the seat's signer said, and what it means for the step: it counts, is given, or stays open."""
    signers.QUERIES.run(
        visit.connection,
        "sign",
        id=seat.id,
        state=state,
        item_id=seat.item_id if state == signers.OPEN else None,
        outcome=outcome,
        event_id=event_id,
        person_id=visit.person.id,
        person_name=visit.person.name,
        holder_id=visit.holder_id,
        signed_at=visit.step.at,
        data_text=codec.dumps(data),
    )
