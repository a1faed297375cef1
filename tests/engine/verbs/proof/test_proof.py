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
COVERING = (69, 171, 100, 207, 79, 305, 106, 183, 382, 169, 4, 7, 22, 84)
"""Few and short stories that hold every verb between them (`run --cover 500` finds them)."""
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


EVERY_VERB = {*VERBS, *INSTANCE_VERBS, *ACTS, "save_draft", "suspend", "resume"}


def test_every_verb_is_on_paper() -> None:
    """A verb that is new needs a rule on paper before anybody may say that it loses nothing."""
    assert {*RULES, *RULES_OF_INSTANCES} == set(DOES) == EVERY_VERB


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_every_verb_is_played(database: Database) -> None:
    """Stories in which each is done at least once: what nobody plays proves nothing."""
    told = Told()
    for seed in COVERING:
        Story(database, numbers_of(seed), told, alone=True).play()
    assert EVERY_VERB - set(told.done) == set()


def test_a_story_is_made_as_short_as_its_fault_allows() -> None:
    def fails(numbers: Sequence[int]) -> bool:
        chooser = Chooser(numbers)
        return chooser.often(50) and any(chooser.number(0, 9) == 7 for _ in range(20))

    numbers = next(found for seed in range(99) if fails(found := numbers_of(seed)))
    short = shrink(numbers, fails)
    assert fails(short) and len(short) <= 3
