"""A storm: servers and workers are killed and replaced while people work; then calm, and all is counted."""

import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text, update

from engine.clock import SystemClock
from engine.people.sessions import create_token
from engine.people.tables import UserAccount
from engine.runtime.checks.whole import faults_in, steady
from engine.runtime.engine import Engine
from engine.store import Database
from engine.store.outages import outage_of
from tests.chaos.clients import Client, Memory
from tests.chaos.nursery import Nursery
from tests.chaos.round_trip import PERSONS, UNITS, begin, deploy
from tests.engine.runtime.world import build_world
from tests.postgres import Cluster

AT_ONCE = 5
"""Rounds that are under way at any time."""
OVERDUE_SECONDS = 300
"""How long nothing at all may happen."""


class Storm:
    """One database, the processes on it, the people who work, and what they were told."""

    def __init__(self, url: str, folder: Path, *, seed: int) -> None:
        self.chance = random.Random(seed)
        self.database = Database(url)
        self.world = build_world(self.database)
        setup = self.world.engine.setup
        self.world.engine = Engine(
            self.database, clock=SystemClock(), bindings=setup.bindings, queue=_queue(self.database)
        )
        deploy(self.world)
        self.rounds: list[str] = []
        self.kills = 0
        self.back_after: list[float] = []
        """Seconds from the database's return until the next act was acknowledged, for each of its falls."""
        self.memory = Memory()
        folder.mkdir(parents=True, exist_ok=True)
        settings = {"BIHUAN_DATABASE_URL": url, "BIHUAN_DATA_DIR": str(folder), "BIHUAN_LOG_LEVEL": "error"}
        self.nursery = Nursery(folder, settings)
        self.ports = [free_port() for _ in range(2)]
        self.commands = [("serve", "--port", str(port)) for port in self.ports] + [("worker",)] * 2
        self.running = [self.nursery.start(*command) for command in self.commands]
        self.clients = [
            Client(login, self._token(login), ports=self.ports, memory=self.memory, seed=seed)
            for login in PERSONS
        ]

    def _token(self, login: str) -> str:
        with self.database.write() as connection:
            user_id = self.world.people[login]
            connection.execute(update(UserAccount).values(must_change_password=False))
            return create_token(connection, user_id, name="chaos", lasts=timedelta(days=1))

    def fall(self, *, times: int, cluster: Cluster) -> None:
        """The database itself ends at once and comes back, each time in the middle of people's work.

        No server and no worker is started anew: each finds it again by itself.
        """
        for client in self.clients:
            client.start()
        for _ in range(times):
            goal = len(self.memory.acknowledged) + self.chance.randint(2, 6)
            self._until(lambda goal=goal: len(self.memory.acknowledged) >= goal)  # type: ignore[misc]
            time.sleep(self.chance.random() * 0.05)
            cluster.fall()
            time.sleep(self.chance.random() * 0.3)  # for as long nobody can do anything
            cluster.come_back()
            back, known = time.monotonic(), len(self.memory.acknowledged)
            self._until(lambda known=known: len(self.memory.acknowledged) > known)  # type: ignore[misc]
            self.back_after.append(time.monotonic() - back)
        assert all(self.nursery.alive(pid) for pid in self.running), self.nursery.complaints()

    def blow(self, *, kills: int, told: Callable[["Storm"], None] | None = None) -> None:
        """Kill `kills` times, each at a random moment after something more was acknowledged.

        `told` is called after each kill.
        """
        for client in self.clients:
            client.start()
        for _ in range(kills):
            goal = len(self.memory.acknowledged) + self.chance.randint(1, 4)
            self._until(lambda goal=goal: len(self.memory.acknowledged) >= goal)  # type: ignore[misc]
            time.sleep(self.chance.random() * 0.05)  # anywhere in a step, not always right after an answer
            place = self.chance.randrange(len(self.running))
            self.nursery.kill(self.running[place])
            self.running[place] = self.nursery.start(*self.commands[place])
            self.kills += 1
            if told is not None:
                told(self)

    def calm(self) -> None:
        """Nobody is killed and nothing begins any more; people work until all is done."""
        self._until(self._quiet, feed=False)
        for client in self.clients:
            client.stopping.set()
        for client in self.clients:
            client.join()

    def _quiet(self) -> bool:
        open_rounds = "select count(*) from instance where status <> 'completed'"
        return self.world.scalar(open_rounds) == 0 and self.world.scalar("select count(*) from job") == 0

    def _until(self, happened: Callable[[], bool], *, feed: bool = True) -> None:
        moved, since = -1, time.monotonic()
        while True:
            try:
                if happened():
                    return
                now = self._moved()
                if feed:
                    self._feed()
            except Exception as away:  # the database has just fallen, or its one writer was another for long
                if outage_of(away) is None:
                    raise
                now = moved
            assert self.memory.surprises == []
            if now != moved:
                moved, since = now, time.monotonic()
            assert time.monotonic() - since < OVERDUE_SECONDS, f"it does not go on: {self._stand()}"
            time.sleep(0.05)

    def _moved(self) -> int:
        """More than before whenever any step was done: a slow machine is not one that stands still."""
        return int(self.world.scalar("select count(*) from audit_entry"))

    def _stand(self) -> str:
        with self.database.read() as connection:
            query = "select kind, state, attempts, last_error from job limit 5"
            jobs = [tuple(row) for row in connection.execute(text(query))]
        said = f"{len(self.memory.acknowledged)} acknowledged; {jobs}; {self.memory.not_now}"
        return f"{said}; {self.nursery.complaints()[-3000:]}"

    def _feed(self) -> None:
        query = "select count(*) from instance where process_key = 'planning' and status = 'running'"
        for _ in range(AT_ONCE - int(self.world.scalar(query))):
            self.rounds.append(begin(self.world, len(self.rounds)))

    def close(self) -> None:
        """End every process."""
        for client in self.clients:
            client.stopping.set()
        self.nursery.close()
        self.database.close()

    # -- counting -----------------------------------------------------------------------------------------

    def assert_nothing_lost_or_doubled(self) -> None:
        """Every acknowledged completion once, others at most once; every effect once; all of it whole."""
        assert self.memory.surprises == []
        with self.database.read() as connection:
            steady(connection)
            assert list(faults_in(self.world.engine.setup, connection)) == []
            query = "select item_id, outcome, element_id from work_event where verb = 'complete'"
            done = [tuple(row) for row in connection.execute(text(query))]
        outcomes = {item: outcome for item, outcome, _ in done}
        assert len(outcomes) == len(done), "a task was completed twice"
        assert outcomes.keys() <= self.memory.tried.keys(), "something was completed that nobody asked for"
        assert {item: outcomes.get(item) for item in self.memory.acknowledged} == self.memory.acknowledged
        self._assert_effects_once([element for _, _, element in done], list(outcomes.values()))

    def _assert_effects_once(self, elements: list[str], outcomes: list[str]) -> None:
        rounds, again = len(self.rounds), outcomes.count("return")
        count = self.world.scalar
        assert count("select count(*) from instance where parent_id is null") == rounds
        assert count("select count(*) from instance where parent_id is not null") == rounds * len(UNITS)
        assert elements.count("fill") == elements.count("review") == rounds + again
        assert elements.count("do") == rounds * len(UNITS)
        assert elements.count("sign") == rounds * 3
        messages = "select count(*) from message where name = :name"
        assert count(messages, name="reported") == rounds * len(UNITS)
        assert count(messages, name="over") == rounds
        assert (
            count("select count(*) from message where name = 'reported' and received_at is not null")
            == rounds
        )
        assert count("select count(*) from incident") == 0
        for table in ("work_item", "timer", "subscription", "job", "signer"):
            assert count(f"select count(*) from {table}") == 0


@contextmanager
def storm(url: str, folder: Path, *, seed: int) -> Iterator[Storm]:
    """A storm whose processes are gone after the block."""
    made = Storm(url, folder, seed=seed)
    try:
        yield made
    finally:
        made.close()


def _queue(database: Database) -> object:
    from api.assembly import _queue_for

    return _queue_for(database)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
