"""A command line in an empty folder; with a database on each home, migrated or bare."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.bare import bare_database
from tests.commands.line import Line


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """Commands that need no database."""
    return Line(tmp_path, {})


@pytest.fixture
def installed(tmp_path: Path, database_url: str) -> Line:
    """Commands on a migrated database."""
    return Line(tmp_path, {"BIHUAN_DATABASE_URL": database_url})


@pytest.fixture
def bare(tmp_path: Path, home: str) -> Iterator[Line]:
    """Commands on a database without any table."""
    with bare_database(home, tmp_path) as url:
        yield Line(tmp_path, {"BIHUAN_DATABASE_URL": url})
