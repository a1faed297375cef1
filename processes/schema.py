"""The whole schema, engine and assessment: what `bihuan migrate` brings a database to."""

from pathlib import Path
from typing import Literal

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import processes.accountability.records
import processes.adjusting.records
import processes.cycle.records
import processes.decomposition.records
import processes.evaluation.assessment.records
import processes.evaluation.ballots.leader_records
import processes.evaluation.ballots.records
import processes.evaluation.collection.records
import processes.evaluation.data_records
import processes.evaluation.grading.records
import processes.evaluation.score_records
import processes.evaluation.survey.records
import processes.feedback.records
import processes.innovation.records
import processes.innovation.review_records
import processes.monitoring.notice_records
import processes.monitoring.records
import processes.planning.decisions
import processes.planning.records
import processes.rectification.records  # noqa: F401
from engine.schema import metadata
from engine.store import Database
from engine.store.migrations import ENGINE_REVISIONS, revisions, upgrade
from engine.store.sql import execute
from engine.store.turns import one_at_a_time

_REVISIONS: list[tuple[frozenset[str], frozenset[str]]] = []
PLACES = (ENGINE_REVISIONS, Path(__file__).with_name("migrations"))


PATIENCE_SECONDS = 20
"""How long a migration waits for people at work in a table before it gives up, having changed nothing."""
SchemaState = Literal["current", "older", "newer"]


def migrate(database: Database) -> None:
    """Bring the schema to its newest state; all of it or, on failure, none of it.

    On PostgreSQL procrastinate's own tables come before, step by step; what ran of them stays. Of several
    machines that migrate at once one does it, the others wait and find it done.
    """
    if database.dialect == "postgresql":
        from engine.jobs.upgrading import upgrade_procrastinate  # costs a second that SQLite need not pay

        upgrade_procrastinate(database)
    with database.write() as connection:
        one_at_a_time(connection, "schema")
        if database.dialect == "postgresql":  # who waits for a table keeps everybody else from it
            execute(connection, f"set local lock_timeout = '{PATIENCE_SECONDS}s'", []).close()
        upgrade(connection, metadata, PLACES)


def is_current(connection: Connection) -> bool:
    """Whether every revision has been run here, and on PostgreSQL every migration of procrastinate."""
    return schema_state(connection) == "current"


def schema_state(connection: Connection) -> SchemaState:
    """How the database's schema stands to this program; `newer`: it has revisions that this one never saw."""
    seen = set(MigrationContext.configure(connection).get_current_heads())
    known, newest_known = _revisions(connection)
    if not seen <= known:
        return "newer"
    return "current" if seen == newest_known and _queue_is_current(connection) else "older"


def _revisions(connection: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """All revisions of this program, and the newest of them; its files are read once."""
    if not _REVISIONS:
        _REVISIONS.append(revisions(connection, metadata, PLACES))
    return _REVISIONS[0]


def _queue_is_current(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return True
    from engine.jobs.upgrading import is_upgraded

    return is_upgraded(connection)


def differences(connection: Connection) -> list[object]:
    """Where the database differs from what the code expects; empty after `migrate`."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _ours})
    return list(compare_metadata(context, metadata))


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate_"))
