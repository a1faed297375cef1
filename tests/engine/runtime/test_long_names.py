"""The longest names that the lint lets through run to the end, on both databases."""

from itertools import pairwise
from typing import Any

import pytest

from engine.bpmn.findings import Refused
from engine.bpmn.script import LONGEST_NAME
from engine.runtime.checks.whole import faults_in
from engine.runtime.incidents import register
from engine.store import Database
from engine.verbs.tokens.mending import Mending, mend
from engine.work.bindings import ServiceCall
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_calling import call
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user


def longest(name: str, *, most: int = LONGEST_NAME) -> str:
    """A name of the greatest length."""
    return name + "_" * (most - len(name))


FILL, WORK, CALL, WAIT, ASK = (longest(name) for name in ("fill", "work", "run", "wait", "ask"))
PROCESS, CHILD, OUTCOME = longest("planning"), longest("child"), longest("approve", most=80)
TIMER = (
    f'<bpmn:intermediateCatchEvent id="{WAIT}" name="等待"><bpmn:timerEventDefinition id="t">'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT0S</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


def titled(part: str) -> str:
    """An element whose name has the greatest length as well."""
    before, name, after = part.partition(' name="')
    return before + name + longest("办理") + after[after.index('"') :]


def drawn(outcome: str = OUTCOME) -> bytes:
    parts = [
        titled(user(FILL, "unit.liaison", outcomes=f"{outcome}:同意,refuse:退回")),
        titled(service(WORK, "test.work", retries=1)),
        call(CALL, CHILD),
        TIMER,
    ]
    ids = ["begun", FILL, WORK, CALL, WAIT, "done"]
    flows = [flow(f"f{number}", *pair) for number, pair in enumerate(pairwise(ids))]
    return diagram(SUBJECT, START, *parts, END, *flows, process=f'id="{PROCESS}" name="长名"')


def test_the_longest_names_run_to_the_end(database: Database) -> None:
    """The name of an act in the audit chain was shorter than a step's id: no completion went through."""
    tries: list[int] = []

    def work(job: ServiceCall) -> dict[str, Any]:
        tries.append(job.attempt)
        if len(tries) == 1:
            raise RuntimeError("没有应答")
        return {longest("result"): "好"}

    world = build_world(database, {"test.work": work})
    child = in_a_row(titled(user(ASK, "unit.head")), process=f'id="{CHILD}" name="子"')
    world.deploy(planning=drawn(), child=child)
    instance = world.start(PROCESS)
    world.complete("ling", FILL, outcome=OUTCOME)
    with database.read() as connection:
        (incident,) = register.open_incidents(connection)
    mend(world.engine, world.person("kao"), incident["id"], "retry", Mending())
    world.engine.drain()
    world.complete("tou", ASK)
    assert world.status(instance) == "completed"
    with database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []


def test_an_outcome_longer_than_its_column_is_refused_at_deployment(world: World) -> None:
    with pytest.raises(Refused, match="看不懂办理结果"):
        world.deploy(planning=drawn(OUTCOME + "_"))
