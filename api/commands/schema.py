"""`init` and `migrate`: a database at its newest schema, with the product's own definitions, and a city."""

from typing import Annotated

import typer

from api.commands.founding import Asked, found_city, hint_of, wanted_of
from api.commands.installation import open_engine, read_settings
from api.library import deploy_library
from engine.store.turns import one_at_a_time
from processes.schema import migrate


def migrate_schema() -> None:
    """把数据库结构升级到最新; 全部完成或什么也不改变。"""
    engine = open_engine(read_settings())
    migrate(engine.database)
    typer.echo(f"数据库结构已是最新：{engine.database.url.render_as_string()}")


def init(
    assessor: Annotated[str, typer.Option(help="考评主体的名称，例如 杭州市")] = "",
    code: Annotated[str, typer.Option(help="考评主体的代码，例如 HZ")] = "",
    year: Annotated[int | None, typer.Option(help="第一个考评年度")] = None,
    admin: Annotated[str, typer.Option(help="系统管理员：登录名，或 登录名=姓名")] = "",
    security: Annotated[str, typer.Option(help="安全管理员：登录名，或 登录名=姓名")] = "",
    profile: Annotated[str, typer.Option(help="方案")] = "hangzhou_13fyp",
    office: Annotated[str, typer.Option(help="办事机构的名称；默认用方案里的")] = "",
) -> None:
    """新安装: 建立数据库结构, 部署自带的流程、决策和表单; 给出考评主体时, 也建立它和两位管理员。"""
    asked = Asked(assessor, code, year, admin, security, profile, office)
    wanted = wanted_of(asked)
    settings = read_settings()
    engine = open_engine(settings)
    migrate(engine.database)
    with engine.database.write() as connection:
        one_at_a_time(connection, "init")
        told = found_city(connection, wanted, engine=engine, settings=settings) if wanted else []
        done = deploy_library(engine, connection)
        told = told or hint_of(connection)
    new = sum(version.new for version in done.versions)
    typer.echo(
        f"数据库结构已是最新；部署了 {new} 个新版本，共 {len(done.versions) + len(done.left_alone)} 项。"
    )
    for version in done.left_alone:
        typer.echo(f"没有动 {version.kind} {version.key}：第 {version.number} 版是本市改过的。")
    for line in told:
        typer.echo(line)
