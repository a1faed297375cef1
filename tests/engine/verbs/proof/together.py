"""Two who act at the same moment, on paper: as if one had come after the other."""

import copy
from collections.abc import Mapping, Sequence

from .clerk import Act, Clerk
from .paper import Paper


def one_after_the_other(
    paper: Paper, standing: Mapping[str, str], said: Sequence[tuple[Act, str]]
) -> Paper | None:
    """The paper after the acts in this order, if each heard what it had to ("" when it was done)."""
    paper, said = copy.deepcopy((paper, said))
    clerk = Clerk(paper, standing)
    for act, refused in said:
        piece = act.piece
        assert piece is not None
        gone = piece not in paper.pieces() or piece.dirty
        expected = "no" if gone else clerk.judges(act)
        if expected not in ("maybe", "no" if refused else "yes"):
            return None
        if not refused:
            clerk.carry_out(act)
    return paper
