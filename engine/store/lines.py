"""A line to PostgreSQL on which statements go out together: libpq's own pipeline, without a cursor for each.

A driver's cursor costs more than the row it writes. Here a statement is a name (the server has prepared it
when it was sent before) and its values as text; whoever asks for an answer sends what has gathered, waits
once, and has the answers of all. A few at a time leave before that: the server works while we do.
"""

import select
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import InFailedSqlTransaction, error_from_result

from engine.store.spelling import spelled

MOST_PREPARED = 300
"""Statements that one connection keeps prepared; the server reads any others each time."""
LONGEST_PREPARED = 8_000
"""Longer ones, such as insertions of hundreds of rows, hardly come again as they were."""

TOGETHER = 3
"""Statements that leave together: the server is at work on them while the next ones are made."""

_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)
_ROWS = pq.ExecStatus.TUPLES_OK
_IDLE = pq.TransactionStatus.IDLE
_OFF = pq.PipelineStatus.OFF
_FORGOTTEN = (b"0A000", b"26000")
"""What the server says of a prepared statement whose table has changed, and of one that it does not know."""

_UNREADABLE = b"22P02"
"""What the server says of a text that is no number."""

Key = tuple[bytes, tuple[int, ...]]
"""A statement and the types of its values, as the server numbers them."""


class Sent:
    """A statement on its way, and its answer once it has come; to its readers it is a cursor."""

    __slots__ = ("_line", "otherwise", "prepares", "result")

    def __init__(self, line: "Line", prepares: Key | None = None) -> None:
        self._line = line
        self.prepares = prepares
        """The statement that the server is only asked to prepare."""
        self.otherwise: Exception | None = None
        """What it means when the server cannot read a value: the statement says so of what must not be."""
        self.result: Any = None

    @property
    def connection(self) -> Any:
        """The driver's connection."""
        return self._line.driver

    @property
    def rowcount(self) -> int:
        """How many rows it touched or found."""
        return int(self._answer().command_tuples or 0)

    @property
    def description(self) -> list[tuple[str, int]]:
        """Name and type of each column."""
        answer = self._answer()
        return [(answer.fname(n).decode(), answer.ftype(n)) for n in range(answer.nfields)]

    def fetchall(self) -> list[Any]:
        """All its rows."""
        answer = self._answer()
        return self._line.rows_of(answer) if answer.status == _ROWS else []

    def fetchone(self) -> Any:
        """Its first row, or None."""
        found = self.fetchall()
        return found[0] if found else None

    def close(self) -> None:
        """There is nothing to close."""

    def _answer(self) -> Any:
        if self.result is None:
            self._line.settle()
        if self.result is None or self.result.status in _FAILED:
            raise InFailedSqlTransaction("a statement of this transaction failed before")
        return self.result


class Line:
    """The statements of one connection, from one transaction to the next; used by one thread at a time."""

    def __init__(self, driver: "psycopg.Connection[Any]") -> None:
        self.driver = driver
        self._pg = driver.pgconn
        self._prepared: dict[Key, bytes] = {}
        self._seen: set[Key] = set()
        self._names = 0
        self._waiting: list[Sent] = []
        self._begun = False
        self._unsent = 0
        """Statements that have been put since some left."""
        self._loaders = Transformer.from_context(driver)
        self._poll = select.poll()
        _tell_when_forgotten(driver, self._prepared)

    def send(self, text: str, values: Sequence[object]) -> Sent:
        """Run a statement of this transaction, which begins with its first; nobody waits for the answer."""
        self._enter()
        sent = self._put(_numbered(text), values)
        self._unsent += 1
        if self._unsent >= TOGETHER:
            self._pg.flush()
            self._unsent = 0
        return sent

    def settle(self) -> None:
        """Wait until all that was sent is answered. Raises what the first that failed raised."""
        if self._waiting:
            self._exchange()

    def stand_aside(self) -> None:
        """Let the driver itself speak with the server: all is answered first."""
        self.settle()
        self._leave()

    def commit(self) -> None:
        """End the transaction together with its last statements, and wait for it.

        Raises `InFailedSqlTransaction` when one of them failed and nobody minded.
        """
        if not self._waiting and self._pg.transaction_status == _IDLE:
            return
        self._enter()
        ended = self._put(b"COMMIT", ())
        self._exchange()
        if ended.result.command_status != b"COMMIT":  # the server took all back unheard
            raise InFailedSqlTransaction("a statement of this transaction failed, and it went on")

    def give_up(self) -> None:
        """Wait as `settle` does, for nothing but that all can be taken back: it is known why."""
        try:
            self.settle()
        except psycopg.Error:
            return

    def close(self) -> None:
        """The transaction is over, or the driver ends it."""
        self._begun = False
        self._waiting.clear()
        if not self.driver.closed:
            self._leave()

    def rows_of(self, answer: Any) -> list[Any]:
        """The rows of an answer, as the driver gives them."""
        self._loaders.set_pgresult(answer)
        return self._loaders.load_rows(0, answer.ntuples, tuple)

    def _enter(self) -> None:
        if self._pg.pipeline_status == _OFF:
            self._pg.enter_pipeline_mode()
            self._begun = self._pg.transaction_status != _IDLE
        if not self._begun:
            self._put(b"BEGIN", ())
            self._begun = True

    def _leave(self) -> None:
        if self._pg.pipeline_status != _OFF:
            self._pg.exit_pipeline_mode()

    def _put(self, text: bytes, values: Sequence[object]) -> Sent:
        texts, types, formats = spelled(values)
        name = self._name_of((text, types))
        if name is None:
            self._pg.send_query_params(text, texts, types, formats)
        else:
            self._pg.send_query_prepared(name, texts, formats)
        sent = Sent(self)
        self._waiting.append(sent)
        return sent

    def _name_of(self, key: Key) -> bytes | None:
        """Under which name the server knows a statement: it prepares what it is sent a second time."""
        name = self._prepared.get(key)
        if name is not None:
            return name
        if self.driver.prepare_threshold is None or len(self._prepared) >= MOST_PREPARED:
            return None
        if len(key[0]) > LONGEST_PREPARED:
            return None
        if key not in self._seen:
            self._seen.add(key)
            return None
        self._names += 1
        name = self._prepared[key] = b"line_%d" % self._names
        self._pg.send_prepare(name, key[0], key[1])
        self._waiting.append(Sent(self, key))
        return name

    def _exchange(self) -> None:
        """Send what has gathered, and read every answer."""
        waiting, self._waiting = self._waiting, []
        try:
            self._pg.pipeline_sync()
            self._flush()
            for sent in waiting:
                sent.result = self._next()
                while self._next_part() is not None:
                    pass
            self._next()  # the end of what was sent together
        except BaseException:
            self.driver.close()  # nobody knows how much of it has been said
            raise
        for sent in waiting:
            if sent.result.status in _FAILED:
                self._forget_failed(waiting)
                raise _failure_of(sent)

    def _flush(self) -> None:
        """All of it leaves: where that is more than the socket takes, the server may want to be heard."""
        while self._pg.flush():
            self._wait(select.POLLIN | select.POLLOUT)

    def _next(self) -> Any:
        found = self._next_part()
        if found is None:
            raise psycopg.OperationalError("the connection to the server is lost")
        return found

    def _next_part(self) -> Any:
        while self._pg.is_busy():
            self._wait(select.POLLIN)
        return self._pg.get_result()

    def _wait(self, events: int) -> None:
        self._poll.register(self._pg.socket, events)
        for _, event in self._poll.poll():
            if event != select.POLLOUT:
                self._pg.consume_input()

    def _forget_failed(self, waiting: Sequence[Sent]) -> None:
        """What was to be prepared by statements that failed is not; nor what the server does not know."""
        for sent in waiting:
            if sent.result.status in _FAILED and sent.prepares is not None:
                self._prepared.pop(sent.prepares, None)
            if sent.result.error_field(pq.DiagnosticField.SQLSTATE) in _FORGOTTEN:
                self._prepared.clear()


def _failure_of(sent: Sent) -> Exception:
    if sent.otherwise is not None and sent.result.error_field(pq.DiagnosticField.SQLSTATE) == _UNREADABLE:
        return sent.otherwise
    failure = error_from_result(sent.result)
    if sent.result.error_field(pq.DiagnosticField.SQLSTATE) in _FORGOTTEN:
        return psycopg.OperationalError(str(failure))  # done once more, it is prepared anew
    return failure


def _tell_when_forgotten(driver: "psycopg.Connection[Any]", names: dict[Key, bytes]) -> None:
    """The driver lets the server forget all prepared statements after a rollback, ours too."""
    clear = driver._prepared.clear

    def clear_both() -> bool:
        cleared = clear()
        if cleared:
            names.clear()
        return cleared

    driver._prepared.clear = clear_both  # type: ignore[method-assign]


@lru_cache(maxsize=500)
def _numbered(text: str) -> bytes:
    """The statement with the server's own marks for its values: `$1` where the driver has `%s`."""
    first, *others = text.split("%s")
    parts = [first, *(f"${number}{part}" for number, part in enumerate(others, 1))]
    return "".join(parts).replace("%%", "%").encode()
