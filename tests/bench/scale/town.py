"""The small city of the engine's tests on a database whose transactions are timed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.engine.runtime.world import World, build_world


class TimedDatabase(Database):
    """Notes how long each writing transaction lasted, from its beginning to its commit."""

    held: list[float]

    @contextmanager
    def write(self, *, pipelined: bool = False) -> Iterator[Connection]:
        with super().write(pipelined=pipelined) as connection:
            began = time.perf_counter()
            yield connection
        self.held.append(time.perf_counter() - began)


@dataclass
class Town:
    """A world and what is needed to measure it; with `small`, a tenth of everything."""

    world: World
    database: TimedDatabase
    small: bool
    people: dict[str, Any] = field(default_factory=dict)

    def size(self, full: int) -> int:
        """How many instead of `full`."""
        return max(full // 10, 10) if self.small else full

    def act(self, login: str, item: tuple[str, int], **said: Any) -> None:
        """Complete an item (its id and version) through the door."""
        if login not in self.people:
            self.people[login] = self.world.person(login)
        act(self.world.engine, self.people[login], item[0], "complete", Request(item[1], **said))

    def items(self, instance_ids: str, **values: object) -> list[tuple[str, int]]:
        """Open items (id, version) of the instances that a subquery names."""
        sql = f"select id, lock_version from work_item where instance_id in ({instance_ids}) order by id"
        return [(row["id"], row["lock_version"]) for row in self.rows(sql, **values)]

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Rows of a statement."""
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def settle(self) -> None:
        """Let the planner know what the tables hold, as a database that runs for long does."""
        if self.database.dialect == "postgresql":
            with self.database.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("analyze"))


@contextmanager
def open_town(url: str, *, small: bool) -> Iterator[Town]:
    """A world on the database at `url`."""
    database = TimedDatabase(url)
    database.held = []
    try:
        yield Town(build_world(database), database, small)
    finally:
        database.close()
