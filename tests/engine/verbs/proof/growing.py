"""Models of every shape: straight, parallel, nested, in loops, subprocesses and calls; signed by many."""

from itertools import count

from .blocks import DESKS, Again, Block, Call, Fork, Inner, Late, Seq, Task, Vote, Whole, Work
from .choosing import Chooser

RULES = (
    ("all", "veto"),
    ("all", "count"),
    ("all", "stay"),
    ("any", ""),
    ("ratio:0.6", "count"),
    ("ratio:0.6", "veto"),
    ("ratio:1/3", "stay"),
    ("turn", "veto"),
    ("turn", "stay"),
)
SIGNERS = ("unit.vice_head", "unit.head", "assessor.review.legal", "assessor.office.staff", "mi")
DEEPEST = 3


class Grower:
    """One model; `budget` is how many tasks it may still have."""

    def __init__(self, chooser: Chooser) -> None:
        self.chooser, self._numbers = chooser, count(1)
        self.budget = chooser.number(2, 8)
        self.calls = False

    def name(self, letter: str = "t") -> str:
        self.budget -= 1
        return f"{letter}{next(self._numbers)}"

    def whole(self) -> Whole:
        body, called = Seq((*self.seq(0).parts, self.task())), None
        if self.calls:
            self.budget = 3
            called = self.seq(DEEPEST - 1, called=True)
        return Whole(body, called, self.chooser.often(50))

    def seq(self, depth: int, *, called: bool = False) -> Seq:
        parts: list[Block] = [self.part(depth, called=called)]
        while self.budget > 0 and len(parts) < 4 and self.chooser.often(55):
            parts.append(self.part(depth, called=called))
        return Seq(tuple(parts))

    def part(self, depth: int, *, called: bool) -> Block:
        kinds = ["task"] * 4
        if depth < DEEPEST and self.budget > 1:
            kinds += ["fork"] * 3 + ["loop", "judged", "inner", "inner"]
        if not called and self.budget > 0:
            kinds += ["call", "work"]
        match self.chooser.one(kinds):
            case "fork":
                more = 1 if self.chooser.often(30) else 0
                name = self.name("f")
                return Fork(name, tuple(self.seq(depth + 1, called=called) for _ in range(2 + more)))
            case "loop":
                return Again(self.name("a"), self.seq(depth + 1, called=called), self.chooser.number(1, 2))
            case "judged":
                body, judge = self.seq(depth + 1, called=called), self.task(judges=True)
                return Again(self.name("a"), Seq((*body.parts, judge)), judged=True)
            case "inner":
                name = self.name("s")
                return Inner(name, self.seq(depth + 1, called=called), self.late())
            case "call":
                self.calls = True
                return Call(self.name("c"), self.chooser.number(0, 3), self.chooser.often(50))
            case "work":
                return Work(self.name("w"))
        return self.task()

    def late(self) -> Late:
        kinds: tuple[Late, ...] = ("", "", "", "stop", "beside")
        return self.chooser.one(kinds)

    def task(self, *, judges: bool = False) -> Task:
        name, free = self.name(), not self.chooser.often(10)
        if self.chooser.often(40):
            return Task(name, "unit.head", judges=judges, free=free, vote=self.vote(), late=self.late())
        desk = self.chooser.one(list(DESKS))
        claim = not judges and desk == "assessor.office.staff" and self.chooser.often(60)
        body = not judges and desk == "assessor.office.reviewer" and self.chooser.often(30)
        judges = judges or self.chooser.often(20)
        return Task(name, desk, claim=claim, body=body, judges=judges, free=free, late=self.late())

    def vote(self) -> Vote:
        form, reject = self.chooser.one(RULES)
        left, named = list(SIGNERS), []
        for _ in range(self.chooser.number(2, 4)):
            named.append(left.pop(self.chooser.number(0, len(left) - 1)))
        weights: tuple[int, ...] = ()
        voters = ""
        if form.startswith("ratio"):
            weights = tuple(self.chooser.number(1, 4) for _ in named) if self.chooser.often(50) else ()
            voters = "start" if self.chooser.often(30) else ""
        return Vote(form, reject, tuple(named), weights, voters)


def grow(chooser: Chooser) -> Whole:
    """A model of at most about a dozen tasks; every name is its own."""
    return Grower(chooser).whole()
