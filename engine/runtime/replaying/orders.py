"""Replays that a page or a program ordered: played by jobs, some instances at a time, to be looked at later.

An instance is played in a transaction that only reads; nobody who writes waits for it. What became of it is
written afterwards, for a few instances at once. The newest orders of a process are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

import orjson
import structlog
from sqlalchemy import Connection

from engine.ids import new_id
from engine.jobs import queue
from engine.jobs.queue import NewJob, QueuedJob, defer
from engine.keeping import Kept
from engine.runtime.replaying.comparing import Verdict
from engine.runtime.replaying.replay import Replayed, Target, replay, target_files, version_target
from engine.runtime.setup import Actor, Setup
from engine.store import Queries, Row, insert_rows
from engine.store.outages import outage_of

QUERIES = Queries(Path(__file__).with_name("orders.sql"))
REPLAY = "replay"
"""The kind of job that plays an order."""
BATCH = 50
SECONDS = 1.0
"""So long, and so many instances, one job plays; then comes another one, and other work in between."""
KEPT_ORDERS = 20
log = structlog.get_logger(__name__)
_targets: Kept[str, Target] = Kept(8)
"""By order: an order never changes."""


@dataclass(frozen=True)
class Wanted:
    """What to replay on: a deployed version (`version_id`), or `files` that need not be deployed."""

    process_key: str
    label: str
    version_id: str | None = None
    files: Mapping[str, bytes] | None = None
    mapping: Mapping[str, str] | None = None
    cycle_id: str = ""


@dataclass(frozen=True)
class Order:
    """An order as it was given."""

    id: str
    process_key: str
    label: str
    mapping: dict[str, str]
    ordered_by_name: str
    ordered_at: datetime


class UnknownReplay(LookupError):
    """No such order."""


def give_order(setup: Setup, connection: Connection, wanted: Wanted, *, by: Actor) -> str:
    """Order that every instance of a process (of a cycle) be replayed; the order's id."""
    order_id = new_id()
    files = {name: content.decode() for name, content in wanted.files.items()} if wanted.files else None
    row: Row = {
        "id": order_id,
        "process_key": wanted.process_key,
        "label": wanted.label,
        "target_version_id": wanted.version_id,
        "files_text": orjson.dumps(files).decode() if files is not None else None,
        "mapping_text": orjson.dumps(dict(wanted.mapping or {})).decode(),
        "ordered_by": by.person_id,
        "ordered_by_name": by.name,
        "ordered_at": setup.clock.now(),
    }
    insert_rows(connection, "replay", [row])
    cycle = {"cycle_id": wanted.cycle_id, "cycle_id2": wanted.cycle_id}
    QUERIES.send(connection, "list_instances", replay_id=order_id, process_key=wanted.process_key, **cycle)
    defer(connection, setup.queue, [_job(order_id)])
    for old in QUERIES.rows(connection, "older", process_key=wanted.process_key, newest=KEPT_ORDERS):
        for statement in ("forget_changes", "forget_instances", "forget"):
            QUERIES.send(connection, statement, id=old["id"])
    return order_id


def _job(order_id: str) -> NewJob:
    return NewJob(REPLAY, "", payload={"order": order_id})


def play(setup: Setup, job: QueuedJob) -> bool:
    """Play the next instances of the job's order; False when nothing is left of the order or the job."""
    order_id, until = str(job.payload["order"]), monotonic() + SECONDS
    try:
        order, target, ids = _next(setup, order_id)
    except UnknownReplay:
        ids = []
    found = []
    for instance_id in ids:
        found.append((instance_id, *_played(setup, order, target, instance_id)))
        if monotonic() > until:
            break
    with setup.database.write(pipelined=True) as connection:
        if queue.take(connection, job.id) is None:
            return False
        for instance_id, verdict, said in found:
            _write(connection, order_id, instance_id, verdict, said)
        if len(found) < len(ids) or len(ids) == BATCH:
            defer(connection, setup.queue, [_job(order_id)])
    return bool(found)


def _next(setup: Setup, order_id: str) -> tuple[Order, Target, list[str]]:
    with setup.database.read() as connection:
        order, target = read_order(connection, order_id), _target(setup, connection, order_id)
        rows = QUERIES.rows(connection, "waiting", replay_id=order_id, row_limit=BATCH)
    return order, target, [row["instance_id"] for row in rows]


def _target(setup: Setup, connection: Connection, order_id: str) -> Target:
    kept = _targets.get(order_id)
    if kept is not None:
        return kept
    row = QUERIES.row(connection, "replay", id=order_id)
    assert row is not None  # the order has just been read
    if row["target_version_id"] is not None:
        found = version_target(connection, setup, row["target_version_id"])
    else:
        files = {name: text.encode() for name, text in orjson.loads(row["files_text"]).items()}
        found = target_files(files, row["process_key"])
    return _targets.put(order_id, found)


def _played(setup: Setup, order: Order, target: Target, instance_id: str) -> tuple[Verdict, str]:
    """The verdict, and what to say of it; what fails unforeseen is said of that instance."""
    try:
        [one] = replay(setup, order.process_key, target, mapping=order.mapping, instance_ids=[instance_id])
    except Exception as failure:
        if outage_of(failure):
            raise
        log.exception("instance not replayed", instance=instance_id)
        said = f"回放这个实例时出错：{str(failure) or type(failure).__name__}"
        return Verdict("incomplete", 0, because=said), said
    return one.verdict, sentence_of(one)


def sentence_of(one: Replayed) -> str:
    """Where the ways part, where they lead, and why; "" where they are the same. Without the data."""
    verdict = one.verdict
    if verdict.state == "same":
        return ""
    ways = ""
    if verdict.state == "other":
        old, new = "、".join(verdict.old_next) or "无", "、".join(verdict.new_next) or "无"
        ways = f"当时到“{old}”，新版到“{new}”。"
    return (f"在“{verdict.at}”：" if verdict.at else "") + ways + verdict.because


def _write(connection: Connection, order_id: str, instance_id: str, verdict: Verdict, said: str) -> None:
    """Once: the same job, run again after it was broken off, finds the instance judged."""
    place = {"replay_id": order_id, "instance_id": instance_id}
    seen = orjson.dumps(list(verdict.seen)).decode()
    told = {"state": verdict.state, "steps": verdict.steps, "reason_text": said, "seen_text": seen}
    if QUERIES.row(connection, "judged", **place, **told) is None:
        return
    changes = [
        {
            "id": new_id(),
            **place,
            "element_id": one.element,
            "name": one.name,
            "kind": one.kind,
            "old_text": one.old,
            "new_text": one.new,
        }
        for one in verdict.changes
    ]
    insert_rows(connection, "replay_change", changes)


def read_order(connection: Connection, order_id: str) -> Order:
    """An order by its id. Raises `UnknownReplay`."""
    row = QUERIES.row(connection, "replay", id=order_id)
    if row is None:
        raise UnknownReplay(order_id)
    mapping = orjson.loads(row["mapping_text"])
    return Order(
        order_id, row["process_key"], row["label"], mapping, row["ordered_by_name"], row["ordered_at"]
    )


def orders(connection: Connection, process_key: str, *, limit: int = KEPT_ORDERS) -> list[Row]:
    """The orders about a process, newest first, with their numbers."""
    return QUERIES.rows(connection, "replays", process_key=process_key, row_limit=limit)


def counts(connection: Connection, order_id: str) -> dict[str, int]:
    """How many instances of an order are in which state."""
    rows = QUERIES.rows(connection, "counts", replay_id=order_id)
    return {row["state"]: int(row["count"]) for row in rows}


def reasons(connection: Connection, order_id: str, *, limit: int = 100) -> list[Row]:
    """Where and why the ways part: each sentence with its number, the largest first."""
    return QUERIES.rows(connection, "reasons", replay_id=order_id, row_limit=limit)


def changes(connection: Connection, order_id: str, *, limit: int = 100) -> list[Row]:
    """The steps of which the new version asks somebody else, or another date, each with an example."""
    return QUERIES.rows(connection, "changes", replay_id=order_id, row_limit=limit)


def parted(connection: Connection, order_id: str, *, limit: int = 100) -> list[Row]:
    """The instances that would not go the same way; `seen_text` is the data that decided it."""
    return QUERIES.rows(connection, "parted", replay_id=order_id, row_limit=limit)
