"""Verbs among people, on paper: another answers for a task, or does something first, or after."""

from .blocks import DESKS, OFFICE
from .clerk import DOES, RULES, Act, Answer, Clerk
from .pieces import Piece
from .votes import FIRST


def _named(act: Act) -> tuple[str, ...]:
    return tuple(map(str, act.said.get("people", ("",))))  # type: ignore[call-overload]


def _hand_over(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    step, to = piece.step, _named(act)[0]
    if act.person not in OFFICE and not (step.block.free and clerk.in_hand(act.person, piece)):
        return "no"
    if not act.said.get("opinion") or to == "nobody":
        return "no"
    others = [seat for seat in step.ballot.seats if seat is not piece.seat]
    if others and step.ballot.twice(to, besides=piece.seat):
        return "no"
    if (to == piece.meant and piece.holder is None) or to == piece.holder:
        return "no"
    twice = piece.holder in DESKS.get(to, ()) or (to == piece.meant)
    return "maybe" if twice else clerk.apart(step, to)


def _do_hand_over(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    to = _named(act)[0]
    clerk.note(act, piece.step)
    piece.seat.name, piece.meant, piece.holder = to, to, None if to in DESKS else to
    piece.claim, piece.dirty = False, True


def _comes_in(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    """委派, 前加签, 后加签: others, who are not in it yet; before me or after me, not both."""
    step, me = piece.step, clerk.owner(act.person, piece)
    if not (step.block.free and clerk.in_hand(act.person, piece)) or me is None:
        return "no"
    if not act.said.get("opinion") or any(
        one == "nobody" or step.ballot.twice(one, me=me) for one in _named(act)
    ):
        return "no"
    if act.verb != "ask" and step.block.body:
        return "no"  # who enters what a body has decided adds nobody to it
    if act.verb == "ask":
        return "maybe" if clerk.standing else "yes"
    other = "after" if act.verb == "add_before" else "before"
    if step.ballot.helpers(piece.seat, other):
        return "no"
    return clerk.apart(step, *_named(act))


def _do_come_in(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    clerk.note(act, piece.step)
    me, kind = clerk.owner(act.person, piece), act.verb.removeprefix("add_")
    assert me is not None
    piece.step.ballot.come_in(piece.seat, kind, _named(act), me=me)
    if kind in FIRST:
        piece.holder, piece.dirty = piece.holder or me, True
    piece.step.ask()


def _answer(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    if not piece.asked or not clerk.has(act.person, piece):
        return "no"
    return "maybe" if clerk.standing else "yes"


def _do_answer(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    clerk.note(act, piece.step)
    piece.step.ballot.answer(piece.seat, clerk.behind(act, piece))
    piece.step.ask()


def _recall(clerk: Clerk, act: Act, piece: Piece) -> Answer:
    left = [one for one in piece.step.ballot.helpers(piece.seat) if not one.spoke]
    return "yes" if left and clerk.has(act.person, piece) and act.said.get("opinion") else "no"


def _do_recall(clerk: Clerk, act: Act) -> None:
    piece = act.piece
    assert piece is not None
    step, ballot = piece.step, piece.step.ballot
    for one in [one for one in ballot.helpers(piece.seat) if not one.spoke]:
        for _ in ballot.take_out(one, helpers=("before", "after", "ask")):
            clerk.note(act, step)
        ballot.settle(one)
    step.judge()


RULES.update({"hand_over": _hand_over, "answer": _answer, "recall": _recall})
RULES.update(dict.fromkeys(("ask", "add_before", "add_after"), _comes_in))
DOES.update({"hand_over": _do_hand_over, "answer": _do_answer, "recall": _do_recall})
DOES.update(dict.fromkeys(("ask", "add_before", "add_after"), _do_come_in))
