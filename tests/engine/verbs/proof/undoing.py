"""撤回 on paper: the sheet from before the submission is taken out again; what was counted stays counted."""

import copy
from dataclasses import dataclass, replace
from itertools import count

from .blocks import DESKS
from .clerk import DOES, RULES_OF_INSTANCES, Act, Answer, Clerk
from .paper import Paper
from .pieces import Piece
from .places import Matter, Place
from .waiting import Step

SUBMITS = ("complete", "register_for", "return_to")


@dataclass
class Submission:
    """What somebody has just done, in which instance, and the paper as it was before."""

    person: str
    verb: str
    paper: Paper
    matter: Matter
    number: int
    meant: str
    holder: str | None


def remember(clerk: Clerk, act: Act) -> Submission | None:
    """What can be taken back if this act is done next; nothing for other verbs."""
    piece = act.piece
    if piece is None or act.verb not in SUBMITS:
        return None
    number = next(at for at, one in enumerate(clerk.paper.pieces()) if one is piece)
    before, owner = copy.deepcopy(clerk.paper), clerk.owner(act.person, piece)
    return Submission(act.person, act.verb, before, piece.step.matter, number, piece.meant, owner)


def _still_open(clerk: Clerk, last: Submission, step: Step) -> bool:
    return any(
        (one.matter.id, one.block, one.round) == (last.matter.id, step.block, step.round)
        for one in clerk.paper.steps()
    )


def _take_back(clerk: Clerk, act: Act) -> Answer:
    last, matter = clerk.last, act.matter
    assert matter is not None and last is not None
    if act.person != last.person:
        return "no"  # the picker asks only those who have submitted nothing here
    if matter.over:
        return "yes" if _waited_for(matter) else "no"
    piece = last.paper.pieces()[last.number]
    step, seat = piece.step, piece.seat
    if not _still_open(clerk, last, step):
        return _with_it(clerk, last, step) if last.verb == "return_to" else "yes"
    if matter.did[-1][3] == "return" and step.ballot.rule.reject == "stay":
        return "no"
    return "no" if seat.kind in ("before", "after") or step.ballot.helpers(seat, "after") else "yes"


def _with_it(clerk: Clerk, last: Submission, step: Step) -> Answer:
    """退回 that has ended the work of others beside it is not taken back; services it does not know."""
    now = {_known(leaf) for leaf in clerk.paper.leaves()}
    beside = [leaf for leaf in last.paper.leaves() if leaf.matter is step.matter and leaf is not step]
    if all(_known(leaf) in now for leaf in beside if isinstance(leaf, Step)):
        return "yes" if all(isinstance(leaf, Step) for leaf in beside) else "maybe"
    return "no"


def _known(leaf: Place) -> tuple[object, ...]:
    return leaf.matter.id, leaf.block, getattr(leaf, "round", 0)


def _waited_for(matter: Matter) -> bool:
    """Does nobody go on with its end yet?"""
    call = matter.caller
    return call is None or (call.done < call.total and not call.block.in_turn)


def _do_take_back(clerk: Clerk, act: Act) -> None:
    last = clerk.last
    assert last is not None and act.matter is not None
    piece = last.paper.pieces()[last.number]
    step, seat = piece.step, piece.seat
    now, still_open = clerk.paper, _still_open(clerk, last, step)
    now.restore(last.paper, last.matter)
    clerk.last = None
    step.matter.did.append((act.verb, step.block.name, "", "", act.person))
    if still_open:
        seat.spoke, seat.outcome = 0, ""
        at = step.pieces.index(piece)
        step.pieces[at] = Piece(step, seat, seat.name, None if seat.name in DESKS else seat.name)
    elif step.ballot.seated:
        step.pieces = [replace(one, serial=next(_ANEW)) for one in step.pieces]
    else:
        _begin_again(step, last)


_ANEW = count(-1, -1)
"""Tasks that open again as they lay are new ones: somebody may urge about them once more."""


def _begin_again(step: Step, last: Submission) -> None:
    came_back, back_to = step.came_back, step.back_to
    step.begin()
    step.came_back, step.back_to = came_back, back_to
    piece = step.pieces[0]
    if piece.meant != last.meant:  # it had been handed over
        piece.meant = piece.seat.name = last.meant
        piece.claim = False
        piece.holder = None if last.meant in DESKS else last.meant
    elif step.block.claim:
        piece.holder = last.holder


RULES_OF_INSTANCES["take_back"] = _take_back
DOES["take_back"] = _do_take_back
