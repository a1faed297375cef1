"""One instance after another: its tokens against its rows, its chain, its counters.

Instances come in batches, with a fixed number of statements a batch, so that a city's years are read once
and never lie in memory as a whole.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.audit import chain
from engine.bpmn.execution import Execution, Services
from engine.runtime.checks import waiting
from engine.runtime.checks.fans import fan_out_faults
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.history import history_faults
from engine.runtime.checks.kept import Kept
from engine.runtime.checks.values import value_faults
from engine.runtime.setup import Setup
from engine.runtime.steps.sharing import stored_value
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("batches.sql"))
BATCH = 200
PARTS = (
    "entries", "events", "texts", "variables", "items", "signers", "timers", "subscriptions",
    "signals", "jobs", "fan_outs", "children", "doubled", "incidents",
)  # fmt: skip


def all_kept(connection: Connection, instance_id: str | None = None) -> Iterator[Kept]:
    """Every instance with its rows, or the one."""
    if instance_id is not None:
        yield from _with_parts(connection, QUERIES.rows(connection, "one", id=instance_id))
        return
    after = ""
    while batch := QUERIES.rows(connection, "instances", after=after, row_limit=BATCH):
        yield from _with_parts(connection, batch)
        after = str(batch[-1]["id"])


def _with_parts(connection: Connection, batch: list[Row]) -> Iterator[Kept]:
    if not batch:
        return
    ends = {"first": batch[0]["id"], "last": batch[-1]["id"]}
    sorted_rows: dict[str, dict[str, list[Row]]] = {}
    for part in PARTS:
        by_instance = sorted_rows[part] = defaultdict(list)
        for row in QUERIES.rows(connection, part, **ends):
            by_instance[row["instance_id"]].append(row)
    for row in batch:
        yield Kept(row, {part: sorted_rows[part].get(row["id"], []) for part in PARTS})


def faults_of(setup: Setup, connection: Connection, kept: Kept) -> Iterator[Fault]:
    """Everything that does not hold about one instance."""
    try:
        yield from _chain_faults(kept)
        yield from history_faults(kept)
        yield from value_faults(kept)
    except ValueError as unknown:
        yield kept.fault("chain", "audit_entry.algorithm", f"审计链核对不了：{unknown}")
    for row in kept.parts["doubled"]:
        yield kept.fault(
            "done_once", f"work_event.item_id={row['id']}",
            f"环节“{row['element_id']}”的同一项待办记了 {row['times']} 次办理，只能有一次",
        )  # fmt: skip
    yield from fan_out_faults(kept)
    if not kept.living:
        yield from waiting.left_behind(kept)
        return
    try:
        execution = _load(setup, connection, kept)
    except Exception as unreadable:
        yield kept.fault("state_readable", "instance.state", f"保存的状态读不出来：{unreadable}")
        return
    if execution.ended:
        yield kept.fault("status", "instance.status", "令牌都已走完，却还记为办理中")
    yield from waiting.differences(kept, execution)


def _chain_faults(kept: Kept) -> Iterator[Fault]:
    entries, row = kept.parts["entries"], kept.row
    reason = chain.verify(entries)
    last = (entries[-1]["seq"], entries[-1]["hash"]) if entries else (0, "")
    if reason is None and not entries:
        reason = "没有任何审计记录"
    if reason is None and last != (row["audit_seq"], row["audit_head"]):
        reason = "链尾与实例记录不符"
    if reason is not None:
        yield kept.fault("chain", "audit_entry", f"审计链{reason}")


def _load(setup: Setup, connection: Connection, kept: Kept) -> Execution:
    version = setup.definitions.process(connection, kept.row["definition_version_id"])
    variables: dict[tuple[str, str], Any] = {
        (one["scope_id"], one["name"]): stored_value(connection, one["value_text"])
        for one in kept.parts["variables"]
    }
    services = Services(now=setup.clock.now, zone=setup.zone)
    return Execution.load(version.process, bytes(kept.row["state"]), variables=variables, services=services)
