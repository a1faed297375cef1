"""`bihuan serve`: it comes up, answers, and ends when it is told to."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.commands.line import Line

ADDRESS = re.compile(r"http://\S+")


@contextmanager
def serving(line: Line, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A running server and its address; killed at the end of the block if it still runs."""
    process = line.spawn(*arguments)
    try:
        assert process.stdout is not None
        found = next(filter(None, map(ADDRESS.search, process.stdout)))
        yield process, found[0]
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly(installed: Line, number: signal.Signals) -> None:
    with serving(installed, "serve", "--port", "0") as (process, address):
        health = httpx.get(f"{address}/healthz", timeout=30)
        assert health.status_code == 200
        page = httpx.get(f"{address}/login", timeout=30)
        assert page.status_code == 200
        assert 'type="password"' in page.text
        process.send_signal(number)
        assert process.wait(timeout=60) == 0


def test_a_port_in_use_is_one_sentence(installed: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = installed.run("serve", "--port", port)
    assert said.status == 1
    assert said.sentence.startswith(f"127.0.0.1:{port}: 无法监听")


def test_a_host_that_is_not_this_machine_is_one_sentence(installed: Line) -> None:
    said = installed.run("serve", "--host", "192.0.2.1", "--port", "0")
    assert (said.status, "无法监听" in said.sentence) == (1, True)
