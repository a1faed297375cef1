"""The dialect's table promises nothing that the execution does not run."""

import pytest

from engine.bpmn import dialect
from engine.bpmn.specs.table import RUNS

EVENT_KINDS = {
    "start": "startEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "end": "endEvent",
    "boundary": "boundaryEvent",
}
PROMISED = [
    (EVENT_KINDS[position], None if kind == "none" else kind)
    for position, kinds in dialect.SUPPORTED_EVENTS.items()
    if position in EVENT_KINDS
    for kind in sorted(kinds)
]


@pytest.mark.parametrize(("kind", "event"), PROMISED)
def test_every_supported_event_is_run(kind: str, event: str | None) -> None:
    assert (kind, event) in RUNS


@pytest.mark.parametrize("kind", sorted(dialect.TASKS | dialect.SCOPES | dialect.GATEWAYS | {"callActivity"}))
def test_every_supported_activity_and_gateway_is_run(kind: str) -> None:
    assert (kind, "message" if kind == "receiveTask" else None) in RUNS


def test_nothing_is_supported_that_the_standard_forbids() -> None:
    for position, kinds in dialect.SUPPORTED_EVENTS.items():
        assert kinds <= dialect.ALLOWED_BY_STANDARD[position]


def test_no_element_is_both_run_and_refused() -> None:
    assert not [name for name in dialect.REFUSED_ELEMENTS if dialect.is_understood(name)]
