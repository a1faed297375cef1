"""Random people do random verbs on generated models; `python -m tests.engine.verbs.proof.run` does more."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.store import Database
from engine.verbs.registry import INSTANCE_VERBS, VERBS
from engine.verbs.tokens.mending import ACTS

from .choosing import Chooser, numbers_of, shrink
from .clerk import DOES, RULES, RULES_OF_INSTANCES
from .machine import Story, Told
from .run import quiet

ENGINE_TESTS = Path(__file__).parents[2]
SEEDS = range(8)
MANY = range(100_000, 100_200)


def play(database: Database, seeds: range) -> Told:
    """The stories one after the other on one database."""
    told = Told()
    for seed in seeds:
        Story(database, numbers_of(seed), told).play()
    return told


@pytest.fixture(autouse=True)
def silence() -> None:
    quiet()


@pytest.mark.parametrize("seeds", [SEEDS, pytest.param(MANY, marks=pytest.mark.proof)])
def test_whoever_does_what_with_any_model_every_join_fires_and_nothing_is_lost_or_doubled(
    database: Database, seeds: range
) -> None:
    told = play(database, seeds)
    assert told.shapes["stories"] == len(seeds)
    assert {"complete", "return_to", "at once"} <= set(told.done)


ELSEWHERE = {
    "correct": "runtime/test_incidents.py",
    "urge_leader": "verbs/test_urging.py",
    **dict.fromkeys(("add_before", "add_after"), "verbs/test_asking.py"),
    "mark_read": "verbs/test_copying.py",
    **dict.fromkeys(("withdraw",), "verbs/test_ending.py"),
}
"""Verbs that move no item and no token, or that another file plays at random: the tests that know them."""


def test_a_verb_is_on_paper_or_another_test_knows_it() -> None:
    """A verb that is new needs a rule on paper before anybody may say that it loses nothing."""
    known = {*RULES, *RULES_OF_INSTANCES}
    assert {*VERBS, *INSTANCE_VERBS, *ACTS, "save_draft", "suspend", "resume"} == known | set(ELSEWHERE)
    assert set(DOES) == known
    assert [file for file in set(ELSEWHERE.values()) if not (ENGINE_TESTS / file).exists()] == []


def test_a_story_is_made_as_short_as_its_fault_allows() -> None:
    def fails(numbers: Sequence[int]) -> bool:
        chooser = Chooser(numbers)
        return chooser.often(50) and any(chooser.number(0, 9) == 7 for _ in range(20))

    numbers = next(found for seed in range(99) if fails(found := numbers_of(seed)))
    short = shrink(numbers, fails)
    assert fails(short) and len(short) <= 3
