"""Statements sent to PostgreSQL without waiting for each answer.

A step writes half a dozen rows of which nobody reads the answer at once. In a pipelined transaction they
gather on a line (`engine.store.lines`); the first whose answer somebody reads (or whose rows somebody counts)
takes all before it along and waits for them, BEGIN goes out with the first and COMMIT with the last. A
statement that fails raises there what it would have raised by itself; nothing sent after it is done, and the
transaction is rolled back. On SQLite there is nothing to wait for.
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine

from engine.store.lines import Line

_OPEN: dict[int, Line] = {}
"""The lines of the transactions of now, by the driver's connection (its `id`)."""
_KEPT = "bihuan_line"
"""Where a driver's connection keeps its line, which knows what the server has prepared for it."""


def begin_line(driver: Any) -> None:
    """Statements on this driver's connection do not wait from now on."""
    if isinstance(driver, psycopg.Connection):
        _OPEN[id(driver)] = driver.__dict__.get(_KEPT) or driver.__dict__.setdefault(_KEPT, Line(driver))


def end_line(driver: Any, *, commit: bool) -> None:
    """All is answered, and committed or to be rolled back. Raises what the first failing statement raised."""
    line = _OPEN.get(id(driver))
    if line is None:
        return
    try:
        if commit:
            line.commit()
        else:
            line.give_up()
    except BaseException:
        line.give_up()
        raise
    finally:
        del _OPEN[id(driver)]
        line.close()


def sent(driver: Any, text: str, values: Sequence[object]) -> Any:
    """Put a statement on the driver's line, if it has one now: what stands for its cursor, else None."""
    line = _OPEN.get(id(driver))
    return None if line is None else line.send(text, values)


def gathers(connection: Connection) -> bool:
    """Whether statements of this transaction wait to go out together, with COMMIT as the last of them."""
    return bool(_OPEN) and id(connection.connection.driver_connection) in _OPEN


def settle(driver: Any) -> None:
    """Wait until all that was sent is answered; nothing happens where nothing is pipelined.

    Raises what the first failing statement raised.
    """
    line = _OPEN.get(id(driver))
    if line is not None:
        line.settle()


def forgo(driver: Any) -> None:
    """Wait as `settle` does, for nothing but that what was done can be rolled back: it is known why."""
    line = _OPEN.get(id(driver))
    if line is not None:
        line.give_up()


def wait_for_answers(engine: Engine) -> None:
    """SQLAlchemy's own statements go through the driver, which waits for each: the line stands aside."""
    dialect = engine.dialect

    def waiting(run: Callable[..., None]) -> Any:
        def wait_and_run(cursor: Any, *given: Any, **named: Any) -> None:
            line = _OPEN.get(id(cursor.connection))
            if line is not None:
                line.stand_aside()
            run(cursor, *given, **named)

        return wait_and_run

    dialect.do_execute = waiting(dialect.do_execute)  # type: ignore[method-assign]
    dialect.do_execute_no_params = waiting(dialect.do_execute_no_params)  # type: ignore[method-assign]
    dialect.do_executemany = waiting(dialect.do_executemany)  # type: ignore[method-assign]
    _end_savepoints_whole(engine)


def _end_savepoints_whole(engine: Engine) -> None:
    """What was sent inside a savepoint is answered before it ends, so that it fails inside it."""
    dialect = engine.dialect
    roll_back, release = dialect.do_rollback_to_savepoint, dialect.do_release_savepoint

    def do_rollback_to_savepoint(connection: Connection, name: str) -> None:
        forgo(connection.connection.driver_connection)
        roll_back(connection, name)

    def do_release_savepoint(connection: Connection, name: str) -> None:
        try:
            settle(connection.connection.driver_connection)
        except psycopg.Error:
            roll_back(connection, name)
            raise
        release(connection, name)

    dialect.do_rollback_to_savepoint = do_rollback_to_savepoint  # type: ignore[method-assign]
    dialect.do_release_savepoint = do_release_savepoint  # type: ignore[method-assign]
