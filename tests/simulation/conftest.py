"""A tiny virtual city, worked once on each home by the real command; tests look at what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.store import Database
from tests.commands.line import Line
from tests.databases import Templates, require

ORDER = ("--profile", "zhangjiajie_2009", "--units", "5", "--year", "2009", "--seed", "7")


@dataclass(frozen=True)
class Worked:
    """A year that was worked: the command's answer, its report, and the database that it left."""

    said: dict[str, Any]
    page: str
    database: Database


def work(folder: Path, url: str, *order: str) -> dict[str, Any]:
    """Run the command with a database and a folder for the report."""
    line = Line(folder, {"BIHUAN_DATA_DIR": str(folder / "var")})
    said = line.run("simulate", *order, "--database", url, "--report", str(folder / "report"), "--json")
    assert said.status == 0, said.err
    found: dict[str, Any] = said.json
    return found


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """The tiny city's year on SQLite."""
    folder = tmp_path_factory.mktemp("simulated")
    url = f"sqlite:///{folder / 'city.db'}"
    said = work(folder, url, *ORDER)
    database = Database(url)
    yield Worked(said, (folder / "report" / "index.html").read_text("utf-8"), database)
    database.close()


@pytest.fixture
def empty_postgresql(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database without anything in it."""
    require("postgresql")
    with templates.copy("postgresql", tmp_path) as url:
        yield url
