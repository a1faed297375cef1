"""Processes as nested blocks: what is drawn, what is played, and how hypothesis makes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from hypothesis import strategies as st

Kind = Literal["user", "service", "receive", "timer", "message", "signal"]
Trigger = Literal["timer", "cycle", "message", "signal", "error", "escalation"]
CODES = ("E1", "E2")


@dataclass(frozen=True)
class Rounds:
    """Multi-instance over 1 … `count`; it ends early when `until` rounds are completed."""

    sequential: bool
    count: int
    until: int | None


@dataclass(frozen=True)
class Edge:
    """A boundary event and the task `name_then` behind it; or what starts an event subprocess around it.

    `code` is an error's or escalation's, None catches all.
    """

    name: str
    trigger: Trigger
    interrupting: bool
    code: str | None = None


@dataclass(frozen=True)
class Task:
    """An activity, or an event in the flow, that waits for the outside. `own` makes a local variable v."""

    name: str
    kind: Kind = "user"
    edges: tuple[Edge, ...] = ()
    rounds: Rounds | None = None
    own: int | None = None


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
    inclusive: bool


@dataclass(frozen=True)
class Race:
    """An event-based gateway: `name_w0` is a timer, the others are messages."""

    name: str
    branches: tuple[Any, ...]


@dataclass(frozen=True)
class Loop:
    """Do the body, count the variable `name` down, and again while it is above zero."""

    name: str
    body: Any


@dataclass(frozen=True)
class Sub:
    """A subprocess. Where the variable `name_end` is 1 after its last task, it ends by `ending`."""

    name: str
    body: Any
    edges: tuple[Edge, ...] = ()
    asides: tuple[Edge, ...] = ()
    rounds: Rounds | None = None
    own: int | None = None
    ending: Literal["error", "escalation", "terminate"] | None = None
    code: str = "E1"


@dataclass(frozen=True)
class Whole:
    """A process: its body and the event subprocesses beside it."""

    body: Seq
    asides: tuple[Edge, ...] = ()


def inside(tree: Any) -> Iterator[Any]:
    """The tree and everything in it."""
    yield tree
    for part in (*getattr(tree, "parts", ()), *getattr(tree, "branches", ())):
        yield from inside(part)
    if hasattr(tree, "body"):
        yield from inside(tree.body)


@st.composite
def wholes(draw: st.DrawFn) -> Whole:
    """A process of at most about a dozen activities; every name is its own."""
    numbers, budget = count(1), [draw(st.integers(3, 11))]
    chance = st.integers(0, 9)

    def name() -> str:
        return f"n{next(numbers)}"

    def rounds(depth: int) -> Rounds | None:
        if depth > 2 or draw(chance) < 7:
            return None
        amount = draw(st.integers(0, 3))
        return Rounds(draw(st.booleans()), amount, draw(st.sampled_from([None, None, 1, 2])))

    def edges(triggers: tuple[Trigger, ...], *, most: int) -> tuple[Edge, ...]:
        made = []
        for trigger in draw(st.lists(st.sampled_from(triggers), max_size=most, unique=True)):
            interrupting = trigger == "error" or (trigger != "cycle" and draw(st.booleans()))
            code = draw(st.sampled_from([None, *CODES])) if trigger in ("error", "escalation") else None
            made.append(Edge(name(), trigger, interrupting, code))
        return tuple(made)

    def own() -> int | None:
        return draw(st.sampled_from([None, None, None, 7]))

    def task(depth: int) -> Task:
        kind = draw(st.sampled_from(("user",) * 4 + ("service", "receive", "timer", "message", "signal")))
        if kind in ("timer", "message", "signal"):
            return Task(name(), kind)
        triggers: tuple[Trigger, ...] = ("timer", "cycle", "message", "signal")
        on_it = edges((*triggers, "error") if kind != "receive" else triggers, most=1)
        return Task(name(), kind, on_it, rounds(depth), own())

    def seq(depth: int, least: int = 0) -> Seq:
        return Seq(tuple(part(depth) for _ in range(draw(st.integers(least, 3)))))

    def part(depth: int) -> Any:
        budget[0] -= 1
        kinds = ["task"] * 3
        if depth < 4 and budget[0] > 0:
            kinds += ["choice", "and", "or", "race", "loop", "sub", "sub", "sub"]
        kind = draw(st.sampled_from(kinds))
        if kind == "task":
            return task(depth)
        if kind == "loop":
            return Loop(name(), Seq((Task(name()), *seq(depth + 1).parts)))
        if kind == "sub":
            return sub(depth + 1)
        made = tuple(seq(depth + 1) for _ in range(draw(st.integers(2, 3))))
        if kind == "choice":
            return Choice(name(), made)
        return Race(name(), made) if kind == "race" else Block(name(), made, kind == "or")

    def sub(depth: int) -> Sub:
        ending = draw(st.sampled_from([None, None, "error", "escalation", "terminate"]))
        around: tuple[Trigger, ...] = ("timer", "message", "signal", "error", "escalation")
        body = seq(depth, least=1)
        if ending is not None:
            body = Seq((*body.parts, Task(name())))
        return Sub(
            name(), body, edges((*around, "cycle"), most=2), edges(around, most=1), rounds(depth), own(),
            ending, draw(st.sampled_from(CODES)),
        )  # fmt: skip

    top: tuple[Trigger, ...] = ("message", "signal", "error", "escalation")
    body = Seq(tuple(part(0) for _ in range(draw(st.integers(1, 3)))))
    return Whole(body, edges(top, most=1))


def variables(whole: Whole) -> dict[str, st.SearchStrategy[int]]:
    """The variables that decide, with what they may hold."""
    found: dict[str, st.SearchStrategy[int]] = {"v": st.integers(0, 3), "got": st.integers(0, 3)}
    for tree in inside(whole):
        match tree:
            case Choice(name, branches):
                found[name] = st.integers(0, len(branches) - 1)
            case Block(name, branches, True):
                found |= {f"{name}_{i}": st.integers(0, 1) for i in range(len(branches) - 1)}
            case Loop(name, _):
                found[name] = st.integers(1, 2)
            case Sub() if tree.ending:
                found[f"{tree.name}_end"] = st.integers(0, 1)
    return found


def counters(whole: Whole) -> set[str]:
    """The variables that only the process itself may change."""
    return {tree.name for tree in inside(whole) if isinstance(tree, Loop)}
