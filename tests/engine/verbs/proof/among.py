"""Verbs among people, on paper: another answers for a task, or does it first."""

from .blocks import DESKS, OFFICE
from .clerk import DOES, RULES, Act, Answer, Clerk
from .pieces import Piece


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
    if step.asked:
        return "maybe"
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


def _ask(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    step, to = piece.step, str(act.said.get("people", ("",))[0])  # type: ignore[index]
    if not step.block.free or not clerk.has(act.person, piece) or (piece.claim and piece.holder is None):
        return "no"
    signers = step.ballot.signers if step.ballot else [piece.meant]
    if not act.said.get("opinion") or to in {*signers, *step.asked, "nobody", piece.holder}:
        return "no"
    return "maybe" if clerk.standing else "yes"


def _do_ask(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    to = str(act.said["people"][0])  # type: ignore[index]
    clerk.note(act, piece.step)
    piece.holder, piece.dirty = clerk.owner(act.person, piece), True
    piece.step.asked.add(to)
    piece.step.pieces.append(Piece(piece.step, to, None if to in DESKS else to, owner=piece))


def _answer(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    if piece.owner is None or not clerk.has(act.person, piece):
        return "no"
    return "maybe" if clerk.standing else "yes"


def _do_answer(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None and piece.owner is not None
    clerk.note(act, piece.step)
    piece.owner.dirty = True
    piece.step.pieces.remove(piece)


def _recall(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    return "yes" if piece.waits and clerk.has(act.person, piece) and act.said.get("opinion") else "no"


def _do_recall(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    for one in [one for one in piece.step.pieces if one.owner is piece]:
        clerk.note(act, piece.step)
        piece.step.pieces.remove(one)
        piece.step.asked.discard(one.meant)
    piece.dirty = True


RULES.update({"hand_over": _hand_over, "ask": _ask, "answer": _answer, "recall": _recall})
DOES.update({"hand_over": _do_hand_over, "ask": _do_ask, "answer": _do_answer, "recall": _do_recall})
