"""`replay`: what was decided, played on another version of the diagram; says who would go another way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.commands.arguments import read_definitions, to_text
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.commands.migrating import collecting, read_mapping
from api.commands.rules import AsJson
from engine.bpmn.findings import Refused, sentence
from engine.dmn import DmnRefused
from engine.runtime.definitions.versions import UnknownDefinition
from engine.runtime.engine import Engine
from engine.runtime.replaying.desks import Change, Kind
from engine.runtime.replaying.replay import (
    Replayed,
    Target,
    count_instances,
    target_files,
    target_version,
)
from engine.runtime.replaying.replay import replay as play
from engine.runtime.steps.rows import UnknownInstance

STATES = {"same": "走向相同", "other": "走向不同", "cannot": "不能继续", "incomplete": "记录不全"}

CHANGES: Mapping[Kind, str] = {"who": "办理人", "due": "期限", "timer": "到时"}


def replay(
    process: Annotated[str, typer.Argument(help="流程的编号")],
    to: Annotated[list[str], typer.Option("--to", help="第几版，或流程图文件、文件夹；文件可以写多个")],
    cycle: Annotated[str, typer.Option(help="只看这个考评年度的实例")] = "",
    instances: Annotated[list[str] | None, typer.Option(help="只看这个实例，可以写多次")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="旧环节=新环节，可以写多次")] = None,
    as_json: AsJson = False,
) -> None:
    """用新版流程图重走已经办过的实例, 什么也不改变; 有走向不同的, 退出状态为 1。"""
    engine = open_current_engine(read_settings())
    target, named = _target(engine, process, to), instances or []
    total = len(named) or count_instances(engine.setup, process, cycle_id=cycle)
    found: list[Replayed] = []
    with collecting(found, "重走", total) as told:
        try:
            for one in play(
                engine.setup,
                process,
                target,
                mapping=read_mapping(mapping or []),
                cycle_id=cycle,
                instance_ids=named,
            ):
                told(one)
        except UnknownInstance as unknown:
            raise Failure("unknown", "没有这个实例。", where=str(unknown)) from None
    engine.database.close()
    _show(process, target, found, as_json=as_json)
    if any(one.verdict.state != "same" for one in found):
        raise typer.Exit(1)


def _target(engine: Engine, process: str, to: list[str]) -> Target:
    try:
        if len(to) == 1 and to[0].isdecimal():
            with engine.database.read() as connection:
                return target_version(connection, engine.setup, process, int(to[0]))
        return target_files(read_definitions([Path(one) for one in to]), process)
    except (UnknownDefinition, LookupError) as unknown:
        said = str(unknown).rstrip("。")
        raise Failure("unknown", f"{said}。", where=process, status=2) from None
    except Refused as refused:
        raise Failure("refused", sentence(refused.findings[0]), hint=refused.findings[0].hint) from None
    except DmnRefused as refused:
        raise Failure("refused", str(refused)) from None


def _show(process: str, target: Target, found: list[Replayed], *, as_json: bool) -> None:
    by_state = Counter(one.verdict.state for one in found)
    if as_json:
        listed = [
            {
                "id": one.instance_id,
                "subject": one.subject,
                "matter": one.matter,
                "status": one.status,
                "version": one.version,
                **asdict(one.verdict),
            }
            for one in found
        ]
        said = {"process": process, "to": target.label, "counts": by_state, "instances": listed}
        typer.echo(to_text(said))
        return
    words = "，".join(f"{STATES[state]} {count} 个" for state, count in by_state.most_common())
    typer.echo(f"{process} → {target.label}：{words or '没有可以重走的实例'}。")
    for line in _changes(found):
        typer.echo(f"  {line}")
    for one in found:
        if one.verdict.state != "same":
            typer.echo(f"  {_line(one)}")


def _changes(found: Sequence[Replayed]) -> Iterator[str]:
    """One line for each step that asks somebody else or by another date, however many instances it is."""
    changed: dict[tuple[str, Kind], list[tuple[Replayed, Change]]] = {}
    for one in found:
        for change in one.verdict.changes:
            changed.setdefault((change.name, change.kind), []).append((one, change))
    for (name, kind), instances in changed.items():
        one, change = instances[0]
        count = len({instance.instance_id for instance, _ in instances})
        example = f"{one.instance_id} 当时是“{change.old}”，新版是“{change.new}”"
        yield f"“{name}”{CHANGES[kind]}不同：{count} 个，例如 {example}。"


def _line(one: Replayed) -> str:
    verdict = one.verdict
    about = " · ".join(part for part in (one.subject, one.matter) if part)
    ways = ""
    if verdict.state == "other":
        old, new = "、".join(verdict.old_next) or "无", "、".join(verdict.new_next) or "无"
        ways = f"当时到“{old}”，新版到“{new}”。"
    place = f"在“{verdict.at}”" if verdict.at else ""
    seen = f"（{'，'.join(verdict.seen)}）" if verdict.seen else ""
    return f"{one.instance_id} {about} {STATES[verdict.state]}{place}：{ways}{verdict.because}{seen}"
