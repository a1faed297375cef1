"""The reference: what BPMN's words say of a tree, played in plain Python.

Each thing that runs is an object below the one that waits for it. There are no gateways to meet at, no
graph and no stored state: a block is over when all its branches are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .trees import Block, Choice, Edge, Loop, Race, Rounds, Seq, Sub, Task, Whole

HOUR = timedelta(hours=1)


class Uncaught(Exception):
    """An error that nothing around catches."""


@dataclass(eq=False)
class Scope:
    """Variables, and whom they lie in."""

    outer: "Scope | None"
    own: dict[str, Any] = field(default_factory=dict)

    def merge(self, name: str, value: Any) -> None:
        """To the nearest that has the variable, else to the process."""
        home = next((scope for scope in self.chain() if name in scope.own), list(self.chain())[-1])
        home.own[name] = value

    def chain(self) -> Iterator["Scope"]:
        """From here to the process."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def visible(self) -> dict[str, Any]:
        """Inner variables hide outer ones."""
        seen: dict[str, Any] = {}
        for scope in reversed(list(self.chain())):
            seen |= scope.own
        return seen


@dataclass(eq=False)
class Waiting:
    """What the process waits for, and what happens then."""

    element: str
    kind: str
    scope: Scope
    happen: Callable[[dict[str, Any]], None]
    due: datetime | None = None
    repeat: int | None = None
    message: str | None = None
    signal: str | None = None
    interrupting: bool = True
    run: "Run | None" = None


class Run:
    """Something that runs: `above` hears when it is over, `home` is the process or subprocess around it."""

    def __init__(self, game: "Game", above: Any, home: "Home", scope: Scope) -> None:
        self.game, self.above, self.home, self.scope = game, above, home, scope
        self.alive = True
        self.below: list[Run] = []
        self.waits: list[Waiting] = []

    def run(self, tree: Any, *, scope: Scope | None = None) -> None:
        """Let a part run below this one."""
        made = BY_TREE[type(tree)](self.game, self, self.home, scope or self.scope)
        made.tree = tree
        self.below.append(made)
        made.begin()

    def begin(self) -> None:
        raise NotImplementedError

    def over(self, part: "Run") -> None:
        """A part below has ended."""
        raise NotImplementedError

    def end(self) -> None:
        """This has ended by itself."""
        self.stop()
        self.above.below.remove(self)
        self.above.over(self)

    def stop(self) -> None:
        """End this and all below, telling nobody."""
        self.alive = False
        self.waits.clear()
        for part in self.below:
            part.stop()
        self.below = []

    def wait(self, element: str, kind: str, happen: Callable[[dict[str, Any]], None], **more: Any) -> None:
        """Wait for the outside."""
        self.waits.append(Waiting(element, kind, more.pop("scope", self.scope), happen, run=self, **more))

    def listen(self, edge: Edge, scope: Scope, happen: Callable[[dict[str, Any]], None]) -> None:
        """Wait for an event on the border; one that interrupts nothing listens on."""
        if edge.trigger in ("error", "escalation"):
            return
        more: dict[str, Any] = {"interrupting": edge.interrupting, "scope": scope}
        if edge.trigger in ("timer", "cycle"):
            again = 1 if edge.trigger == "cycle" else None
            self._tick(edge, happen, self.game.now + HOUR, again, more)
            return

        def heard(brought: dict[str, Any]) -> None:
            self.waits = [one for one in self.waits if one.element != edge.name]
            if not edge.interrupting:
                self.listen(edge, scope, happen)
            happen(brought)

        self.wait(edge.name, edge.trigger, heard, **{edge.trigger: edge.name}, **more)

    def _tick(
        self, edge: Edge, happen: Callable[..., None], due: datetime, repeat: int | None, more: dict[str, Any]
    ) -> None:
        def ticked(_brought: dict[str, Any]) -> None:
            self.waits = [one for one in self.waits if one.element != edge.name]
            if repeat and not edge.interrupting:
                self._tick(edge, happen, due + HOUR, repeat - 1, more)
            happen({})

        self.wait(edge.name, "timer", ticked, due=due, repeat=repeat, **more)

    def each(self) -> Iterator["Run"]:
        """This and everything below."""
        yield self
        for part in self.below:
            yield from part.each()


class Home(Run):
    """A process, a subprocess or an event subprocess: over when nothing runs in it any more."""

    asides: Iterable[Edge] = ()
    aside: Edge | None = None
    """What started it, when it is an event subprocess itself."""

    def enter(self, body: Any) -> None:
        """Event subprocesses listen, and the body begins."""
        for edge in self.asides:
            self.listen(edge, self.scope, lambda brought, edge=edge: self.begin_aside(edge, brought))
        self.home = self
        self.run(body)

    def begin_aside(self, edge: Edge, brought: dict[str, Any]) -> None:
        """An event subprocess begins: instead of everything here, or beside it."""
        if edge.interrupting:
            self.waits = [one for one in self.waits if one.element not in {e.name for e in self.asides}]
            for part in self.below:
                part.stop()
            self.below = []
        made = Home(self.game, self, self, Scope(self.scope, dict(brought)))
        made.aside = edge
        self.below.append(made)
        made.enter(Task(f"{edge.name}_then"))

    def over(self, part: Run) -> None:
        if self.alive and not self.below:
            self.end()


class Process(Home):
    def end(self) -> None:
        self.stop()


class InSeq(Run):
    tree: Seq
    at = 0

    def begin(self) -> None:
        self.go()

    def go(self) -> None:
        if self.at == len(self.tree.parts):
            self.end()
        else:
            self.run(self.tree.parts[self.at])

    def over(self, part: Run) -> None:
        self.at += 1
        self.go()


class InChoice(Run):
    tree: Choice

    def begin(self) -> None:
        chosen, last = self.scope.visible()[self.tree.name], len(self.tree.branches) - 1
        self.run(self.tree.branches[chosen if 0 <= chosen < last else last])

    def over(self, part: Run) -> None:
        self.end()


class InBlock(Run):
    tree: Block

    def begin(self) -> None:
        branches, seen = self.tree.branches, self.scope.visible()
        taken = list(branches)
        if self.tree.inclusive:
            chosen = [b for i, b in enumerate(branches[:-1]) if seen[f"{self.tree.name}_{i}"] == 1]
            taken = chosen or [branches[-1]]
        self.left = len(taken)
        for branch in taken:
            self.run(branch)

    def over(self, part: Run) -> None:
        self.left -= 1
        if not self.left:
            self.end()


class InRace(Run):
    tree: Race

    def begin(self) -> None:
        for index, branch in enumerate(self.tree.branches):
            more: dict[str, Any] = {"message": f"{self.tree.name}{index}"}
            if index == 0:
                more = {"due": self.game.now + 2 * HOUR}

            def won(brought: dict[str, Any], branch: Any = branch) -> None:
                self.waits.clear()
                for name, value in brought.items():
                    self.scope.merge(name, value)
                self.run(branch)

            self.wait(f"{self.tree.name}_w{index}", "message" if index else "timer", won, **more)

    def over(self, part: Run) -> None:
        self.end()


class InLoop(Run):
    tree: Loop

    def begin(self) -> None:
        self.run(self.tree.body)

    def over(self, part: Run) -> None:
        left = self.scope.visible()[self.tree.name] - 1
        self.scope.merge(self.tree.name, left)
        if left > 0:
            self.run(self.tree.body)
        else:
            self.end()


class Activity(Run):
    """A task or a subprocess with what stands on its border; `instead` of it a boundary event may run."""

    tree: Any
    instead = False

    def begin(self) -> None:
        self.inner = Scope(self.scope)
        rounds = self.tree.rounds
        if rounds is None and self.tree.own is not None:
            self.inner.own["v"] = self.tree.own
        for edge in self.tree.edges:
            self.listen(edge, self.inner, lambda brought, edge=edge: self.caught(edge, brought))
        work = InRounds if rounds is not None else self.work()
        made = work(self.game, self, self.home, self.inner)
        made.tree = self.tree
        self.below.append(made)
        made.begin()

    def work(self) -> type[Run]:
        """What runs for one round."""
        return InTask if isinstance(self.tree, Task) else InSub

    def caught(self, edge: Edge, brought: dict[str, Any]) -> None:
        """A boundary event happened."""
        for name, value in brought.items():
            self.scope.merge(name, value)
        handler = Task(f"{edge.name}_then")
        if not edge.interrupting:
            self.home.run(handler)
            return
        self.waits.clear()
        for part in self.below:
            part.stop()
        self.below, self.instead = [], True
        self.run(handler)

    def over(self, part: Run) -> None:
        self.end()


class InTask(Run):
    tree: Task

    def begin(self) -> None:
        kind = {"user": "user", "service": "job", "timer": "timer", "signal": "signal"}.get(
            self.tree.kind, "message"
        )
        due = self.game.now + HOUR if kind == "timer" else None
        more = {kind: self.tree.name} if kind in ("message", "signal") else {}
        self.wait(self.tree.name, kind, self.done, due=due, **more)

    def done(self, brought: dict[str, Any]) -> None:
        self.result = brought
        for name, value in brought.items():
            self.scope.merge(name, value)
        self.end()


class InSub(Home):
    tree: Sub
    result: dict[str, Any] = {}

    def begin(self) -> None:
        self.asides = self.tree.asides
        self.enter(self.tree.body)

    def over(self, part: Run) -> None:
        if (
            isinstance(part, InSeq)
            and self.tree.ending
            and self.scope.visible()[f"{self.tree.name}_end"] == 1
        ):
            self._end_loudly()
        elif self.alive and not self.below:
            self.end()

    def _end_loudly(self) -> None:
        if self.tree.ending == "terminate":
            self.end()
            return
        if self.tree.ending == "error":
            self.game.throw(self, self.tree.code, "error", within=True)
            return
        self.game.throw(self, self.tree.code, "escalation", within=True)
        if self.alive and not self.below:
            self.end()


class InRounds(Run):
    """Multi-instance: one round after the other, or all at once."""

    tree: Any

    def begin(self) -> None:
        self.rounds: Rounds = self.tree.rounds
        self.given: list[Any] = [None] * self.rounds.count
        self.done = 0
        first = min(1, self.rounds.count) if self.rounds.sequential else self.rounds.count
        self.started = 0
        for index in range(first):
            self._start(index)
        self._tell()
        if not first:
            self._finish()

    def _start(self, index: int) -> None:
        own = {"loopCounter": index + 1, f"{self.tree.name}_item": index + 1, "got": None}
        scope = Scope(self.scope, own)
        if self.tree.own is not None:
            scope.own["v"] = self.tree.own
        made = (InTask if isinstance(self.tree, Task) else InSub)(self.game, self, self.home, scope)
        made.tree, made.index = self.tree, index  # type: ignore[attr-defined]
        self.below.append(made)
        self.started += 1
        made.begin()

    def _tell(self) -> None:
        self.scope.own |= {
            "numberOfInstances": self.rounds.count,
            "numberOfActiveInstances": self.started - self.done,
            "numberOfCompletedInstances": self.done,
            "numberOfTerminatedInstances": 0,
        }

    def over(self, part: Any) -> None:
        self.given[part.index] = part.result.get("got", part.scope.visible()["got"])
        self.done += 1
        enough = self.rounds.until is not None and self.done >= self.rounds.until
        if enough or self.done == self.rounds.count:
            self._finish()
            return
        if self.rounds.sequential:
            self._start(self.done)
        self._tell()

    def _finish(self) -> None:
        outer = self.scope.outer
        assert outer is not None
        outer.merge(f"{self.tree.name}_all", self.given)
        self.end()


BY_TREE: dict[type, type[Any]] = {
    Task: Activity, Sub: Activity, Seq: InSeq, Choice: InChoice, Block: InBlock, Race: InRace, Loop: InLoop,
}  # fmt: skip


class Game:
    """One process being played."""

    def __init__(self, whole: Whole, variables: dict[str, Any], *, now: datetime) -> None:
        self.now = now
        self.scope = Scope(None, dict(variables))
        self.process = Process(self, None, None, self.scope)  # type: ignore[arg-type]
        self.process.asides = whole.asides
        self.process.enter(whole.body)

    @property
    def ended(self) -> bool:
        return not self.process.alive

    def waits(self) -> list[Waiting]:
        """What it waits for."""
        return [wait for run in self.process.each() for wait in run.waits]

    def throw(self, source: Run, code: str, trigger: str, *, within: bool = False) -> None:
        """To the nearest event around that catches it. Raises Uncaught for an error that none catches.

        `within`: thrown by an end event inside `source`, so its own event subprocesses are asked first.
        """
        at: Any = source
        if within and self._caught_aside(source, code, trigger):
            return
        while at is not None:
            above = at.above
            if isinstance(at, Activity) and not at.instead and _fitting(at.tree.edges, code, trigger):
                edge = _fitting(at.tree.edges, code, trigger)
                assert edge is not None
                at.caught(edge, {})
                return
            past = isinstance(at, Home) and at.aside is not None
            if isinstance(above, Home) and not past and self._caught_aside(above, code, trigger):
                return
            at = above
        if trigger == "error":
            raise Uncaught(code)

    def _caught_aside(self, home: Any, code: str, trigger: str) -> bool:
        edge = _fitting(home.asides, code, trigger)
        if edge is not None:
            home.begin_aside(edge, {})
        return edge is not None


def _fitting(edges: Iterable[Edge], code: str, trigger: str) -> Edge | None:
    """The event for exactly this code, else one for all."""
    kind = [edge for edge in edges if edge.trigger == trigger]
    return next((edge for edge in kind if edge.code == code), next((e for e in kind if e.code is None), None))
