"""The whole schema, engine and assessment: what `bihuan migrate` brings a database to."""

from pathlib import Path

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
from engine.store.migrations import ENGINE_REVISIONS, newest, upgrade

PLACES = (ENGINE_REVISIONS, Path(__file__).with_name("migrations"))


def migrate(database: Database) -> None:
    """Bring the schema to its newest state; all of it or, on failure, none of it.

    On PostgreSQL procrastinate's own tables come before, step by step; what ran of them stays.
    """
    if database.dialect == "postgresql":
        from engine.jobs.upgrading import upgrade_procrastinate  # costs a second that SQLite need not pay

        upgrade_procrastinate(database)
    with database.write() as connection:
        upgrade(connection, metadata, PLACES)


def is_current(connection: Connection) -> bool:
    """Whether every revision has been run here, and on PostgreSQL every migration of procrastinate."""
    seen = MigrationContext.configure(connection).get_current_heads()
    return sorted(seen) == newest(connection, metadata, PLACES) and _queue_is_current(connection)


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
