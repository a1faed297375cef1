"""`python -m tests.bench.inbox [--home sqlite] [--small] [--at FOLDER] [--people 200]`.

What each list and each search of work costs a server, with a million open tasks, ten million acts and 5,000
people on PostgreSQL, or 100,000 and a million on SQLite. The database is laid once, which takes minutes, and
stays in FOLDER for the next time. Prints a line of JSON a list, then a table with what was promised.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from engine.store import Database
from tests import postgres
from tests.bench.inbox.filling import fill, settle
from tests.bench.inbox.looking import look
from tests.bench.inbox.town import Size, Town, find_town
from tests.databases import HOMES, create_schema

SIZES = {
    "postgresql": Size(units=1_000, people=5_000, open=1_000_000, finished=10_000_000),
    "sqlite": Size(units=1_000, people=5_000, open=100_000, finished=1_000_000),
}
SMALL = Size(units=40, people=300, open=3_000, finished=9_000)
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "2GB", "maintenance_work_mem": "512MB"}


def main() -> int:
    """Lay what is not there, look, and answer 1 when a number was missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", choices=HOMES, default="postgresql")
    arguments.add_argument("--small", action="store_true", help="a small town, to see that it runs")
    arguments.add_argument("--at", type=Path, default=Path(tempfile.gettempdir()) / "bihuan-bench-inbox")
    arguments.add_argument("--people", type=int, default=200, help="so many people look at everything")
    arguments.add_argument("--only-fill", action="store_true")
    given = arguments.parse_args()
    size = SMALL if given.small else SIZES[given.home]
    with laid(given.home, given.at / ("small" if given.small else "full"), size) as (database, town):
        return 0 if given.only_fill or look(database, town, people=given.people) else 1


@contextmanager
def laid(home: str, folder: Path, size: Size) -> Iterator[tuple[Database, Town]]:
    """The database of a town of this size; laid now if it has not been."""
    with _opened(home, folder) as url:
        done = folder / f"{home}.laid"
        create_schema(url)
        database = Database(url, durable=False)
        if done.exists():
            town = find_town(database, size)
            settle(database)  # after a migration
        else:
            town = fill(database, size)
            done.touch()
        yield database, town
        database.close()


@contextmanager
def _opened(home: str, folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    if home == "sqlite":
        yield f"sqlite:///{folder / 'inbox.db'}"
        return
    folder.parent.chmod(0o755)
    folder.chmod(0o755)
    with postgres.kept_cluster(folder / "postgresql", **SETTINGS) as url:
        yield _named(url, "inbox")


def _named(url: str, name: str) -> str:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(
            text("select 1 from pg_database where datname = :name"), {"name": name}
        ).all():
            connection.execute(text(f"create database {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    raise SystemExit(main())
