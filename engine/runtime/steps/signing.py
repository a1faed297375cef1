"""Several people on one step: its signers' items open, at once or in turn; they are items of one token."""

from typing import Any

from engine.bpmn.votes import VoteRule
from engine.people.memberships import holders
from engine.runtime.steps.desks import Desk, meant_by, open_item
from engine.store import Row
from engine.work import signers
from engine.work.routing import Candidate, NobodyAssigned, candidate_of, candidates
from engine.work.signers import Seat


def open_seats(desk: Desk, rule: VoteRule) -> None:
    """The signers of a step that begins: an item for each, or for the first alone (顺签)."""
    step, named = desk.step, signers_of(desk)
    claims = _claims(desk, named)
    taken: set[str] = set()
    rows: list[Row] = []
    for place, candidate in enumerate(named):
        opens = place == 0 or rule.form != "turn"
        if opens:
            others = taken | {person for person, first in claims.items() if first != candidate}
            item = open_item(desk, candidate, without=others)
            taken |= _only_one(desk, item, others)
        else:
            item = not_yet(desk)
        state = signers.OPEN if opens else signers.WAITING
        rows.append(signers.seat_row(item, meant_by(step, candidate), place=place, state=state))
    signers.write_seats(step.connection, rows)


def open_next(desk: Desk, seat: Seat, *, seats: list[Seat], like: Row) -> None:
    """顺签: the turn of the next signer; `like` are columns that the item takes over from the one before."""
    row = open_item(desk, seat.meant, without=taken_for(desk, seats, seat.meant))
    row |= like
    signers.QUERIES.run(desk.step.connection, "open_seat", id=seat.id, item_id=row["id"])


def taken_for(desk: Desk, seats: list[Seat], candidate: Candidate) -> frozenset[str]:
    """Who must not sign in `candidate`'s place: they have signed, or will sign elsewhere in this step."""
    claims = _claims(desk, [one.meant for one in seats if not one.signed])
    elsewhere = {person for person, first in claims.items() if first != candidate}
    return signers.spoken_for(seats) | elsewhere


def signers_of(desk: Desk) -> list[Candidate]:
    """`bihuan:signers`, each once; else everybody who holds the step's post now. Raises `NobodyAssigned`."""
    text = desk.element.properties.get("bihuan:signers")
    if text is not None:
        said = desk.evaluate(text)
        found = [candidate_of(desk.element, one, claim_first=False) for one in _flat(said)]
    else:
        meant = candidates(desk.element, desk.evaluate)
        found = [one for candidate in meant for one in _everyone(desk, candidate)]
    if not found:
        raise NobodyAssigned(desk.element, text)
    return list(dict.fromkeys(found))


def _everyone(desk: Desk, candidate: Candidate) -> list[Candidate]:
    """Each holder of a post in person; a vacant post for itself, so that it goes where its work goes."""
    if candidate.unit_id is None or candidate.post_key is None:
        return [candidate]
    step = desk.step
    at = (candidate.unit_id, candidate.post_key)
    found = holders(step.connection, *at, on=step.today, cycle_id=step.row.cycle_id)
    people = [Candidate(user_id=one.user_id) for one in found if one.user_id not in desk.apart]
    return people or [Candidate(unit_id=candidate.unit_id, post_key=candidate.post_key)]


def _claims(desk: Desk, named: list[Candidate]) -> dict[str, Candidate]:
    """Who alone can sign at a place, and which: nobody signs twice, so nothing else may fall to them."""
    found: dict[str, Candidate] = {}
    for candidate in named:
        people = people_of(desk, candidate)
        if len(people) == 1:
            found.setdefault(people.pop(), candidate)
    return found


def people_of(desk: Desk, candidate: Candidate) -> set[str]:
    """Who can do a step of the desk that lies with `candidate`."""
    if candidate.user_id is not None:
        return {candidate.user_id}
    at, step = (str(candidate.unit_id), str(candidate.post_key)), desk.step
    found = holders(step.connection, *at, on=step.today, cycle_id=step.row.cycle_id)
    return {one.user_id for one in found} - desk.apart


def _flat(said: Any) -> list[Any]:
    if not isinstance(said, list):
        return [said]
    return [one for part in said for one in _flat(part)]


def not_yet(desk: Desk) -> Row:
    """What a signer's row takes from its item, while there is none."""
    instance = desk.step.row
    return {"id": None, "cycle_id": instance.cycle_id, "instance_id": instance.id, "wait_key": desk.key}


def _only_one(desk: Desk, item: Row, others: set[str]) -> set[str]:
    """The person who alone can act on an item that lies where it does now."""
    lies = Candidate(user_id=item["assignee_id"], unit_id=item["unit_id"], post_key=item["post_key"])
    able = people_of(desk, lies) - others
    return able if len(able) == 1 else set()
