"""封印: now and then the heads of all chains are taken down together, and each seal covers the one before it.

A chain alone shows a changed entry; who rewrites a whole chain to its end is shown by the seals. The hash of
a seal is short enough to be printed or published, which holds the whole past to it. A seal lists the chains
that have grown since the one before it, so it costs what happened since, not what ever was.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from engine.audit.chain import ALGORITHM, START
from engine.ids import new_id
from engine.store import Queries, Row, insert_rows
from engine.store.types import instant_text

QUERIES = Queries(Path(__file__).with_name("sealing.sql"))
OVERLAP = timedelta(hours=1)
"""What was still being written at the last seal is older than it, so entries are looked for from before."""


@dataclass(frozen=True)
class Seal:
    """A seal as it was made; `hash` is what is published."""

    id: str
    sealed_at: datetime
    chains: int
    hash: str
    algorithm: str


@dataclass(frozen=True)
class SealFault:
    """What does not hold about a seal; `chain_id` where one chain is not what was sealed."""

    seal_id: str
    reason: str
    chain_id: str | None = None


@dataclass(frozen=True)
class Grown:
    """The heads of the chains that have grown since the seal `after` ("" before the first)."""

    after: str
    heads: tuple[str, ...]


def gather(connection: Connection) -> Grown:
    """Look for what the next seal will hold. Reads every entry once, so not in a transaction that writes.

    What is written meanwhile comes with the seal after: each looks an hour further back than the last.
    """
    last = QUERIES.row(connection, "last")
    since = last["sealed_at"] - OVERLAP if last else datetime.min.replace(tzinfo=UTC)
    sealed = set(last["heads_text"].splitlines()) if last else set()
    grown = (f"{row['chain_id']} {row['seq']} {row['hash']}" for row in _grown(connection, since))
    heads = tuple(head for head in grown if head not in sealed)
    return Grown(str(last["id"]) if last else "", heads)


def seal(connection: Connection, *, at: datetime, grown: Grown | None = None) -> Seal:
    """Seal the heads of all chains that have grown since the last seal; `grown` when that was looked for."""
    QUERIES.run(connection, "one_at_a_time")
    last = QUERIES.row(connection, "last")
    if grown is None or grown.after != (last["id"] if last else ""):
        grown = gather(connection)
    heads = grown.heads
    row: Row = {
        "id": new_id(),
        "sealed_at": at,
        "chains": len(heads),
        "heads_text": "\n".join(heads),
        "previous": last["hash"] if last else START,
        "algorithm": ALGORITHM,
    }
    row["hash"] = _hash(row)
    insert_rows(connection, "audit_seal", [row])
    return Seal(row["id"], at, len(heads), row["hash"], ALGORITHM)


def newest_seal(connection: Connection) -> Seal | None:
    """The seal that was made last."""
    row = QUERIES.row(connection, "last")
    return None if row is None else Seal(**{name: row[name] for name in Seal.__annotations__})


def broken_seals(connection: Connection) -> Iterator[SealFault]:
    """Seals that are not what they were, and chains that are not what was sealed."""
    previous = START
    for row in QUERIES.rows(connection, "seals"):
        if row["previous"] != previous:
            yield SealFault(row["id"], "与前一个封印不相接")
        if row["hash"] != _hash(row):
            yield SealFault(row["id"], "内容被改动")
        yield from _changed_chains(connection, row)
        previous = row["hash"]


def _grown(connection: Connection, since: datetime) -> list[Row]:
    return QUERIES.rows(connection, "grown", since=since)


def _changed_chains(connection: Connection, row: Row) -> Iterator[SealFault]:
    for line in row["heads_text"].splitlines():
        chain_id, seq, sealed = line.split(" ")
        entry = QUERIES.row(connection, "entry", chain_id=chain_id, seq=int(seq))
        if entry is None:
            yield SealFault(row["id"], f"封印时有的第 {seq} 条审计记录没有了", chain_id)
        elif entry["hash"] != sealed:
            yield SealFault(row["id"], f"第 {seq} 条审计记录与封印时不同：整条链被重写过", chain_id)


def _hash(row: Row) -> str:
    parts = (
        row["id"],
        instant_text(row["sealed_at"]),
        str(row["chains"]),
        row["previous"],
        row["heads_text"],
    )
    return hashlib.new(row["algorithm"], "\n".join(parts).encode()).hexdigest()
