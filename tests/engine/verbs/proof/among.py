"""Verbs among people, on paper: another answers for a task."""

from .blocks import DESKS, OFFICE
from .clerk import DOES, RULES, Act, Answer, Clerk
from .places import Piece


def _hand_over(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    step, to = piece.step, str(act.said.get("people", ("",))[0])  # type: ignore[index]
    if act.person not in OFFICE:
        mine = clerk.has(act.person, piece)
        if not mine or not step.block.free or (piece.claim and piece.holder is None):
            return "no"
    if not act.said.get("opinion") or to == "nobody":
        return "no"
    if step.ballot is not None and to in step.ballot.signers:
        return "no"
    if (to == piece.meant and piece.holder is None) or to == piece.holder:
        return "no"
    twice = piece.holder in DESKS.get(to, ()) or (to == piece.meant)
    return "maybe" if twice or clerk.standing or step.block.judges or step.ballot else "yes"


def _do_hand_over(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    to = str(act.said["people"][0])  # type: ignore[index]
    clerk.note(act, piece.step)
    ballot = piece.step.ballot
    if ballot is not None:
        ballot.signers[ballot.signers.index(piece.meant)] = to
        if piece.meant in ballot.objected:
            ballot.objected = (ballot.objected - {piece.meant}) | {to}
    piece.meant, piece.holder = to, None if to in DESKS else to
    piece.claim, piece.dirty = False, True


RULES["hand_over"] = _hand_over
DOES["hand_over"] = _do_hand_over
