"""A small town with work of every kind, laid once a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from engine.people.persons import Person, person_of
from engine.store import Database
from tests.bench.inbox.filling import fill
from tests.bench.inbox.town import NOW, Size, Town, find_town
from tests.databases import Filling, Templates

SIZE = Size(units=40, people=200, open=2_000, finished=5_000)


def _lay(url: str) -> None:
    database = Database(url, durable=False)
    fill(database, SIZE)
    database.close()


TOWN = Filling("inbox-town", _lay)


@dataclass(frozen=True)
class Desks:
    """A transaction on the town, taken back afterwards; people as the rights see them."""

    connection: Connection
    town: Town

    def person(self, person_id: str) -> Person:
        return person_of(self.connection, person_id, on=NOW.date())

    @property
    def some(self) -> list[Person]:
        """One of each kind: much work, a leader of many units, little work, a stand-in, ordinary."""
        town = self.town
        chosen = (town.heavy[0], town.leaders[1], town.light[0], town.standing_in[0], town.people[120])
        return [self.person(one) for one in chosen]


@pytest.fixture
def desks(home: str, templates: Templates, tmp_path: Path) -> Iterator[Desks]:
    with templates.copy(home, tmp_path, filling=TOWN) as url:
        database = Database(url, durable=False)
        town = find_town(database, SIZE)
        with database.write() as connection:
            yield Desks(connection, town)
        database.close()
