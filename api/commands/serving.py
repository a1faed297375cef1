"""`serve` and `worker`: pages, and the work behind them."""

import signal
import time
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.assembly import build_engine
from api.commands.failures import Failure
from api.logs import configure_logs
from api.settings import Settings
from engine.jobs.queue import EmbeddedQueue
from engine.jobs.runner import Runner
from engine.runtime import running
from engine.runtime.engine import Engine
from processes.schema import is_current


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="端口")] = None,
) -> None:
    """提供页面和接口; 在 SQLite 上也做后台工作, 在 PostgreSQL 上后台工作由 worker 做。"""
    settings = Settings()
    run_server(settings, build_engine(settings), host=host, port=port)


def run_server(
    settings: Settings, engine: Engine, *, host: str | None = None, port: int | None = None
) -> None:
    """Serve until stopped."""
    configure_logs(format=settings.log_format, level=settings.log_level)
    check_schema(engine)
    runner = start_runner(engine)
    try:
        uvicorn.run(
            create_app(settings, engine),
            host=host or settings.host,
            port=port if port is not None else settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
        )
    finally:
        if runner is not None:
            runner.stop()
        engine.database.close()


def start_runner(engine: Engine) -> Runner | None:
    """SQLite: the runner inside this server. PostgreSQL has workers of its own."""
    if engine.database.dialect != "sqlite":
        return None
    runner = Runner(engine.run_due)
    if isinstance(engine.setup.queue, EmbeddedQueue):
        engine.setup.queue.wake = runner.wake
    runner.start()
    return runner


def worker() -> None:
    """做后台工作: 到期的定时、服务任务、子流程。可以在多台机器上同时运行。"""
    settings = Settings()
    configure_logs(format=settings.log_format, level=settings.log_level)
    engine = build_engine(settings)
    check_schema(engine)
    if engine.database.dialect == "sqlite":
        _work_embedded(engine)
        return
    clock = Runner(engine.run_due, name="bihuan-clock")
    clock.start()
    conninfo = settings.worker_database_url or settings.database_url
    try:
        from engine.jobs.postgresql import worker_app  # costs a second that other commands need not pay

        app = worker_app(libpq_url(conninfo), lambda job_id: running.run_job(engine.setup, job_id))
        with app.open():
            app.run_worker(queues=["bihuan"], wait=True)
    finally:
        clock.stop()
        engine.database.close()


def libpq_url(url: str) -> str:
    """SQLAlchemy's URL as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def check_schema(engine: Engine) -> None:
    """A server never runs on an old schema. Raises `Failure` with what to do."""
    with engine.database.read() as connection:
        if not is_current(connection):
            raise Failure("schema", "数据库结构不是最新的。", hint="请先运行 bihuan migrate。")


def _work_embedded(engine: Engine) -> None:
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopping:
        if not engine.run_due():
            time.sleep(0.2)
    engine.database.close()
