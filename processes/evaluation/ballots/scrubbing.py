"""Taking the past out of a SQLite file: the log is emptied, the file written anew without free pages.

Neither can be done inside a transaction, and a service runs in one. The connection is marked; when it goes
back to the pool, after its commit, the file is cleaned. A step of the diagram then asks whether it was done
and, if something stood in the way, marks again: a closing is not over before the file is clean.
"""

import sqlite3
from typing import Any

import structlog
from sqlalchemy import Connection, event
from sqlalchemy.pool import ConnectionPoolEntry

from processes.evaluation.ballots.casting import box_of

log = structlog.get_logger(__name__)
_MARK = "bihuan.scrub"


class NotScrubbed(Exception):
    """The file could not be cleaned yet; asked again, it is tried again."""

    def __init__(self) -> None:
        super().__init__(
            "票箱已经关闭，但数据库文件里还有关闭前的痕迹：有别的连接占用着文件。系统会自动再试；"
            "如果一直不成功，请停止备份等长时间读取数据库的程序。"
        )


def scrub_later(connection: Connection) -> None:
    """Clean the file as soon as this connection's transaction is over."""
    pool = connection.engine.pool
    if not event.contains(pool, "checkin", _on_checkin):
        event.listen(pool, "checkin", _on_checkin)
    connection.info[_MARK] = True


def require_scrubbed(connection: Connection, box_id: str) -> None:
    """Raises NotScrubbed when the file has not been cleaned since the box closed; it is then tried again."""
    if box_of(connection, box_id).scrubbed:
        return
    scrub_later(connection)
    raise NotScrubbed


def _on_checkin(raw: Any, entry: ConnectionPoolEntry) -> None:
    if raw is None or not entry.info.pop(_MARK, False):
        return
    try:
        _clean(raw)
    except sqlite3.OperationalError as busy:
        log.warning("ballots not scrubbed yet", error=str(busy))


def _clean(raw: sqlite3.Connection) -> None:
    """Empty the log, write the file anew, empty the log again; only then is it noted as done, for the boxes
    that were closed before."""
    boxes = raw.execute("select id from ballot_box where closed_at is not null and not scrubbed").fetchall()
    if not _empty_log(raw):
        return
    raw.execute("vacuum").close()
    if not _empty_log(raw):
        return
    for (box_id,) in boxes:
        raw.execute("update ballot_box set scrubbed = 1 where id = ?", (box_id,)).close()


def _empty_log(raw: sqlite3.Connection) -> bool:
    busy, _pages, _moved = raw.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not busy
