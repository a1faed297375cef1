"""`verify`: whether the data holds together, and a seal on what does."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from api.commands.arguments import to_text
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.files import faults_of as file_faults
from engine.audit.sealing import Seal, newest_seal, seal
from engine.runtime.checks.faults import Fault
from engine.runtime.checks.whole import faults_in, steady
from engine.runtime.engine import Engine
from engine.runtime.steps.rows import UnknownInstance, read_instance
from processes.evaluation.grading.sealing import broken_snapshots

EVERY = 100
"""After how many instances the progress is shown anew."""


def verify(
    instance: Annotated[str, typer.Option(help="只查一个流程实例")] = "",
    make_seal: Annotated[bool, typer.Option("--seal", help="没有问题时，给全部审计链加一个封印")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """核对数据: 令牌与待办、定时、订阅、后台工作、子流程计数、审计链、封印、封存的成绩、附件。"""
    settings = read_settings()
    engine = open_current_engine(settings)
    look = _Look()
    with engine.database.read() as connection:
        steady(connection)
        if instance:
            _check_known(connection, instance)
        faults = list(_all_faults(engine, connection, instance, settings.files_dir, look.at))
        last = newest_seal(connection)
    if make_seal and not faults and not instance:
        with engine.database.write() as connection:
            last = seal(connection, at=engine.clock.now())
    engine.database.close()
    look.over()
    typer.echo(to_text(_said(look.count, faults, last)) if as_json else _told(look.count, faults, last))
    if faults:
        raise typer.Exit(1)


class _Look:
    """How far it is: shown where a person looks on."""

    def __init__(self) -> None:
        self.count = 0
        self._shown = sys.stderr.isatty()

    def at(self, count: int) -> None:
        self.count = count
        if self._shown and count % EVERY == 0:
            print(f"\r已核对 {count} 个流程实例", end="", file=sys.stderr, flush=True)

    def over(self) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _check_known(connection: Connection, instance_id: str) -> None:
    try:
        read_instance(connection, instance_id)
    except UnknownInstance:
        raise Failure("unknown_instance", "没有这个流程实例。", where=instance_id) from None


def _all_faults(
    engine: Engine, connection: Connection, instance: str, files: Path, seen: Callable[[int], None]
) -> Iterator[Fault]:
    yield from faults_in(engine.setup, connection, instance_id=instance or None, seen=seen)
    if instance:
        return
    for snapshot_id, reason in broken_snapshots(connection):
        yield Fault("snapshot", f"snapshot.id={snapshot_id}", f"封存的成绩 {snapshot_id}：{reason}")
    for file_id, reason in file_faults(connection, files):
        yield Fault("file", f"file.id={file_id}", f"附件 {file_id}：{reason}")


def _said(count: int, faults: list[Fault], last: Seal | None) -> dict[str, Any]:
    return {
        "instances": count,
        "faults": [fault.__dict__ for fault in faults],
        "seal": last and {**last.__dict__, "sealed_at": last.sealed_at.isoformat()},
    }


def _told(count: int, faults: list[Fault], last: Seal | None) -> str:
    lines = [fault.message for fault in faults]
    lines.append(f"核对了 {count} 个流程实例，" + (f"有 {len(faults)} 处问题。" if faults else "没有问题。"))
    if last is not None:
        lines.append(f"最近的封印：{last.algorithm} {last.hash}（{last.chains} 条链）")
    return "\n".join(lines)
