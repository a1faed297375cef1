"""Cities that stand ready: what has been done in them so far is done once a run, and copied for each test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import Filling, Templates
from tests.planning.city import City, lay_small_city, open_city

SMALL = ["U13", "U20", "U39"]


def small_city_in(folder: Path) -> Filling:
    """The demonstration city, where planning has begun for three units; it is laid with `folder` for data."""
    return Filling("small-city", lambda url: lay_small_city(url, folder / "laid", codes=SMALL))


def further(name: str, upon: Filling, folder: Path, work: Callable[[City], None]) -> Filling:
    """What stands when people have done `work` in a city that was laid before."""

    def put(url: str) -> None:
        with opened_at(url, folder / name) as city:
            work(city)

    return Filling(name, put, upon)


@contextmanager
def copied(templates: Templates, home: str, folder: Path, filling: Filling) -> Iterator[City]:
    """A copy of a laid city behind its application."""
    with templates.copy(home, folder, filling=filling) as url, opened_at(url, folder / "data") as city:
        yield city


@contextmanager
def opened_at(url: str, folder: Path) -> Iterator[City]:
    """The city in a database, with its application as long as the block lasts."""
    city = open_city(url, folder)
    with city.client:
        yield city
    city.engine.database.close()
