"""What stops becomes an incident where it stopped, and the rest of the instance works on."""

from datetime import timedelta
from typing import Any

import pytest

from engine.runtime.checks.whole import faults_in
from engine.runtime.incidents import register
from engine.store import Database, Row
from engine.verbs.refusals import Invalid
from engine.verbs.tokens.mending import Mending, mend, version_of
from engine.work.bindings import BpmnError, ServiceCall
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user

JOINED = '<bpmn:parallelGateway id="joined" name="" />'
FORK = '<bpmn:parallelGateway id="fork" name="" />'


def beside(*parts: str, first: str, last: str, flows: tuple[str, ...] = ()) -> bytes:
    """What fails (`parts`, from `first` to `last`) on one branch; two people, one after the other, beside."""
    return diagram(
        SUBJECT, START, FORK, user("other", "unit.head"), user("then", "unit.head"), *parts, JOINED, END,
        flow("f1", "begun", "fork"), flow("f2", "fork", first), flow("f3", "fork", "other"),
        flow("f4", "other", "then"), flow("f5", "then", "joined"), flow("f6", last, "joined"),
        flow("f7", "joined", "done"), *flows,
    )  # fmt: skip


def open_ones(world: World) -> list[Row]:
    with world.engine.database.read() as connection:
        return register.open_incidents(connection)


def the_one(world: World) -> Row:
    (found,) = open_ones(world)
    return found


def works_on(world: World) -> None:
    """Beside the incident two people do their work one after the other, and there is still one incident."""
    world.complete("tou", "other")
    world.complete("tou", "then")
    assert len(open_ones(world)) == 1
    with world.engine.database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []


def hurry(world: World) -> None:
    """As if every rest before a further attempt were over."""
    for _ in range(4):
        with world.engine.database.write() as connection:
            connection.exec_driver_sql("update job set run_at = created_at where state = 'waiting'")
        world.engine.drain()


GATEWAY = '<bpmn:exclusiveGateway id="high" name="够高？" />'
TIMER = (
    '<bpmn:intermediateCatchEvent id="wait" name="等到期限"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>= pause</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
ERROR = (
    '<bpmn:endEvent id="failed" name="失败"><bpmn:errorEventDefinition id="d" errorRef="E" /></bpmn:endEvent>'
)


def test_a_service_that_keeps_failing_stops_after_its_retries_and_the_branch_beside_works_on(
    database: Database,
) -> None:
    attempts: list[int] = []

    def work(call: ServiceCall) -> dict[str, Any]:
        attempts.append(call.attempt)
        raise RuntimeError("上级接口没有应答")

    world = build_world(database, {"test.work": work})
    world.deploy(planning=beside(service("work", "test.work"), first="work", last="work"))
    world.start()
    hurry(world)
    assert attempts == [1, 2, 3]
    found = the_one(world)
    assert (found["kind"], found["element_id"], found["attempts"]) == ("service", "work", 3)
    assert (found["code"], found["message"]) == ("RuntimeError", "上级接口没有应答")
    assert "RuntimeError" in world.scalar("select detail_text from incident")
    works_on(world)


def test_a_gateway_whose_condition_is_neither_true_nor_false_is_the_incident_not_the_person_before_it(
    database: Database,
) -> None:
    world = build_world(database)
    world.deploy(planning=diagram(
        SUBJECT, START, FORK, user("fill", "unit.liaison"), GATEWAY, user("other", "unit.head"),
        user("then", "unit.head"), user("check", "unit.liaison"), JOINED, END,
        flow("f1", "begun", "fork"), flow("f2", "fork", "fill"), flow("f3", "fork", "other"),
        flow("f4", "other", "then"), flow("f5", "then", "joined"), flow("f6", "fill", "high"),
        flow("yes", "high", "check", condition="= score >= 60"), flow("f8", "check", "joined"),
        flow("f9", "joined", "done"),
    ))  # fmt: skip
    instance = world.start()
    world.complete("ling", "fill")
    found = the_one(world)
    assert (found["kind"], found["element_id"], found["code"]) == ("diagram", "high", "expression-failed")
    assert world.said(instance)[-1] == ("complete", "fill", 1), "what the person did is kept"
    works_on(world)


def test_nobody_who_can_be_found_holds_the_step_that_has_nobody(database: Database) -> None:
    world = build_world(database)
    nobody = user("sign", "nowhere.head")
    world.deploy(planning=beside(user("fill", "unit.liaison"), nobody, first="fill", last="sign",
                                 flows=(flow("g", "fill", "sign"),)))  # fmt: skip
    world.start()
    world.complete("ling", "fill")
    found = the_one(world)
    assert (found["element_id"], found["code"]) == ("sign", "NobodyAssigned")
    assert "没有可用的办理人" in found["message"]
    works_on(world)


def test_an_error_end_that_nobody_catches_is_held_at_the_end(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=diagram(
        SUBJECT, START, FORK, user("other", "unit.head"), user("then", "unit.head"), ERROR, END,
        user("fill", "unit.liaison"), flow("f1", "begun", "fork"), flow("f2", "fork", "fill"),
        flow("f3", "fork", "other"), flow("f4", "other", "then"), flow("f5", "then", "done"),
        flow("f6", "fill", "failed"),
        root='<bpmn:error id="E" name="数据不实" errorCode="FALSE_DATA" />',
    ))  # fmt: skip
    world.start()
    world.complete("ling", "fill")
    found = the_one(world)
    assert (found["element_id"], found["code"]) == ("failed", "uncaught-error")
    works_on(world)


def test_an_uncaught_error_of_a_service_is_an_incident_of_the_service(database: Database) -> None:
    def work(call: ServiceCall) -> dict[str, Any]:
        raise BpmnError("FALSE_DATA", "报送的数据不实")

    world = build_world(database, {"test.work": work})
    world.deploy(planning=beside(service("work", "test.work", retries=1), first="work", last="work"))
    world.start()
    found = the_one(world)
    assert (found["kind"], found["element_id"], found["code"]) == ("service", "work", "uncaught-error")
    assert found["message"] == "报送的数据不实"
    works_on(world)


def test_a_loop_that_never_ends_is_stopped_where_it_turns(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=beside(
        user("fill", "unit.liaison"), '<bpmn:exclusiveGateway id="round" name="" />',
        '<bpmn:exclusiveGateway id="enough" name="够了？" default="again" />', first="fill", last="enough",
        flows=(flow("g1", "fill", "round"), flow("g2", "round", "enough"), flow("again", "enough", "round")),
    ).replace(b'<bpmn:sequenceFlow id="f6" name="" sourceRef="enough" targetRef="joined" />',
              flow("f6", "enough", "joined", condition="= false").encode()))  # fmt: skip
    world.start()
    world.complete("ling", "fill")
    found = the_one(world)
    assert found["code"] == "runaway" and found["element_id"] in ("round", "enough")
    works_on(world)


def test_a_timer_that_is_no_time_is_held_before_it(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=beside(user("fill", "unit.liaison"), TIMER, first="fill", last="wait",
                                 flows=(flow("g", "fill", "wait"),)))  # fmt: skip
    world.start(pause="明天")
    world.complete("ling", "fill")
    found = the_one(world)
    assert (found["element_id"], found["code"]) == ("wait", "expression-failed")
    works_on(world)


def test_a_job_whose_content_cannot_be_read_stops_alone(database: Database) -> None:
    world = build_world(database, {"test.work": lambda call: {}})
    world.deploy(planning=in_a_row(service("work", "test.work")))
    poisoned, sound = world.start(drain=False), world.start(drain=False)
    with database.write() as connection:
        connection.exec_driver_sql(f"update job set payload_text = '{{' where instance_id = '{poisoned}'")
    world.engine.drain()
    assert world.status(sound) == "completed"
    found = the_one(world)
    assert (found["instance_id"], found["code"]) == (poisoned, "poisoned")
    assert world.scalar("select state from job") == "stopped"


def test_a_child_that_fails_as_it_begins_leaves_the_others_beginning(database: Database) -> None:
    """Three units; the diagram of the called process cannot decide for one of them."""
    world = build_world(database)
    call = (
        '<bpmn:callActivity id="each" name="各单位"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="child" propagateAllChildVariables="false" />'
        "</bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= scores" inputElement="score" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )
    child = diagram(
        START, GATEWAY, user("sign", "unit.head"), END, flow("f1", "begun", "high"),
        flow("yes", "high", "sign", condition="= score >= 60"), flow("f3", "sign", "done"),
        process='id="child" name="单位"',
    )  # fmt: skip
    world.deploy(planning=in_a_row(call), child=child)
    world.start(scores=[70, "无", 80])
    assert len(world.inbox("tou")) == 2
    found = the_one(world)
    assert (found["process_key"], found["element_id"]) == ("child", "high")


def test_the_office_is_told_once_for_each_cause(database: Database) -> None:
    world = build_world(database, {"test.work": lambda call: 1 / 0})  # type: ignore[dict-item,return-value]
    world.deploy(planning=in_a_row(service("work", "test.work", retries=1)))
    world.start()
    world.start()
    assert len(open_ones(world)) == 2
    assert world.scalar("select count(*) from notification where kind = 'incident'") == 1


def test_an_incident_whose_place_was_left_otherwise_is_closed_by_itself(database: Database) -> None:
    """A timer on the subprocess takes over what was held inside it."""
    boundary = (
        '<bpmn:boundaryEvent id="late" name="逾期" attachedToRef="inside"><bpmn:timerEventDefinition id="t">'
        "<bpmn:timeDuration>P2D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    inside = (
        '<bpmn:subProcess id="inside" name="办理"><bpmn:startEvent id="s2" name="" />'
        f"{user('fill', 'unit.liaison')}"
        f'{GATEWAY}<bpmn:endEvent id="e2" name="" />{flow("h1", "s2", "fill")}{flow("h2", "fill", "high")}'
        f"{flow('h3', 'high', 'e2', condition='= score >= 60')}</bpmn:subProcess>"
    )
    world = build_world(database)
    world.deploy(planning=diagram(
        SUBJECT, START, inside, boundary, user("chase", "unit.head"), END, flow("f1", "begun", "inside"),
        flow("f2", "inside", "done"), flow("f3", "late", "chase"), flow("f4", "chase", "done"),
    ))  # fmt: skip
    world.start()
    world.complete("ling", "fill")
    assert the_one(world)["element_id"] == "high"
    world.clock.advance(timedelta(days=3))
    world.engine.drain()
    assert open_ones(world) == []
    assert world.scalar("select resolution from incident") == "gone"
    assert world.item("tou").element_id == "chase"


@pytest.mark.parametrize("name", ["assessor", "cycle", "#kept", " ", "n" * 201])
@pytest.mark.parametrize("act", ["correct", "skip"])
def test_what_the_engine_keeps_for_itself_is_not_the_offices_to_set(
    database: Database, act: str, name: str
) -> None:
    """跳过 wrote its results over the assessor and the year, by which rights and messages go."""
    world = build_world(database)
    world.deploy(planning=beside(user("fill", "unit.liaison"), TIMER, first="fill", last="wait",
                                 flows=(flow("g", "fill", "wait"),)))  # fmt: skip
    instance = world.start(pause="明天")
    world.complete("ling", "fill")
    said: dict[str, Any] = {name: {"id": "another"}}
    with world.engine.database.read() as connection:
        found = register.read_open(connection, the_one(world)["id"])
    assert found is not None
    asked = Mending(
        version=version_of(found),
        reason="改一改",
        changes=said if act == "correct" else {},
        outputs=said if act == "skip" else {},
    )
    with pytest.raises(Invalid):
        mend(world.engine, world.person("kao"), found["id"], act, asked)
    assert len(open_ones(world)) == 1
    written = "select count(*) from variable where instance_id = :id and value_text like '%another%'"
    assert world.scalar(written, id=instance) == 0
