"""Several people on one step: its signers' items open, at once or in turn; they are items of one token."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.bpmn.model import Element
from engine.bpmn.votes import VoteRule
from engine.people.memberships import holders
from engine.runtime.steps.desks import Desk, meant_by, open_item
from engine.store import Row
from engine.work import signers
from engine.work.routing import Candidate, NobodyAssigned, candidates, listed
from engine.work.signers import Seat


def open_seats(desk: Desk, rule: VoteRule) -> None:
    """The signers of a step that begins: an item for each, or for the first alone (顺签)."""
    step, named = desk.step, signers_of(desk)
    weights = weights_of(desk, rule, named)
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
        meant, weight = meant_by(step, candidate), weights[place]
        rows.append(signers.seat_row(item, meant, place=place, state=state, weight=weight))
    signers.write_seats(step.connection, rows)


def open_next(desk: Desk, seat: Seat, *, seats: list[Seat], like: Row) -> None:
    """The turn of one who has waited; `like` are columns that the item takes over from the one before."""
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
        found = listed(desk.element, desk.evaluate(text))
    else:
        meant = candidates(desk.element, desk.evaluate)
        found = [one for candidate in meant for one in _everyone(desk, candidate)]
    if not found:
        raise NobodyAssigned(desk.element, text)
    return list(dict.fromkeys(found))


def weights_of(desk: Desk, rule: VoteRule, named: list[Candidate]) -> list[Fraction]:
    """How much each vote counts: `bihuan:weights` gives a list beside the signers, or a context by person id,
    post reference or post key; who is not in it has one vote. Raises `WeightRefused`."""
    if rule.weights is None:
        return [Fraction(1)] * len(named)
    said = desk.evaluate(rule.weights)
    if isinstance(said, list):
        if len(said) != len(named):
            raise WeightRefused(desk.element, f"{len(said)} 个票数，{len(named)} 个签署人")
        return [_weight(desk, one) for one in said]
    if not isinstance(said, dict):
        raise WeightRefused(desk.element, repr(said))
    home = desk.evaluate(desk.element.post) if desk.element.post else None
    return [_weight(desk, _weight_said(said, one, home)) for one in named]


def _weight_said(said: dict[str, Any], who: Candidate, home: object) -> object:
    """By person, by the post's reference or key; who holds the step's own post votes with its weight."""
    post = f"{who.unit_id}#{who.post_key}" if who.post_key else str(home or "")
    keys = (who.user_id or "", post, post.partition("#")[2])
    return next((said[key] for key in keys if key in said), Decimal(1))


def _weight(desk: Desk, value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value <= 0:
        raise WeightRefused(desk.element, repr(value))
    return Fraction(value)


class WeightRefused(NobodyAssigned):
    """票决: the diagram's weights are not positive numbers, one for each signer."""

    def __init__(self, element: Element, said: str) -> None:
        super().__init__(element, said)
        self.args = (f"任务“{element.name}”的票数写得不对（{said}）；每个签署人一个大于 0 的数",)


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


def not_yet(desk: Desk) -> Row:
    """What a signer's row takes from its item, while there is none."""
    instance = desk.step.row
    return {"id": None, "cycle_id": instance.cycle_id, "instance_id": instance.id, "wait_key": desk.key}


def _only_one(desk: Desk, item: Row, others: set[str]) -> set[str]:
    """The person who alone can act on an item that lies where it does now."""
    lies = Candidate(user_id=item["assignee_id"], unit_id=item["unit_id"], post_key=item["post_key"])
    able = people_of(desk, lies) - others
    return able if len(able) == 1 else set()
