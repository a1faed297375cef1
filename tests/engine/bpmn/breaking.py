"""Block-structured processes with one gateway of the wrong kind, and ways through them on the engine."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from engine.bpmn.compile import Process
from engine.bpmn.lint.soundness_net import ENDED, THROWN, Net, State, Step, Twice
from engine.bpmn.model import ProcessModel

from .drawing import KINDS, Desk, draw
from .shapes import Again, Block, Choice, Pen, Race, Seq, Sub, Work

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def manned(tree: Any) -> Any:
    """The tree with a user task wherever the engine would not stop: everything can be played by hand."""
    match tree:
        case Work(name):
            return Work(name)
        case Seq(parts):
            return Seq(tuple(manned(part) for part in parts))
        case Choice(name, branches):
            return Choice(name, tuple(manned(branch) for branch in branches))
        case Race(name, branches):
            started = enumerate(branches)
            return Race(name, tuple(Seq((Work(f"{name}_a{i}"), manned(b))) for i, b in started))
        case Block(name, branches, inclusive):
            return Block(name, tuple(manned(branch) for branch in branches), inclusive)
        case Again(name, body):
            return Again(name, manned(body))
        case Sub(name, body, late):
            return Sub(name, Seq((Work(f"{name}_in"), manned(body), Work(f"{name}_out"))), late)
    raise AssertionError(tree)


def swaps(tree: Any) -> list[tuple[str, str]]:
    """Gateways of a tree, each with a kind that surely breaks it."""
    found: list[tuple[str, str]] = []
    match tree:
        case Choice(name):
            found = [(f"{name}_x", "and"), (f"{name}_x", "or"), (f"{name}_m", "and")]
        case Race(name):
            found = [(f"{name}_m", "and")]
        case Block(name, _, False):
            found = [(f"{name}_f", "xor"), (f"{name}_f", "or"), (f"{name}_j", "xor")]
        case Block(name, _, True):
            found = [(f"{name}_j", "and"), (f"{name}_j", "xor")]
        case Again(name):
            found = [(f"{name}_x", "and"), (f"{name}_m", "and")]
        case Sub(name, _, "stop" | "error"):
            found = [(f"{name}_m", "and")]
    return found


def drawn(tree: Any, swap: tuple[str, str] | None) -> Process:
    """The process of a tree; a choosing gateway takes the flows whose variable (their id) is true."""
    pen = Pen()
    begin = pen.add("s", "start")
    first, last = pen.draw(Seq((Work("first"), manned(tree), Work("last"))), None)
    pen.flow(begin, first)
    pen.flow(last, pen.add("e", "end"))
    by_hand = {"task": "userTask", "scriptTask": "userTask"}
    elements = [replace(e, kind=by_hand.get(e.kind, e.kind)) for e in pen.elements]
    if swap is not None:
        elements = [replace(e, kind=KINDS[swap[1]]) if e.id == swap[0] else e for e in elements]
    kinds = {e.id: e.kind for e in elements}
    flows = []
    for number, text in enumerate(pen.flows):
        source, _, target = text.partition(":")[0].replace("=>", "->").partition(" -> ")
        asked = f": = f{number}" if kinds[source.strip()] in CHOOSING else ""
        flows.append(f"{source} -> {target}{asked}")
    return draw(elements, flows)


class Player:
    """Plays steps of the search on the engine: flows are chosen by variables, one for each."""

    def __init__(self, process: Process, step: Step) -> None:
        self.model: ProcessModel = process.model
        self.desk = Desk(process, **self._chosen(step.flows))

    def play(self, step: Step, also: tuple[str, ...] = ()) -> None:
        """One step, with everything inside it when it is a subprocess; `also`: flows taken right after."""
        element, flows = self.model.elements[step.actor], (*step.flows, *also)
        error = element.event is not None and element.event.kind == "error"
        if element.kind == "subProcess" or (element.attached_to and error):
            inside = element.attached_to or element.id
            *most, last = way(self.model, inside, lambda state: state == (THROWN if error else ENDED))[1:]
            for inner in most:
                self.play(inner)
            self.play(last, flows)
        elif element.event is None:
            self.desk.complete(element.id, toward=None, **self._chosen(flows))
        elif element.event.kind == "timer":
            self.desk.fire(element.id)
        else:
            self.desk.receive(element.id, **self._chosen(flows))

    def _chosen(self, flows: tuple[str, ...]) -> dict[str, bool]:
        """Every flow's variable; a gateway that the step does not pass would take its first."""
        chosen = {flow: flow in flows for flow in self.model.flows}
        for element in self.model.elements.values():
            if element.outgoing and not any(chosen[flow] for flow in element.outgoing):
                chosen[element.outgoing[0]] = True
        return chosen

    def tokens_at(self, element: str) -> int:
        """How many tokens are there, parked ones included."""
        here = [token for token in self.desk.x._tokens.each() if token.element.id == element]
        return len(here)


def way(model: ProcessModel, scope: str | None, goal: Callable[[State], bool]) -> list[Step]:
    """A shortest way through a scope to a state."""
    net = Net(model, scope)
    before: dict[State, list[Step]] = {}
    todo: deque[State] = deque()
    moves: list[tuple[list[Step], list[tuple[Step, State | Twice]]]] = [([], list(net.beginnings()))]
    while True:
        for steps, found in moves:
            for step, state in found:
                if not isinstance(state, Twice) and state not in before:
                    before[state] = [*steps, step]
                    todo.append(state)
        state = todo.popleft()
        if goal(state):
            return before[state]
        moves = [(before[state], list(net.after(state)))]


def ambiguous(model: ProcessModel, step: Step) -> bool:
    """Does one act pass an exclusive gateway twice, in two directions? Variables cannot say that."""
    taken = [model.flows[flow].source for flow in step.flows]
    return any(model.elements[s].kind in CHOOSING and taken.count(s) > 1 for s in taken)


def each_swap(tree: Any, parts: Any) -> st.SearchStrategy[tuple[str, str]] | None:
    """A strategy for what may be swapped in a tree, None when it has no gateway."""
    found = [swap for part in parts(tree) for swap in swaps(part)]
    return st.sampled_from(found) if found else None
