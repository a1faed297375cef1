"""`demo`: a demonstration city on this machine, made once and kept."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

from api.assembly import build_bindings
from api.commands.failures import Failure
from api.commands.installation import open_engine, read_settings
from api.commands.serving import run_server
from api.house import password_rules
from api.library import deploy_library
from api.outgoing.noticing import notice_rules
from api.outgoing.senders import senders_of
from api.settings import Settings
from engine.clock import OffsetClock, SystemClock, VirtualClock
from engine.people.passwords import Passwords
from engine.people.posts import list_posts
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.running import engine_cycle
from processes.demo import Demo, build_demo, is_built
from processes.schema import migrate

PASSWORD = "bihuan-2018"  # noqa: S105 - the demonstration's, printed for everybody to see
YEAR = 2018
BEGINS = datetime(YEAR, 2, 26, 1, 0, tzinfo=UTC)
"""Where the demonstration's clock starts, 09:00 there: reports are due in ten working days."""
_OF_SUPPORTING = re.compile(r"s\d+\.liaison$")
SHOWN = ("u20.", "u39.", "u13.", "office.", "review.", "committee.", "designer", "admin.", "city.")


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="丢弃原有演示数据，重新建立。")] = False,
    port: Annotated[int | None, typer.Option(help="端口，默认 8000")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="建好后提供页面。")] = True,
) -> None:
    """建立演示城市 (2018 年度目标制定) 并在本机提供页面。"""
    settings = read_settings()
    database = open_engine(settings).database
    if database.dialect != "sqlite":
        raise Failure("demo", "演示只用 SQLite。", hint="正式安装请用 bihuan init。", status=2)
    if reset:
        remove(settings)
    build(settings)
    engine = Engine(
        database,
        clock=demo_clock(settings.data_dir),
        bindings=build_bindings(),
        backoff=settings.backoff,
        senders=senders_of(settings),
        send_attempts=settings.send_attempts,
        notices=notice_rules(settings),
    )
    show(settings)
    if serve:
        run_server(settings, engine, port=port, works=True)


def remove(settings: Settings) -> None:
    """Throw away the demonstration's own files, and nothing else."""
    path = Path(Database(settings.database_url).url.database or "")
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    (settings.data_dir / "demo.json").unlink(missing_ok=True)
    shutil.rmtree(settings.files_dir, ignore_errors=True)


def build(settings: Settings) -> None:
    """Make the city, deploy the library, announce planning; nothing when it is there already."""
    database = Database(settings.database_url)
    migrate(database)
    with database.read() as connection:
        if is_built(connection):
            database.close()
            return
    kept = Passwords(password_rules(settings)).hash(PASSWORD)
    engine = Engine(database, clock=VirtualClock(BEGINS), bindings=build_bindings())
    with database.write() as connection:
        deploy_library(engine, connection)
        made = build_demo(connection, password_hash=kept, year=YEAR)
        cycle = engine_cycle(connection, made.cycles[YEAR])
        engine.start_in(connection, "plan_setting", cycle=cycle)
        write_down(made, settings.data_dir)
    engine.drain()
    database.close()


def write_down(made: Demo, folder: Path) -> None:
    """When the demonstration began, and who can log in; kept beside its database."""
    begun = {"begun": SystemClock().now().isoformat(), "logins": [one.__dict__ for one in made.logins]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text(json.dumps(begun, ensure_ascii=False), "utf-8")


def read_begun(folder: Path) -> dict[str, Any]:
    """What `write_down` wrote. Raises `Failure` when it is gone."""
    try:
        return cast(dict[str, Any], json.loads((folder / "demo.json").read_text("utf-8")))
    except (OSError, ValueError):
        where, hint = str(folder / "demo.json"), "请用 --reset 重新建立演示。"
        raise Failure("demo", "演示数据不完整。", where=where, hint=hint) from None


def demo_clock(folder: Path) -> OffsetClock:
    """The demonstration's clock: it began at `BEGINS` when the city was made, and never goes back."""
    begun = datetime.fromisoformat(read_begun(folder)["begun"])
    return OffsetClock(BEGINS + (SystemClock().now() - begun))


def show(settings: Settings) -> None:
    """Print who can log in."""
    logins = read_begun(settings.data_dir)["logins"]
    with Database(settings.database_url).read() as connection:
        posts = {post.key: post.name for post in list_posts(connection)}
    console = Console()
    table = Table(title=f"可以登录的人（密码都是 {PASSWORD}；共 {len(logins)} 人）")
    for heading in ("登录名", "姓名", "单位", "岗位"):
        table.add_column(heading)
    for one in logins:
        if one["login"].startswith(SHOWN):
            table.add_row(one["login"], one["name"], one["unit"], posts.get(one["post"], one["post"]))
    console.print(table)
    console.print(
        "其他单位同理：u01 至 u45 是市直单位，d01 至 d13 是区、县(市)，后接 .liaison .division .deputy"
        " .head；第二个处室起是 .division2、.division3"
    )
    console.print(f"承担目标的支撑单位也要报送：{'、'.join(supporting(logins))}，后面同样")


def supporting(logins: Sequence[Mapping[str, str]]) -> list[str]:
    """The supporting bodies that have people of their own, with how their log-ins begin: `s12 市科协`."""
    return [
        f"{one['login'].partition('.')[0]} {one['unit']}"
        for one in logins
        if _OF_SUPPORTING.match(one["login"])
    ]
