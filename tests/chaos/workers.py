"""Real `bihuan worker` processes on a database, and waiting for what they do."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BIHUAN = Path(sys.executable).with_name("bihuan")
Worker = subprocess.Popen[bytes]


@contextmanager
def workers(
    url: str, folder: Path, *, count: int = 1, settings: Mapping[str, str] | None = None
) -> Iterator[list[Worker]]:
    """Workers that run until the block ends, or until the test ends them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    environment = {**kept, "BIHUAN_DATABASE_URL": url, "BIHUAN_LOG_LEVEL": "error", **(settings or {})}
    started = [subprocess.Popen([BIHUAN, "worker"], cwd=folder, env=environment) for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def until(happened: Callable[[], bool], *, seconds: float = 90) -> None:
    """Look again and again until it has happened; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
