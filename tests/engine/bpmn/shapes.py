"""Processes as trees of blocks, and how they are drawn as diagrams."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engine.bpmn.compile import Process
from engine.bpmn.model import Element, Loop, Mapping

from .drawing import draw, error, message, node, timer


@dataclass(frozen=True)
class Work:
    """A user task, or as `kind` says: "call" and "fan" (call activities), "receive", "service"."""

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
class Race:
    """An event-based gateway: `name_w0` is a timer, the others messages; the first decides the branch."""

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
    """A subprocess with a late task `name_late` behind a boundary event, or without (`timer` None).

    "stop": an interrupting timer; "beside": one that is not; "error": thrown at the end of the body when the
    variable `name_err` says so.
    """

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
        case Choice(_, branches) | Race(_, branches) | Block(_, branches, _):
            return branches
        case Again(_, body):
            return (body,)
        case Sub(_, body, late):
            return (body, tree.late) if late else (body,)
    return ()


def index_of(tree: Any, child: Any) -> int:
    return children(tree).index(child)


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
            case Work(name, "receive"):
                return (self.add(name, "receive", parent=parent, event=message(name)),) * 2
            case Work(name, "service"):
                return (self.add(name, "service", parent=parent, task_type="work"),) * 2
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
            case Race(name, branches):
                split, merge = self.add(f"{name}_x", "event", parent=parent), f"{name}_m"
                self.add(merge, "xor", parent=parent)
                for index, branch in enumerate(branches):
                    event = message(f"{name}{index}") if index else timer("duration", "PT2H")
                    self.add(f"{name}_w{index}", "catch", parent=parent, event=event)
                    first, last = self.draw(branch, parent)
                    self.flow(split, f"{name}_w{index}")
                    self.flow(f"{name}_w{index}", first)
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
                end = self.add(f"{name}_e", "end", parent=name)
                if late == "error":
                    self.add(f"{name}_g", "xor", parent=name)
                    self.add(f"{name}_bad", "end", parent=name, event=error(name))
                    self.flow(last, f"{name}_g")
                    self.flow(f"{name}_g", f"{name}_bad", f"{name}_err")
                    self.flow(f"{name}_g", end, None, True)
                else:
                    self.flow(last, end)
                if late is None:
                    return name, name
                caught = error(name) if late == "error" else timer("duration", "PT1H", cancel=late == "stop")
                self.add(f"{name}_t", "boundary", parent=parent, attached_to=name, event=caught)
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
