"""Soundness on generated processes: sound ones have no flaw, the way to a flaw of a broken one is real."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from engine.bpmn.compile import Process
from engine.bpmn.lint.soundness import Flaw, verdicts
from engine.bpmn.lint.soundness_net import State
from engine.bpmn.lint.soundness_words import in_words

from .breaking import Player, ambiguous, drawn, each_swap, way
from .shapes import each
from .test_execution_property import trees

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(trees())
def test_a_block_structured_process_is_sound(tree: Any) -> None:
    model = drawn(tree, None).model
    for _, verdict in verdicts(model):
        assert verdict.ends
        for flaw in verdict.flaws:  # what a timer started beside a loop may still run in the next round
            assert (flaw.kind, flaw.element.id[-5:]) == ("lack-of-synchronisation", "_late")


def find_and_play(data: st.DataObject, tree: Any) -> None:
    """Break a tree, find the flaws, and play the ways to them."""
    swap = each_swap(tree, each)
    assume(swap is not None)
    process = drawn(tree, data.draw(swap))  # type: ignore[arg-type]  # assumed above
    found = [verdict for _, verdict in verdicts(process.model)]
    flaws = [flaw for verdict in found for flaw in verdict.flaws]
    assert flaws or not all(verdict.decided for verdict in found)
    for flaw in flaws[:3]:
        if not any(ambiguous(process.model, step) for step in flaw.steps):
            note(f"{flaw.kind} at {flaw.element.id}: {in_words(process.model, flaw.steps)}")
            replay(process, flaw)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(st.data(), trees())
def test_a_gateway_of_the_wrong_kind_is_found_and_the_way_to_it_is_real(
    data: st.DataObject, tree: Any
) -> None:
    find_and_play(data, tree)


@pytest.mark.proof
@settings(max_examples=1500, deadline=None, suppress_health_check=SLOW)
@given(st.data(), trees())
def test_many_gateways_of_the_wrong_kind_are_found(data: st.DataObject, tree: Any) -> None:
    find_and_play(data, tree)


def replay(process: Process, flaw: Flaw) -> None:
    """Play the way to a flaw on the engine, from the start of the process, and look."""
    steps, scope = [list(flaw.steps)], flaw.element.parent
    while scope is not None:
        outer = process.model.elements[scope].parent
        steps.insert(0, way(process.model, outer, partial(contains, f"n:{scope}")))
        scope = outer
    player = Player(process, steps[0][0])
    for level in steps:
        for step in level[1:]:
            player.play(step)
    run, beside = player.desk.x, flaw.element.parent
    if flaw.kind == "deadlock":
        waiting = [w for w in run.waits().values() if process.model.elements[w.element].parent == beside]
        assert player.tokens_at(flaw.element.id) and not waiting and not run.ended
    elif flaw.kind == "never-ends":
        assert player.tokens_at(flaw.element.id) and not run.ended
    else:
        assert player.tokens_at(flaw.element.id) > 1


def contains(place: str, state: State) -> bool:
    return place in state
