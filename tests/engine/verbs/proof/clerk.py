"""What each verb must do, on paper: whether it is allowed, and what becomes of the step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .blocks import DESKS, OFFICE, STRANGERS, Task
from .moving import move_back, targets
from .paper import Paper
from .pieces import Piece
from .places import Matter
from .votes import Ballot, Seat, State
from .waiting import Step, Working

HEAD = "unit.head"
URGING = ("urge", "urge_leader")
Answer = Literal["yes", "no", "maybe"]


@dataclass(frozen=True)
class Act:
    """Somebody does a verb with an item, an instance, or what has stopped; `said` goes with it."""

    person: str
    verb: str
    piece: Piece | None = None
    matter: Matter | None = None
    work: Working | None = None
    step: Step | None = None
    said: Mapping[str, object] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return str(self.said.get("target", ""))

    def __str__(self) -> str:
        at = self.piece.step.block.name if self.piece else self.work.block.name if self.work else "instance"
        return f"{self.person} {self.verb} {at} {dict(self.said)}"


@dataclass
class Clerk:
    """Keeps the paper; `standing` says who stands in for whom (代理)."""

    paper: Paper
    standing: Mapping[str, str] = field(default_factory=dict)
    last: Any = None
    """The submission that was made last, while nothing has happened since."""

    # -- may they? -----------------------------------------------------------------------------------------

    def judges(self, act: Act) -> Answer:
        """Must the engine let this be, must it refuse, or does it depend on what this paper does not hold?"""
        if act.piece is None:
            return RULES_OF_INSTANCES[act.verb](self, act)
        if act.person in STRANGERS:
            return "no"
        if self.paper.rested_since is not None:
            return "no"
        if act.piece.asked or act.piece.waits:
            if act.verb == "save_draft":
                return "maybe"
            taken = act.verb == "hand_over" and act.person in OFFICE
            if act.verb not in ("answer" if act.piece.asked else "recall", *URGING) and not taken:
                return "no"
        return RULES[act.verb](self, act, act.piece)

    def has(self, person: str, piece: Piece) -> bool:
        """Is it theirs to do, or of whom they stand in for?"""
        return self.owner(person, piece) is not None

    def owner(self, person: str, piece: Piece) -> str | None:
        """Whose work it is when this person does it."""
        for one in (person, *(away for away, other in self.standing.items() if other == person)):
            if piece.holder == one or (piece.holder is None and one in DESKS.get(piece.meant, ())):
                return one
        return None

    def deciding(self, act: Act, piece: Piece) -> Answer:
        """Who stands in, or did so before, may be kept from deciding, or from signing a second time."""
        if not self.standing:
            return "yes"
        return "maybe" if piece.step.block.vote or piece.step.block.judges else "yes"

    def signing(self, act: Act, piece: Piece) -> Answer:
        return "maybe" if self.standing and piece.step.block.vote else "yes"

    def in_hand(self, person: str, piece: Piece) -> bool:
        """Is it theirs, and not with a group of whom nobody has claimed it?"""
        return self.has(person, piece) and not (piece.claim and piece.holder is None)

    def apart(self, step: Step, *names: str) -> Answer:
        """May they judge it? Not if all who could have done another step of the matter, and that counts."""
        if self.standing:
            return "maybe"
        own = [one for one in names if self.paper.worked.issuperset(DESKS.get(one, (one,)))]
        return "maybe" if own and (step.block.vote or step.block.judges) else "yes"

    def behind(self, act: Act, piece: Piece) -> frozenset[str]:
        """Who has spoken when this person speaks: they, and whom they stand in for."""
        return frozenset({act.person, self.owner(act.person, piece) or act.person})

    # -- what becomes of it --------------------------------------------------------------------------------

    def carry_out(self, act: Act) -> None:
        """What the verb does, and what follows by itself."""
        DOES[act.verb](self, act)
        self.paper.drain()

    def note(self, act: Act, step: Step, *, outcome: str = "", round_of: int = 0) -> None:
        """What history must say of it."""
        step.matter.did.append((act.verb, step.block.name, str(round_of or step.round), outcome, act.person))
        if act.verb in ("complete", "register_for"):
            self.paper.worked.add(act.person)


def _complete(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    task: Task = piece.step.block
    speaks = act.verb == "register_for"
    if speaks != task.body or not clerk.in_hand(act.person, piece):
        return "no"
    if act.said.get("outcome", task.outcomes[0] if len(task.outcomes) == 1 else "") not in task.outcomes:
        return "no"
    return clerk.deciding(act, piece)


def _claim(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    return clerk.signing(act, piece) if clerk.has(act.person, piece) else "no"


def _unclaim(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    if piece.meant not in DESKS or piece.holder is None:
        return "no"
    return "yes" if act.person in OFFICE or clerk.owner(act.person, piece) == piece.holder else "no"


def _return_to(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    if not (piece.step.block.free and clerk.has(act.person, piece) and act.said.get("opinion")):
        return "no"
    if act.target not in targets(piece.step):
        return "no"
    if piece.claim and piece.holder is None:
        return "maybe"
    return clerk.signing(act, piece)


def _add_signer(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    step = piece.step
    if step.block.vote is None or not (step.block.free and clerk.has(act.person, piece)):
        return "no"
    if not act.said.get("opinion") or act.target == "nobody" or step.ballot.twice(act.target):
        return "no"
    return clerk.signing(act, piece)


def _remove_signer(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    step, seat = piece.step, _seat(piece, act.target)
    if step.block.vote is None or not (step.block.free and clerk.has(act.person, piece)):
        return "no"
    if not act.said.get("opinion") or seat is None or seat.spoke or seat in (piece.seat, *_only(step.ballot)):
        return "no"
    return clerk.signing(act, piece)


def _seat(piece: Piece, name: str) -> Seat | None:
    """Who signs under this name; who was asked does not sign."""
    signers = (seat for seat in piece.step.ballot.seats if seat.kind != "ask")
    return next((seat for seat in signers if seat.name == name), None)


def _only(ballot: Ballot) -> list[Seat]:
    """The last one who decides: never taken out."""
    counted = [seat for seat in ballot.seats if ballot.counts(seat)]
    return counted if len(counted) == 1 else []


def _urge(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    if act.person not in OFFICE or clerk.has(act.person, piece):
        return "no"
    return "no" if _urging(clerk, act) in clerk.paper.urged else "yes"


def _urge_leader(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    """The head's own work is told to nobody above; whose it is in the office, is for the office to know."""
    if _urge(clerk, act, piece) == "no" or piece.meant == HEAD or piece.holder in DESKS[HEAD]:
        return "no"
    return "maybe" if piece.meant.startswith("assessor.") or piece.holder in OFFICE else "yes"


def _urging(clerk: Clerk, act: Act) -> tuple[object, ...]:
    assert act.piece is not None
    return act.piece.serial, act.person, clerk.paper.now.date()


def _save_draft(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    return "yes" if clerk.has(act.person, piece) else "no"


RULES: dict[str, Callable[[Clerk, Act, Piece], Answer]] = {
    "claim": _claim,
    "unclaim": _unclaim,
    "complete": _complete,
    "register_for": _complete,
    "return_to": _return_to,
    "add_signer": _add_signer,
    "remove_signer": _remove_signer,
    "urge": _urge,
    "urge_leader": _urge_leader,
    "save_draft": _save_draft,
}
RULES_OF_INSTANCES: dict[str, Callable[[Clerk, Act], Answer]] = {}


def _do_claim(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    owner = clerk.owner(act.person, piece)
    if piece.holder == owner:
        return
    clerk.note(act, piece.step)
    piece.holder, piece.dirty = owner, True


def _do_unclaim(clerk: Clerk, act: Act) -> None:
    assert act.piece is not None
    clerk.note(act, act.piece.step)
    act.piece.holder, act.piece.dirty = None, True


def _do_complete(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    step, ballot = piece.step, piece.step.ballot
    outcome = str(act.said.get("outcome", step.block.outcomes[0]))
    clerk.note(act, step, outcome=outcome)
    ballot.sign(piece.seat, outcome, clerk.behind(act, piece))
    piece.dirty = True
    step.judge()


def _do_return(clerk: Clerk, act: Act) -> None:
    assert act.piece is not None
    step = act.piece.step
    clerk.note(act, step)
    straight = step.block.name if act.said.get("straight_back") else ""
    step.matter.marks[act.target] = step.block.name, straight
    move_back(step, act.target)


def _do_add(clerk: Clerk, act: Act) -> None:
    assert act.piece is not None
    step = act.piece.step
    clerk.note(act, step)
    opens: State = "waiting" if step.ballot.rule.form == "turn" else "open"
    step.ballot.seats.append(Seat(act.target, "added", state=opens))
    step.ask()


def _do_remove(clerk: Clerk, act: Act) -> None:
    assert act.piece is not None
    step, seat = act.piece.step, _seat(act.piece, act.target)
    assert seat is not None
    for _ in step.ballot.take_out(seat, helpers=("ask", "after")):
        clerk.note(act, step)
    step.ballot.settle(seat)
    step.judge()


def _do_urge(clerk: Clerk, act: Act) -> None:
    assert act.piece is not None
    clerk.paper.urged.add(_urging(clerk, act))
    clerk.note(act, act.piece.step)


DOES: dict[str, Callable[[Clerk, Act], None]] = {
    "claim": _do_claim,
    "unclaim": _do_unclaim,
    "complete": _do_complete,
    "register_for": _do_complete,
    "return_to": _do_return,
    "add_signer": _do_add,
    "remove_signer": _do_remove,
    "urge": _do_urge,
    "urge_leader": _do_urge,
    "save_draft": lambda clerk, act: None,
}
