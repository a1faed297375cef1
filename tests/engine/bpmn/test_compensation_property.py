"""On any nest of rows, branches and subprocesses: everything done is undone once, in the reverse order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.model import Element, EventDefinition

from .drawing import Desk, draw, node

Tree = Any
"""A number for a task, ("row" | "branches", trees) or ("sub", tree)."""


def _nests(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=3)
    kinds = st.sampled_from(["row", "branches"])
    return st.tuples(kinds, several) | st.tuples(st.just("sub"), inner)


TREES: st.SearchStrategy[Tree] = st.recursive(st.just(0), _nests, max_leaves=6)


@dataclass
class Drawing:
    """Collects the elements and flows of a tree; every task `t…` has an `un_t…`."""

    elements: list[Element] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=count)

    def add(self, tree: Tree, parent: str | None) -> tuple[str, str]:
        """The first and the last element of what was drawn."""
        number = next(self.names)
        if not isinstance(tree, tuple):
            return self._task(f"t{number}", parent)
        kind, inner = tree
        if kind == "sub":
            self._put(f"p{number}", "sub", parent)
            first, _ = self.add(inner, f"p{number}")
            self._put(f"s{number}", "start", f"p{number}")
            self.flows.append(f"s{number} -> {first}")
            return f"p{number}", f"p{number}"
        ends = [self.add(one, parent) for one in inner]
        if kind == "row":
            self.flows += [f"{a[1]} -> {b[0]}" for a, b in pairwise(ends)]
            return ends[0][0], ends[-1][1]
        fork, join = f"f{number}", f"j{number}"
        self._put(fork, "and", parent)
        self._put(join, "and", parent)
        self.flows += [flow for first, last in ends for flow in (f"{fork} -> {first}", f"{last} -> {join}")]
        return fork, join

    def _task(self, name: str, parent: str | None) -> tuple[str, str]:
        event = EventDefinition(kind="compensation")
        self._put(name, "user", parent)
        self._put(f"c_{name}", "boundary", parent, attached_to=name, event=event, handler=f"un_{name}")
        self._put(f"un_{name}", "user", parent, for_compensation=True)
        return name, name

    def _put(self, name: str, kind: str, parent: str | None, **fields: Any) -> None:
        self.elements.append(node(name, kind, parent=parent, **fields))


class Memory:
    """What has been done in each scope, in order; a subprocess counts when the last task in it is done."""

    def __init__(self, elements: list[Element]) -> None:
        self.parent = {e.id: e.parent for e in elements}
        self.tasks = {e.id for e in elements if e.kind == "userTask" and not e.for_compensation}
        self.done: dict[str | None, list[str]] = {}

    def note(self, name: str) -> None:
        """A task, or a subprocess, is completed."""
        self.tasks.discard(name)
        scope = self.parent[name]
        self.done.setdefault(scope, []).append(name)
        if scope is not None and not any(self._inside(task, scope) for task in self.tasks):
            self.note(scope)

    def undone(self, scope: str | None = None) -> list[str]:
        """The tasks in the order in which they are to be undone."""
        order = []
        for name in reversed(self.done.get(scope, [])):
            order += self.undone(name) if name in self.done else [name]
        return order

    def _inside(self, task: str, scope: str) -> bool:
        around = self.parent[task]
        return around is not None and (around == scope or self._inside(around, scope))


@settings(max_examples=25, deadline=None)
@given(tree=TREES, data=st.data())
def test_the_last_thing_done_is_the_first_undone(tree: Tree, data: st.DataObject) -> None:
    drawing = Drawing()
    first, last = drawing.add(("row", [tree, 0]), None)
    ends = [
        node("s", "start"),
        node("t", "throw", event=EventDefinition(kind="compensation")),
        node("z", "user"),
    ]
    process = draw([*ends, *drawing.elements], [*drawing.flows, f"s -> {first}", f"{last} -> t", "t -> z"])
    desk, memory = Desk(process, reload=True), Memory(drawing.elements)
    while memory.tasks:
        name = data.draw(st.sampled_from(desk.at()))
        memory.note(name)
        desk.complete(name)
    undone = []
    while desk.at() != ["z"]:
        (name,) = desk.at()
        undone.append(name)
        desk.complete(name)
    assert undone == [f"un_{name}" for name in memory.undone()]
    desk.complete("z")
    assert desk.x.ended
