"""A real pgbouncer in transaction mode before a test's database: connections change all the time."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from sqlalchemy import make_url

PROGRAM = "/usr/sbin/pgbouncer"
PORT = 6432
"""Of the socket's name only: nothing listens on the network."""


def missing() -> str | None:
    """Why tests behind a pool cannot run here, or None when they can."""
    return None if _program() else "pgbouncer is not installed: apt-get install pgbouncer"


@contextmanager
def pooled(url: str, *, connections: int = 2) -> Iterator[str]:
    """The URL of the database behind a pool of so few server connections that everybody gets others' ones."""
    given = make_url(url)
    folder = Path(mkdtemp(prefix="bihuan-pgbouncer-"))
    folder.chmod(0o777)
    server, user = given.query.get("host") or given.host, given.username or "postgres"
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={server} port={given.port or 5432} user={user}\n"
        f"[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {folder}\n"
        f"pool_mode = transaction\ndefault_pool_size = {connections}\nmax_client_conn = 200\n"
        "auth_type = any\nserver_round_robin = 1\n"
    )
    account = "postgres" if os.getuid() == 0 else None
    program = _program()
    assert program is not None, missing()
    pool = subprocess.Popen(
        [program, "-q", settings], user=account, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        through = given.set(host=None, port=PORT, query={"host": str(folder)})
        address = through.render_as_string(hide_password=False)
        _wait_until_open(address)
        yield address
    finally:
        pool.kill()
        pool.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str | None:
    return shutil.which("pgbouncer") or (PROGRAM if Path(PROGRAM).exists() else None)


def _wait_until_open(address: str, *, seconds: float = 30) -> None:
    conninfo = address.replace("postgresql+psycopg://", "postgresql://", 1)
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(conninfo).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "pgbouncer did not open in time"
            time.sleep(0.02)
