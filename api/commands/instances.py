"""`instances`: list them, show where one stands, move them to another version of their process."""

from typing import Annotated

import typer

from api.commands.arguments import to_text
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.commands.migrating import migrate
from api.commands.rules import AsJson
from engine.runtime.instances.listing import instance_by, waits_of
from engine.runtime.instances.listing import instances as read_instances
from engine.runtime.steps.rows import UnknownInstance
from engine.store import Row

WORDS = {
    "running": "进行中",
    "completed": "已办结",
    "terminated": "已终止",
    "voided": "已作废",
    "withdrawn": "已撤销",
    "suspended": "已挂起",
}
KINDS = {
    "user": "办理",
    "job": "服务",
    "children": "子流程",
    "timer": "定时",
    "message": "消息",
    "signal": "信号",
}

instances = typer.Typer(name="instances", help="流程实例：列出、查看、迁移到别的版本。", no_args_is_help=True)
instances.command("migrate")(migrate)


@instances.command("list")
def list_instances(
    process: Annotated[str, typer.Option(help="流程的编号")] = "",
    version: Annotated[int, typer.Option(min=0, help="第几版；0 是所有版本")] = 0,
    status: Annotated[
        str, typer.Option(help="running、suspended、completed、terminated、voided、withdrawn")
    ] = "",
    cycle: Annotated[str, typer.Option(help="考评年度的编号")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多列出几个")] = 100,
    as_json: AsJson = False,
) -> None:
    """列出流程实例, 新的在前。"""
    if status and status not in WORDS:
        raise Failure("status", f"--status 只能是 {'、'.join(WORDS)}。", status=2)
    engine = open_current_engine(read_settings())
    with engine.database.read() as connection:
        rows = read_instances(
            connection, process_key=process, version=version, status=status, cycle_id=cycle, limit=limit
        )
    if as_json:
        typer.echo(to_text({"items": [_plain(row) for row in rows]}))
        return
    for row in rows:
        typer.echo(_line(row))
    if not rows:
        typer.echo("没有符合条件的实例。")


@instances.command("show")
def show_instance(
    instance: Annotated[str, typer.Argument(help="实例的编号，或它的前 8 个以上的字符")],
    as_json: AsJson = False,
) -> None:
    """一个实例办到了哪里, 在等什么。"""
    engine = open_current_engine(read_settings())
    with engine.database.read() as connection:
        try:
            row = instance_by(connection, instance)
        except UnknownInstance:
            raise Failure("unknown", "没有这个实例。", where=instance) from None
        waits = waits_of(engine.setup, connection, row["id"])
    if as_json:
        listed = [
            {"element": wait.element, "name": name, "kind": wait.kind, "due_at": wait.due_at}
            for name, wait in waits
        ]
        typer.echo(to_text({**_plain(row), "waits": listed}))
        return
    typer.echo(_line(row))
    for name, wait in waits:
        due = f"，{wait.due_at:%Y-%m-%d %H:%M}（UTC）" if wait.due_at else ""
        typer.echo(f"  {KINDS.get(wait.kind, wait.kind)}：{name}（{wait.element}）{due}")


def _plain(row: Row) -> Row:
    names = {"process_key": "process", "subject_name": "subject", "cycle_id": "cycle"}
    return {names.get(name, name): value for name, value in row.items()}


def _line(row: Row) -> str:
    about = " · ".join(part for part in (row["subject_name"], row["matter"]) if part)
    status = WORDS.get(row["status"], row["status"])
    opened = f"，{row['open_items']} 项待办" if row["open_items"] else ""
    process = f"{row['process_key']} 第 {row['version']} 版"
    return f"{row['id']}  {process}  {status}{opened}  {about}".rstrip()
