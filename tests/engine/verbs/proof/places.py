"""Where the tokens are, on paper: the model as places inside places, each with what goes on in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .blocks import Again, Block, Call, Fork, Inner, Seq, Task, Whole, Work, leads_on_to, patience
from .pieces import Piece
from .votes import Ballot, Seat

if TYPE_CHECKING:
    from .paper import Paper


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
        made: Place = _KINDS[type(block)](self.matter, self, block)
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
        made = Step(self.matter, self, host.after, late_of=host.name)
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
            made = self.scope.enter_late(self.block)
            assert isinstance(made, Step)
            made.aside = True
            return
        assert self.up is not None
        self.up.inside.remove(self)
        self.up.enter_late(self.block)


@dataclass(eq=False)
class Step(Timed):
    """A user task with its open items; `late_of` is the host of the timer that led here."""

    late_of: str = ""
    aside: bool = False
    round: int = 0
    back_to: str = ""
    came_back: str = ""
    pieces: list[Piece] = field(default_factory=list)
    ballot: Ballot = field(init=False)

    def begin(self) -> None:
        task: Task = self.block
        self.matter.rounds[task.name] += 1
        self.round, self.pieces = self.matter.rounds[task.name], []
        self.came_back, self.back_to = self.matter.marks.pop(task.name, ("", ""))
        self.ballot = Ballot.of(task)
        self.ask()
        self.wind_up()

    def ask(self) -> None:
        """Items for exactly those who have their turn, or wait for others; who is meant in person has it."""
        kept = {piece.seat: piece for piece in self.pieces}
        self.pieces = [
            kept.get(seat) or self._piece(seat)
            for seat in self.ballot.seats
            if seat.state in ("open", "held")
        ]
        for piece in self.pieces:
            piece.dirty |= piece.shown != piece.seat.state
            piece.shown = piece.seat.state

    def _piece(self, seat: Seat) -> Piece:
        holder = None if "." in seat.name else seat.name
        return Piece(self, seat, seat.name, holder, claim=self.block.claim and not seat.kind)

    def judge(self) -> None:
        """It ends, if it is decided; else whoever has their turn now has an item."""
        passed = self.ballot.passed()
        if passed is None:
            self.ask()
        else:
            self.decide(self.block.outcomes[0] if passed else "return")

    def decide(self, outcome: str) -> None:
        """The step is over; straight back to who returned it, where the drawing allows it."""
        back = self.back_to if outcome == self.block.outcomes[0] else ""
        if back and self.go_straight(back):
            return
        self.finish(outcome)

    def go_straight(self, target: str, *, moved: bool = False) -> bool:
        """By the drawing's checks: a loop that is not done goes round once more, still sent back. Who is
        `moved` by the office passes none."""
        here: Place = self
        loops: list[Looping] = []
        while here.up is not None and not isinstance(here.up, Forking | Scope):
            up = here.up
            if isinstance(up, Looping) and not (up.block.judged or moved):
                loops.append(up)
            if isinstance(up, Sequence):
                for at in range(up.at + 1, len(up.block.parts)):
                    if leads_on_to(up.block.parts[at], target):
                        if not any(loop.goes_round(self) for loop in loops):
                            up.inside.clear()
                            up.put(at, target)
                        return True
            here = up
        return False


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


@dataclass(eq=False)
class Working(Place):
    stopped: bool = False


@dataclass(eq=False)
class Calling(Place):
    """A call: `made` of its children have begun, `done` of them are over."""

    children: list[Matter] = field(default_factory=list)
    made: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        return max(int(self.block.many), 1)

    def spawn(self) -> bool:
        """Begin what may begin now; whether anything did."""
        most = self.done + 1 if self.block.in_turn and self.block.many else self.total
        before = self.made
        while self.made < min(most, self.total):
            paper = self.matter.paper
            child = paper.matter(paper.whole.called, caller=self, index=self.made)
            self.children.append(child)
            self.made += 1
            child.begin()
        return self.made > before


_KINDS: dict[type, Any] = {
    Task: Step, Seq: Sequence, Fork: Forking, Again: Looping, Inner: Scope, Work: Working, Call: Calling,
}  # fmt: skip
