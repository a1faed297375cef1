"""Moves in the game: 退回 and straight back, worked out on the tree."""

from itertools import pairwise
from typing import Any

from .game import At, Game, In, Open, Scope
from .shapes import Again, Block, Choice, Race, Seq, Sub, Work, children, index_of

HOLE = Work("the hole")


class Illegal(Exception):
    pass


class MovingGame(Game):
    """A game in which work can be sent back."""

    def way(self, name: str) -> list[Any]:
        """The trees from the root down to the work `name`."""

        def down(tree: Any) -> list[Any] | None:
            if isinstance(tree, Work):
                return [tree] if tree.name == name else None
            for child in children(tree):
                below = down(child)
                if below:
                    return [tree, *below]
            return None

        return down(self.tree) or []

    def around(self, way: list[Any]) -> list[Any]:
        """The subprocesses that contain the end of the way (a late task is not inside its own)."""
        return [t for t, below in pairwise(way) if isinstance(t, Sub) and not (t.timer and below == t.late)]

    def parts(self, here: str, there: str) -> tuple[list[Any], list[Any], int]:
        a, b = self.way(here), self.way(there)
        common = 0
        while common < min(len(a), len(b)) and a[common] == b[common]:
            common += 1
        return a, b, common - 1

    def move(self, here: str, target: str) -> None:
        """退回. Raises Illegal."""
        a, b, fork = self.parts(here, target)
        inside, outside = self.around(a), self.around(b)
        if here == target or not b:
            raise Illegal
        if self._beside(a):
            raise Illegal  # a late path beside the work holds no other step
        if inside[: len(outside)] != outside:
            self._into(next(sub for sub in outside if sub not in inside), b, a, fork)
            return
        top = b[fork]
        if isinstance(top, Block):
            place: Any = top
            self._restart(a[: fork + 1], place, fork)
            return
        if not isinstance(top, Seq) or index_of(top, b[fork + 1]) > index_of(top, a[fork + 1]):
            raise Illegal
        for depth in range(fork + 1, len(b)):
            tree = b[depth]
            if isinstance(tree, Block):
                self._restart(b[: depth + 1], tree, fork)
                return
            if isinstance(tree, Choice | Race | Sub):
                raise Illegal
        self._restart(b, b[-1], fork)

    def _into(self, over: Sub, way: list[Any], a: list[Any], fork: int) -> None:
        """Into the subprocess `over`, in which work ends `way`: it begins anew, or its block."""
        if self._beside(way):
            raise Illegal  # nothing but the event leads there
        depth = way.index(over)
        if depth > fork:
            top = way[fork]
            if not isinstance(top, Seq) or index_of(top, way[fork + 1]) > index_of(top, a[fork + 1]):
                raise Illegal
        for at in range(fork + 1, depth + 1):
            if isinstance(way[at], Choice | Race):
                raise Illegal
            if isinstance(way[at], Block):
                depth = at
                break
        self._restart(way[: depth + 1], way[depth], fork)

    def _beside(self, way: list[Any]) -> bool:
        return (
            len(way) > 1
            and isinstance(way[-2], Sub)
            and way[-2].timer == "beside"
            and way[-1] == way[-2].late
        )

    def skips(self, here: str, target: str) -> bool:
        """May `here` go straight on to `target`?"""
        a, b, fork = self.parts(here, target)
        if here == target or not b or self.around(a) != self.around(b):
            return False
        if self._beside(a) or self._beside(b):
            return False
        top = b[fork]
        return (
            isinstance(top, Seq)
            and index_of(top, a[fork + 1]) < index_of(top, b[fork + 1])
            and all(isinstance(t, Seq | Again | Work) for t in a[fork + 1 :])
            and not any(isinstance(t, Block) for t in b[fork + 1 :])
        )

    def a_step_follows(self, here: str) -> bool:
        """Does a step, and no gateway that is to be passed as drawn, come right after `here`?"""
        *_, around, work = self.way(here)
        later = children(around)[index_of(around, work) + 1 :] if isinstance(around, Seq) else ()
        return bool(later) and isinstance(later[0], Work)

    def skip(self, here: str, target: str, **variables: int) -> None:
        self.variables.update(variables)
        _, b, fork = self.parts(here, target)
        self.state = self._replace(self.state, b, 0, fork, At(b[-1]), keep=True)

    def _restart(self, way: list[Any], place: Any, fork: int) -> None:
        """Begin anew at `place`, the end of `way`; everything that it leads to is dropped."""
        self.state = self._replace(self.state, way, 0, min(fork, len(way) - 1), At(HOLE), keep=False)
        _, self.state = self.put(self.state, HOLE.name, self.enter(place))
        self.settle()

    def _replace(self, state: Any, way: list[Any], depth: int, fork: int, new: Any, *, keep: bool) -> Any:
        """Walk down the living state to `way[fork]`, then build the rest of the way new."""
        if isinstance(state, Scope):
            sides = (
                state.sides
                if keep or self._deeper(way, depth, state)
                else tuple(s for s in state.sides if not self._leads_to(way, s))
            )
            if state.tree is not None and way[depth] == state.tree:
                inner = self._replace(state.inner, way, depth + 1, fork, new, keep=keep)
            else:
                inner = self._replace(state.inner, way, depth, fork, new, keep=keep)
            return Scope(state.tree, inner, sides, state.armed)
        if depth == fork:
            return self._build(way[fork:], new)
        match state:
            case In(tree, index, inner):
                return In(tree, index, self._replace(inner, way, depth + 1, fork, new, keep=keep))
            case Open(tree, inners):
                index = index_of(tree, way[depth + 1])
                changed = tuple(
                    (i, self._replace(s, way, depth + 1, fork, new, keep=keep) if i == index else s)
                    for i, s in inners
                )
                return Open(tree, changed)
        raise AssertionError(state)

    def _deeper(self, way: list[Any], depth: int, scope: Scope) -> bool:
        """Does the way end inside a subprocess below this scope?"""
        start = depth + 1 if scope.tree is not None and way[depth] == scope.tree else depth
        return any(
            isinstance(t, Sub) and not (n + 1 < len(way) and way[n + 1] == t.late and t.timer)
            for n, t in enumerate(way[:-1])
            if n >= start
        )

    def _leads_to(self, way: list[Any], side: Sub) -> bool:
        """Is the late task of `side` downstream of the end of `way`, whatever path is taken?"""
        other = self.way(side.late.name)
        common = 0
        while common < min(len(way), len(other)) and way[common] == other[common]:
            common += 1
        if common == len(way):
            return True  # inside the block that is reopened
        top = way[common - 1]
        return (
            isinstance(top, Seq)
            and index_of(top, way[common]) < index_of(top, other[common])
            and all(isinstance(t, Seq | Again | Work | Block) for t in way[common:])
            and not any(isinstance(t, Block) for t in way[common:-1])
        )

    def _build(self, way: list[Any], new: Any) -> Any:
        tree, *rest = way
        if not rest:
            return new
        inner = self._build(rest, new)
        assert not isinstance(tree, Block)
        return In(tree, index_of(tree, rest[0]), inner)
