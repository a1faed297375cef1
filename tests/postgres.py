"""A private PostgreSQL cluster for one test run, shared by all of its worker processes.

Nothing of the machine is touched: binaries come from the installed package, data and socket live in one
temporary directory, no port is opened. Every user of the cluster holds a shared lock; a keeper process waits
for the exclusive one, which the kernel grants when the last user is gone, even by ``kill -9``. So the cluster
is never stopped under a running test and never left behind.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

OWNER = "bihuan"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # Nothing is replicated; the log stays small, for it may lie in memory.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    # No worker of the server's own between the tests' statements.
    "autovacuum": "off",
    "log_min_messages": "error",
    # On purpose neither UTC nor the assessor's zone, so that a test notices code relying on it.
    "timezone": "America/New_York",
}
INITDB = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
READY = "ready"

_held: list[IO[str]] = []
_url: str | None = None


class PostgresMissing(Exception):
    """No usable PostgreSQL on this machine; the sentence says what to install."""


@cache
def binaries() -> Path:
    """The folder with ``initdb`` and ``postgres`` of the newest installed version.

    Raises PostgresMissing when there is none.
    """
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise PostgresMissing("PostgreSQL is not installed: apt-get install postgresql")
    return max(found, key=_version)


def missing() -> str | None:
    """Why tests on PostgreSQL cannot run here, or None when they can."""
    if os.environ.get("BIHUAN_TEST_POSTGRES"):
        return None
    try:
        binaries()
        return None
    except PostgresMissing as reason:
        return str(reason)


def cluster_url() -> str:
    """The URL of this test run's cluster, started at the first call (database ``postgres``, a superuser).

    ``BIHUAN_TEST_POSTGRES`` names a server to use instead. Raises PostgresMissing.
    """
    global _url
    if _url is None:
        _url = os.environ.get("BIHUAN_TEST_POSTGRES") or _join(_folder())
    return _url


@contextmanager
def private_cluster(**settings: str) -> Iterator[str]:
    """A further cluster for one test that wants to stop or break the server; gone at the end of the block.

    `settings` differ from `SETTINGS`: `fsync="on"` for one whose commits last.
    """
    with breakable_cluster(**settings) as cluster:
        yield cluster.url


@contextmanager
def kept_cluster(folder: Path, **settings: str) -> Iterator[str]:
    """A cluster whose data stays in `folder` for the next time; the server runs during the block only."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    there = (folder / "data" / "PG_VERSION").exists()
    server = _run(folder, settings) if there else _start(folder, settings)
    try:
        yield _address(folder)
    finally:
        server.send_signal(signal.SIGINT)  # a clean stop: what is in memory is written first
        server.wait()


class Cluster:
    """A private cluster whose server can fall and come back."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.url = _address(folder)
        self._folder, self._settings = folder, settings
        self.server = _start(folder, settings)

    def fall(self) -> None:
        """The server ends at once, as by a power cut: what it had not written, it must recover."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()

    def come_back(self) -> None:
        """Start it again on the same data."""
        self.server = _run(self._folder, self._settings)


@contextmanager
def breakable_cluster(**settings: str) -> Iterator[Cluster]:
    """A further cluster for one test, as an object; gone at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-postgres-"))
    folder.chmod(0o755)
    cluster = Cluster(folder, settings)
    try:
        yield cluster
    finally:
        _stop(cluster.server, folder)


def _version(folder: Path) -> tuple[int, ...]:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return tuple(int(part) for part in re.findall(r"\d+", answer.stdout)[:2])


def _folder() -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"pid{os.getpid()}")
    return Path(tempfile.gettempdir()) / f"bihuan-postgres-{os.getuid()}-{run[:16]}"


def _address(folder: Path) -> str:
    return f"postgresql+psycopg://{OWNER}@/postgres?host={folder / 'socket'}"


def _join(folder: Path) -> str:
    """Hold the users' lock on the cluster in ``folder`` for the life of this process; start it if need be."""
    users = _hold_shared(folder)
    with (folder / "start.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not (folder / READY).exists():
            _spawn_keeper(folder)
    _held.append(users)
    return _address(folder)


def _hold_shared(folder: Path) -> IO[str]:
    while True:
        folder.mkdir(exist_ok=True)
        try:
            folder.chmod(0o755)
            users = (folder / "users.lock").open("w")
        except FileNotFoundError:
            continue
        fcntl.flock(users, fcntl.LOCK_SH)
        # A keeper that was just clearing up has taken the folder away while we waited: begin anew.
        if _still_there(users, folder / "users.lock"):
            return users
        users.close()


def _still_there(file: IO[str], path: Path) -> bool:
    """Is `path` still the file that was opened?"""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _spawn_keeper(folder: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd="/",
    )
    assert keeper.stdout is not None
    answer = keeper.stdout.readline().strip()
    if answer != READY:
        raise PostgresMissing(f"The private PostgreSQL cluster did not start: {answer or 'no reason given'}")


def _keep(folder: Path) -> None:
    """Run the cluster until nobody uses it any more; the body of the keeper process."""
    try:
        server = _start(folder)
    except (PostgresMissing, subprocess.CalledProcessError) as reason:
        print(str(getattr(reason, "stderr", None) or reason).replace("\n", " "), flush=True)
        return
    (folder / READY).touch()
    print(READY, flush=True)
    sys.stdout.close()
    with (folder / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        _stop(server, folder)


def _account() -> str | None:
    """The user that owns the cluster: PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None


def _start(folder: Path, settings: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    tools, account = binaries(), _account()
    for name in ("data", "socket"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
        if account:
            shutil.chown(folder / name, account, account)
    command = [str(tools / "initdb"), "-D", str(folder / "data"), "-U", OWNER, *INITDB]
    subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        user=account,
        cwd=folder,
    )
    return _run(folder, settings or {})


def _run(folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[str]:
    tools, account = binaries(), _account()
    options = [f"--{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
    server = subprocess.Popen(
        [tools / "postgres", "-D", folder / "data", "-k", folder / "socket", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        user=account,
        cwd=folder,
    )
    _wait_until_ready(tools, folder, server)
    return server


def _wait_until_ready(tools: Path, folder: Path, server: subprocess.Popen[str]) -> None:
    probe = [str(tools / "pg_isready"), "-q", "-h", str(folder / "socket"), "-U", OWNER]
    while subprocess.run(probe, check=False).returncode:
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise PostgresMissing(f"postgres ended at once with status {server.returncode}")


def _stop(server: subprocess.Popen[str], folder: Path) -> None:
    server.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown; the data is thrown away anyway
    server.wait()
    # Renamed first, in one move: whoever opens the cluster anew never sees a half-cleared folder.
    gone = folder.with_name(f"{folder.name}-gone-{os.getpid()}")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
