"""Where a token waits, on paper: for people at a task, for a service, for the children of a call."""

from __future__ import annotations

from dataclasses import dataclass, field

from .blocks import Call, Task, Work, leads_on_to
from .pieces import Piece
from .places import KINDS, Forking, Looping, Matter, Place, Scope, Sequence, Timed
from .votes import Ballot, Seat


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
        """By the drawing's checks: a loop that is not done goes round once more, still sent back. None are
        asked behind the first step that is left out, nor of who is `moved` by the office."""
        here: Place = self
        loops: list[Looping] = []
        left_out = False
        while here.up is not None and not isinstance(here.up, Forking | Scope):
            up = here.up
            if isinstance(up, Looping) and not (up.block.judged or moved or left_out):
                loops.append(up)
            if isinstance(up, Sequence):
                for at in range(up.at + 1, len(up.block.parts)):
                    if leads_on_to(up.block.parts[at], target):
                        if not any(loop.goes_round(self) for loop in loops):
                            up.inside.clear()
                            up.put(at, target)
                        return True
                left_out = left_out or up.at + 1 < len(up.block.parts)
            here = up
        return False


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


KINDS.update({Task: Step, Work: Working, Call: Calling})
