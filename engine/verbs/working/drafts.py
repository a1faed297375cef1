"""`save_draft`: 暂存. The form as it is, unchecked; it outlives a log-out and goes with its item."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import orjson
from sqlalchemy import Connection

from engine.store import insert_rows
from engine.verbs.refusals import Invalid, Stale
from engine.work.bindings import FormData
from engine.work.items import QUERIES, Item

MOST_BYTES = 1_000_000
"""The largest draft."""


@dataclass(frozen=True)
class SavedDraft:
    """What a person left in a form, and when; `left_by` names who, when it was not the reader."""

    data: FormData
    opinion: str
    saved_at: datetime
    left_by: str = ""


def mark_of(data: Mapping[str, object], opinion: str) -> str:
    """What tells one draft from another."""
    told = orjson.dumps([data, opinion.strip()], default=str, option=orjson.OPT_SORT_KEYS)
    return sha256(told).hexdigest()[:16]


def save_draft(
    connection: Connection,
    holder_id: str,
    item: Item,
    *,
    fields: FormData,
    opinion: str,
    at: datetime,
    known: Container[str] | None = None,
) -> None:
    """Keep the form as it is, for whose work it is; the item is locked (`lock_item`).

    `known`: marks of the drafts that its writer has seen. Raises `Stale` when another is stored, `Invalid`
    when it is too large to keep.
    """
    if known is not None:
        kept = read_draft(connection, holder_id, item)
        if kept is not None and mark_of(kept.data, kept.opinion) not in known:
            raise Stale(
                "这项任务的草稿刚在另一个窗口里改过，这里填写的没有存进草稿，都还在页面上。",
                hint="要看那一份，请在新窗口打开这项任务；再按一次“暂存”，就以这里的为准。",
            )
    keep(connection, item.id, holder_id, fields=fields, opinion=opinion, at=at)


def lock_item(connection: Connection, item_id: str) -> None:
    """Of two who keep a draft of the same item at the same moment, one waits for the other."""
    QUERIES.row(connection, "lock_item", id=item_id)


def keep(
    connection: Connection, item_id: str, holder_id: str, *, fields: FormData, opinion: str, at: datetime
) -> None:
    """As `save_draft`, of an item by its id."""
    data = orjson.dumps(fields, default=str)
    if len(data) + len(opinion) > MOST_BYTES:
        raise Invalid("草稿太大，未能保存；大段材料请作为附件上传。")
    row = {
        "item_id": item_id,
        "person_id": holder_id,
        "data_text": data.decode(),
        "opinion": opinion,
        "saved_at": at,
    }
    insert_rows(
        connection,
        "draft",
        [row],
        suffix="on conflict (item_id, person_id) do update set data_text = excluded.data_text, "
        "opinion = excluded.opinion, saved_at = excluded.saved_at, left_at = null",
    )


def read_draft(connection: Connection, holder_id: str, item: Item) -> SavedDraft | None:
    """The holder's draft of an item, else what a predecessor left who lost the item; or None."""
    me = holder_id
    row = QUERIES.row(connection, "draft", item_id=item.id, person_id=me, person_id2=me, person_id3=me)
    if row is None:
        return None
    return SavedDraft(orjson.loads(row["data_text"]), row["opinion"], row["saved_at"], row["left_by"] or "")
