"""A PostgreSQL server for measuring: a cluster of its own, thrown away, whose commits wait for the disk.

The peers' scripts expect it on a port of 127.0.0.1 with the user `bench`; ours is measured on the same one.
"""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import binaries

PORT = 55_433
USER = "bench"
URL = f"postgresql+psycopg://{USER}@127.0.0.1:{PORT}/postgres"
DATABASES = ("viewflow",)
"""What scripts of peers take for granted beside the first one."""


class NoCluster(Exception):
    """The server cannot run here; the sentence says why."""


@contextmanager
def durable_cluster(folder: Path) -> Iterator[str]:
    """The URL of a server with PostgreSQL's own settings for safety (fsync, synchronous_commit).

    Raises NoCluster, and PostgresMissing where it is not installed.
    """
    tools, account = binaries(), "postgres" if os.getuid() == 0 else None
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            raise NoCluster(f"port {PORT} of 127.0.0.1 is taken")
    data = folder / "cluster"
    data.mkdir(mode=0o700)
    if account:
        folder.chmod(0o755)
        shutil.chown(data, account, account)
    begin = [str(tools / "initdb"), "-D", str(data), "-U", USER, "--auth=trust", "--encoding=UTF8"]
    subprocess.run([*begin, "--locale=C.UTF-8"], capture_output=True, check=True, user=account, cwd=data)
    command = [str(tools / "postgres"), "-D", str(data), "-k", str(data), "-p", str(PORT)]
    server = subprocess.Popen(
        [*command, "--listen_addresses=127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=account,
        cwd=data,
    )
    try:
        _wait_until_ready(tools, server)
        for name in DATABASES:
            create = [str(tools / "createdb"), "-h", "127.0.0.1", "-p", str(PORT), "-U", USER, name]
            subprocess.run(create, capture_output=True, check=True)
        yield URL
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _wait_until_ready(tools: Path, server: subprocess.Popen[bytes]) -> None:
    probe = [str(tools / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(PORT), "-U", USER]
    while subprocess.run(probe, check=False).returncode:
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise NoCluster(f"postgres ended at once with status {server.returncode}")
