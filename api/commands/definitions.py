"""`lint` and `deploy`: check diagrams, decisions and forms, and make versions of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.assembly import build_bindings
from api.commands.arguments import read_definitions, to_text
from api.commands.failures import Failure
from api.commands.installation import installed_engine, open_current_engine, read_settings
from api.commands.rules import AsJson
from api.library import library_catalogue, library_models
from engine.bpmn.findings import Finding, Refused, errors, sentence, to_json
from engine.bpmn.lint import Catalogue
from engine.bpmn.lint import lint as lint_files
from engine.runtime.definitions.shelf import deployed_models

Paths = Annotated[list[Path], typer.Argument(help="文件或文件夹 (.bpmn .dmn .form)")]


def lint(
    paths: Paths,
    as_json: AsJson = False,
    level: Annotated[
        str, typer.Option(help="bpmn：只问能否按标准运行；dialect：也问表单、岗位、标签")
    ] = "dialect",
) -> None:
    """检查流程图、决策和表单; 有错误时退出状态为 1。"""
    asked, files = _level(level), read_definitions(paths)
    catalogue, models = _beside()
    findings = lint_files(files, catalogue=catalogue, level=asked, models=models)
    _show(findings, as_json=as_json)
    if errors(findings):
        raise typer.Exit(1)


def deploy(
    paths: Paths,
    note: Annotated[str, typer.Option(help="这次部署的说明")] = "",
    as_json: AsJson = False,
) -> None:
    """部署: 全部通过检查才生效, 否则什么也不改变。"""
    files = read_definitions(paths)
    engine = open_current_engine(read_settings())
    try:
        done = engine.deploy(files, note=note)
    except Refused as refused:
        _show(refused.findings, as_json=as_json, err=not as_json)
        raise typer.Exit(1) from None
    versions = [version.__dict__ for version in done.versions]
    if as_json:
        told = to_json(done.warnings)
        typer.echo(to_text({"deployment": done.deployment_id, "versions": versions, **told}))
        return
    if done.warnings:
        _show(list(done.warnings), as_json=False, err=True)
    for version in done.versions:
        typer.echo(f"{version.kind} {version.key}：第 {version.number} 版{'' if version.new else '（未变）'}")


def _beside() -> tuple[Catalogue, Mapping[str, bytes]]:
    """What is there beside the files: what the installation has deployed, as the designer's page and REST
    ask it; the library where nothing is deployed yet."""
    engine = installed_engine(read_settings())
    if engine is not None:
        with engine.database.read() as connection:
            found = engine.catalogue(connection), deployed_models(connection, engine.definitions)
        engine.database.close()
        if found[0].processes:
            return found
    return library_catalogue(build_bindings()), library_models()


def _level(text: str) -> Literal["bpmn", "dialect"]:
    if text == "bpmn":
        return "bpmn"
    if text == "dialect":
        return "dialect"
    raise Failure("level", "--level 只能是 bpmn 或 dialect。", status=2)


def _show(findings: list[Finding], *, as_json: bool, err: bool = False) -> None:
    if as_json:
        typer.echo(to_text(to_json(findings)))
        return
    for finding in findings:
        word = "错误" if finding.severity == "error" else "提醒"
        typer.echo(f"{word} {sentence(finding)} {finding.hint}", err=err)
    if not findings:
        typer.echo("没有发现问题。", err=err)
