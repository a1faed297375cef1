"""`worker`: the work behind the pages."""

import signal
from datetime import timedelta
from threading import Event

from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.logs import configure_logs
from engine.jobs.runner import Runner
from engine.jobs.worker import run_worker
from engine.runtime.background.working import Working
from engine.runtime.engine import Engine


def worker() -> None:
    """做后台工作: 到期的定时、服务任务、子流程。可以在多台机器上同时运行。"""
    settings = read_settings()
    configure_logs(format=settings.log_format, level=settings.log_level)
    engine = open_current_engine(settings)
    try:
        if engine.database.dialect == "sqlite":
            work_embedded(engine)
        elif settings.transaction_pool and not settings.worker_database_url:
            hint = "请设 BIHUAN_WORKER_DATABASE_URL，直接指向 PostgreSQL。"
            raise Failure("settings", "worker 不能经过“事务级”连接池收听通知。", hint=hint, status=2)
        else:
            url = settings.worker_database_url or settings.database_url
            work_on_postgresql(engine, url, lease=timedelta(seconds=settings.job_lease_seconds))
    finally:
        engine.database.close()


def work_embedded(engine: Engine) -> None:
    """SQLite: look for work again and again."""
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    runner = Runner(engine.run_due)
    runner.start()
    stopping.wait()
    runner.stop()


def work_on_postgresql(engine: Engine, url: str, *, lease: timedelta) -> None:
    """PostgreSQL: procrastinate wakes the worker; a second thread keeps the clock and misses nothing."""
    working = Working(engine.setup, lease=lease)
    clock = Runner(working.look, name="bihuan-clock")
    clock.start()
    try:
        run_worker(engine.database, libpq_url(url), working.work, stop=working.stop)
    finally:
        clock.stop()


def libpq_url(url: str) -> str:
    """SQLAlchemy's URL as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
