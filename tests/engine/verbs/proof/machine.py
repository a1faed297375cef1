"""Plays one story on a real database: any people, any verbs, at once too, and restarts between."""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import text

from engine.ids import new_id
from engine.people.stand_ins import set_stand_in
from engine.runtime.engine import Engine
from engine.runtime.setup import ENGINE, Actor, Cycle
from engine.store import Database
from engine.work.bindings import ServiceCall, reads_only
from tests.engine.runtime.world import PEOPLE, build_world

from . import among as among  # its verbs are written on paper
from .blocks import EVERYBODY, STARTER, Again, Seq, Work, inside
from .choosing import Chooser
from .clerk import Act, Clerk
from .comparing import Eyes
from .growing import grow
from .paper import Paper
from .picking import REGISTERED, Picker
from .pieces import Piece
from .sending import Sender, Sent
from .stillness import Stillness
from .together import one_after_the_other
from .undoing import remember
from .waiting import Working
from .writing import files_of

MOST_TO_THE_END = 150


class Fails(Exception):
    """What the service throws while the world says so."""


@dataclass
class Told:
    """What happened in the stories: acts by verb, refusals by verb and code, forms of votes, shapes."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)


class Story:
    """One story; `play` raises AssertionError with all that happened. `alone`: nobody acts at once with
    another, so that it goes the same way every time."""

    def __init__(
        self, database: Database, numbers: Sequence[int], told: Told | None = None, *, alone: bool = False
    ) -> None:
        self.chooser, self.told = Chooser(numbers), told or Told()
        self.whole = grow(self.chooser)
        self.failing: set[str] = set()
        self.alone = alone
        self.world = build_world(database, {"test.work": reads_only(partial(self._serve))})
        self.names = {identity: login for login, identity in self.world.people.items()}
        self.log: list[str] = [repr(self.whole)]

    def _serve(self, call: ServiceCall) -> None:
        if call.element_id in self.failing:
            raise Fails

    def play(self) -> None:
        self.stillness = Stillness(self.world.engine.database)
        try:
            self.begin()
            for _ in range(self.chooser.number(3, 14)):
                self.step()
                if self.paper.root.over and not self.goes_on_after_all():
                    break
            self.to_the_end()
            if self.chooser.often(20) and self.goes_on_after_all():
                self.to_the_end()
            if self.chooser.often(20):
                self.do(self.picker.reopening())
                self.to_the_end()
            self.told.shapes.update(type(one).__name__ for body in self._bodies() for one in inside(body))
            self.told.shapes["stories"] += 1
        except Exception as fault:
            raise AssertionError("\n".join(map(str, [*self.log, repr(fault)]))) from fault
        finally:
            self.stillness.close()

    def begin(self) -> None:
        world = self.world
        world.deploy(**files_of(self.whole))
        world.cycle = Cycle(new_id(), 2018, "test", "formal", world.units["C0"], "杭州市")
        with world.engine.database.write() as connection:
            connection.execute(text("delete from stand_in"))
        self.standing: Mapping[str, str] = {"tou": "wei"} if self.chooser.often(25) else {}
        for away, other in self.standing.items():
            self._stand_in(away, other)
        works = [one.name for body in self._bodies() for one in inside(body) if isinstance(one, Work)]
        self.failing |= {name for name in works if self.chooser.often(40)}
        self.paper = Paper(self.whole, world.clock.now(), self.failing)
        self.clerk = Clerk(self.paper, self.standing)
        loops = [one for body in self._bodies() for one in inside(body)]
        counters = {one.name: one.rounds for one in loops if isinstance(one, Again)}
        given: dict[str, Any] = {"people": {"mi": world.people["mi"]}, **counters}
        self.paper.started_by = STARTER if self.chooser.often(40) else None
        root = self._start(given)
        self.paper.start()
        self.eyes = Eyes(world, self.paper, root, self.names)
        self.eyes.look()
        self.sender = Sender(world, self.eyes)
        self.picker = Picker(self.chooser, self.paper, self.clerk)

    def _start(self, given: dict[str, Any]) -> str:
        world, by = self.world, self.paper.started_by
        who = Actor(world.people[by], PEOPLE[by][0]) if by else ENGINE
        variables = {"unit": world.unit("U1"), **given}
        instance_id = world.engine.start("planning", cycle=world.cycle, variables=variables, by=who)
        world.engine.drain()
        return instance_id

    def _bodies(self) -> list[Seq]:
        return [body for body in (self.whole.body, self.whole.called) if body is not None]

    def _stand_in(self, away: str, other: str) -> None:
        with self.world.engine.database.write() as connection:
            set_stand_in(
                connection,
                user_id=self.world.people[away],
                stand_in_id=self.world.people[other],
                from_on=date(2018, 2, 1),
                until_on=date(2018, 12, 1),
            )

    # -- what happens --------------------------------------------------------------------------------------

    def step(self) -> None:
        kinds = ["act"] * 14 + ["upon"] * 4 + ["office", "clock", "clock", "restart", "pair", "pair"]
        kinds += ["fails", "mend", "mend"] if self.picker.works() else []
        kinds += ["undo"] * 8 if self.clerk.last is not None else []
        kinds += ["office"] * 20 if self.paper.rested_since else []
        kind = self.chooser.one(kinds)
        if kind == "restart":
            self.restart()
        elif kind == "clock":
            self.let_time_pass()
        elif kind == "fails":
            self.failing ^= {self.chooser.one(self.picker.works())}
        elif kind == "pair" and not self.alone:
            self.at_once(self.picker.act(), self.picker.act(busy=True))
        elif kind == "undo":
            self.do(self.picker.taking_back())
        elif kind == "upon":
            self.do(self.picker.upon())
        elif kind == "office":
            self.do(self.picker.office())
        elif kind == "mend":
            self.do(self.picker.mending())
        else:
            self.do(self.picker.act())

    def goes_on_after_all(self) -> bool:
        """Now and then the submission that ended it all is taken back."""
        if self.clerk.last is not None and self.chooser.often(50):
            self.do(self.picker.taking_back())
        return not self.paper.root.over

    def restart(self) -> None:
        """The process is gone; another one goes on, on the same database."""
        setup = self.world.engine.setup
        self.world.engine = Engine(setup.database, clock=setup.clock, bindings=setup.bindings)
        self.log.append("restart")

    def let_time_pass(self) -> None:
        due = self.paper.next_due()
        to_it = due is not None and self.paper.rested_since is None and self.chooser.often(70)
        until = due if to_it and due else self.paper.now + timedelta(minutes=self.chooser.one([7, 71, 3000]))
        until = max(until, self.paper.now)
        self.log.append(f"clock {until}")
        if self.paper.next_due() is not None:
            self.clerk.last = None  # the clock may act
        self.world.clock.set(until)
        self.paper.now = until
        self.after()
        self.paper.drain()
        self.eyes.look()

    def do(self, act: Act | None) -> None:
        """One act: done or refused as the clerk says; then everything is compared."""
        if act is None:
            return
        expected = self.clerk.judges(act)
        sent, before = self.sender.ready(act), self.stillness.now()
        items = self.sender.open_items(sent.instance_id)
        foreseen = self.sender.foresee(sent) if sent.foreseeable else None
        assert self.stillness.now() == before, "a preview changed something"
        refused = self.sender.send(sent)
        self.log.append(f"{act} → {refused or 'done'} (expected {expected})")
        assert expected in ("maybe", "no" if refused else "yes"), "the clerk says otherwise"
        if foreseen is not None:
            self.sender.check(sent, foreseen, refused, items)
        if refused:
            self.told.refused[f"{act.verb} {refused}"] += 1
            assert self.stillness.now() == before, "a refusal changed something"
            return
        self.told.done[act.verb] += 1
        self.after()
        made = remember(self.clerk, act)
        self.clerk.carry_out(act)
        self.clerk.last = made
        self.eyes.look()

    def after(self) -> None:
        self.world.engine.drain()

    # -- at once -------------------------------------------------------------------------------------------

    def at_once(self, first: Act | None, second: Act | None) -> None:
        """Two at the same moment, from two connections: as if one had come after the other."""
        if first is None or second is None or first.piece is None or second.piece is None:
            return
        pair = (first, second)
        ready = [self.sender.ready(act) for act in pair]
        barrier = Barrier(2)

        def one(sent: Sent) -> str:
            barrier.wait()
            return self.sender.send(sent)

        with ThreadPoolExecutor(2) as threads:
            heard = list(threads.map(one, ready))
        self.after()
        self.log.append(f"at once: {first} → {heard[0] or 'done'} | {second} → {heard[1] or 'done'}")
        self.told.done["at once"] += 1
        self.told.done.update(act.verb for act, refused in zip(pair, heard, strict=True) if not refused)
        for order in ((0, 1), (1, 0)):
            said = [(pair[number], heard[number]) for number in order]
            paper = one_after_the_other(self.paper, self.standing, said)
            if paper is not None and self._fits(paper):
                return
        raise AssertionError("no order of the two explains what is there")

    def _fits(self, paper: Paper) -> bool:
        kept = copy.copy(self.eyes)
        eyes = copy.copy(self.eyes)
        eyes.paper = paper
        try:
            eyes.look()
        except AssertionError as other:
            self.log.append(f"not this order: {other!r}"[:2000])
            self.eyes = kept
            return False
        self.eyes = self.sender.eyes = eyes
        self.paper = paper
        self.paper.failing = self.failing
        self.clerk = Clerk(self.paper, self.standing)
        self.picker = Picker(self.chooser, self.paper, self.clerk)
        return True

    # -- and on to the end ---------------------------------------------------------------------------------

    def to_the_end(self) -> None:
        """Everybody does their work: every join fires, and the instance ends with nothing left."""
        self.failing.clear()
        if self.paper.rested_since is not None:
            self.do(Act("kao", "resume", matter=self.paper.root, said={"reason": "继续"}))
        for _ in range(MOST_TO_THE_END):
            if self.paper.root.over:
                break
            self._one_further()
        assert self.paper.root.over, "it does not end"
        self.nothing_is_left()

    def _one_further(self) -> None:
        stopped = [one for one in self.paper.leaves() if isinstance(one, Working) and one.stopped]
        if stopped:
            self.do(Act("kao", "retry", work=stopped[0]))
            return
        piece = next(one for one in self.paper.pieces() if not one.waits)
        for person in EVERYBODY:
            if self._tries(person, piece):
                return
        raise AssertionError(f"nobody can go on at {piece.step.block.name}")

    def _tries(self, person: str, piece: Piece) -> bool:
        task, before = piece.step.block, len(self.log)
        if not self.clerk.has(person, piece):
            return False
        if piece.claim and piece.holder is None:
            self.do(Act(person, "claim", piece))
            return "→ done" in self.log[before]
        verb = "answer" if piece.asked else "register_for" if task.body else "complete"
        entered = REGISTERED if task.body else {}
        self.do(Act(person, verb, piece, said={"outcome": task.outcomes[0], **entered}))
        return "→ done" in self.log[before]

    def nothing_is_left(self) -> None:
        with self.world.engine.database.read() as connection:
            for table in ("work_item", "signer", "timer", "subscription", "kept_apart", "draft", "job"):
                left = connection.execute(text(f"select count(*) from {table}")).scalar()
                assert left == 0, (table, left)
