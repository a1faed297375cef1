"""The balancer of docs/operations/haproxy.cfg before the servers of a test, where it is installed."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

RECIPE = Path(__file__).parents[2] / "docs" / "operations" / "haproxy.cfg"


@contextmanager
def balanced(ports: Sequence[int], folder: Path, *, port: int) -> Iterator[int]:
    """The port on which all of `ports` are reached: the balancer's, else the first server's own."""
    haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/bin")
    if haproxy is None:
        yield ports[0]
        return
    file = folder / "haproxy.cfg"
    file.write_text(_fitted(RECIPE.read_text("utf-8"), ports, port), "utf-8")
    running = subprocess.Popen([haproxy, "-f", file], stderr=subprocess.DEVNULL)
    try:
        _until_open(port)
        yield port
    finally:
        running.kill()
        running.wait()


def _fitted(recipe: str, ports: Sequence[int], port: int) -> str:
    """The recipe for this machine: no certificate, account or many files, these servers, no database."""
    text = recipe.replace("bind :443 ssl crt /etc/haproxy/bihuan.pem", f"bind 127.0.0.1:{port}")
    text = re.sub(r"(?m)^ +(log|user|group|maxconn) .*\n", "", text).partition("\nlisten primary")[0]
    text = re.sub(r"(?m)^ +server app.*\n?", "", text)
    return text + "".join(f"    server app{number} 127.0.0.1:{number}\n" for number in ports)


def _until_open(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the balancer does not listen")
