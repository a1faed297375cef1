"""`init` and `migrate`: a database at its newest schema, with the product's own definitions."""

import typer

from api.commands.installation import open_engine, read_settings
from api.library import deploy_library
from processes.schema import migrate


def migrate_schema() -> None:
    """把数据库结构升级到最新; 全部完成或什么也不改变。"""
    engine = open_engine(read_settings())
    migrate(engine.database)
    typer.echo(f"数据库结构已是最新: {engine.database.url.render_as_string()}")


def init() -> None:
    """新安装: 建立数据库结构并部署自带的流程、决策和表单。"""
    engine = open_engine(read_settings())
    migrate(engine.database)
    done = deploy_library(engine)
    new = sum(version.new for version in done.versions)
    typer.echo(
        f"数据库结构已是最新; 部署了 {new} 个新版本, 共 {len(done.versions) + len(done.left_alone)} 项。"
    )
    for version in done.left_alone:
        typer.echo(f"没有动 {version.kind} {version.key}: 第 {version.number} 版是本市改过的。")
