"""Statements sent to PostgreSQL without waiting for each answer.

A step writes half a dozen rows of which nobody reads the answer at once. In a pipelined transaction the
driver keeps them; the first whose answer somebody reads (or whose rows somebody counts) takes all before it
along and waits for them. A statement that fails raises there what it would have raised by itself;
nothing sent after it is done, and the transaction is rolled back. On SQLite there is nothing to wait for.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Pipeline, pq
from psycopg.errors import InFailedSqlTransaction
from psycopg.waiting import Ready, Wait
from sqlalchemy import Connection, Engine

_OPEN: dict[int, Pipeline] = {}
"""The pipelines of now, by the driver's connection (its `id`)."""


@contextmanager
def pipelined(driver: Any) -> Iterator[None]:
    """Statements on this driver's connection do not wait; at the end everything has been answered.

    Raises what the first failing statement raised, unless the block raised something itself.
    """
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    with driver.pipeline() as pipeline:
        _OPEN[id(driver)] = pipeline
        _send_to_the_end(pipeline)
        try:
            yield
        except BaseException:
            forgo(driver)
            raise
        finally:
            del _OPEN[id(driver)]
    if (
        driver.pgconn.transaction_status == pq.TransactionStatus.INERROR
    ):  # a commit would take all back unheard
        raise InFailedSqlTransaction("a statement of this transaction failed, and it went on")


def _send_to_the_end(pipeline: Pipeline) -> None:
    """Let this pipeline send all that it holds before it waits for answers.

    The driver sends as much as the connection takes at once. Of a statement that is longer the server then
    waits for the end, and the driver for the server: for ever.
    """
    talk, server = pipeline._communicate_gen, pipeline.pgconn

    def talk_to_the_end() -> Generator[Wait, Ready, None]:
        yield from talk()
        while server.flush():
            if (yield Wait.RW) & Ready.R:
                server.consume_input()

    pipeline._communicate_gen = talk_to_the_end  # type: ignore[method-assign,assignment]


class _Queued(psycopg.Cursor[Any]):
    """A statement that waits in the pipeline until somebody asks: then all go to the server in one piece.

    The driver's own `execute` talks to the server each time, which costs as much as not to pipeline at all.
    """

    def queue(self, text: str, values: Sequence[object]) -> None:
        """Put the statement into the pipeline; its transaction has begun, so no part of it waits."""
        for _ in self._start_query(text):
            raise AssertionError("the transaction has begun")
        for _ in self._maybe_prepare_gen(self._convert_query(text, values)):
            raise AssertionError("a pipeline waits for nothing")


def sent(driver: Any, text: str, values: Sequence[object]) -> Any:
    """Run a statement; its cursor. In a pipelined transaction it goes out with the next answer asked for."""
    if id(driver) not in _OPEN or driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        return driver.cursor().execute(text, values)
    cursor = _Queued(driver)
    cursor.queue(text, values)
    return cursor


def settle(driver: Any) -> None:
    """Wait until all that was sent is answered; nothing happens where nothing is pipelined.

    Raises what the first failing statement raised.
    """
    pipeline = _OPEN.get(id(driver))
    if pipeline is not None and pipeline.result_queue:
        pipeline.sync()


def fetched(cursor: Any) -> list[Any]:
    """All rows of a statement, as soon as it and all before it are answered."""
    if _OPEN and getattr(cursor, "pgresult", True) is None:  # its own answer may have come with another's
        settle(cursor.connection)
    rows: list[Any] = cursor.fetchall()
    return rows


def forgo(driver: Any) -> None:
    """Wait as `settle` does, for nothing but that what was done can be rolled back: it is known why."""
    try:
        settle(driver)
    except psycopg.Error:
        return


def wait_for_answers(engine: Engine) -> None:
    """SQLAlchemy reads each answer at once: in a pipelined transaction its own statements wait for theirs."""
    dialect = engine.dialect

    def waiting(run: Callable[..., None]) -> Any:
        def run_and_wait(cursor: Any, *given: Any, **named: Any) -> None:
            run(cursor, *given, **named)
            settle(cursor.connection)

        return run_and_wait

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
