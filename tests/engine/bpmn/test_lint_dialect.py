"""The dialect's table promises nothing that the execution does not run."""

from datetime import UTC, datetime

import pytest

from engine.bpmn import dialect
from engine.bpmn.compile import compile_process
from engine.bpmn.execution import Execution, Services
from engine.bpmn.reader import read_model
from engine.bpmn.specs.table import RUNS
from tests.engine.bpmn.lint_diagrams import END, START, diagram, line_up

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
    runs_as = {"transaction": "subProcess"}.get(kind, kind)
    assert (runs_as, "message" if kind == "receiveTask" else None) in RUNS


def test_nothing_is_supported_that_the_standard_forbids() -> None:
    for position, kinds in dialect.SUPPORTED_EVENTS.items():
        assert kinds <= dialect.ALLOWED_BY_STANDARD[position]


def test_no_element_is_both_run_and_refused() -> None:
    assert not [name for name in dialect.REFUSED_ELEMENTS if dialect.is_understood(name)]


def _no_decision(decision: str, context: object) -> None:
    raise AssertionError(decision)


@pytest.mark.parametrize(
    "ids", [("Start", "Root", "End"), ("End", "Start", "Root"), ("Root", "End", "Start")]
)
def test_ids_that_the_token_library_uses_itself_are_ordinary_ids(ids: tuple[str, str, str]) -> None:
    steps = "".join(f'<bpmn:manualTask id="{name}" name="做" />' for name in ids)
    data = diagram(START, steps, END, line_up("begun", *ids, "done"))
    process = compile_process(read_model(data, file="a.bpmn"), "planning")
    services = Services(now=lambda: datetime(2018, 1, 1, tzinfo=UTC), functions={}, decide=_no_decision)
    execution = Execution.start(process, variables={}, services=services)
    execution.run()
    seen = []
    while not execution.ended:
        execution = Execution.load(process, execution.dump(), variables={}, services=services)
        (wait,) = execution.waits().values()
        seen.append(wait.element)
        execution.complete(wait.token, {})
        execution.run()
    assert tuple(seen) == ids
