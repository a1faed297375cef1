"""Where the tokens are, on paper: the model as places inside places, each with what goes on in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .blocks import Again, Block, Fork, Inner, Seq, Task, Whole, leads_on_to, patience

if TYPE_CHECKING:
    from .paper import Paper
    from .waiting import Calling, Step


@dataclass(eq=False)
class Matter:
    """One instance: its tree, its loop counters, how often each task was entered, what people did."""

    paper: Paper
    whole: Whole
    tree: Seq
    caller: Calling | None = None
    index: int = 0
    rounds: Counter[str] = field(default_factory=Counter)
    counters: dict[str, int] = field(default_factory=dict)
    did: list[tuple[str, ...]] = field(default_factory=list)
    id: str = ""
    over: bool = False
    status: str = "completed"
    readers: set[str] = field(default_factory=set)
    followers: set[str] = field(default_factory=set)
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What was sent back, until it begins: from where, and to where it goes straight back."""

    def begin(self) -> None:
        self.top = Scope(self, None, self.tree)
        self.top.begin()


@dataclass(eq=False)
class Place:
    """A piece of the model in which a token is; `up` is what it stands in."""

    matter: Matter
    up: Place | None
    block: Any
    inside: list[Place] = field(default_factory=list)

    def begin(self) -> None:
        """The token comes in."""

    def ended(self, child: Place, outcome: str) -> None:
        """What stands in here is over."""

    def finish(self, outcome: str = "") -> None:
        assert self.up is not None
        self.up.ended(self, outcome)

    def enter(self, block: Block, at: str = "") -> Place:
        """Put a token into the block: at its beginning, or at the task `at`."""
        made: Place = KINDS[type(block)](self.matter, self, block)
        self.inside.append(made)
        if isinstance(made, Sequence) and at:
            made.go_to(at)
        elif isinstance(made, Looping) and at:
            made.enter(made.block.body, at)
        elif at and at != block.name:  # type: ignore[union-attr]
            self.inside.remove(made)
            return self.enter_late(block)  # type: ignore[arg-type]
        else:
            made.begin()
        return made

    def enter_late(self, host: Task | Inner) -> Place:
        """Put a token at the task behind the timer of `host`."""
        made: Place = KINDS[Task](self.matter, self, host.after, late_of=host.name)
        self.inside.append(made)
        made.begin()
        return made

    def leaves(self) -> Iterator[Place]:
        """Everything that waits, in here."""
        if not self.inside and not isinstance(self, Scope):
            yield self
        for one in self.inside:
            yield from one.leaves()

    def everything(self) -> Iterator[Place]:
        yield self
        for one in self.inside:
            yield from one.everything()

    @property
    def scope(self) -> Scope:
        """The subprocess, or process, around it."""
        here = self.up
        while not isinstance(here, Scope):
            assert here is not None
            here = here.up
        return here


@dataclass(eq=False)
class Timed(Place):
    """What may have a boundary timer: `due` while that waits."""

    due: datetime | None = None

    def wind_up(self) -> None:
        if self.block.late:
            self.due = self.matter.paper.now + patience(self.block.name)

    def fire(self) -> None:
        """The time is over."""
        self.due = None
        if self.block.late == "beside":
            made: Any = self.scope.enter_late(self.block)
            made.aside = True
            return
        assert self.up is not None
        self.up.inside.remove(self)
        self.up.enter_late(self.block)


@dataclass(eq=False)
class Sequence(Place):
    at: int = 0

    def begin(self) -> None:
        self.put(0)

    def put(self, at: int, name: str = "") -> Place:
        self.at, self.inside = at, []
        return self.enter(self.block.parts[at], name)

    def go_to(self, name: str) -> None:
        for at, part in enumerate(self.block.parts):
            if leads_on_to(part, name):
                self.put(at, name)
                return
        raise AssertionError(name)

    def ended(self, child: Place, outcome: str) -> None:
        if self.at + 1 < len(self.block.parts):
            self.put(self.at + 1)
        else:
            self.finish(outcome)


@dataclass(eq=False)
class Forking(Place):
    def begin(self) -> None:
        for branch in self.block.branches:
            self.enter(branch)

    def ended(self, child: Place, outcome: str) -> None:
        self.inside.remove(child)
        if not self.inside:
            self.finish()


@dataclass(eq=False)
class Looping(Place):
    def goes_round(self, step: Step) -> bool:
        """One round is over for `step`, which goes straight back; whether another begins."""
        left = self.matter.counters
        left[self.block.name] -= 1
        if left[self.block.name] <= 0:
            return False
        self.inside.clear()
        self.matter.marks[step.block.name] = step.back_to, step.back_to
        self.enter(self.block.body)
        return True

    def begin(self) -> None:
        self.enter(self.block.body)

    def ended(self, child: Place, outcome: str) -> None:
        loop: Again = self.block
        left = self.matter.counters
        if not loop.judged:
            left[loop.name] -= 1
        self.inside.clear()
        if outcome == "return" if loop.judged else left[loop.name] > 0:
            self.enter(loop.body)
        else:
            self.finish()


@dataclass(eq=False)
class Scope(Timed):
    """The process itself, or a subprocess: over when its body is, and everything beside it."""

    body_over: bool = False

    def begin(self) -> None:
        if self.up is None:
            self.enter(self.block)
            return
        self.enter(self.block.body)
        self.wind_up()

    @property
    def body(self) -> Seq:
        body: Seq = self.block if self.up is None else self.block.body
        return body

    def ended(self, child: Place, outcome: str) -> None:
        self.inside.remove(child)
        if self.inside:
            return
        if self.up is None:
            self.matter.paper.ended(self.matter)
        else:
            self.finish()


KINDS: dict[type, Any] = {Seq: Sequence, Fork: Forking, Again: Looping, Inner: Scope}
"""What stands for a block on paper; `waiting` adds those that wait for somebody."""
