"""The private cluster: one for all workers, alive while somebody uses it, gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres

pytestmark = pytest.mark.skipif(postgres.missing() is not None, reason=postgres.missing() or "")

USER = """
import sys; from tests import postgres; print(postgres.cluster_url(), flush=True); sys.stdin.read()
"""


def _user(run: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTEST_XDIST_TESTRUNUID": run}
    environment.pop("BIHUAN_TEST_POSTGRES", None)
    return subprocess.Popen(
        [sys.executable, "-c", USER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )


def _url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _databases(url: str) -> list[str]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return [str(name) for (name,) in connection.execute("select datname from pg_database")]


def test_two_workers_share_a_cluster_that_survives_the_death_of_the_one_that_started_it() -> None:
    first = _user(f"share{os.getpid()}")
    url = _url_of(first)
    second = _user(f"share{os.getpid()}")
    assert _url_of(second) == url
    first.kill()
    first.wait()
    assert "postgres" in _databases(url)
    second.kill()
    second.wait()


def test_the_next_user_after_the_last_one_left_gets_a_fresh_cluster() -> None:
    first = _user(f"fresh{os.getpid()}")
    url = _url_of(first)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("create database left_behind")
    first.kill()
    first.wait()
    # Opening races with the keeper's clearing up; whoever comes either waits for it or, having come first,
    # keeps the old cluster alive. Both are right: what is never right is a dead address.
    second = _user(f"fresh{os.getpid()}")
    assert "postgres" in _databases(_url_of(second))
    second.kill()
    second.wait()


def test_a_private_cluster_ends_with_its_block() -> None:
    with postgres.private_cluster() as url:
        assert "postgres" in _databases(url)
    with pytest.raises(psycopg.OperationalError):
        _databases(url)
