"""One scope of a process as a net: where tokens rest, and what may happen next, whatever the data says.

A place is a text: `n:task` (a token rests at a node), `f:flow` (an arrival parked at a join), `q:task:1`
(the first of several that an activity begins with), `b:event` (a boundary event that may still fire beside
its activity). Gateways and throwing events are passed at once. Each place holds one token at most: a second
one is what the search looks for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.graph import Graph
from engine.bpmn.lint.soundness_drawing import Drawing, cancels, joins, rests
from engine.bpmn.model import Element, ProcessModel

State = frozenset[str]
ENDED: State = frozenset()
THROWN: State = frozenset({"!"})
"""The scope was left by an error, and whatever ran in it with it."""
_MOST_PASSED = 200
"""Flows that one act may run through without a rest; more is a round that only gateways make."""


_MOST_WAYS = 4_000
"""Ways in which the gateways that one act runs through may choose; more is not looked at."""


class TooMany(Exception):
    """The gateways between two rests may choose in more ways than can be tried."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened: `actor` (a start, a step that was done, an event) and the flows taken after it."""

    actor: str
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """A second token came to a place."""

    place: str


Outcome = State | Twice
_Pending = tuple[tuple[str | None, str], ...]
"""Tokens under way: the flow they come by (None: from nowhere) and the node they come to."""
_Way = tuple[State, _Pending, tuple[str, ...]]


@dataclass(frozen=True)
class Net:
    """The nodes directly inside `parent` (None: the process). `endless`: subprocesses that never end."""

    model: ProcessModel
    parent: str | None
    endless: frozenset[str] = frozenset()
    graph: Graph = field(init=False)
    drawing: Drawing = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "graph", Graph(self.model, self.parent))
        object.__setattr__(self, "drawing", Drawing(self.model, self.graph))

    # -- what happens ---------------------------------------------------------------------------------------

    def beginnings(self) -> Iterator[tuple[Step, Outcome]]:
        """How the scope may begin: at one start event, or at everything that nothing leads to."""
        elements = self.graph.elements
        entries = self.graph.entries
        apart = [n for n in entries if elements[n].kind == "startEvent" or elements[n].instantiate]
        for name in apart:
            for state, flows in self._leave(elements[name], ENDED):
                yield Step(name, flows), state
        if entries and not apart:
            for state, flows in self._spread(ENDED, tuple((None, name) for name in entries)):
                yield Step(entries[0], flows), state

    def after(self, state: State) -> Iterator[tuple[Step, Outcome]]:
        """Every step that may come next; where one of them changes nothing for the others, only that one."""
        resting = [place[2:] for place in sorted(state) if place.startswith("n:")]
        for name in resting:
            if name in self.drawing.alone:
                found = list(self._work(name, state))
                if found:
                    yield from found
                    return
        for name in resting:
            yield from self._work(name, state)

    def _work(self, name: str, state: State) -> Iterator[tuple[Step, Outcome]]:
        element = self.graph.elements[name]
        left = state - {f"n:{name}", *(f"b:{b.id}" for b in self.drawing.borders.get(name, ()))}
        if element.kind == "eventBasedGateway":
            for flow in element.outgoing:
                target = self.graph.elements[self.model.flows[flow].target]
                for after, flows in self._leave(target, left):
                    yield Step(target.id, (flow, *flows)), after
            return
        if name not in self.endless:
            for after, flows in self._leave(element, left):
                yield Step(name, flows), after
        for border in self.drawing.borders.get(name, ()):
            stops = cancels(border)
            if stops or f"b:{border.id}" in state:
                rest = left if stops else state - {f"b:{border.id}"}
                for after, flows in self._leave(border, rest):
                    yield Step(border.id, flows), after

    def _leave(self, element: Element, state: State) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
        for chosen in self.drawing.choices(element):
            yield from self._spread(state, self._along(chosen))

    def _along(self, flows: tuple[str, ...]) -> _Pending:
        return tuple((flow, self.model.flows[flow].target) for flow in flows)

    def _spread(self, state: State, pending: _Pending) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
        """Let the tokens under way come to rest; one outcome for each way in which gateways may choose."""
        ways: list[_Way] = [(state, pending, ())]
        seen: set[tuple[State, _Pending]] = set()
        while ways:
            state, pending, taken = ways.pop()
            if (state, pending) in seen or len(taken) > _MOST_PASSED:
                continue
            seen.add((state, pending))
            if len(seen) > _MOST_WAYS:
                raise TooMany
            if pending:
                further = self._arrive(state, pending, taken)
            else:
                further = [(rest, more, taken) for rest, more in self._released(state)]
                if not further:
                    yield state, taken
            for way in further:
                if isinstance(way[0], Twice) or way[0] is THROWN:
                    yield way[0], way[2]
                else:
                    ways.append((way[0], way[1], way[2]))

    def _arrive(
        self, state: State, pending: _Pending, taken: tuple[str, ...]
    ) -> list[tuple[Outcome, _Pending, tuple[str, ...]]]:
        """The first token under way comes to its node: it rests there, or goes on."""
        (flow, name), rest = pending[0], pending[1:]
        taken = (*taken, flow) if flow is not None else taken
        element = self.graph.elements[name]
        place = self._resting_place(element, flow, state)
        if place is None:
            return [(after, more, taken) for after, more in self._pass(element, state, rest)]
        if place in state:
            return [(Twice(place), (), taken)]
        after, more = self._settle(element, place, state)
        return [(after, (*rest, *more), taken)]

    def _pass(self, element: Element, state: State, rest: _Pending) -> list[tuple[State, _Pending]]:
        if element.kind == "endEvent" and element.event is not None:
            if element.event.kind == "terminate":
                return [(ENDED, ())]
            if element.event.kind in ("error", "cancel"):
                return [(THROWN, ())]
        if element.id in self.graph.links:
            rest = (*rest, (None, self.graph.links[element.id]))
        return [(state, (*rest, *self._along(chosen))) for chosen in self.drawing.choices(element)]

    def _resting_place(self, element: Element, flow: str | None, state: State) -> str | None:
        """Where a token stays that comes to an element; None where it passes."""
        if element.start_quantity > 1 and flow is not None:
            waiting = sum(place.startswith(f"q:{element.id}:") for place in state)
            return f"q:{element.id}:{waiting + 1}"
        if rests(element):
            return f"n:{element.id}"
        return f"f:{flow}" if joins(element) and flow is not None else None

    def _settle(self, element: Element, place: str, state: State) -> tuple[State, _Pending]:
        """The state with the token at its place, and what goes on when it was the last one awaited."""
        if place.startswith("q:"):
            used = {other for other in state if other.startswith(f"q:{element.id}:")} | {place}
            enough = len(used) == element.start_quantity
            return (state - used, ((None, element.id),)) if enough else (state | {place}, ())
        if element.kind == "parallelGateway":
            parked = {f"f:{flow}" for flow in element.incoming}
            waits = bool(parked - state - {place})
            return (state | {place}, ()) if waits else (state - parked, self._along(element.outgoing))
        beside = [b for b in self.drawing.borders.get(element.id, ()) if not cancels(b)]
        return state | {place, *(f"b:{b.id}" for b in beside if place.startswith("n:"))}, ()

    def _released(self, state: State) -> list[tuple[State, _Pending]]:
        """What becomes of the first inclusive join that need not wait any longer; empty when all wait."""
        for join in self.drawing.inclusive_joins:
            parked = {flow for flow in join.incoming if f"f:{flow}" in state}
            if parked and not self._more_may_come(join, parked, state):
                rest = state - {f"f:{flow}" for flow in parked}
                return [(rest, self._along(chosen)) for chosen in self.drawing.choices(join)]
        return []

    def _more_may_come(self, join: Element, parked: set[str], state: State) -> bool:
        """Source: BPMN 2.0.2, 13.4.3: a token that can reach an empty flow, and none that has a token."""
        upstream = self.graph.upstream(join.id)
        for place in state:
            node = self._node_of(place)
            if node is None or node == join.id:
                continue
            ahead = {flow for flow, nodes in upstream.items() if node in nodes}
            if ahead - parked and not ahead & parked:
                return True
        return False

    def _node_of(self, place: str) -> str | None:
        kind, _, rest = place.partition(":")
        if kind == "f":
            return self.model.flows[rest].target
        return rest.rpartition(":")[0] if kind == "q" else rest if kind == "n" else None
