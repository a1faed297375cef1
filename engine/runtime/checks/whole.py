"""Everything that `bihuan verify` asks of the engine's own tables."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection

from engine.audit import administration, sealing
from engine.runtime.checks import instances
from engine.runtime.checks.definitions import definition_faults
from engine.runtime.checks.faults import Fault
from engine.runtime.setup import Setup
from engine.runtime.steps.sharing import digest_of_shared
from engine.store import Queries, Row
from engine.store.database import dialect_of

QUERIES = Queries(Path(__file__).with_name("rows.sql"))
BATCH = 200

SENTENCES: Mapping[str, tuple[str, Callable[[Row], str]]] = {
    "jobs_of_nobody": ("job", lambda row: f"有一件 {row['kind']} 类后台工作，它的流程实例不存在"),
    "chains_of_nobody": ("audit_entry.chain", lambda _row: "有一条审计链，它的流程实例不存在"),
    "signers_of_nobody": ("signer", lambda _row: "有一个签署席位，它的流程实例不存在"),
    "copies_unsaid": ("copy.instance_id", lambda _row: "有一份抄送，办理过程里却没有谁抄送的记录"),
    "texts_of_nobody": ("work_text", lambda _row: "有一段意见或表单，它的流程实例不存在"),
    "comments_without_words": ("comment", lambda row: f"{row['person_name']}的评论没有清除，内容却不在了"),
    "children_of_nobody": ("instance", lambda _row: "是一个子流程，上级流程却没有它所属的计数"),
    "incidents_without_job": ("incident", lambda _row: "故障还开着，却没有停下的后台工作可以重试"),
    "stopped_without_incident": (
        "job",
        lambda row: f"一件 {row['kind']} 类后台工作停下了，却没有故障告诉办事机构",
    ),
    "undelivered": (
        "message",
        lambda row: f"消息“{row['name']}”（{row['correlation_key']}）和等它的流程都在，却没有后台工作去送",
    ),
    "items_of_another": (
        "work_item",
        lambda _row: "一条待办写的年度、流程、版本、考评主体或单位与它的流程实例不同",
    ),
    "unshared": ("variable.instance_id", lambda row: f"变量 {row['name']} 与别的流程共用的值没有了"),
    "old_starts": ("start_subscription.name", lambda row: f"流程 {row['process_key']} 的启动订阅属于旧版本"),
}
"""For each statement: the table of the place it names, and what is wrong there."""


def faults_in(
    setup: Setup,
    connection: Connection,
    *,
    instance_id: str | None = None,
    seen: Callable[[int], None] = lambda _count: None,
) -> Iterator[Fault]:
    """What does not hold, one fault after the other; nothing is changed.

    `seen` hears how many instances have been looked at. With `instance_id` only that one is. The
    transaction must be one that `steady` has set up, so that all rows are of one moment.
    """
    for count, kept in enumerate(instances.all_kept(connection, instance_id), 1):
        yield from instances.faults_of(setup, connection, kept)
        seen(count)
    if instance_id is None:
        yield from _stray_rows(setup, connection)
        yield from _shared_values(connection)
        yield from definition_faults(connection)
        yield from _administration(connection)
        yield from _seals(connection)


def steady(connection: Connection) -> None:
    """Let every statement of a transaction that has just begun see the same moment; SQLite does so anyway."""
    if dialect_of(connection) == "postgresql":
        connection.exec_driver_sql("set transaction isolation level repeatable read, read only")


def _stray_rows(setup: Setup, connection: Connection) -> Iterator[Fault]:
    given: Mapping[str, dict[str, object]] = {
        "chains_of_nobody": {"administration": administration.CHAIN},
        "undelivered": {"now": setup.clock.now()},
    }
    for name, (table, sentence) in SENTENCES.items():
        for row in QUERIES.rows(connection, name, **given.get(name, {})):
            place = f"{table}={row['id']}" if "." in table else f"{table}.id={row['id']}"
            yield Fault(name, place, f"{place}：{sentence(row)}", row.get("instance_id"))


def _shared_values(connection: Connection) -> Iterator[Fault]:
    """Each lies under its own digest: one that is altered is told, whoever was given it."""
    after = ""
    while batch := QUERIES.rows(connection, "shared_values", after=after, row_limit=BATCH):
        for row in batch:
            if digest_of_shared(row["cycle_id"], row["value_text"]) != row["digest"]:
                place = f"shared_value.digest={row['digest']}"
                yield Fault("values", place, f"{place}：几个流程共用的一个值被改动")
        after = str(batch[-1]["digest"])


def _administration(connection: Connection) -> Iterator[Fault]:
    try:
        reason = administration.broken(connection)
    except ValueError as unknown:
        reason = f"核对不了：{unknown}"
    if reason is not None:
        yield Fault("administration", "administration_event", f"管理审计：{reason}")


def _seals(connection: Connection) -> Iterator[Fault]:
    try:
        for fault in sealing.broken_seals(connection):
            whose = f"，流程实例 {fault.chain_id}" if fault.chain_id else ""
            message = f"封印 {fault.seal_id}{whose}：{fault.reason}"
            yield Fault("seal", f"audit_seal.id={fault.seal_id}", message, fault.chain_id)
    except ValueError as unknown:
        yield Fault("seal", "audit_seal.algorithm", f"封印核对不了：{unknown}")
