"""`bihuan serve`: it comes up, answers, and ends when it is told to."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from engine.store import Database
from tests.chaos.workers import until
from tests.commands.line import Line
from tests.databases import create_schema
from tests.engine.runtime.test_background import catch
from tests.engine.runtime.world import build_world, in_a_row, user

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
        ready = httpx.get(f"{address}/readyz", timeout=30)
        assert ready.status_code == 200
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


def test_on_sqlite_the_server_does_the_background_work_and_a_worker_may_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    create_schema(url)
    world = build_world(Database(url))
    timer = (
        '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    world.deploy(planning=in_a_row(catch("wait", timer), user("fill", "unit.liaison")))
    line = Line(tmp_path, {"BIHUAN_DATABASE_URL": url})
    world.start(drain=False)
    with serving(line, "serve", "--port", "0"):
        until(lambda: len(world.inbox("ling")) == 1)
    world.start(drain=False)
    worker = line.spawn("worker")
    until(lambda: len(world.inbox("ling")) == 2)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
