"""Several workers on PostgreSQL, none of which leads: what is due is done once, by whoever is there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from engine.clock import VirtualClock
from engine.jobs.postgresql import ProcrastinateQueue
from engine.runtime.background.working import Working
from engine.runtime.engine import Engine
from engine.runtime.events import clockwork
from engine.store import Database
from engine.work.bindings import ServiceCall
from tests.engine.runtime.test_background import catch
from tests.engine.runtime.world import BEGIN, World, build_world, in_a_row, service, user

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)

DAYS = (
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition>"
)
WORK = in_a_row(service("one", "test.note"), service("two", "test.note"), user("fill", "unit.liaison"))
WAIT = in_a_row(catch("wait", DAYS), user("fill", "unit.liaison"))


class Office:
    """A world whose work is done by workers that a test calls one by one."""

    def __init__(self, database: Database) -> None:
        self.noted: list[str] = []
        self.during: Callable[[], object] = lambda: None
        self.world = build_world(database, {"test.note": self._note})
        self.machines: list[Engine] = []
        self.world.engine = self.another()

    def another(self) -> Engine:
        """An engine as on a further machine: its own memory, the same database."""
        setup = self.world.engine.setup
        database = Database(setup.database.url.render_as_string(hide_password=False))
        made = Engine(database, clock=setup.clock, bindings=setup.bindings, queue=ProcrastinateQueue())
        self.machines.append(made)
        return made

    def _note(self, call: ServiceCall) -> dict[str, Any]:
        self.noted.append(f"{call.instance_id}/{call.element_id}")
        self.during()
        return {}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    made = Office(database)
    yield made
    for engine in made.machines:
        engine.database.close()


def begin(world: World, diagram: bytes, *, count: int) -> None:
    world.deploy(planning=diagram)
    for _ in range(count):
        world.start(drain=False)


def test_a_worker_does_what_is_due_and_what_follows_from_it(office: Office) -> None:
    begin(office.world, WORK, count=3)
    assert Working(office.another().setup, batch=2).work() == 6
    assert len(set(office.noted)) == len(office.noted) == 6
    assert len(office.world.inbox("ling")) == 3
    assert office.world.scalar("select count(*) from procrastinate_jobs") == 0


def test_two_workers_at_once_do_each_job_once(office: Office) -> None:
    begin(office.world, WORK, count=12)
    together, done = Barrier(2), []

    def work(engine: Engine) -> None:
        together.wait()
        done.append(Working(engine.setup, batch=3).work())

    threads = [Thread(target=work, args=(office.another(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) >= 24
    assert len(set(office.noted)) == 24
    assert len(office.world.inbox("ling")) == 12
    assert office.world.scalar("select count(*) from job") == 0


def test_who_keeps_the_clock_does_not_wait_for_the_hands_that_are_full(office: Office) -> None:
    begin(office.world, WORK, count=1)
    working, looked = Working(office.another().setup), []
    office.during = lambda: looked.append(working.look())
    assert working.work() == 2
    assert looked == [0, 0]


def test_a_worker_that_is_told_to_end_gives_back_what_it_has_not_begun(office: Office) -> None:
    begin(office.world, WORK, count=3)
    leaving = Working(office.another().setup, lease=timedelta(hours=1))
    office.during = leaving.stop
    assert leaving.work() == 1
    office.during = lambda: None
    assert Working(office.another().setup).work() == 5
    assert len(set(office.noted)) == len(office.noted) == 6


def test_timers_that_are_due_are_split_between_workers_that_look_at_the_same_moment(office: Office) -> None:
    begin(office.world, WAIT, count=5)
    clock = office.world.clock
    assert isinstance(clock, VirtualClock)
    clock.set(BEGIN + timedelta(days=4))
    one, other = office.another(), office.another()
    with one.database.read() as connection:  # the first worker has the timers in its hands, and lets them go
        now = clock.now()
        held = clockwork.QUERIES.rows(connection, "take_timers", now=now, row_limit=3)
        assert len(held) == 3
        assert clockwork.tick(other.setup) == 2  # the second takes the others, at once
    assert clockwork.tick(one.setup) == 3
    assert clockwork.tick(other.setup) == 0
    assert Working(other.setup).look() == 5
    assert len(office.world.inbox("ling")) == 5
