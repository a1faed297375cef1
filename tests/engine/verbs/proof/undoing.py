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
    """Whether the paper knows what taking back would lead to: the step was one person's, or is still open."""
    last = clerk.last
    if last is None:
        return False
    step = last.paper.pieces()[last.number].step
    if step.ballot is None:
        return True
    return any(
        one.matter.id == last.matter_id and one.block is step.block and one.round == step.round
        for one in clerk.paper.steps()
    )


def _take_back(clerk: Clerk, act: Act) -> Answer:
    last, matter = clerk.last, act.matter
    assert matter is not None and last is not None
    if act.person != last.person:
        return "no"  # the picker asks only those who have submitted nothing here
    if matter.over or (last.holder != act.person and clerk.standing.get(str(last.holder)) != act.person):
        return "no"  # over, or the person stands in no more for whose work it was
    step = last.paper.pieces()[last.number].step
    if step.asked:
        return "maybe"
    if step.ballot is not None:
        outcome = matter.did[-1][3]
        return "no" if step.ballot.rule.reject == "stay" and outcome == "return" else "yes"
    return "yes"


def _do_take_back(clerk: Clerk, act: Act) -> None:
    last = clerk.last
    assert last is not None and act.matter is not None
    step = last.paper.pieces()[last.number].step
    now = clerk.paper
    now.restore(last.paper)
    clerk.last = None
    step.matter.did.append((act.verb, step.block.name, "", "", act.person))
    if step.ballot is None:
        _begin_again(step, last)
        return
    piece = last.paper.pieces()[last.number]
    at = step.pieces.index(piece)
    step.pieces[at] = Piece(step, piece.meant, None if piece.meant in DESKS else piece.meant)


def _begin_again(step: Step, last: Submission) -> None:
    came_back, back_to = step.came_back, step.back_to
    step.begin()
    step.came_back, step.back_to = came_back, back_to
    piece = step.pieces[0]
    if piece.meant != last.meant:  # it had been handed over
        piece.meant, piece.claim = last.meant, False
        piece.holder = None if last.meant in DESKS else last.meant
    elif step.block.claim:
        piece.holder = last.holder


RULES_OF_INSTANCES["take_back"] = _take_back
DOES["take_back"] = _do_take_back
