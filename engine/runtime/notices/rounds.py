"""One round: gather what has come, write the letters that are due. One machine at a time does it."""

from collections.abc import Callable

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


def ask_to_tell(setup: Setup, connection: Connection) -> Callable[[], bool]:
    """Ask whether a round would find something: two short questions, and one more for a to-do centre."""
    fresh, due = gathering.ask_anything_fresh(connection), dispatching.ask_due(setup, connection)
    return lambda: bool(fresh.rows() or due.rows() or todos.touched(setup, connection))


def go_round(setup: Setup, *, found: bool = False) -> bool:
    """Do what there is to do, if nobody else is at it; whether there may be letters to send now.

    `found`: somebody has just looked, and there is something. A fault here stops no other work.
    """
    try:
        return _go_round(setup, found=found)
    except Exception as failure:
        if outage_of(failure):
            raise
        log.exception("notices failed")
        return True


def _go_round(setup: Setup, *, found: bool) -> bool:
    _keep_todos(setup)
    letters = bool(setup.notices.todo)
    for _ in range(MOST):
        if not (found or _anything_to_tell(setup)):
            break
        found = False
        with setup.database.write(pipelined=True) as connection:
            alone, fresh = _ask_alone(connection), gathering.ask_fresh(connection)
            if not alone():
                break
            gathered = gathering.gather(setup, connection, fresh)
            settled = dispatching.dispatch(setup, connection)
        letters = letters or settled > 0
        if not settled and gathered < gathering.BATCH:
            break
    return letters


def _anything_to_tell(setup: Setup) -> bool:
    with setup.database.read(pipelined=True) as connection:
        return ask_to_tell(setup, connection)()


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
            if _ask_alone(connection)():
                todos.keep_in_step(setup, connection, ids)


def _ask_alone(connection: Connection) -> Callable[[], bool]:
    if dialect_of(connection) == "sqlite":  # which has one writer
        return lambda: True
    asked = dispatching.QUERIES.ask(connection, "alone", key=KEY)
    return lambda: any(row["alone"] for row in asked.rows())
