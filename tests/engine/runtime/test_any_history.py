"""Any process, any history, on a real database: the rows are what the reference game waits for.

The engine is thrown away and built anew between any two steps, steps fail before they are stored, time
passes, messages and signals come; after each of them all rows are compared, and `verify` finds no fault.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, note, reject, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from engine.bpmn.findings import Refused
from engine.feel import codec
from engine.ids import new_id
from engine.runtime.checks.whole import faults_in
from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from engine.runtime.events.signals import NewSignal
from engine.runtime.setup import Cycle
from engine.runtime.steps import finishing
from engine.store import Database
from engine.store.types import instant_of
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.engine.bpmn.standard.game import Game, Waiting
from tests.engine.bpmn.standard.trees import Whole, variables, wholes
from tests.engine.bpmn.standard.written import file_of, within_the_dialect
from tests.engine.runtime.world import World, build_world


class Torn(Exception):
    """The process ends just before the step is stored."""


class History(RuleBasedStateMachine):
    """One instance on the database that the test gives."""

    world: World

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        whole: Whole = within_the_dialect(data.draw(wholes(), label="process"))
        self.values = variables(whole)
        given = {name: data.draw(values, label=name) for name, values in self.values.items()}
        note(repr(given))
        world = self.world
        world.services["test.work"] = lambda _call: {}
        try:
            world.deploy(planning=file_of(whole))
        except Refused as refused:
            note(str(refused))
            reject()
        world.cycle = Cycle(new_id(), 2018, "test", "formal", world.units["C0"], "杭州市")
        numbers = {name: Decimal(value) for name, value in given.items()}
        self.instance = world.start(**numbers)
        self.game = Game(whole, given, now=world.clock.now())
        self._work_off()

    # -- the game ------------------------------------------------------------------------------------------

    def _of(self, *kinds: str) -> list[Waiting]:
        return [wait for wait in self.game.waits() if wait.kind in kinds] if hasattr(self, "game") else []

    def _play(self, wait: Waiting, brought: dict[str, int] | None = None) -> None:
        self.game.now = self.world.clock.now()
        wait.happen(dict(brought or {}))
        self._work_off()

    def _work_off(self) -> None:
        """Services are done at once, here as by the workers."""
        while jobs := self._of("job"):
            jobs[0].happen({})

    # -- what happens --------------------------------------------------------------------------------------

    def _complete(self, element: str) -> None:
        columns = "id, lock_version, element_id"
        item, version = next(row[:2] for row in self._rows("work_item", columns) if row[2] == element)
        person, request = self.world.person("ling"), Request(version=version)
        act(self.world.engine, person, item, "complete", request)

    @precondition(lambda self: self._of("user"))
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        wait = data.draw(st.sampled_from(self._of("user")), label="which")
        note(wait.element)
        self._complete(wait.element)
        self.world.engine.drain()
        self._play(next(one for one in self._of("user") if one.element == wait.element))

    @precondition(lambda self: self._of("user"))
    @rule(data=st.data())
    def fail_before_it_is_stored(self, data: st.DataObject) -> None:
        wait = data.draw(st.sampled_from(self._of("user")), label="which")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Torn):
            patch.setattr(finishing, "save", _torn)
            self._complete(wait.element)

    @precondition(lambda self: self._of("message"))
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        wait = data.draw(st.sampled_from(self._of("message")), label="which")
        names = data.draw(st.sets(st.sampled_from(["v", "got"]), max_size=1), label="brought")
        brought = {name: data.draw(self.values[name], label=name) for name in sorted(names)}
        note(wait.element)
        values = {name: Decimal(value) for name, value in brought.items()}
        message = NewMessage(self.world.cycle.id, str(wait.message), "k", variables=values)
        self._tell(lambda connection: self.world.engine.publish(connection, message))
        self._play(wait, brought)

    @precondition(lambda self: self._of("signal"))
    @rule(data=st.data())
    def throw(self, data: st.DataObject) -> None:
        wait = data.draw(st.sampled_from(self._of("signal")), label="which")
        note(wait.element)
        signal = NewSignal(self.world.cycle.id, str(wait.signal))
        self._tell(lambda connection: self.world.engine.throw(connection, signal))
        self._play(wait)

    def _tell(self, tell: Callable[[Any], object]) -> None:
        with self.world.engine.database.write() as connection:
            tell(connection)
        self.world.engine.drain()

    @precondition(lambda self: self._of("timer"))
    @rule()
    def let_time_pass(self) -> None:
        """To the next moment at which anything is due; of several the older ones come first."""
        due = min(wait.due for wait in self._of("timer") if wait.due is not None)
        self.world.clock.set(max(due, self.world.clock.now()))
        timers = self._rows("timer", "element_id, due_at", order="due_at, id")
        order = [name for name, at in timers if at <= due]
        self.world.engine.drain()
        for element in order:
            for wait in [one for one in self._of("timer") if one.element == element and one.due == due][:1]:
                self._play(wait)

    @rule()
    def restart(self) -> None:
        setup = self.world.engine.setup
        self.world.engine = Engine(setup.database, clock=setup.clock, bindings=setup.bindings)

    # -- what holds ----------------------------------------------------------------------------------------

    def _rows(self, table: str, columns: str, *, order: str = "1") -> list[Any]:
        query = f"select {columns} from {table} where instance_id = :id order by {order}"
        with self.world.engine.database.read() as connection:
            found = connection.execute(text(query), {"id": self.instance}).all()
        return [tuple(_instant(value) for value in row) for row in found]

    @invariant()
    def rows_are_what_is_waited_for(self) -> None:
        if not hasattr(self, "game"):
            return
        assert Counter(name for (name,) in self._rows("work_item", "element_id")) == Counter(
            wait.element for wait in self._of("user")
        )
        assert Counter(self._rows("timer", "element_id, due_at")) == Counter(
            (wait.element, wait.due) for wait in self._of("timer")
        )
        assert Counter(self._rows("subscription", "element_id, name")) == Counter(
            (wait.element, wait.message) for wait in self._of("message")
        )
        assert Counter(self._rows("signal_subscription", "element_id, name")) == Counter(
            (wait.element, wait.signal) for wait in self._of("signal")
        )
        assert self.world.status(self.instance) == ("completed" if self.game.ended else "running")
        self._compare_variables()

    def _compare_variables(self) -> None:
        stored = dict(self._rows("variable", "name, value_text") if self.game.ended else self._root())
        for name, value in self.game.scope.own.items():
            assert stored[name] == _text(value), name

    def _root(self) -> list[Any]:
        return self._rows("(select * from variable where scope_id = '') as own", "name, value_text")

    @invariant()
    def all_of_it_is_whole(self) -> None:
        if hasattr(self, "game"):
            with self.world.engine.database.read() as connection:
                setup = self.world.engine.setup
                assert list(faults_in(setup, connection, instance_id=self.instance)) == []


def _torn(*_args: object, **_named: object) -> None:
    raise Torn


def _text(value: Any) -> str:
    return codec.dumps(Decimal(value))


def _instant(value: Any) -> Any:
    is_text = isinstance(value, str) and value.startswith("20") and value.endswith("Z")
    return instant_of(value) if is_text else value


@pytest.mark.parametrize("examples", [6, pytest.param(300, marks=pytest.mark.proof)])
def test_rows_follow_the_game_whatever_happens_and_whoever_restarts(
    database: Database, examples: int
) -> None:
    made = build_world(database)

    class Here(History):
        world = made

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
