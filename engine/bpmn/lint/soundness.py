"""Soundness: may a join wait for ever, a step get a second token before the first is done, a round never end?

Every order of events and every choice of a gateway is tried, whatever the conditions say, scope by scope: an
embedded subprocess is one step of the scope around it. What is found comes with the shortest way to it.
Source of the notions: van der Aalst, "The Application of Petri Nets to Workflow Management" (1998).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.dialect import SCOPES
from engine.bpmn.findings import Severity
from engine.bpmn.lint.soundness_ends import trapped
from engine.bpmn.lint.soundness_net import ENDED, THROWN, Net, State, Step, TooMany, Twice
from engine.bpmn.lint.soundness_words import elements_of, in_words, named
from engine.bpmn.model import Element, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.ways_out import stopped_from_outside

MOST_STATES = 8_000
"""States of one scope that are looked at; then it is said that the diagram is too large to decide."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong: `kind` at `element`, after `steps`; `missing` are the flows a join waits for in vain."""

    kind: str
    element: Element
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdict:
    """What the search says of one scope."""

    flaws: list[Flaw] = field(default_factory=list)
    decided: bool = True
    ends: bool = True
    """Can it end without an error?"""


def check_soundness(process: ProcessModel, report: Report, *, most: int = MOST_STATES) -> None:
    """Findings `deadlock`, `lack-of-synchronisation`, `never-ends` and `soundness-undecided` of a process."""
    for parent, verdict in verdicts(process, most=most):
        for flaw in verdict.flaws:
            _say(process, flaw, report)
        if not verdict.decided:
            _undecided(process, (parent, most), report)


def verdicts(process: ProcessModel, *, most: int = MOST_STATES) -> Iterator[tuple[str | None, Verdict]]:
    """The scopes of a process, inner ones first, each with what the search says of it."""
    endless: set[str] = set()
    said: set[str] = set()
    for parent in _scopes(process, None):
        verdict = search(
            Net(process, parent, frozenset(endless)),
            most=most,
            said=frozenset(said),
            rounds=not stopped_from_outside(process, parent),
        )
        if parent is not None and not verdict.ends:
            endless.add(parent)
            if verdict.flaws:
                said.add(parent)
        yield parent, verdict


def _scopes(process: ProcessModel, parent: str | None) -> Iterator[str | None]:
    for element in process.children(parent):
        if element.kind in SCOPES:
            yield from _scopes(process, element.id)
    yield parent


@dataclass(slots=True)
class _Search:
    """The states that were reached, each with the state and the step it was reached by."""

    net: Net
    before: dict[State, tuple[State | None, Step]] = field(default_factory=dict)
    waiting: deque[State] = field(default_factory=deque)
    verdict: Verdict = field(default_factory=lambda: Verdict(ends=False))
    told: set[str] = field(default_factory=set)
    said: frozenset[str] = frozenset()
    """Subprocesses that never end, of which that is said already."""
    led_to: dict[State, list[State]] = field(default_factory=dict)
    over: list[State] = field(default_factory=list)
    """Where nothing is to be looked for behind: ends, and what is said to be wrong already."""

    def reach(self, state: State | Twice, before: State | None, step: Step) -> None:
        """A step leads from a state (None: the beginning) to this one."""
        if isinstance(state, Twice):
            if before is not None:
                self.over.append(before)
            self.tell("lack-of-synchronisation", state.place, (*self.way(before), step))
            return
        if before is not None:
            self.led_to.setdefault(state, []).append(before)
        if state not in self.before:
            self.before[state] = (before, step)
            self.waiting.append(state)

    def way(self, state: State | None) -> tuple[Step, ...]:
        """The steps from the beginning to a state."""
        steps: list[Step] = []
        while state is not None:
            state, step = self.before[state]
            steps.append(step)
        return tuple(reversed(steps))

    def stuck(self, state: State) -> None:
        """Nothing can happen any more: was it the end, or do joins wait?"""
        if state in (ENDED, THROWN):
            self.verdict.ends |= state == ENDED
            self.over.append(state)
            return
        if any(place.startswith("n:") for place in state):
            return  # a subprocess that never ends, said of itself
        self.over.append(state)
        first = min(place for place in state if place[0] in "fq")
        self.tell("deadlock", first, self.way(state), state)

    def rounds(self) -> None:
        """Is there a state from which no end is reached any more? The first one found is told."""
        known = [s for s in self.before if any(f"n:{one}" in s for one in self.said)]
        for state in trapped(self.before, self.led_to, [*self.over, *known]):
            self.tell("never-ends", min(place for place in state if place[0] == "n"), self.way(state))
            return

    def tell(self, kind: str, place: str, steps: tuple[Step, ...], state: State = ENDED) -> None:
        """One flaw a node: the first way found is the shortest."""
        sort, _, rest = place.partition(":")
        node = self.net.model.flows[rest].target if sort == "f" else rest.partition(":")[0]
        if node in self.told:
            return
        self.told.add(node)
        element = self.net.graph.elements[node]
        missing = tuple(flow for flow in element.incoming if f"f:{flow}" not in state)
        self.verdict.flaws.append(Flaw(kind, element, steps, missing if kind == "deadlock" else ()))


def search(
    net: Net, *, most: int = MOST_STATES, said: frozenset[str] = frozenset(), rounds: bool = True
) -> Verdict:
    """Breadth first through the states of a scope; `rounds`: nothing from outside ends one that goes on."""
    found = _Search(net, said=said)
    try:
        _look(found, most)
        if rounds:
            found.rounds()
    except TooMany:
        found.verdict.decided = False
    if not found.verdict.decided or not found.before:  # nothing known, or nothing begins: said elsewhere
        found.verdict.ends = True
    return found.verdict


def _look(found: _Search, most: int) -> None:
    """Raises TooMany."""
    for step, state in found.net.beginnings():
        found.reach(state, None, step)
    looked = 0
    while found.waiting:
        state = found.waiting.popleft()
        looked += 1
        if looked > most:
            raise TooMany
        moved = False
        for step, after in found.net.after(state):
            moved = True
            found.reach(after, state, step)
        if not moved:
            found.stuck(state)


def _say(process: ProcessModel, flaw: Flaw, report: Report) -> None:
    element, way = flaw.element, in_words(process, flaw.steps)
    severity: Severity = "warning"
    if flaw.kind == "deadlock":
        severity = "error" if report.level == "dialect" else "warning"
        awaited = "、".join(f"“{named(process, process.flows[f].source)}”" for f in flaw.missing)
        reason = f"等不到从{awaited}来的令牌" if awaited else "等不齐所需的令牌"
        message = f"死锁：“{named(process, element.id)}” 会永远等下去，{reason}。这样走就会：{way}。"
        hint = "分支与汇合要成对：二选一用排他网关汇合，同时进行用并行网关分开与汇合，可选几条用包容网关。"
    elif flaw.kind == "never-ends":
        severity = "error" if report.level == "dialect" else "warning"
        message = (
            f"办不完：到了“{named(process, element.id)}”以后，无论怎样走都到不了结束。这样走就会：{way}。"
        )
        hint = "请在绕回去的地方画一条通向结束的线，例如给排他网关加一个出口。"
    else:
        message = f"缺少同步：“{named(process, element.id)}” 还没办完，又来一个令牌。这样走就会：{way}。"
        hint = "同时进行的几条线请先用并行（或包容）网关汇合，再往下走；确实要各办一次的可以不理会。"
    path = elements_of(process, flaw.steps)
    report.add(element.line, element.id, flaw.kind, message, hint, severity=severity, path=path)


def _undecided(process: ProcessModel, looked: tuple[str | None, int], report: Report) -> None:
    parent, most = looked
    scope = process.elements[parent] if parent is not None else None
    report.add(
        scope.line if scope else process.line,
        scope.id if scope else process.id,
        "soundness-undecided",
        f"图太大，可能的情形太多（看了 {most} 种），不能断定会不会死锁。",
        "请把能独立的一段放进子流程或调用活动，再检查一次。",
        severity="warning",
    )
