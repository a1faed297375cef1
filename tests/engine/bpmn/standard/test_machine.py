"""A machine that lets the engine and the reference live through the same events, stored and loaded between
any two of them, and compares all that can be seen after each."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.bpmn.execution import Execution, Wait
from engine.bpmn.failures import UncaughtError
from tests.engine.bpmn.drawing import BEGIN, Desk

from .drawing import process_of
from .game import Game, Uncaught, Waiting
from .trees import CODES, Whole, counters, variables, wholes

Sign = tuple[Any, ...]
Play = Callable[[Game, Waiting], None]
OUTSIDE = ("message", "signal")


def seen(values: dict[str, Any]) -> tuple[Any, ...]:
    """Variables as something that can be compared and counted."""
    return tuple(sorted((name, repr(_plain(value))) for name, value in values.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, Decimal) else value


class Machine(RuleBasedStateMachine):
    """One process of any kind, in the engine and in the game."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        whole: Whole = data.draw(wholes(), label="process")
        self.values = variables(whole)
        self.free = sorted(self.values.keys() - counters(whole))
        given = {name: data.draw(values, label=name) for name, values in self.values.items()}
        note(repr(given))
        self.desk = Desk(process_of(whole), **{name: Decimal(value) for name, value in given.items()})
        self.played: list[tuple[datetime, int, Play]] = []
        self.again = lambda: Game(whole, given, now=BEGIN)
        self.game = self.again()
        self.used: set[str] = set()
        self.open: set[str] = set()

    # -- what both wait for -------------------------------------------------------------------------------

    def signs(self) -> dict[str, Sign]:
        """What can be seen of each of the engine's waits, by key."""
        x = self.desk.x
        return {
            key: (
                wait.element, wait.kind, wait.due_at, wait.repeat, wait.message, wait.signal,
                wait.interrupting, seen(x.variables_of(wait.token)),
            )
            for key, wait in x.waits().items()
        }  # fmt: skip

    def sign_of(self, wait: Waiting) -> Sign:
        return (
            wait.element, wait.kind, wait.due, wait.repeat, wait.message, wait.signal, wait.interrupting,
            seen(wait.scope.visible()),
        )  # fmt: skip

    def pick(self, data: st.DataObject, *kinds: str) -> tuple[Waiting, Wait]:
        """One wait in the game, and the same in the engine: of equal ones the oldest."""
        waits = [wait for wait in self.game.waits() if wait.kind in kinds]
        chosen = data.draw(st.sampled_from(range(len(waits))), label="which")
        sign = self.sign_of(waits[chosen])
        first = next(wait for wait in waits if self.sign_of(wait) == sign)
        keys = [key for key, other in self.signs().items() if other == sign]
        note(f"{sign[0]} {sign[1]}")
        return first, self.desk.x.waits()[min(keys, key=int)]

    def some(self, data: st.DataObject) -> dict[str, int]:
        """What a completion brings."""
        names = data.draw(st.sets(st.sampled_from(self.free), max_size=2), label="brought")
        return {name: data.draw(self.values[name], label=name) for name in sorted(names)}

    def waiting(self, *kinds: str) -> bool:
        return any(wait.kind in kinds for wait in self.game.waits())

    def both(self, mine: Waiting, play: Play, act: Callable[[Execution], None]) -> None:
        """Both do it; where an error is caught by nothing, both refuse, and nothing has happened."""
        self.desk.save_and_load()
        state, stored = self.desk.x.dump(), dict(self.desk.stored)
        self.game.now = self.desk.clock.now()
        place = next(number for number, wait in enumerate(self.game.waits()) if wait is mine)
        try:
            play(self.game, mine)
        except Uncaught:
            with pytest.raises(UncaughtError):
                act(self.desk.x)
                self.desk.x.run()
            self._take_back(state, stored)
            return
        self.played.append((self.game.now, place, play))
        act(self.desk.x)
        self.desk.x.run()

    def _take_back(self, state: bytes, stored: dict[tuple[str, str], Any]) -> None:
        """The engine is loaded as it was stored; the game is played again from its beginning."""
        desk, self.game = self.desk, self.again()
        for now, place, play in self.played:
            self.game.now = now
            play(self.game, self.game.waits()[place])
        desk.stored = stored
        desk.x = Execution.load(desk.process, state, variables=stored, services=desk.services)

    # -- what happens -------------------------------------------------------------------------------------

    @precondition(lambda self: self.waiting("user", "job"))
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        mine, wait = self.pick(data, "user", "job")
        brought = self.some(data)
        values = {name: Decimal(value) for name, value in brought.items()}
        self.both(mine, _bring(brought), lambda x: x.complete(wait.token, values))

    @precondition(lambda self: self.waiting(*OUTSIDE))
    @rule(data=st.data())
    def receive(self, data: st.DataObject) -> None:
        mine, wait = self.pick(data, *OUTSIDE)
        brought = self.some(data)
        values = {name: Decimal(value) for name, value in brought.items()}
        self.both(mine, _bring(brought), lambda x: x.receive(wait.key, values))

    @precondition(lambda self: self.waiting("timer"))
    @rule(data=st.data())
    def fire(self, data: st.DataObject) -> None:
        mine, wait = self.pick(data, "timer")
        assert wait.due_at is not None
        self.desk.clock.set(max(wait.due_at, self.desk.clock.now()))
        self.both(mine, _bring({}), lambda x: x.fire(wait.key))

    @precondition(lambda self: self.waiting("user", "job"))
    @rule(data=st.data(), code=st.sampled_from(CODES))
    def throw_error(self, data: st.DataObject, code: str) -> None:
        mine, wait = self.pick(data, "user", "job")
        self.both(mine, _fail(code), lambda x: x.throw_error(wait.token, code, "failed"))

    @rule(minutes=st.integers(1, 200))
    def later(self, minutes: int) -> None:
        self.desk.later(minutes=minutes)

    @rule()
    def save_and_load(self) -> None:
        state, waits, scopes = self.desk.x.dump(), self.desk.x.waits(), self.desk.x.scopes()
        self.desk.save_and_load()
        assert self.desk.x.dump() == state, "equal states are stored alike"
        assert (self.desk.x.waits(), self.desk.x.scopes()) == (waits, scopes)
        assert {scope for scope, _ in self.desk.stored} <= scopes, "nothing of what is over is kept"

    # -- what holds ---------------------------------------------------------------------------------------

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "game"):
            return
        x, self.agreed = self.desk.x, False
        assert x.ended == self.game.ended
        assert x.stuck == []
        assert Counter(self.signs().values()) == Counter(map(self.sign_of, self.game.waits()))
        assert seen(x.results()) == seen(self.game.scope.own)
        self.agreed = True

    @invariant()
    def no_key_is_used_again(self) -> None:
        if not hasattr(self, "game"):
            return
        keys = set(self.desk.x.waits())
        assert not (keys - self.open) & self.used
        self.used |= keys
        self.open = keys

    def teardown(self) -> None:
        """Whatever was done, the rest can be done too."""
        if not getattr(self, "agreed", False):
            return
        for _ in range(300):
            todo = [w for w in self.game.waits() if w.kind in ("user", "job", *OUTSIDE, "timer")]
            in_flow = [w for w in todo if not _beside(w)]
            if self.game.ended or not in_flow:
                break
            sign = self.sign_of(in_flow[0])
            key = min((key for key, other in self.signs().items() if other == sign), key=int)
            self._go(in_flow[0], self.desk.x.waits()[key])
            self.they_agree()
        assert self.game.ended, "it can always be brought to its end"

    def _go(self, mine: Waiting, wait: Wait) -> None:
        calm = {name: Decimal(0) for name in self.free if name.endswith("_end")}
        brought: dict[str, Any] = dict.fromkeys(calm, 0)
        if wait.kind == "timer":
            self.both(mine, _bring({}), lambda x: x.fire(wait.key))
        elif wait.kind in OUTSIDE:
            self.both(mine, _bring(brought), lambda x: x.receive(wait.key, calm))
        else:
            self.both(mine, _bring(brought), lambda x: x.complete(wait.token, calm))


def _bring(brought: dict[str, Any]) -> Play:
    return lambda _game, wait: wait.happen(brought)


def _fail(code: str) -> Play:
    def play(game: Game, wait: Waiting) -> None:
        assert wait.run is not None
        game.throw(wait.run, code, "error")

    return play


def _beside(wait: Waiting) -> bool:
    """Does it listen on a border or for an event subprocess?"""
    return wait.run is not None and type(wait.run).__name__ not in ("InTask", "InRace")


@pytest.mark.parametrize("examples", [40, pytest.param(4000, marks=pytest.mark.proof)])
def test_the_engine_does_what_the_standard_says_whatever_happens(examples: int) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
