"""The hash chain of an instance: each entry covers the one before it.

What happened is entered as a digest (`covering` says of what), so personal text can be erased and the chain
still verifies. The algorithm is SM3 where the machine has it, else SHA-256; every entry names its own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection

from engine.audit.covering import covered, hashed, named_by, read_words
from engine.store import Queries, Row, insert_rows
from engine.store.types import instant_text

QUERIES = Queries(Path(__file__).with_name("chain.sql"))
ALGORITHM = "sm3" if "sm3" in hashlib.algorithms_available else "sha256"
LONGEST_ACT = 80
"""Characters of an act in an entry; what it was done to stands whole in the rows that the entry covers."""
START = "0" * 64
"""What the first entry of a chain names as the one before it."""


@dataclass(frozen=True)
class Head:
    """Where a chain stands: its last sequence number and hash (0 and empty before the first entry)."""

    seq: int
    hash: str


def digest(content: object, *, algorithm: str = ALGORITHM) -> str:
    """The digest of any JSON-like content, as hexadecimal text."""
    data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)
    return hashed(algorithm, data)


def append(
    connection: Connection,
    head: Head,
    *,
    chain_id: str,
    cycle_id: str,
    at: datetime,
    actor: str,
    act: str,
    content: object,
    events: Iterable[str] = (),
    told: str | None = None,
) -> Head:
    """Add one entry after `head`; the new head. The caller holds the chain's lock and stores the head.

    `events` are the ids of the rows of the history that `content` holds; `told` is what the instance was
    told, of which it holds the digest.
    """
    entry: Row = {
        "chain_id": chain_id,
        "seq": head.seq + 1,
        "cycle_id": cycle_id,
        "recorded_at": at,
        "actor": actor,
        "act": act[:LONGEST_ACT],
        "digest": digest(content),
        "previous": head.hash or START,
        "algorithm": ALGORITHM,
        "events_text": "\n".join(events),
        "told_text": told,
    }
    entry["hash"] = _hash(entry)
    insert_rows(connection, "audit_entry", [entry])
    return Head(entry["seq"], entry["hash"])


def lock_chain(connection: Connection, instance_id: str) -> Row:
    """Lock an instance outside a step, for `enter`: its `audit_seq`, `audit_head`, `cycle_id`, `status`."""
    row = QUERIES.row(connection, "lock_head", id=instance_id)
    assert row is not None  # an instance is never deleted
    return row


def enter(
    connection: Connection,
    instance_id: str,
    *,
    at: datetime,
    actor: str,
    act: str,
    events: Sequence[Row],
) -> None:
    """Add one entry to an instance's chain where no step does it: work that moves with the people.

    `events` are the rows of the history that were just written.
    """
    row = lock_chain(connection, instance_id)
    head = append(
        connection,
        Head(row["audit_seq"], row["audit_head"]),
        chain_id=instance_id,
        cycle_id=row["cycle_id"],
        at=at,
        actor=actor,
        act=act,
        content=covered(events, read_words(connection, named_by(events)), ""),
        events=[event["id"] for event in events],
    )
    QUERIES.run(connection, "move_head", id=instance_id, seq=head.seq, hash=head.hash)


def verify(entries: Iterable[Row]) -> str | None:
    """What is wrong with a chain (entries in order), or None. Names the first entry that does not fit."""
    expected, previous = 1, START
    for entry in entries:
        if entry["seq"] != expected:
            return f"第 {expected} 条缺失"
        if entry["previous"] != previous:
            return f"第 {expected} 条与前一条不相接"
        if entry["hash"] != _hash(entry):
            return f"第 {expected} 条内容被改动"
        expected, previous = expected + 1, entry["hash"]
    return None


def broken_chains(connection: Connection) -> list[tuple[str, str]]:
    """Every chain that does not verify, or whose head differs from its instance's, with the reason."""
    found = []
    for chain in QUERIES.rows(connection, "chains"):
        entries = QUERIES.rows(connection, "entries", chain_id=chain["chain_id"])
        reason = verify(entries) or _head_differs(chain, entries)
        if reason:
            found.append((chain["chain_id"], reason))
    return found


def _head_differs(chain: Row, entries: Sequence[Row]) -> str | None:
    if entries[-1]["hash"] != chain["audit_head"] or entries[-1]["seq"] != chain["audit_seq"]:
        return "链尾与实例记录不符"
    return None


def _hash(entry: Row) -> str:
    parts = (
        entry["chain_id"],
        str(entry["seq"]),
        instant_text(entry["recorded_at"]),
        entry["actor"],
        entry["act"],
        entry["digest"],
        entry["previous"],
    )
    return hashed(entry["algorithm"], "\n".join(parts).encode())
