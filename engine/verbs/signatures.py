"""What a task page shows of a step that several people sign: who has, who has not, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.bpmn.votes import VoteRule, vote_rule
from engine.verbs.rules import outcomes
from engine.verbs.seating import seats_of
from engine.verbs.visit import Visit
from engine.work import signers
from engine.work.signers import Seat

Standing = Literal["signed", "objected", "open", "waiting"]
Next = Literal["passes", "fails", "waits", "stays"]


@dataclass(frozen=True)
class SignerLine:
    """One signer: who has signed, or the person or post that is waited for.

    `state`: signed; objected (a rejection that does not count, policy `stay`); open; waiting for their turn.
    """

    id: str
    person: str
    unit: str
    post: str
    state: Standing
    outcome: str
    outcome_label: str
    approves: bool
    signed_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Signing:
    """How a step is decided, how far it is, and what each outcome of the reader would lead to."""

    rule: VoteRule
    signers: tuple[SignerLine, ...]
    approvals: int
    rejections: int
    leads_to: dict[str, Next]

    @property
    def left(self) -> int:
        """How many have not signed yet."""
        return len(self.signers) - self.approvals - self.rejections

    @property
    def following(self) -> SignerLine | None:
        """顺签: whose turn comes after the one who has it now."""
        return next((line for line in self.signers if line.state == "waiting"), None)


def signing_of(visit: Visit) -> Signing | None:
    """The signers of the item's step; None where one person decides. Two statements."""
    rule = vote_rule(visit.element.properties)
    if rule is None:
        return None
    item, seats = visit.item, seats_of(visit)
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    approvals = sum(seat.signed and rule.ballot(seat.outcome) for seat in seats)
    rejections = sum(seat.signed for seat in seats) - approvals
    counted = {"approvals": approvals, "rejections": rejections}
    return Signing(
        rule=rule,
        signers=tuple(_line(visit, rule, seat, names[seat.id]) for seat in seats),
        leads_to={one.key: _next(rule, one.key, len(seats), **counted) for one in outcomes(visit.element)},
        **counted,
    )


def _line(visit: Visit, rule: VoteRule, seat: Seat, name: signers.SeatName) -> SignerLine:
    labels = {one.key: one.label for one in outcomes(visit.element)}
    state: Standing = "signed" if seat.signed else "waiting" if seat.item_id is None else "open"
    return SignerLine(
        id=seat.id,
        person=seat.person_name or name.person,
        unit=name.unit,
        post=name.post,
        state="objected" if seat.outcome and not seat.signed else state,
        outcome=seat.outcome,
        outcome_label=labels.get(seat.outcome, ""),
        approves=rule.ballot(seat.outcome),
        signed_at=seat.signed_at,
        mine=seat.item_id == visit.item.id,
    )


def _next(rule: VoteRule, outcome: str, seats: int, *, approvals: int, rejections: int) -> Next:
    if rule.stays(outcome):
        return "stays"
    approves = rule.ballot(outcome)
    passed = rule.decided(
        approvals=approvals + approves, rejections=rejections + (not approves), signers=seats
    )
    return "waits" if passed is None else "passes" if passed else "fails"
