"""An independent token game on block-structured processes, to hold the engine against.

A process is a tree of blocks, not a graph: no dominators, no joins, no tokens parked. Where the engine
reasons on the drawn diagram, the game reasons on the tree it was drawn from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .shapes import Again, Block, Choice, Race, Seq, Sub, Work


@dataclass(frozen=True)
class At:
    tree: Work


@dataclass(frozen=True)
class In:
    """Inside child `index` of a sequence, choice or loop; for a subprocess 0 is its body, 1 its late task."""

    tree: Any
    index: int
    inner: Any


@dataclass(frozen=True)
class Waits:
    """At an event-based gateway."""

    tree: Race


@dataclass(frozen=True)
class Open:
    """A block with its unfinished branches."""

    tree: Block
    inners: tuple[tuple[int, Any], ...]


@dataclass(frozen=True)
class Scope:
    """A subprocess (or the process: tree None) with its main state and the late tasks beside it."""

    tree: Sub | None
    inner: Any
    sides: tuple[Sub, ...] = ()
    armed: bool = False


class Game:
    """Plays a tree. Variables are a flat dictionary of small integers."""

    def __init__(self, tree: Any, variables: dict[str, Any]) -> None:
        self.tree = tree
        self.variables = dict(variables)
        self.state: Scope | None = Scope(None, self.enter(tree))
        self.settle()

    def settle(self) -> None:
        if self.state is not None and self.state.inner is None and not self.state.sides:
            self.state = None

    # entering and finishing ------------------------------------------------------------------------------

    def enter(self, tree: Any) -> Any:
        match tree:
            case Work(name, "fan") if self.variables[f"{name}_items"] == 0:
                return None
            case Work():
                return At(tree)
            case Seq():
                return self.go_on(tree, 0)
            case Choice(name, branches):
                index = self.variables[name]
                index = index if 0 <= index < len(branches) else len(branches) - 1
                inner = self.enter(branches[index])
                return inner and In(tree, index, inner)
            case Block(name, branches, inclusive):
                last = len(branches) - 1
                taken = [i for i in range(last) if self.variables[f"{name}_{i}"]] if inclusive else None
                chosen = (taken or [last]) if inclusive else list(range(last + 1))
                return self.still(tree, [(i, self.enter(branches[i])) for i in chosen])
            case Again():
                return self.round(tree)
            case Race():
                return Waits(tree)
            case Sub(_, body, late):
                inner = self.enter(body)
                return Scope(tree, inner, (), late in ("stop", "beside")) if inner else self.over(tree)
        raise AssertionError(tree)

    def go_on(self, tree: Seq, index: int) -> Any:
        for number in range(index, len(tree.parts)):
            inner = self.enter(tree.parts[number])
            if inner:
                return In(tree, number, inner)
        return None

    def round(self, tree: Again) -> Any:
        while True:
            inner = self.enter(tree.body)
            if inner:
                return In(tree, 0, inner)
            if not self.more(tree):
                return None

    def more(self, tree: Again) -> bool:
        self.variables[tree.name] -= 1
        return bool(self.variables[tree.name] > 0)

    def over(self, tree: Sub | None, sides: tuple[Sub, ...] = (), armed: bool = False) -> Any:
        """The main state of a scope has ended."""
        if tree is not None and tree.timer == "error" and self.variables[f"{tree.name}_err"]:
            return In(tree, 1, At(tree.late))
        return Scope(tree, None, sides, armed) if sides else None

    def still(self, tree: Block, inners: list[tuple[int, Any]]) -> Any:
        left = tuple((i, inner) for i, inner in inners if inner)
        return Open(tree, left) if left else None

    def put(self, state: Any, name: str, new: Any) -> tuple[bool, Any]:
        """Replace the work `name` by `new` (None: it is finished). Was it found, and what is left."""
        match state:
            case At(tree):
                return tree.name == name, new if tree.name == name else state
            case Waits(tree):
                for index, branch in enumerate(tree.branches):
                    if name == f"{tree.name}_w{index}":
                        inner = self.enter(branch)
                        return True, inner and In(tree, index, inner)
                return False, state
            case In(tree, index, inner):
                found, inner = self.put(inner, name, new)
                if inner:
                    return found, In(tree, index, inner)
                if isinstance(tree, Seq):
                    return found, self.go_on(tree, index + 1)
                if isinstance(tree, Again):
                    return found, self.round(tree) if self.more(tree) else None
                return found, None
            case Open(tree, inners):
                for number, (index, inner) in enumerate(inners):
                    found, inner = self.put(inner, name, new)
                    if found:
                        changed = [*inners[:number], (index, inner), *inners[number + 1 :]]
                        return True, self.still(tree, changed)
                return False, state
            case Scope(tree, inner, sides, armed):
                for number, side in enumerate(sides):
                    if side.late.name == name:
                        sides = sides[:number] + sides[number + 1 :]
                        left = Scope(tree, inner, sides, armed)
                        return True, left if inner or sides else None
                if inner is None:
                    return False, state
                found, inner = self.put(inner, name, new)
                return found, Scope(tree, inner, sides, armed) if inner else self.over(tree, sides, armed)
        raise AssertionError(state)

    # what one can do -------------------------------------------------------------------------------------

    def at(self) -> list[str]:
        """Works and timers that are open, sorted."""
        return sorted(self._open(self.state))

    def _open(self, state: Any) -> Iterator[str]:
        match state:
            case At(tree):
                yield tree.name
            case Waits(tree):
                yield from (f"{tree.name}_w{index}" for index in range(len(tree.branches)))
            case In(_, _, inner):
                yield from self._open(inner)
            case Open(_, inners):
                for _, inner in inners:
                    yield from self._open(inner)
            case Scope(tree, inner, sides, armed):
                if armed and tree is not None:
                    yield f"{tree.name}_t"
                for side in sides:
                    yield side.late.name
                yield from self._open(inner)

    def complete(self, name: str, **variables: int) -> None:
        self.variables.update(variables)
        found, self.state = self.put(self.state, name, None)
        assert found
        self.settle()

    def fire(self, name: str) -> None:
        self.state = self._fire(self.state, name.removesuffix("_t"))[1]

    def _fire(self, state: Any, name: str) -> tuple[Sub | None, Any]:
        """Gives the subprocess whose late task has to be put beside, until its scope is reached."""
        match state:
            case In(tree, index, inner):
                beside, inner = self._fire(inner, name)
                return beside, In(tree, index, inner)
            case Open(tree, inners):
                fired = [(i, self._fire(inner, name)) for i, inner in inners]
                beside = next((b for _, (b, _) in fired if b), None)
                return beside, Open(tree, tuple((i, inner) for i, (_, inner) in fired))
            case Scope(tree, inner, sides, armed):
                if tree is not None and tree.name == name:
                    if tree.timer == "stop":
                        return None, In(tree, 1, At(tree.late))
                    return tree, Scope(tree, inner, sides, False)
                if inner is None:
                    return None, state
                beside, inner = self._fire(inner, name)
                return None, Scope(tree, inner, (*sides, beside) if beside else sides, armed)
        return None, state
