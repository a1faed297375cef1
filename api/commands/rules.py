"""`feel` and `decide`: try an expression or a decision."""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.arguments import read_bytes, read_json, to_text
from api.commands.failures import Failure
from engine.dmn import DmnRefused, UnknownDecision
from engine.dmn import command as dmn_command
from engine.feel import FeelError
from engine.feel import command as feel_command

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。")]


def feel(
    expression: Annotated[str, typer.Argument(help="FEEL 表达式，例如 1 + 1")],
    context: Annotated[str, typer.Option(help="变量：JSON 文本、@文件 或 -")] = "{}",
    as_json: AsJson = False,
) -> None:
    """计算一个 FEEL 表达式。"""
    try:
        said = feel_command.answer(expression, read_json(context, option="--context"))
    except FeelError as error:
        raise Failure("feel", str(error), where=expression[:80]) from None
    _print(said, as_json=as_json)


def decide(
    file: Annotated[Path, typer.Argument(help="DMN 文件")],
    decision: Annotated[str, typer.Argument(help="决策的 id 或名称")],
    inputs: Annotated[str, typer.Option("--input", help="输入：JSON 文本、@文件 或 -")] = "{}",
    as_json: AsJson = False,
    explain: Annotated[bool, typer.Option("--explain", help="列出每个决策命中的规则。")] = False,
) -> None:
    """用一个 DMN 决策作出判断。"""
    try:
        given = read_json(inputs, option="--input")
        said = dmn_command.answer(read_bytes(file), str(file), decision, given)
    except DmnRefused as refused:
        first = refused.findings[0]
        raise Failure("dmn", first.message, where=f"{first.file}:{first.line}", hint=first.hint) from None
    except UnknownDecision as unknown:
        raise Failure("dmn", str(unknown), where=str(file)) from None
    except FeelError as error:
        raise Failure("feel", str(error), where=str(file)) from None
    _print(said, as_json=as_json or explain)


def _print(said: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(to_text(said))
        return
    value = said["value"]
    typer.echo(value if isinstance(value, str) else to_text(value))
    for warning in said["warnings"]:  # type: ignore[attr-defined]
        typer.echo(f"提示：{warning['message']}（位置 {warning['position']}）", err=True)
