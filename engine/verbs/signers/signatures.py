"""What a task page shows of a step that several people sign: who has, who has not, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from engine.bpmn.votes import VoteRule
from engine.verbs.rules import outcomes
from engine.verbs.signers.seating import seats_of, waiting_for_me
from engine.verbs.signers.signing import judged, rule_of
from engine.verbs.visit import Visit
from engine.work import signers
from engine.work.signers import Seat

Standing = Literal["signed", "objected", "open", "waiting", "held", "given"]
_STATES: Mapping[str, Standing] = {
    signers.SIGNED: "signed",
    signers.OPEN: "open",
    signers.WAITING: "waiting",
    signers.HELD: "held",
    signers.GIVEN: "given",
}
Next = Literal["passes", "fails", "waits", "stays"]


@dataclass(frozen=True)
class SignerLine:
    """One signer: who has signed, or the person or post that is waited for.

    `id` names the seat and whose it is, so that nobody is taken out for whom it was not meant (减签).

    `state`: signed; objected (a rejection that does not count, policy `stay`); open; waiting for their turn;
    held (others do something first); given (signed, and it counts when others have signed after them).
    `kind`: added, before, after, ask; empty for whom the diagram names. `weight`: how much the vote counts.
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
    kind: str = ""
    weight: str = "1"


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
        deciding = sum(self.rule.counts(line.kind) for line in self.signers)
        return deciding - self.approvals - self.rejections

    @property
    def following(self) -> SignerLine | None:
        """顺签: whose turn comes after the one who has it now."""
        return next((line for line in self.signers if line.state == "waiting"), None)


def signing_of(visit: Visit) -> Signing | None:
    """The signers of the item's step; None where one person decides. Two statements."""
    rule = rule_of(visit)
    if rule is None:
        return None
    item, seats = visit.item, seats_of(visit)
    names = signers.names_of(visit.connection, instance_id=item.instance_id, wait_key=item.wait_key)
    counted = [seat for seat in seats if rule.counts(seat.kind)]
    approvals = sum(seat.signed and rule.ballot(seat.outcome) for seat in counted)
    return Signing(
        rule=rule,
        signers=tuple(_line(visit, rule, seat, names[seat.id]) for seat in seats),
        leads_to={one.key: _next(visit, rule, seats, one.key) for one in outcomes(visit.element)},
        approvals=approvals,
        rejections=sum(seat.signed for seat in counted) - approvals,
    )


def _line(visit: Visit, rule: VoteRule, seat: Seat, name: signers.SeatName) -> SignerLine:
    labels = {one.key: one.label for one in outcomes(visit.element)}
    state: Standing = _STATES[seat.state]
    return SignerLine(
        id=seat.key,
        person=seat.person_name or name.person,
        unit=name.unit,
        post=name.post,
        state="objected" if seat.outcome and state == "open" else state,
        outcome=seat.outcome,
        outcome_label=labels.get(seat.outcome, ""),
        approves=rule.ballot(seat.outcome),
        signed_at=seat.signed_at,
        mine=seat.item_id == visit.item.id,
        kind=seat.kind,
        weight=str(seat.weight),
    )


def _next(visit: Visit, rule: VoteRule, seats: list[Seat], outcome: str) -> Next:
    """What my signature would do, judged as `sign` judges it."""
    if rule.stays(outcome):
        return "stays"
    mine = next((seat for seat in seats if seat.item_id == visit.item.id), None)
    if mine is None or waiting_for_me(seats, mine, rule, outcome):
        return "waits"
    then = [replace(seat, state=signers.SIGNED, outcome=outcome) if seat is mine else seat for seat in seats]
    counted = [seat for seat in then if rule.counts(seat.kind)]
    passed = judged(visit, rule, counted, [seat for seat in counted if seat.signed])
    return "waits" if passed is None else "passes" if passed else "fails"
