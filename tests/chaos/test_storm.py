"""Servers and workers die by SIGKILL while people work: nothing acknowledged is lost, nothing done twice.

A few kills; `tests.chaos.kills` has the many of `make proof`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.storm import storm
from tests.databases import Templates
from tests.engine.runtime.world import WORLD


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
        told = blowing.memory
    with capsys.disabled():
        print(
            f"\n{blowing.kills} kills, {len(blowing.rounds)} rounds, {len(told.acknowledged)} acknowledged "
            f"({told.repeated} when asked again), {told.unanswered} without an answer: 0 lost, 0 doubled"
        )
