"""The whole story on paper: the instance and those that it called, what time it is, what fails now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .blocks import Again, Seq, Whole, inside
from .pieces import Piece
from .places import Matter, Place, Timed
from .waiting import Calling, Step, Working


@dataclass(eq=False)
class Paper:
    """`rested_since` is when it was suspended; `urged` are items about which somebody urged today,
    `worked` are those who have ever handed something in."""

    whole: Whole
    now: datetime
    failing: set[str] = field(default_factory=set)
    rested_since: datetime | None = None
    urged: set[tuple[object, ...]] = field(default_factory=set)
    started_by: str | None = None
    worked: set[str] = field(default_factory=set)

    def start(self) -> None:
        self.root = self.matter(self.whole.body)
        self.root.begin()
        self.drain()

    def matter(self, tree: Seq | None, *, caller: Calling | None = None, index: int = 0) -> Matter:
        assert tree is not None
        made = Matter(self, self.whole, tree, caller, index)
        made.counters = {one.name: one.rounds for one in inside(tree) if isinstance(one, Again)}
        return made

    def restore(self, earlier: "Paper", *also: Matter) -> None:
        """Be as it was earlier, but for what stays: who did what, and how often each task was entered; `also`
        in instances that are over."""
        now = {matter.id: matter for matter in (*self.matters(), *also)}
        self.root = earlier.root
        for matter in self.matters():
            matter.paper = self
            if matter.id in now:
                matter.did, matter.rounds = now[matter.id].did, now[matter.id].rounds

    def matters(self) -> list[Matter]:
        """Every instance that lives, callers first."""
        found = [] if self.root.over else [self.root]
        for matter in found:
            for place in matter.top.everything():
                found += [child for child in getattr(place, "children", ()) if not child.over]
        return found

    def leaves(self) -> list[Place]:
        return [leaf for matter in self.matters() for leaf in matter.top.leaves()]

    def steps(self) -> list[Step]:
        return [leaf for leaf in self.leaves() if isinstance(leaf, Step)]

    def pieces(self) -> list[Piece]:
        return [piece for step in self.steps() for piece in step.pieces]

    def timers(self) -> list[Timed]:
        found = (place for matter in self.matters() for place in matter.top.everything())
        return [place for place in found if isinstance(place, Timed) and place.due is not None]

    def ended(self, matter: Matter) -> None:
        matter.over = True
        call = matter.caller
        if call is None:
            return
        call.children.remove(matter)
        call.done += 1
        if call.done == call.total:
            call.finish()

    def drain(self) -> None:
        """What the workers do: timers that are due, services, children."""
        if self.rested_since is not None:
            return
        while due := [one for one in self.timers() if one.due is not None and one.due <= self.now]:
            min(due, key=lambda one: one.due or self.now).fire()
        moved = True
        while moved:
            moved = False
            for leaf in self.leaves():
                if isinstance(leaf, Calling) and leaf.spawn():
                    moved = True
                    break
                if isinstance(leaf, Working) and not leaf.stopped:
                    leaf.stopped = leaf.block.name in self.failing
                    if not leaf.stopped:
                        leaf.finish()
                    moved = True
                    break

    def rest(self) -> None:
        self.rested_since = self.now

    def go_on(self) -> None:
        """What was due after the rest began is due so much later."""
        assert self.rested_since is not None
        passed: timedelta = self.now - self.rested_since
        for timer in self.timers():
            assert timer.due is not None
            if timer.due > self.rested_since:
                timer.due += passed
        self.rested_since = None
        self.drain()

    def next_due(self) -> datetime | None:
        return min((one.due for one in self.timers() if one.due is not None), default=None)
