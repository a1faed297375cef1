"""撤回 on paper: the sheet from before the submission is taken out again; what was counted stays counted."""

import copy
from dataclasses import dataclass

from .blocks import DESKS
from .clerk import DOES, RULES_OF_INSTANCES, Act, Answer, Clerk
from .paper import Paper
from .pieces import Piece
from .places import Step


@dataclass
class Submission:
    """What somebody has just done, and the paper as it was before."""

    person: str
    paper: Paper
    matter_id: str
    number: int
    meant: str
    holder: str | None


def remember(clerk: Clerk, act: Act) -> Submission | None:
    """What can be taken back if this act is done next; nothing for other verbs."""
    piece = act.piece
    if piece is None or act.verb not in ("complete", "register_for"):
        return None
    number = next(at for at, one in enumerate(clerk.paper.pieces()) if one is piece)
    matter = piece.step.matter
    return Submission(
        act.person, copy.deepcopy(clerk.paper), matter.id, number, piece.meant, clerk.owner(act.person, piece)
    )


def can_be_told(clerk: Clerk) -> bool:
    """Whether the paper knows what taking back would lead to: one person has decided, or it is still open."""
    last = clerk.last
    if last is None:
        return False
    step = last.paper.pieces()[last.number].step
    alone = step.ballot.solo and not any(seat.kind in ("before", "after") for seat in step.ballot.seats)
    return alone or _still_open(clerk, last, step)


def _still_open(clerk: Clerk, last: Submission, step: Step) -> bool:
    return any(
        (one.matter.id, one.block, one.round) == (last.matter_id, step.block, step.round)
        for one in clerk.paper.steps()
    )


def _take_back(clerk: Clerk, act: Act) -> Answer:
    last, matter = clerk.last, act.matter
    assert matter is not None and last is not None
    if act.person != last.person:
        return "no"  # the picker asks only those who have submitted nothing here
    if matter.over:
        return "no"
    piece = last.paper.pieces()[last.number]
    step, seat = piece.step, piece.seat
    if not _still_open(clerk, last, step):
        return "yes"
    if matter.did[-1][3] == "return" and step.ballot.rule.reject == "stay":
        return "no"
    return "no" if seat.kind in ("before", "after") or step.ballot.helpers(seat, "after") else "yes"


def _do_take_back(clerk: Clerk, act: Act) -> None:
    last = clerk.last
    assert last is not None and act.matter is not None
    piece = last.paper.pieces()[last.number]
    step, seat = piece.step, piece.seat
    now, still_open = clerk.paper, _still_open(clerk, last, step)
    now.restore(last.paper)
    clerk.last = None
    step.matter.did.append((act.verb, step.block.name, "", "", act.person))
    if not still_open:
        _begin_again(step, last)
        return
    seat.spoke, seat.outcome = 0, ""
    at = step.pieces.index(piece)
    step.pieces[at] = Piece(step, seat, seat.name, None if seat.name in DESKS else seat.name)


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
