"""Servers and workers die by SIGKILL while people work: nothing acknowledged is lost, nothing done twice.

A few kills; `tests.chaos.kills` has the many of `make proof`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.storm import Storm, storm
from tests.databases import Templates, create_schema, require
from tests.engine.runtime.world import WORLD
from tests.postgres import breakable_cluster


@pytest.fixture
def database_url(home: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a copy of the world on each home."""
    with templates.copy(home, tmp_path, filling=WORLD) as url:
        yield url


def test_what_was_acknowledged_is_there_once_whoever_was_killed(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with storm(database_url, tmp_path / "storm", seed=3) as blowing:
        blowing.blow(kills=3)
        blowing.calm()
        blowing.assert_nothing_lost_or_doubled()
    with capsys.disabled():
        print(f"\n{blowing.kills} kills, {summed(blowing)}: 0 lost, 0 doubled")


@pytest.mark.parametrize(
    "falls", [1, pytest.param(30, marks=pytest.mark.proof)], ids=lambda falls: f"{falls}-falls"
)
def test_when_the_database_falls_in_the_middle_of_work_everybody_finds_it_again(
    falls: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL stops at once, as in a power cut, and starts; no server or worker is started anew."""
    require("postgresql")
    with breakable_cluster(synchronous_commit="on") as cluster:
        create_schema(cluster.url)
        WORLD.put(cluster.url)
        with storm(cluster.url, tmp_path / "storm", seed=falls) as blowing:
            blowing.fall(times=falls, cluster=cluster)
            blowing.calm()
            blowing.assert_nothing_lost_or_doubled()
    after = f"work went on {max(blowing.back_after):.1f} s after its return at the latest"
    with capsys.disabled():
        print(f"\n{falls} falls of the database, {after}, {summed(blowing)}: 0 lost, 0 doubled")


def summed(blown: Storm) -> str:
    told = blown.memory
    acknowledged = f"{len(told.acknowledged)} acknowledged ({told.repeated} when asked again)"
    return f"{len(blown.rounds)} rounds, {acknowledged}, {told.unanswered} without an answer"
