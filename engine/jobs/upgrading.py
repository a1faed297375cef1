"""procrastinate's own tables: made once, then brought along by the migrations that procrastinate ships.

procrastinate keeps no record of what a database has seen, so this room does, by the files' names. Each file
runs in a transaction of its own: PostgreSQL lets nobody use a new value of an enumeration in the transaction
that adds it. An upgrade that stops half-way goes on at the next call.
"""

from pathlib import Path
from typing import Any, cast

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

from engine.store import Database
from engine.store.sql import execute
from engine.store.turns import one_at_a_time

UNRECORDED = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""The newest migration of procrastinate 3.10, whose schema was made before anything was recorded."""

TURN = "procrastinate"
"""Two upgrades at the same moment run one after the other."""


def shipped() -> dict[str, Path]:
    """The migrations of the installed procrastinate by name, in their order."""
    return {path.name: path for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))}


def upgrade_procrastinate(database: Database) -> list[str]:
    """Bring procrastinate's tables to the installed version; the migrations that ran, none when made anew."""
    with database.write() as connection:
        one_at_a_time(connection, TURN)
        _begin(connection)
    ran = []
    for name, path in shipped().items():
        with database.write() as connection:
            one_at_a_time(connection, TURN)
            if name not in _seen(connection):
                _run(connection, path.read_text("utf-8"))
                _record(connection, [name])
                ran.append(name)
    return ran


def is_upgraded(connection: Connection) -> bool:
    """Whether the database has seen every migration that the installed procrastinate ships."""
    return _exists(connection, "procrastinate_migration") and shipped().keys() <= _seen(connection)


def _begin(connection: Connection) -> None:
    """Make what is missing altogether, and the record of what the database has seen."""
    recorded = _exists(connection, "procrastinate_migration")
    if not recorded:
        _run(
            connection,
            "create table procrastinate_migration (name varchar(200) primary key, "
            "ran_at timestamptz not null default now())",
        )
    if not _exists(connection, "procrastinate_jobs"):
        _run(connection, SchemaManager.get_schema())
        _record(connection, list(shipped()))
    elif not recorded:
        _record(connection, [name for name in shipped() if name <= UNRECORDED])


def _seen(connection: Connection) -> set[str]:
    return {str(name) for (name,) in execute(connection, "select name from procrastinate_migration", [])}


def _record(connection: Connection, names: list[str]) -> None:
    for name in names:
        execute(connection, "insert into procrastinate_migration (name) values (%s)", [name])


def _exists(connection: Connection, table: str) -> bool:
    row = execute(connection, "select to_regclass(%s)", [table]).fetchone()
    return row is not None and row[0] is not None


def _run(connection: Connection, script: str) -> None:
    """Several statements at once: the driver's own way, without parameters."""
    cast(Any, connection.connection.driver_connection).execute(script)
