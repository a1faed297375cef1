"""A tree as a diagram."""

from itertools import pairwise
from typing import Any

from engine.bpmn.compile import Process
from engine.bpmn.model import EventDefinition, Mapping
from engine.bpmn.model import Loop as MultiInstance
from tests.engine.bpmn.drawing import draw, error, message, timer
from tests.engine.bpmn.shapes import Pen

from .trees import Block, Choice, Edge, Loop, Race, Rounds, Seq, Sub, Task, Whole


class Hand(Pen):
    """Draws fragments: each gives its first and its last element."""

    def draw(self, tree: Any, parent: str | None) -> tuple[str, str]:
        match tree:
            case Task():
                return self._with_edges(tree, self._task(tree, parent), parent)
            case Sub():
                return self._with_edges(tree, self._sub(tree, parent), parent)
            case Seq(()):
                return (self.add(f"nothing{len(self.elements)}", "task", parent=parent),) * 2
            case Seq(parts):
                ends = [self.draw(part, parent) for part in parts]
                for (_, a), (b, _) in pairwise(ends):
                    self.flow(a, b)
                return ends[0][0], ends[-1][1]
            case Loop():
                return self._loop(tree, parent)
        return self._branches(tree, parent)

    def _task(self, tree: Task, parent: str | None) -> str:
        more: dict[str, Any] = {"inputs": _own(tree.own), "loop": _rounds(tree.name, tree.rounds)}
        if tree.kind in ("timer", "message", "signal"):
            return self.add(tree.name, "catch", parent=parent, event=_event(Edge(tree.name, tree.kind, True)))
        if tree.kind == "receive":
            more["event"] = message(tree.name)
        if tree.kind == "service":
            more["task_type"] = "work"
        return self.add(tree.name, tree.kind, parent=parent, **more)

    def _sub(self, tree: Sub, parent: str | None) -> str:
        name = tree.name
        self.add(name, "sub", parent=parent, inputs=_own(tree.own), loop=_rounds(name, tree.rounds))
        self.flow(self.add(f"{name}_s", "start", parent=name), (ends := self.draw(tree.body, name))[0])
        finish = self.add(f"{name}_e", "end", parent=name)
        if tree.ending is None:
            self.flow(ends[1], finish)
        else:
            self.add(f"{name}_g", "xor", parent=name)
            self.flow(ends[1], f"{name}_g")
            self.flow(f"{name}_g", finish, None, True)
            event = EventDefinition(kind=tree.ending, code=None if tree.ending == "terminate" else tree.code)
            self.flow(f"{name}_g", self.add(f"{name}_x", "end", parent=name, event=event), f"{name}_end = 1")
        for aside in tree.asides:
            self.aside(aside, name)
        return name

    def aside(self, aside: Edge, parent: str | None) -> None:
        """An event subprocess with one task."""
        around = self.add(f"{aside.name}_sub", "sub", parent=parent, triggered_by_event=True)
        begin = self.add(aside.name, "start", parent=around, event=_event(aside))
        self.flow(begin, self.add(f"{aside.name}_then", "user", parent=around))
        self.flow(f"{aside.name}_then", self.add(f"{aside.name}_over", "end", parent=around))

    def _with_edges(self, tree: Any, name: str, parent: str | None) -> tuple[str, str]:
        last = name
        for edge in tree.edges:
            self.add(edge.name, "boundary", parent=parent, attached_to=name, event=_event(edge))
            self.flow(edge.name, self.add(f"{edge.name}_then", "user", parent=parent))
            if edge.interrupting:
                merge = self.add(f"{edge.name}_merge", "xor", parent=parent)
                self.flow(last, merge)
                self.flow(f"{edge.name}_then", merge)
                last = merge
        return name, last

    def _loop(self, tree: Loop, parent: str | None) -> tuple[str, str]:
        name = tree.name
        merge, (first, last) = self.add(f"{name}_m", "xor", parent=parent), self.draw(tree.body, parent)
        self.add(f"{name}_c", "script", parent=parent, script=f"= {name} - 1", result_variable=name)
        self.add(f"{name}_x", "xor", parent=parent)
        out = self.add(f"{name}_o", "task", parent=parent)
        for a, b in ((merge, first), (last, f"{name}_c"), (f"{name}_c", f"{name}_x")):
            self.flow(a, b)
        self.flow(f"{name}_x", merge, f"{name} > 0")
        self.flow(f"{name}_x", out, None, True)
        return merge, out

    def _branches(self, tree: Choice | Block | Race, parent: str | None) -> tuple[str, str]:
        name, inclusive = tree.name, isinstance(tree, Block) and tree.inclusive
        kind = {Choice: "xor", Race: "event", Block: "or" if inclusive else "and"}[type(tree)]
        split = self.add(f"{name}_f", kind, parent=parent)
        meet = self.add(f"{name}_j", "xor" if isinstance(tree, Race) else kind, parent=parent)
        for index, branch in enumerate(tree.branches):
            first, last = self.draw(branch, parent)
            final = index == len(tree.branches) - 1
            if isinstance(tree, Race):
                event = message(f"{name}{index}") if index else timer("duration", "PT2H")
                first = self._before(first, f"{name}_w{index}", parent, event)
            asked = {Choice: f"{name} = {index}", Block: f"{name}_{index} = 1"}.get(type(tree))
            chooses = isinstance(tree, Choice) or inclusive
            self.flow(split, first, asked if chooses and not final else None, chooses and final)
            self.flow(last, meet)
        return split, meet

    def _before(self, first: str, name: str, parent: str | None, event: EventDefinition) -> str:
        self.flow(self.add(name, "catch", parent=parent, event=event), first)
        return name


def _own(value: int | None) -> tuple[Mapping, ...]:
    return () if value is None else (Mapping(f"= {value}", "v"),)


def _rounds(name: str, rounds: Rounds | None) -> MultiInstance | None:
    if rounds is None:
        return None
    items = ", ".join(str(number) for number in range(1, rounds.count + 1))
    return MultiInstance(
        rounds.sequential, f"= [{items}]", f"{name}_item", f"{name}_all", "= got",
        f"= numberOfCompletedInstances >= {rounds.until}" if rounds.until else None,
    )  # fmt: skip


def _event(edge: Edge) -> EventDefinition:
    match edge.trigger:
        case "timer":
            return timer("duration", "PT1H", cancel=edge.interrupting)
        case "cycle":
            return timer("cycle", "R2/PT1H", cancel=edge.interrupting)
        case "message":
            return message(edge.name, cancel=edge.interrupting)
        case "signal":
            return EventDefinition(kind="signal", name=edge.name, cancel_activity=edge.interrupting)
        case "error":
            return error(edge.code)
    return EventDefinition(kind="escalation", code=edge.code, cancel_activity=edge.interrupting)


def pen_of(whole: Whole) -> Hand:
    """The diagram's elements and flows."""
    pen = Hand()
    begin = pen.add("begun", "start")
    first, last = pen.draw(whole.body, None)
    pen.flow(begin, first)
    pen.flow(last, pen.add("done", "end"))
    for aside in whole.asides:
        pen.aside(aside, None)
    return pen


def process_of(whole: Whole) -> Process:
    """The diagram, ready to run."""
    pen = pen_of(whole)
    return draw(pen.elements, pen.flows)
