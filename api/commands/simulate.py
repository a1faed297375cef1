"""`simulate`: a virtual city works a whole year on the real diagrams."""

import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import ArgumentError

from api.assembly import build_bindings
from api.commands.arguments import to_text
from api.commands.causes import file_reason
from api.commands.demo import PASSWORD
from api.commands.failures import Failure
from api.commands.installation import read_settings
from api.commands.rules import AsJson
from api.files import Stored, store
from api.house import password_rules
from api.library import deploy_library
from api.settings import Settings
from engine.clock import VirtualClock
from engine.ids import new_id
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database, insert_rows
from processes.cycle.profile import Profile, bundled_profiles, load_profile
from processes.schema import migrate
from processes.simulation.city import CityRefused, begins, require_empty
from processes.simulation.report import report_of
from processes.simulation.running import Order, Simulated
from processes.simulation.running import simulate as work_a_year
from processes.simulation.tasks import Task

Told = Callable[[datetime, int], None]
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""What everybody in a virtual city hands in where a paper is wanted."""
LONG = timedelta(days=630)
"""About how long a year takes on its own clock, to its last consequence."""


def simulate(
    profile: Annotated[str, typer.Option(help="方案的名称，例如 zhangjiajie_2009")],
    units: Annotated[int, typer.Option(min=1, max=2000, help="参加考评的单位有几个")],
    year: Annotated[int, typer.Option(help="哪个年度")],
    seed: Annotated[int, typer.Option(help="随机数的种子：相同的种子得出相同的结果")] = 1,
    database: Annotated[str, typer.Option(help="留下数据库：空的 SQLite 或 PostgreSQL 地址")] = "",
    report: Annotated[Path | None, typer.Option(help="把网页报告写进这个文件夹")] = None,
    as_json: AsJson = False,
) -> None:
    """让一座虚拟城市按真实的流程图办完一个年度。"""
    chosen = _profile(profile)
    settings = _quiet(read_settings())
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-simulate-")))
        home = _open(database or f"sqlite:///{place / 'city.db'}", kept=bool(database))
        stack.callback(home.close)
        if report is not None:
            _prepare(report)
        folder = settings.files_dir if database else place / "files"
        order = Order(chosen, units, year, seed, password_hash=_password(settings))
        with _progress(year) as told:
            done = _run(home, order, folder, told)
        if report is not None:
            _write(report, home, done)
    typer.echo(to_text(done.as_json())) if as_json else _show(done, database=database)


def _run(database: Database, order: Order, folder: Path, told: Told) -> Simulated:
    """Migrate the empty database, deploy the library, and work the year. Raises Failure."""
    clock = VirtualClock(begins(order.year))
    try:
        with database.read() as connection:
            require_empty(connection)
    except CityRefused as refused:
        raise _refused(refused) from None
    migrate(database)
    engine = Engine(database, clock=clock, bindings=build_bindings())
    papers = Papers(engine, folder)
    _spare_the_collector()
    try:
        return work_a_year(engine, clock, order, upload=papers.keep, told=told, lay=lay_library)
    except CityRefused as refused:
        raise _refused(refused) from None


def _refused(refused: CityRefused) -> Failure:
    return Failure("city", str(refused), hint=refused.hint, status=2)


def _spare_the_collector() -> None:
    """What was loaded stays for good, and a year makes millions of objects that die at once: the collector
    of cycles need not look so often (a tenth of the processor time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def lay_library(engine: Engine) -> None:
    """Deploy the product's own diagrams, decisions and forms."""
    with engine.database.write() as connection:
        deploy_library(engine, connection)


class Papers:
    """Uploads of the virtual city: one paper, stored once, with a row for each time that it is handed in."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._stored: Stored | None = None

    def keep(self, task: Task, field: str) -> str:
        if self._stored is None:
            self._stored = store(self._folder, BytesIO(PAPER), max_bytes=len(PAPER))
        item = task.view.item
        row: dict[str, object] = {
            "id": new_id(),
            "cycle_id": item.cycle_id,
            "instance_id": item.instance_id,
            "element_id": item.element_id,
            "item_id": item.id,
            "field": field,
            "digest": self._stored.digest,
            "name": "佐证材料.pdf",
            "media_type": "application/pdf",
            "size": self._stored.size,
            "created_by": task.person_id,
            "created_at": self._engine.clock.now(),
        }
        with self._engine.database.write() as connection:
            insert_rows(connection, "file", [row])
        return str(row["id"])


def _profile(name: str) -> Profile:
    if name not in bundled_profiles():
        hint = f"有的是 {'、'.join(bundled_profiles())}。"
        raise Failure("profile", f"没有方案“{name}”。", hint=hint, status=2)
    return load_profile(name)


def _open(url: str, *, kept: bool) -> Database:
    """The database; one that is thrown away afterwards need not outlive a loss of power."""
    try:
        return Database(url, durable=kept)
    except (ValueError, ArgumentError, ImportError):
        hint = "例如 sqlite:///simulated.db 或 postgresql+psycopg://用户@主机/库名。"
        raise Failure("database", "--database 不是可用的数据库地址。", hint=hint, status=2) from None


def _password(settings: Settings) -> str:
    """Everybody in the city logs in with the demonstration's password."""
    return Passwords(password_rules(settings)).hash(PASSWORD)


def _quiet(settings: Settings) -> Settings:
    """Warnings of the engine belong in the answer, not between the progress bar's lines."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    return settings


@contextmanager
def _progress(year: int) -> Iterator[Told]:
    """A bar on standard error, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda _at, _acts: None
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[acts]} 件"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    start = begins(year)
    with bar:
        task = bar.add_task(f"{start:%Y-%m-%d}", total=LONG.total_seconds(), acts=0)

        def told(at: datetime, acts: int) -> None:
            passed = (at - start).total_seconds()
            bar.update(task, completed=passed, description=f"{at:%Y-%m-%d}", acts=acts)

        yield told


def _prepare(folder: Path) -> None:
    """The report's folder, before the long work: a year is not worked for a report that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "年度还没有开始模拟。请换一个可以写的文件夹。"
        told = f"不能建立报告的文件夹：{file_reason(error)}。"
        raise Failure("report", told, where=str(folder), hint=hint, status=2) from None


def _write(folder: Path, database: Database, done: Simulated) -> None:
    try:
        with database.read() as connection:
            (folder / "index.html").write_text(report_of(connection, done), "utf-8")
    except OSError as error:
        raise Failure("report", f"报告没有写成：{file_reason(error)}。", where=str(folder)) from None


def _show(done: Simulated, *, database: str) -> None:
    """A line a unit, then what came of the year."""
    for unit in done.outcome.units:
        typer.echo("\t".join(str(unit[name] or "") for name in ("group", "rank", "unit", "total", "grade")))
    said = done.as_json()
    typer.echo(
        f"{said['instances']} 个流程，{said['work_items']} 件待办，用时 {said['wall_seconds']} 秒；"
        f"异常 {said['open_incidents']}，未办结 {said['stuck_instances']}，"
        f"审计{'完整' if said['audit_ok'] else '不完整'}。"
    )
    if database:
        typer.echo(f"数据库留在 {database}；所有人的密码都是 {PASSWORD}。")
