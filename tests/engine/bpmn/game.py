"""An independent token game on block-structured processes, to hold the engine against.

A process is a tree of blocks, not a graph: no dominators, no joins, no tokens parked. Where the engine
reasons on the drawn diagram, the game reasons on the tree it was drawn from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engine.bpmn.compile import Process
from engine.bpmn.model import Element, Loop, Mapping

from .drawing import draw, node, timer


@dataclass(frozen=True)
class Work:
    """A user task, or with `kind` "call" / "fan" a call activity."""

    name: str
    kind: str = "user"


@dataclass(frozen=True)
class Seq:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """Exclusive: the variable `name` holds the index of the branch, the last is the default."""

    name: str
    branches: tuple[Any, ...]


@dataclass(frozen=True)
class Block:
    """Parallel; or inclusive: `name_i` says whether branch i is taken, the last one only when no other."""

    name: str
    branches: tuple[Any, ...]
    inclusive: bool = False


@dataclass(frozen=True)
class Again:
    """Do the body, count the variable `name` down, and again while it is above zero."""

    name: str
    body: Any


@dataclass(frozen=True)
class Sub:
    """A subprocess; `timer`: None, "stop" (interrupting) or "beside". Its late task is `name_late`."""

    name: str
    body: Any
    timer: str | None = None

    @property
    def late(self) -> Work:
        return Work(f"{self.name}_late")


def children(tree: Any) -> tuple[Any, ...]:
    match tree:
        case Seq(parts):
            return parts
        case Choice(_, branches) | Block(_, branches, _):
            return branches
        case Again(_, body):
            return (body,)
        case Sub(_, body, late):
            return (body, tree.late) if late else (body,)
    return ()


def each(tree: Any) -> Iterator[Any]:
    yield tree
    for child in children(tree):
        yield from each(child)


# -- drawing ----------------------------------------------------------------------------------------------


@dataclass
class Pen:
    elements: list[Element] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)

    def add(self, name: str, kind: str, **fields: Any) -> str:
        self.elements.append(node(name, kind, **fields))
        return name

    def flow(self, source: str, target: str, condition: str | None = None, default: bool = False) -> None:
        arrow = "=>" if default else "->"
        self.flows.append(f"{source} {arrow} {target}" + (f": = {condition}" if condition else ""))

    def draw(self, tree: Any, parent: str | None) -> tuple[str, str]:
        """First and last element of the fragment."""
        match tree:
            case Work(name, "user"):
                return (self.add(name, "user", parent=parent),) * 2
            case Work(name, kind):
                loop = (
                    Loop(False, f"= {name}_items", "item", f"{name}_out", "= got") if kind == "fan" else None
                )
                return (
                    self.add(name, "call", parent=parent, called_process="p2", loop=loop,
                             inputs=(Mapping("= 1", "own"),)),
                ) * 2  # fmt: skip
            case Seq(()):
                return (self.add(f"nothing{len(self.elements)}", "task", parent=parent),) * 2
            case Seq(parts):
                ends = [self.draw(part, parent) for part in parts]
                for (_, a), (b, _) in pairwise(ends):
                    self.flow(a, b)
                return ends[0][0], ends[-1][1]
            case Choice(name, branches):
                split, merge = self.add(f"{name}_x", "xor", parent=parent), f"{name}_m"
                self.add(merge, "xor", parent=parent)
                for index, branch in enumerate(branches):
                    first, last = self.draw(branch, parent)
                    final = index == len(branches) - 1
                    self.flow(split, first, None if final else f"{name} = {index}", final)
                    self.flow(last, merge)
                return split, merge
            case Block(name, branches, inclusive):
                kind = "or" if inclusive else "and"
                fork, join = self.add(f"{name}_f", kind, parent=parent), f"{name}_j"
                self.add(join, kind, parent=parent)
                for index, branch in enumerate(branches):
                    first, last = self.draw(branch, parent)
                    final = index == len(branches) - 1
                    choice = inclusive and not final
                    self.flow(fork, first, f"{name}_{index}" if choice else None, inclusive and final)
                    self.flow(last, join)
                return fork, join
            case Again(name, body):
                merge = self.add(f"{name}_m", "xor", parent=parent)
                first, last = self.draw(body, parent)
                self.add(f"{name}_c", "script", parent=parent, script=f"= {name} - 1", result_variable=name)
                self.add(f"{name}_x", "xor", parent=parent)
                self.flow(merge, first)
                self.flow(last, f"{name}_c")
                self.flow(f"{name}_c", f"{name}_x")
                self.flow(f"{name}_x", merge, f"{name} > 0")
                self.add(f"{name}_o", "task", parent=parent)
                self.flow(f"{name}_x", f"{name}_o", None, True)
                return merge, f"{name}_o"
            case Sub(name, body, late):
                self.add(name, "sub", parent=parent, inputs=(Mapping("= 1", f"{name}_own"),))
                begin = self.add(f"{name}_s", "start", parent=name)
                first, last = self.draw(body, name)
                self.flow(begin, first)
                self.flow(last, self.add(f"{name}_e", "end", parent=name))
                if late is None:
                    return name, name
                self.add(f"{name}_t", "boundary", parent=parent, attached_to=name,
                         event=timer("duration", "PT1H", cancel=late == "stop"))  # fmt: skip
                self.add(f"{name}_late", "user", parent=parent)
                self.flow(f"{name}_t", f"{name}_late")
                if late == "beside":
                    return name, name
                merge = self.add(f"{name}_m", "xor", parent=parent)
                self.flow(name, merge)
                self.flow(f"{name}_late", merge)
                return name, merge
        raise AssertionError(tree)


def process_of(tree: Any) -> Process:
    pen = Pen()
    begin = pen.add("s", "start")
    first, last = pen.draw(tree, None)
    pen.flow(begin, first)
    pen.flow(last, pen.add("e", "end"))
    return draw(pen.elements, pen.flows)


# -- playing ----------------------------------------------------------------------------------------------


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


HOLE = Work("the hole")


class Illegal(Exception):
    pass


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
            case Sub(_, body, late):
                inner = self.enter(body)
                return inner and Scope(tree, inner, (), late is not None)
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

    def still(self, tree: Block, inners: list[tuple[int, Any]]) -> Any:
        left = tuple((i, inner) for i, inner in inners if inner)
        return Open(tree, left) if left else None

    def put(self, state: Any, name: str, new: Any) -> tuple[bool, Any]:
        """Replace the work `name` by the state `new` (None: it is finished). Was it found, and what is left."""
        match state:
            case At(tree):
                return tree.name == name, new if tree.name == name else state
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
                return found, Scope(tree, inner, sides, armed) if inner or sides else None
        raise AssertionError(state)

    # what one can do -------------------------------------------------------------------------------------

    def at(self) -> list[str]:
        """Works and timers that are open, sorted."""
        return sorted(self._open(self.state))

    def _open(self, state: Any) -> Iterator[str]:
        match state:
            case At(tree):
                yield tree.name
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

    # moves -----------------------------------------------------------------------------------------------

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
        if here == target or not b or inside[: len(outside)] != outside:
            raise Illegal
        if self._beside(a):
            raise Illegal  # a late path beside the work holds no other step
        top = b[fork]
        if isinstance(top, Block):
            place: Any = top
            self._restart(a[: fork + 1], place, fork)
            return
        if not isinstance(top, Seq) or _index(top, b[fork + 1]) > _index(top, a[fork + 1]):
            raise Illegal
        for depth in range(fork + 1, len(b)):
            tree = b[depth]
            if isinstance(tree, Block):
                self._restart(b[: depth + 1], tree, fork)
                return
            if isinstance(tree, Choice | Sub):
                raise Illegal
        self._restart(b, b[-1], fork)

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
            and _index(top, a[fork + 1]) < _index(top, b[fork + 1])
            and all(isinstance(t, Seq | Again | Work) for t in a[fork + 1 :])
            and not any(isinstance(t, Block) for t in b[fork + 1 :])
        )

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
                index = _index(tree, way[depth + 1])
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
            and _index(top, way[common]) < _index(top, other[common])
            and all(isinstance(t, Seq | Again | Work | Block) for t in way[common:])
            and not any(isinstance(t, Block) for t in way[common:-1])
        )

    def _build(self, way: list[Any], new: Any) -> Any:
        tree, *rest = way
        if not rest:
            return new
        inner = self._build(rest, new)
        assert not isinstance(tree, Block)
        return In(tree, _index(tree, rest[0]), inner)


def _index(tree: Any, child: Any) -> int:
    return children(tree).index(child)
