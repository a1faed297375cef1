"""Tokens and rows: for each thing that an instance waits for there is exactly its row, and no other row."""

from collections import Counter
from collections.abc import Iterator, Mapping

from engine.bpmn.execution import Execution, Wait
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.kept import Kept
from engine.store import Row

TABLES: Mapping[str, tuple[str, str]] = {
    "items": ("work_item", "待办"),
    "timers": ("timer", "定时"),
    "subscriptions": ("subscription", "消息订阅"),
    "signals": ("signal_subscription", "信号订阅"),
    "signers": ("signer", "签署席位"),
}
"""The table behind each part, and what people call its rows."""
WITH_AN_ITEM = ("open", "held")
"""States of a seat that has a task."""
WAITED_FOR = ("open", "decided")
"""States of a fan-out that its parent waits for: not all have come, or enough have."""


def left_behind(kept: Kept) -> Iterator[Fault]:
    """An instance that is over has nothing open."""
    for part, (table, name) in TABLES.items():
        for row in kept.parts[part]:
            yield kept.fault("ended_is_over", _place(table, row), f"已经结束，却还留着一条{name}")
    for row in kept.parts["incidents"]:
        yield kept.fault("ended_is_over", _place("incident", row), "已经结束，它的故障却还开着")
    for row in kept.parts["jobs"]:
        if row["kind"] == "service":
            yield kept.fault("ended_is_over", _place("job", row), "已经结束，却还有一件后台工作等着做")


def differences(kept: Kept, execution: Execution) -> Iterator[Fault]:
    """Where waiting tokens and rows do not match."""
    waits = execution.waits()
    jobs = kept.parts["jobs"]
    yield from _items(kept, waits)
    yield from _signers(kept)
    yield from _timers(kept, waits, jobs)
    yield from _subscriptions(kept, waits)
    yield from _signals(kept, waits)
    yield from _jobs(kept, waits, jobs)
    yield from _fan_outs(kept, waits)
    yield from _scopes(kept, execution)
    yield from _held(kept, execution)
    if not waits and not execution.held:
        yield kept.fault("moves_on", "instance.state", "既不等待任何事，也没有停在故障处：停住了")


def _held(kept: Kept, execution: Execution) -> Iterator[Fault]:
    told = Counter(row["token"] for row in kept.parts["incidents"])
    for token, held in execution.held.items():
        if told[token] != 1:
            text = f"“{held.element}”停在故障处，开着的故障却有 {told[token]} 个，应当正好一个"
            yield kept.fault("incidents", f"令牌 {token}", text)
    for row in kept.parts["incidents"]:
        if row["token"] not in execution.held:
            text = f"“{row['element_id']}”的故障还开着，却没有令牌停在那里"
            yield kept.fault("incidents", _place("incident", row), text)


def _items(kept: Kept, waits: Mapping[str, Wait]) -> Iterator[Fault]:
    held = {row["wait_key"] for row in kept.parts["items"]}
    for key, wait in _of_kind(waits, "user"):
        if key not in held:
            place = f"instance.state 令牌 {key}"
            yield kept.fault("items", place, f"环节“{wait.element}”在等人办理，却没有待办")
    for row in kept.parts["items"]:
        wait_of = waits.get(row["wait_key"])
        if wait_of is None or wait_of.kind != "user":
            text = f"有一条环节“{row['element_id']}”的待办，却没有令牌在那里等待"
            yield kept.fault("items", _place("work_item", row), text)
        elif wait_of.element != row["element_id"]:
            text = f"令牌在环节“{wait_of.element}”等人办理，它的待办却写着环节“{row['element_id']}”"
            yield kept.fault("items", _place("work_item", row), text)


def _signers(kept: Kept) -> Iterator[Fault]:
    seats = kept.parts["signers"]
    voted = {row["wait_key"] for row in seats}
    taken = {row["item_id"] for row in seats if row["state"] in WITH_AN_ITEM}
    for row in seats:
        if row["state"] in WITH_AN_ITEM and row["found_id"] is None:
            yield kept.fault("signers", _place("signer", row), "轮到的签署人没有待办")
    for row in kept.parts["items"]:
        if row["wait_key"] in voted and row["id"] not in taken:
            yield kept.fault("signers", _place("work_item", row), "会签环节的待办不属于任何签署人")


def _timers(kept: Kept, waits: Mapping[str, Wait], jobs: list[Row]) -> Iterator[Fault]:
    rows = {row["wait_key"]: row for row in kept.parts["timers"]}
    firing = {row["wait_key"] for row in jobs if row["kind"] == "timer"}
    for key, wait in _of_kind(waits, "timer"):
        if key not in rows and key not in firing:
            yield kept.fault("timers", f"令牌 {key}", f"“{wait.element}”在等时间，却没有定时：永远不会到期")
        elif key in rows and rows[key]["due_at"] != wait.due_at:
            place = _place("timer", rows[key])
            yield kept.fault("timers", place, f"“{wait.element}”的定时与流程状态里的到期时间不同")
    yield from _without_wait(kept, waits, "timers", "timer")


def _subscriptions(kept: Kept, waits: Mapping[str, Wait]) -> Iterator[Fault]:
    rows = {row["wait_key"]: row for row in kept.parts["subscriptions"]}
    for key, wait in _of_kind(waits, "message"):
        row = rows.get(key)
        if row is None:
            yield kept.fault("subscriptions", f"令牌 {key}", f"“{wait.element}”在等消息，却没有订阅")
        elif (row["name"], row["correlation_key"]) != (wait.message or "", wait.correlation_key or ""):
            place = _place("subscription", row)
            yield kept.fault("subscriptions", place, f"“{wait.element}”的订阅与所等的消息不同")
    yield from _without_wait(kept, waits, "subscriptions", "message")


def _signals(kept: Kept, waits: Mapping[str, Wait]) -> Iterator[Fault]:
    rows = {row["wait_key"]: row for row in kept.parts["signals"]}
    for key, wait in _of_kind(waits, "signal"):
        if key not in rows or rows[key]["name"] != wait.signal:
            yield kept.fault("signals", f"令牌 {key}", f"“{wait.element}”在等信号，却没有它的订阅")
    yield from _without_wait(kept, waits, "signals", "signal")


def _jobs(kept: Kept, waits: Mapping[str, Wait], jobs: list[Row]) -> Iterator[Fault]:
    queued = Counter(row["wait_key"] for row in jobs if row["kind"] == "service")
    for key, wait in _of_kind(waits, "job"):
        if queued[key] != 1:
            text = f"“{wait.element}”在等服务，后台工作却有 {queued[key]} 件，应当正好一件"
            yield kept.fault("jobs", f"令牌 {key}", text)
    for row in jobs:
        if row["kind"] == "service" and row["wait_key"] not in waits:
            yield kept.fault("jobs", _place("job", row), "有一件服务工作，却没有令牌在等它")


def _fan_outs(kept: Kept, waits: Mapping[str, Wait]) -> Iterator[Fault]:
    rows = {row["wait_key"]: row for row in kept.parts["fan_outs"] if row["state"] in WAITED_FOR}
    for key, wait in _of_kind(waits, "children"):
        if key not in rows:
            yield kept.fault("fan_outs", f"令牌 {key}", f"“{wait.element}”在等子流程，却没有它们的计数")
        elif rows[key]["total"] != len(wait.children or ()):
            place, count = _place("fan_out", rows[key]), len(wait.children or ())
            yield kept.fault(
                "fan_outs", place, f"记着 {rows[key]['total']} 个子流程，流程状态里是 {count} 个"
            )
    for key, row in rows.items():
        if key not in waits:
            yield kept.fault("fan_outs", _place("fan_out", row), "有未完的子流程计数，却没有令牌在等")


def _scopes(kept: Kept, execution: Execution) -> Iterator[Fault]:
    living = execution.scopes()
    for scope in sorted({row["scope_id"] for row in kept.parts["variables"]} - living):
        yield kept.fault("variables", f"variable.scope_id={scope}", "留着变量，它们所属的令牌已经不在")


def _without_wait(kept: Kept, waits: Mapping[str, Wait], part: str, kind: str) -> Iterator[Fault]:
    table, name = TABLES[part]
    for row in kept.parts[part]:
        wait = waits.get(row["wait_key"])
        if wait is None or wait.kind != kind:
            text = f"有一条“{row['element_id']}”的{name}，却没有令牌在等"
            yield kept.fault(part, _place(table, row), text)


def _of_kind(waits: Mapping[str, Wait], kind: str) -> Iterator[tuple[str, Wait]]:
    return ((key, wait) for key, wait in waits.items() if wait.kind == kind)


def _place(table: str, row: Row) -> str:
    return f"{table}.id={row['id']}"
