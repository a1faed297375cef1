"""One round: gather what has come, write the letters that are due. One machine at a time does it."""

import structlog
from sqlalchemy import Connection

from engine.runtime.notices import dispatching, gathering, todos
from engine.runtime.setup import Setup
from engine.store import dialect_of
from engine.store.outages import outage_of

log = structlog.get_logger(__name__)
MOST = 20
"""Batches of one round; whatever is left comes with the next."""
KEY = 0x62_69_68_75_61_6E_01
"""Names the turn of those who write letters of notices."""


def anything_to_tell(setup: Setup, connection: Connection) -> bool:
    """Whether a round would find something: two short questions, and one more for a to-do centre."""
    return (
        bool(todos.touched(setup, connection))
        or gathering.anything_fresh(connection)
        or dispatching.anything_due(setup, connection)
    )


def go_round(setup: Setup) -> None:
    """Do what there is to do, if nobody else is at it. A fault here stops no other work."""
    try:
        _go_round(setup)
    except Exception as failure:
        if outage_of(failure):
            raise
        log.exception("notices failed")


def _go_round(setup: Setup) -> None:
    _keep_todos(setup)
    for _ in range(MOST):
        with setup.database.read() as connection:
            if not anything_to_tell(setup, connection):
                return
        with setup.database.write() as connection:
            if not _alone(connection):
                return
            gathering.gather(setup, connection)
            dispatching.dispatch(setup, connection)


def _keep_todos(setup: Setup) -> None:
    """The outside to-do centre hears of what was closed or went to others."""
    if not setup.notices.todo:
        return
    if setup.notices.comparing.has_come():
        todos.reconcile(setup)
    with setup.database.read() as connection:
        ids = todos.touched(setup, connection)
    if ids:
        with setup.database.write() as connection:
            if _alone(connection):
                todos.keep_in_step(setup, connection, ids)


def _alone(connection: Connection) -> bool:
    if dialect_of(connection) == "sqlite":  # which has one writer
        return True
    row = dispatching.QUERIES.row(connection, "alone", key=KEY)
    return row is not None and bool(row["alone"])
