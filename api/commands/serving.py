"""`serve`: the pages and the REST interface."""

import signal
import socket
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.commands.causes import file_reason
from api.commands.failures import Failure
from api.commands.installation import open_current_engine, read_settings
from api.live.stream_pages import Live
from api.logs import configure_logs
from api.settings import Settings
from engine.jobs.queue import EmbeddedQueue
from engine.jobs.runner import Runner
from engine.runtime.engine import Engine

PATIENCE_SECONDS = 10
"""How long requests in hand may take when the server is told to stop."""


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址")] = None,
    port: Annotated[int | None, typer.Option(help="端口；0 由系统选一个")] = None,
) -> None:
    """提供页面和接口; 在 SQLite 上也做后台工作, 在 PostgreSQL 上后台工作由 worker 做。"""
    settings = read_settings()
    engine = open_current_engine(settings)
    run_server(settings, engine, host=host, port=port, works=engine.database.dialect == "sqlite")


def run_server(
    settings: Settings, engine: Engine, *, host: str | None = None, port: int | None = None, works: bool
) -> None:
    """Serve until SIGINT or SIGTERM; with `works` the server also does the background work."""
    configure_logs(format=settings.log_format, level=settings.log_level)
    listener = listen(host or settings.host, settings.port if port is None else port)
    typer.echo(f"请打开 http://{address(listener)} （Ctrl+C 结束）")
    runner = start_runner(engine) if works else None
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, engine)
    config = uvicorn.Config(
        app,
        forwarded_allow_ips=settings.trusted_proxies,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    # uvicorn raises the signal again when it has shut down; as an exception it lets us tidy up too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _Server(config, app.state.live).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        if runner is not None:
            runner.stop()
        engine.database.close()


class _Server(uvicorn.Server):
    """When it is told to stop it says so to the open pages, which else would listen on."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live.close()
        super().handle_exit(sig, frame)


def listen(host: str, port: int) -> socket.socket:
    """The socket that pages are served on. Raises `Failure` when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = file_reason(error) if isinstance(error, OSError) else str(error)
        hint = "请用 --port 换一个端口，或结束占用它的程序。"
        raise Failure("port", f"无法监听：{reason}。", where=f"{host}:{port}", hint=hint) from None


def address(listener: socket.socket) -> str:
    """Host and port as a browser wants them."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def start_runner(engine: Engine) -> Runner:
    """The runner inside this server."""
    runner = Runner(engine.run_due)
    if isinstance(engine.setup.queue, EmbeddedQueue):
        engine.setup.queue.wake = runner.wake
    runner.start()
    return runner
