"""Draw small processes in a test, without XML: elements with their fields, flows as `a -> b: = condition`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from engine.bpmn.compile import Process, compile_process
from engine.bpmn.execution import DELETED, Execution, Services
from engine.bpmn.model import Element, EventDefinition, Flow, MessageModel, Model, ProcessModel
from engine.clock import VirtualClock
from engine.feel import codec

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "script": "scriptTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "call": "callActivity",
    "sub": "subProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "event": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "receive": "receiveTask",
    "send": "sendTask",
}
BEGIN = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)


def node(name: str, kind: str, **fields: Any) -> Element:
    """An element; `kind` is a short word from KINDS or a BPMN name."""
    return Element(id=name, kind=KINDS.get(kind, kind), name=name, line=1, **fields)


def timer(kind: str, value: str, *, cancel: bool = True) -> EventDefinition:
    """A timer definition."""
    return EventDefinition(kind="timer", timer_kind=kind, timer_value=value, cancel_activity=cancel)  # type: ignore[arg-type]


def message(name: str, key: str = '= "k"', *, cancel: bool = True) -> EventDefinition:
    """A message definition."""
    return EventDefinition(kind="message", name=name, correlation_key=key, cancel_activity=cancel)


def error(code: str | None) -> EventDefinition:
    """An error definition."""
    return EventDefinition(kind="error", code=code)


def model(elements: list[Element], flows: list[str], *, process_id: str = "drawn") -> Model:
    """The model of one process. A flow `a -> b: = x`; `a => b` is the default flow of `a`."""
    found: dict[str, Flow] = {}
    by_id = {e.id: e for e in elements}
    for number, text in enumerate(flows):
        arrow = "=>" if "=>" in text.split(":")[0] else "->"
        way, _, condition = text.partition(":")
        source, target = (part.strip() for part in way.split(arrow))
        name = f"f{number}"
        found[name] = Flow(
            id=name,
            name="",
            line=1,
            source=source,
            target=target,
            condition=condition.strip() or None,
            parent=by_id[source].parent,
        )
        out, into = by_id[source], by_id[target]
        by_id[source] = replace(
            out, outgoing=(*out.outgoing, name), default=name if arrow == "=>" else out.default
        )
        into = by_id[target]
        by_id[target] = replace(into, incoming=(*into.incoming, name))
    starts = tuple(e.id for e in elements if e.kind == "startEvent" and e.parent is None)
    process = ProcessModel(process_id, process_id, 1, True, {}, by_id, found, (), starts)
    return Model("test.bpmn", "", {process_id: process}, {"m": MessageModel("m", "m", None)}, {}, {}, {})


def draw(elements: list[Element], flows: list[str]) -> Process:
    """A process ready to run."""
    return compile_process(model(elements, flows), "drawn")


def line(*names: str) -> list[str]:
    """Flows along a line of elements."""
    return [f"{a} -> {b}" for a, b in pairwise(names)]


class Desk:
    """Drives one execution as the runtime does; with `reload` it stores and loads wherever that can be.

    Before every action, and between what the action did and what follows from it.
    """

    def __init__(self, process: Process, *, reload: bool = False, **variables: Any) -> None:
        self.process = process
        self.clock = VirtualClock(BEGIN)
        self.services = Services(now=self.clock.now, decide=lambda name, context: name)
        self.reload = reload
        self.stored: dict[tuple[str, str], Any] = {}
        self.x = Execution.start(process, variables=variables, services=self.services)
        self.x.run()
        self.path = list(self.x.path)

    def save_and_load(self) -> None:
        """Through the stored form and back, as the database would."""
        for key, value in self.x.changed_variables().items():
            if value is DELETED:
                del self.stored[key]
            else:
                self.stored[key] = codec.loads(codec.dumps(value))
        state = self.x.dump()
        self.x = Execution.load(self.process, state, variables=self.stored, services=self.services)
        assert self.x.dump() == state

    def act(self) -> Execution:
        """The execution to act on."""
        if self.reload:
            self.save_and_load()
        self._seen = len(self.x.path)
        return self.x

    def done(self) -> None:
        """Run, and keep the path."""
        if self.reload and self.x._tokens.short_way is None:  # a short way ends with the step that took it
            self.path += self.x.path[self._seen :]
            self._seen, thrown = 0, self.x.thrown
            self.save_and_load()
            self.x.thrown.extend(thrown)
        self.x.run()
        self.path += self.x.path[self._seen :]

    def key(self, element: str, kind: str | None = None) -> str:
        """The key of the one wait at an element."""
        keys = [k for k, w in self.x.waits().items() if w.element == element and kind in (None, w.kind)]
        assert len(keys) == 1, f"{element}: {keys} of {self.at()}"
        return keys[0]

    def complete(self, element: str, *, toward: str | None = None, **variables: Any) -> None:
        """Complete the one user task or job open at `element`."""
        self.act().complete(self.key(element), variables, toward=toward)
        self.done()

    def fire(self, element: str) -> None:
        """Fire the timer at `element`, on its time."""
        wait = self.x.waits()[self.key(element)]
        assert wait.due_at is not None
        self.clock.set(max(wait.due_at, self.clock.now()))
        self.act().fire(wait.key)
        self.done()

    def receive(self, element: str, **variables: Any) -> None:
        """The message at `element` comes."""
        self.act().receive(self.key(element), variables)
        self.done()

    def throw(self, element: str, code: str, **variables: Any) -> None:
        """The job at `element` throws an error."""
        self.act().throw_error(self.key(element), code, "", variables)
        self.done()

    def finish(self, element: str, results: list[dict[str, Any] | None]) -> None:
        """All children of `element` ended."""
        self.act().finish_children(self.key(element), results)
        self.done()

    def move(self, element: str, target: str) -> None:
        """退回 from the open task `element` to `target`."""
        self.act().move(self.key(element), target=target)
        self.done()

    def later(self, **delta: float) -> None:
        """Let time pass; nothing fires by itself."""
        self.clock.advance(timedelta(**delta))

    def at(self) -> list[str]:
        """Elements that wait, sorted, one entry a wait."""
        return sorted(w.element for w in self.x.waits().values())
