"""管理审计: what administrators do to accounts, posts, units and definitions, on one chain of its own.

Each act is a row that the database never changes, and an entry of the chain `CHAIN` with the row's digest.
An act is noted in the transaction that does it: what is not noted has not happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from engine.audit.chain import QUERIES as CHAINS
from engine.audit.chain import Head, append, digest, verify
from engine.ids import new_id
from engine.store import Queries, Row, insert_rows
from engine.store.types import instant_text

QUERIES = Queries(Path(__file__).with_name("administration.sql"))
CHAIN = "administration"
SERVER = "服务器"
"""Who acted by a command at the server."""

Act = Literal[
    "open", "change", "reset", "shut", "reopen", "appoint", "dismiss", "import", "add_unit", "change_unit",
    "end_unit", "calendar", "deploy", "mend", "migrate", "test_channel", "end_stand_in",
]  # fmt: skip
NAMES: Mapping[str, str] = {
    "open": "新增帐号",
    "change": "修改帐号",
    "reset": "重置密码",
    "shut": "停用帐号",
    "reopen": "启用帐号",
    "appoint": "任命",
    "dismiss": "免去",
    "import": "导入",
    "add_unit": "新增单位",
    "change_unit": "修改单位",
    "end_unit": "撤并单位",
    "calendar": "修改日历",
    "deploy": "部署",
    "mend": "处理异常",
    "migrate": "迁移实例",
    "test_channel": "测试通知渠道",
    "end_stand_in": "终止代理",
}


@dataclass(frozen=True)
class Subject:
    """Whom or what an act concerned, and where it belongs for the rights (`read_audit`)."""

    id: str
    name: str
    unit_id: str | None = None
    assessor_id: str | None = None


@dataclass(frozen=True)
class AdministrationEvent:
    """One act as it is shown."""

    id: str
    seq: int
    happened_at: datetime
    actor_id: str | None
    actor_name: str
    act: str
    subject_id: str
    subject_name: str
    unit_id: str | None
    assessor_id: str | None
    note_text: str


def note(
    connection: Connection,
    act: Act,
    subject: Subject,
    *,
    at: datetime,
    actor_id: str | None,
    actor_name: str,
    note: str = "",
) -> None:
    """Put one act on record; `actor_id` None is a command at the server. `note` is a word for people."""
    QUERIES.run(connection, "found_head", chain_id=CHAIN)
    QUERIES.run(connection, "lock_head", chain_id=CHAIN)
    head = _head(connection)
    row: Row = {
        "id": new_id(),
        "seq": head.seq + 1,
        "happened_at": at,
        "actor_id": actor_id,
        "actor_name": actor_name,
        "act": act,
        "subject_id": subject.id,
        "subject_name": subject.name,
        "unit_id": subject.unit_id,
        "assessor_id": subject.assessor_id,
        "note_text": note[:500],
    }
    insert_rows(connection, "administration_event", [row])
    moved = append(
        connection,
        head,
        chain_id=CHAIN,
        cycle_id="",
        at=at,
        actor=actor_id or SERVER,
        act=act,
        content=_content(row),
    )
    QUERIES.run(connection, "move_head", chain_id=CHAIN, seq=moved.seq, hash=moved.hash)


def newest(
    connection: Connection,
    *,
    condition: str,
    values: Mapping[str, str],
    before: int = 2**31 - 1,
    limit: int = 100,
) -> list[AdministrationEvent]:
    """Acts that fit `condition` (SQL of `engine.people.visible` on `e.unit_id`, `e.assessor_id`), the newest
    first, those before one sequence number."""
    rows = QUERIES.rows_where(connection, "newest", condition, **values, before=before, most=limit)
    return [AdministrationEvent(**row) for row in rows]


def broken(connection: Connection) -> str | None:
    """What is wrong with the chain of administration, or None: entries, head, and every row's digest."""
    entries, head = CHAINS.rows(connection, "entries", chain_id=CHAIN), _head(connection)
    reason = verify(entries)
    if reason:
        return reason
    if head != (Head(entries[-1]["seq"], entries[-1]["hash"]) if entries else Head(0, "")):
        return "链尾与记录不符"
    rows = {row["seq"]: row for row in QUERIES.rows(connection, "all_events")}
    for entry in entries:
        row = rows.pop(entry["seq"], None)
        if row is None or digest(_content(row), algorithm=entry["algorithm"]) != entry["digest"]:
            return f"第 {entry['seq']} 条的内容与链不符"
    return "有不在链上的记录" if rows else None


def _head(connection: Connection) -> Head:
    row = QUERIES.row(connection, "head", chain_id=CHAIN)
    return Head(row["seq"], row["hash"]) if row else Head(0, "")


def _content(row: Row) -> dict[str, object]:
    return {**row, "happened_at": instant_text(row["happened_at"])}
