"""Who works on one visit of a step, on paper: who is asked now, who has said what, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from .blocks import DESKS, Task, Vote

State = Literal["waiting", "open", "held", "given", "signed"]
FIRST = ("before", "ask")
"""Whoever came like this does something while the one they came for waits."""
SOLO = Vote("all", "veto", ())
"""A step drawn for one: its owner decides, and everybody who signs after must agree."""


@dataclass(eq=False)
class Seat:
    """One who signs, or was asked: for whom it is meant, how they came (`kind`) and by whom (`owner`).

    `spoke` is 0 as long as nothing was said, else where it came in the order of what was said.
    """

    name: str
    kind: str = ""
    owner: Seat | None = None
    weight: Fraction = Fraction(1)
    state: State = "open"
    outcome: str = ""
    spoke: int = 0
    people: frozenset[str] = frozenset()

    @property
    def approves(self) -> bool:
        return self.outcome != "return"


@dataclass
class Ballot:
    """Everybody on one visit of a step, in order. `seated`: the engine keeps rows of them; on a step drawn
    for one only once others have come in. `start`: the weight of all whom the diagram has named."""

    rule: Vote
    seats: list[Seat]
    solo: bool = False
    seated: bool = True
    start: Fraction = Fraction(0)
    said: int = field(default=0)

    @classmethod
    def of(cls, task: Task) -> Ballot:
        """As it begins."""
        vote = task.vote
        if vote is None:
            return cls(SOLO, [Seat(task.desk)], solo=True, seated=False)
        weights = [Fraction(one) for one in vote.weights] or [Fraction(1)] * len(vote.signers)
        seats = [Seat(name, weight=weight) for name, weight in zip(vote.signers, weights, strict=True)]
        if vote.form == "turn":
            for seat in seats[1:]:
                seat.state = "waiting"
        return cls(vote, seats, start=sum(weights, Fraction(0)))

    def helpers(self, seat: Seat, *kinds: str) -> list[Seat]:
        """Who has come in for this one."""
        return [one for one in self.seats if one.owner is seat and (not kinds or one.kind in kinds)]

    # -- who may come in -----------------------------------------------------------------------------------

    def twice(self, name: str, *, besides: Seat | None = None, me: str = "") -> bool:
        """Is `name`, or everybody who could act for it, in this step already? `me`: whose own seat would be
        made now, because others come in for the first time."""
        seats = [seat for seat in self.seats if seat is not besides]
        named = [(seat, me if me and not self.seated else seat.name) for seat in seats]
        taken: set[str] = set()
        for seat, meant in named:
            able = DESKS.get(meant, (meant,))
            if seat.state in ("given", "signed") and seat.kind != "ask":
                taken |= seat.people
            if seat.state != "signed" and len(able) == 1 and meant != name:
                taken |= set(able)
        return any(meant == name for _, meant in named) or set(DESKS.get(name, (name,))) <= taken

    def come_in(self, seat: Seat, kind: str, names: tuple[str, ...], *, me: str) -> None:
        """Others for `seat`, whose holder is `me`."""
        if not self.seated:
            seat.name, self.seated = me, True
        opens: State = "waiting" if kind == "after" else "open"
        self.seats += [Seat(name, kind, seat, state=opens) for name in names]
        if kind != "after":
            seat.state = "held"

    # -- what is said --------------------------------------------------------------------------------------

    def sign(self, seat: Seat, outcome: str, people: frozenset[str]) -> None:
        """Somebody says it; what follows for others."""
        self._speak(seat, outcome, people)
        if not seat.approves and self.rule.reject == "stay":
            return
        after = [one for one in self.helpers(seat, "after") if one.state != "signed"]
        if not seat.approves and self.rule.reject == "veto":
            after = []
        seat.state = "given" if after else "signed"
        for one in after:
            one.state = "open" if one.state == "waiting" else one.state
        if not after:
            self.settle(seat)
        if self.passed() is None:
            self.next_turn()

    def answer(self, seat: Seat, people: frozenset[str]) -> None:
        """Who was asked has done it: it goes back."""
        self._speak(seat, "", people)
        seat.state = "signed"
        self.settle(seat)

    def _speak(self, seat: Seat, outcome: str, people: frozenset[str]) -> None:
        self.said += 1
        seat.outcome, seat.people, seat.spoke = outcome, people, self.said

    def settle(self, done: Seat) -> None:
        """Whoever has waited for the last of them goes on."""
        owner = done.owner
        if owner is None or owner not in self.seats:
            return
        alike = self.helpers(owner, *(FIRST if done.kind in FIRST else (done.kind,)))
        if any(one is not done and one.state != "signed" for one in alike):
            return
        if done.kind == "after" and owner.state == "given":
            owner.state = "signed"
            self.settle(owner)
        elif done.kind in FIRST and owner.state == "held":
            owner.state = "open"

    def take_out(self, seat: Seat, *, helpers: tuple[str, ...]) -> list[Seat]:
        """The seat goes, and those of these kinds who came for it and have said nothing; who went."""
        gone = [seat]
        for one in self.helpers(seat, *helpers):
            if not one.spoke:
                gone += self.take_out(one, helpers=helpers)
        self.seats = [one for one in self.seats if one not in gone]
        return gone

    def next_turn(self) -> None:
        """顺签: when nobody's turn is open, the next one's begins."""
        if self.rule.form != "turn" or any(one.state in ("open", "held") for one in self.seats):
            return
        waiting = (one for one in self.seats if one.state == "waiting" and one.kind != "after")
        following = next(waiting, None)
        if following is not None:
            following.state = "open"

    # -- how it ends ---------------------------------------------------------------------------------------

    def counts(self, seat: Seat) -> bool:
        """Who was asked never decides; nor who signs before the only one who does."""
        return seat.kind != "ask" and not (seat.kind == "before" and (self.solo or self.rule.form == "any"))

    def passed(self) -> bool | None:
        """Whether it is decided, and how, by those whose signature counts."""
        counted = [seat for seat in self.seats if self.counts(seat)]
        signed = sorted((seat for seat in counted if seat.state == "signed"), key=lambda seat: seat.spoke)
        if self.rule.form == "any":
            return signed[0].approves if signed else None
        if self.rule.reject == "veto" and any(not seat.approves for seat in signed):
            return False
        if self.rule.form in ("all", "turn"):
            return None if len(signed) < len(counted) else all(seat.approves for seat in signed)
        share = Fraction(self.rule.form.partition(":")[2])
        whole = self.start if self.rule.voters == "start" else _weight(counted)
        approvals = _weight([seat for seat in signed if seat.approves])
        if approvals / whole >= share:
            return True
        rejected = (_weight(signed) - approvals) / whole > 1 - share
        return False if rejected or len(signed) == len(counted) else None


def _weight(seats: list[Seat]) -> Fraction:
    return sum((seat.weight for seat in seats), Fraction(0))
