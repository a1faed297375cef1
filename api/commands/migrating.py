"""`instances migrate`: a check first, then one instance after the other, to be taken up or taken back."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.commands.arguments import to_text
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.commands.rules import AsJson
from engine.audit.administration import SERVER
from engine.clock import SystemClock
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.engine import Engine
from engine.runtime.migrating.bulk import (
    Order,
    Settled,
    UnknownOrder,
    carry_out,
    counts,
    examine,
    give_order,
    read_order,
    take_back,
    unfinished,
)
from engine.runtime.migrating.moving import Checked, check
from engine.runtime.migrating.noting import note_order
from engine.runtime.migrating.plan import Plan, PlanRefused, plan_of
from engine.runtime.setup import Actor
from engine.runtime.steps.rows import UnknownInstance

One = TypeVar("One")
BY = Actor(None, SERVER)
STATES = {"moved": "已迁移", "refused": "不能迁移", "back": "已退回", "stays": "留在新版"}
NOT_DONE = ("refused", "stays")


def migrate(
    process: Annotated[str, typer.Argument(help="流程的编号；退回时不用写")] = "",
    old: Annotated[int, typer.Option("--from", min=0, help="从第几版；只有一个旧版有实例时不用写")] = 0,
    new: Annotated[int, typer.Option("--to", min=0, help="到第几版；默认最新的一版")] = 0,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="旧环节=新环节，可以写多次")] = None,
    cycle: Annotated[str, typer.Option(help="只迁移这个考评年度的实例")] = "",
    instance: Annotated[list[str] | None, typer.Option(help="只迁移这个实例，可以写多次")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，什么也不改变")] = False,
    undo: Annotated[str, typer.Option(help="退回一次迁移：写迁移的编号")] = "",
    as_json: AsJson = False,
) -> None:
    """把进行中的实例迁移到流程的另一个版本; 有不能迁移的, 退出状态为 1。"""
    engine = open_current_engine(read_settings())
    if undo:
        _finish(engine, *_undone(engine, undo), as_json=as_json)
        return
    if not process:
        raise Failure(
            "usage", "请写明流程的编号。", hint="例如 bihuan instances migrate planning --to 2。", status=2
        )
    plan = _plan(engine, process, old, new, read_mapping(mapping or []))
    named = instance or []
    if dry_run:
        _show_checked(plan, list(_checked(engine, plan, cycle, named)), as_json=as_json)
        return
    _finish(engine, *_moved(engine, plan, cycle, named), as_json=as_json)


def _plan(engine: Engine, process: str, old: int, new: int, mapping: dict[str, str]) -> Plan:
    try:
        with engine.database.read() as connection:
            rows = engine.definitions.versions(connection, "process", process)
            if not rows:
                raise UnknownDefinition("process", process)
            new = new or max((row["number"] for row in rows), default=0)
            old = old or _only_old([row["number"] for row in rows if row["running"] and row["number"] != new])
            return plan_of(connection, engine.definitions, process, old=old, new=new, mapping=mapping)
    except UnknownDefinition as unknown:
        raise Failure("unknown", f"{unknown}。", where=process, status=2) from None
    except PlanRefused as refused:
        raise Failure("plan", refused.message, where=process, hint=refused.hint, status=2) from None


def _only_old(numbers: list[int]) -> int:
    if len(numbers) == 1:
        return numbers[0]
    if not numbers:
        raise Failure("nothing", "别的版本上没有进行中的实例。", hint="用 --from 写明从第几版。", status=2)
    listed = "、".join(f"第 {one} 版" for one in sorted(numbers))
    raise Failure(
        "versions", f"有几个版本上有进行中的实例：{listed}。", hint="用 --from 写明从第几版。", status=2
    )


def read_mapping(pairs: list[str]) -> dict[str, str]:
    """`old=new` pairs. Raises Failure."""
    found = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise Failure("map", f"--map 应当写成 旧环节=新环节，不是“{pair}”。", status=2)
        found[old] = new
    return found


def _checked(engine: Engine, plan: Plan, cycle: str, named: list[str]) -> Iterator[Checked]:
    if not named:
        yield from examine(engine.setup, plan, cycle_id=cycle)
        return
    with engine.database.read() as connection:
        for one in named:
            try:
                yield check(engine.setup, connection, plan, one)
            except UnknownInstance:
                raise Failure("unknown", "没有这个实例。", where=one) from None


def _moved(engine: Engine, plan: Plan, cycle: str, named: list[str]) -> tuple[Order, list[Settled]]:
    """Give the order, or take up the same one that was interrupted, and carry it out."""
    setup = engine.setup
    with engine.database.write() as connection:
        order_id = None if named or cycle else unfinished(connection, plan)
        if order_id is None:
            order_id = give_order(setup, connection, plan, by=BY, cycle_id=cycle, instance_ids=named)
            given = counts(connection, order_id).get("waiting", 0)
            note_order(connection, plan, by=BY, at=SystemClock().now(), count=given)
        order, waiting = read_order(setup, connection, order_id), counts(connection, order_id)
    found: list[Settled] = []
    with collecting(found, "迁移", waiting.get("waiting", 0)) as told:
        carry_out(setup, order, by=BY, told=told)
    return order, found


def _undone(engine: Engine, order_id: str) -> tuple[Order, list[Settled]]:
    try:
        with engine.database.write() as connection:
            order = read_order(engine.setup, connection, order_id)
            moved = counts(connection, order_id).get("moved", 0)
            note_order(connection, order.plan, by=BY, at=SystemClock().now(), count=moved, back=True)
    except UnknownOrder:
        raise Failure("unknown", "没有这次迁移。", where=order_id) from None
    found: list[Settled] = []
    with collecting(found, "退回", moved) as told:
        take_back(engine.setup, order, by=BY, told=told)
    return order, found


@contextmanager
def collecting(found: list[One], what: str, total: int) -> Iterator[Callable[[One], None]]:
    """What is said of each goes into `found`; a bar on standard error where somebody looks at it."""
    if not sys.stderr.isatty():
        yield found.append
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)

        def told(one: One) -> None:
            found.append(one)
            bar.advance(task)

        yield told


def _finish(engine: Engine, order: Order, found: list[Settled], *, as_json: bool) -> None:
    by_state = Counter(one.state for one in found)
    if as_json:
        listed = [{"id": one.instance_id, "state": one.state, "reason": one.reason} for one in found]
        typer.echo(
            to_text({**_place(order.plan), "order": order.id, "counts": by_state, "instances": listed})
        )
    else:
        _tell(order, found, by_state)
    engine.database.close()
    if any(by_state[state] for state in NOT_DONE):
        raise typer.Exit(1)


def _tell(order: Order, found: list[Settled], by_state: Counter[str]) -> None:
    said = "，".join(f"{STATES[state]} {count} 个" for state, count in by_state.items())
    typer.echo(f"{order.plan.process_key} {order.plan.words}：{said or '没有要迁移的实例'}。")
    reasons = Counter(one.reason for one in found if one.state in NOT_DONE)
    examples = {one.reason: one.instance_id for one in found}
    for reason, count in reasons.most_common():
        typer.echo(f"  {count} 个：{reason}（例如 {examples[reason]}）")
    if by_state["moved"]:
        typer.echo(f"退回这次迁移：bihuan instances migrate --undo {order.id}")


def _show_checked(plan: Plan, found: list[Checked], *, as_json: bool) -> None:
    by_state = Counter(one.state for one in found)
    if as_json:
        listed = [
            {
                "id": one.instance_id,
                "subject": one.subject,
                "state": one.state,
                "obstacles": [asdict(obstacle) for obstacle in one.obstacles],
                "remarks": [asdict(remark) for remark in one.remarks],
            }
            for one in found
        ]
        typer.echo(to_text({**_place(plan), "counts": by_state, "instances": listed}))
    else:
        typer.echo(f"{plan.process_key} {plan.words}：{by_state['fits']} 个可以迁移，共 {len(found)} 个。")
        said = Counter(f"不能：{one.message}{one.hint}" for each in found for one in each.obstacles)
        said += Counter(f"注意：{one.message}" for each in found for one in each.remarks)
        for sentence, count in said.most_common():
            typer.echo(f"  {count} 个{sentence}")
    if by_state["refused"]:
        raise typer.Exit(1)


def _place(plan: Plan) -> dict[str, object]:
    numbers = {"from": plan.old.version.number, "to": plan.new.version.number}
    return {"process": plan.process_key, **numbers, "mapping": dict(plan.mapping)}
