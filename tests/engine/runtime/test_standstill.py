"""Background work of an instance that stands still is kept, and done when it goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.runtime.incidents import register
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.tokens.mending import Mending, mend
from engine.verbs.visit import Request
from engine.work.bindings import ServiceCall
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user


def put(world: World, statement: str, **values: object) -> None:
    with world.engine.database.write() as connection:
        connection.execute(text(statement), values)


def hurry(world: World) -> None:
    """As if the waiting of every job were over."""
    put(world, "update job set run_at = created_at")
    world.engine.drain()


def test_a_job_of_a_suspended_instance_waits_until_it_goes_on(database: Database) -> None:
    done: list[int] = []
    world = build_world(database, {"test.work": lambda call: done.append(call.attempt)})
    world.deploy(planning=in_a_row(service("work", "test.work"), user("fill", "unit.liaison")))
    instance = world.start(drain=False)
    put(world, "update instance set status = 'suspended' where id = :id", id=instance)
    world.engine.drain()
    hurry(world)
    assert done == []
    assert world.scalar("select count(*) from job where state = 'waiting' and attempts = 0") == 1
    assert world.scalar("select count(*) from incident") == 0
    put(world, "update instance set status = 'running' where id = :id", id=instance)
    hurry(world)
    assert done == [1]
    assert world.item("ling").element_id == "fill"


def test_a_timer_that_comes_due_while_suspended_fires_afterwards(database: Database) -> None:
    world = build_world(database)
    timer = (
        '<bpmn:intermediateCatchEvent id="wait" name="等待"><bpmn:timerEventDefinition id="t">'
        "<bpmn:timeDuration>P2D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    world.deploy(planning=in_a_row(timer, user("fill", "unit.liaison")))
    instance = world.start()
    put(world, "update instance set status = 'suspended' where id = :id", id=instance)
    world.clock.advance(timedelta(days=3))
    world.engine.drain()
    assert world.inbox("ling") == []
    put(world, "update instance set status = 'running' where id = :id", id=instance)
    hurry(world)
    assert world.item("ling").element_id == "fill"


@pytest.mark.parametrize("status", ["completed", "terminated"])
def test_a_job_of_an_ended_instance_is_dropped(database: Database, status: str) -> None:
    world = build_world(database, {"test.work": lambda call: None})
    world.deploy(planning=in_a_row(service("work", "test.work")))
    instance = world.start(drain=False)
    put(world, "update instance set status = :status where id = :id", id=instance, status=status)
    world.engine.drain()
    assert world.scalar("select count(*) from job") == 0


def test_an_instance_held_by_an_incident_loses_no_job_of_its_other_branch(database: Database) -> None:
    """The task's outcome leads nowhere until the service has answered: both wait, and both go on."""
    broken = [True]

    def work(call: ServiceCall) -> dict[str, object]:
        if broken[0]:
            raise RuntimeError("上级接口没有应答")
        return {"answer": 1}

    world = build_world(database, {"test.work": work})
    fork = '<bpmn:parallelGateway id="fork" name="" />'
    joined = '<bpmn:parallelGateway id="joined" name="" />'
    answered = '<bpmn:exclusiveGateway id="answered" name="已有答复？" />'
    drawn = diagram(
        SUBJECT, START, fork, service("work", "test.work", retries=1), user("fill", "unit.liaison"),
        answered, user("check", "unit.head"), joined, END,
        flow("f1", "begun", "fork"), flow("f2", "fork", "work"), flow("f3", "fork", "fill"),
        flow("f4", "fill", "answered"), flow("f5", "answered", "check", condition="= answer = 1"),
        flow("f6", "work", "joined"), flow("f7", "check", "joined"), flow("f8", "joined", "done"),
    )  # fmt: skip
    world.deploy(planning=drawn)
    instance = world.start()
    item = world.item("ling")
    act(world.engine, world.person("ling"), item.item_id, "complete", Request(version=item.lock_version))
    world.engine.drain()
    assert world.status(instance) == "running"
    with database.read() as connection:
        held = {row["kind"]: row["id"] for row in register.open_incidents(connection)}
    assert set(held) == {"service", "diagram"}
    assert world.scalar("select count(*) from job where state = 'stopped'") == 1
    broken[0] = False
    for incident in (held["service"], held["diagram"]):
        mend(world.engine, world.person("kao"), incident, "retry", Mending())
        world.engine.drain()
    world.complete("tou", "check")
    assert world.status(instance) == "completed"
