"""Jobs, timers, messages, children: what happens without a person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.runtime.events.messages import NewMessage
from engine.runtime.incidents import register
from engine.runtime.steps.starting import AlreadyStarted
from engine.store import Database
from engine.verbs.tokens.mending import Mending, mend
from engine.work.bindings import BpmnError, ServiceCall
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user


def call(identity: str, process: str, *, many: bool = False, key: str = "") -> str:
    """A call activity; with `many` over the variable `units`, one child each."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= units" inputElement="unit" '
        'outputCollection="results" outputElement="= {unit: unit.code, value: value}" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    return (
        f'<bpmn:callActivity id="{identity}" name="各单位办理"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false" />'
        f"</bpmn:extensionElements>{loop if many else ''}</bpmn:callActivity>"
    )


def catch(identity: str, definition: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{identity}" name="等待{identity}">{definition}'
        "</bpmn:intermediateCatchEvent>"
    )


def test_a_service_runs_as_a_job_and_its_answer_becomes_variables(database: Database) -> None:
    seen: list[Any] = []

    def double(job: ServiceCall) -> dict[str, Any]:
        seen.append(job.inputs)
        return {"twice": job.inputs["x"] * 2}

    world = build_world(database, {"test.double": double})
    mapping = '<zeebe:input source="= 3 + 4" target="x" />'
    world.deploy(
        planning=in_a_row(service("work", "test.double", inputs=mapping), user("fill", "unit.liaison"))
    )
    instance = world.start(drain=False)
    assert world.inbox("ling") == []
    world.engine.drain()
    assert world.item("ling").element_id == "fill"
    assert [int(one["x"]) for one in seen] == [7]
    assert world.scalar("select value_text from variable where name = 'twice'") is not None
    assert world.scalar("select count(*) from job") == 0
    assert world.status(instance) == "running"


def test_a_failing_service_is_tried_again_then_waits_as_an_incident_that_the_office_retries(
    database: Database,
) -> None:
    attempts: list[int] = []

    def broken(job: ServiceCall) -> None:
        attempts.append(job.attempt)
        if len(attempts) <= 2:
            raise RuntimeError("上级接口没有应答")

    world = build_world(database, {"test.broken": broken})
    world.deploy(planning=in_a_row(service("work", "test.broken", retries=2)))
    instance = world.start()
    assert attempts == [1]
    with database.write() as connection:
        connection.exec_driver_sql("update job set run_at = created_at")
    world.engine.drain()
    assert attempts == [1, 2]
    with database.write() as connection:
        found = register.open_incidents(connection)
        assert [(one["element_id"], one["message"]) for one in found] == [("work", "上级接口没有应答")]
    mend(world.engine, world.person("kao"), found[0]["id"], "retry", Mending())
    world.engine.drain()
    assert world.status(instance) == "completed"
    with database.read() as connection:
        assert register.open_incidents(connection) == []


def test_a_service_writes_nothing_when_it_fails(database: Database) -> None:
    def half(job: ServiceCall) -> None:
        job.connection.exec_driver_sql("insert into counter (series, last) values ('half', 1)")
        raise RuntimeError("nein")

    world = build_world(database, {"test.half": half})
    world.deploy(planning=in_a_row(service("work", "test.half", retries=1)))
    world.start()
    assert world.scalar("select count(*) from counter") == 0
    assert world.scalar("select count(*) from incident") == 1


def test_an_expected_error_takes_the_path_that_is_drawn(database: Database) -> None:
    def refuse(job: ServiceCall) -> None:
        raise BpmnError("no_data", "没有数据")

    world = build_world(database, {"test.refuse": refuse})
    drawn = diagram(
        SUBJECT,
        START,
        service("work", "test.refuse"),
        '<bpmn:boundaryEvent id="none" name="没有数据" attachedToRef="work">'
        '<bpmn:errorEventDefinition id="none_error" errorRef="no_data" /></bpmn:boundaryEvent>',
        user("by_hand", "unit.liaison"),
        END,
        flow("f1", "begun", "work"),
        flow("f2", "work", "done"),
        flow("f3", "none", "by_hand"),
        flow("f4", "by_hand", "done"),
        root='<bpmn:error id="no_data" name="没有数据" errorCode="no_data" />',
    )
    world.deploy(planning=drawn)
    world.start()
    assert world.item("ling").element_id == "by_hand"
    assert world.scalar("select count(*) from incident") == 0


def test_a_timer_fires_once_when_its_day_is_over(world: World) -> None:
    timer = (
        '<bpmn:timerEventDefinition id="t"><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
        "= add working days(today(), 3)</bpmn:timeDate></bpmn:timerEventDefinition>"
    )
    world.deploy(planning=in_a_row(catch("wait", timer), user("fill", "unit.liaison")))
    world.start()
    world.clock.set(datetime(2018, 3, 6, 15, 59, tzinfo=UTC))
    world.engine.drain()
    assert world.inbox("ling") == []
    world.clock.set(datetime(2018, 3, 6, 16, 0, tzinfo=UTC))
    world.engine.drain()
    world.engine.drain()
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from timer") == 0


MESSAGE_ROOT = (
    '<bpmn:message id="assigned" name="assigned"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
)
WAITING = in_a_row(
    catch("wait", '<bpmn:messageEventDefinition id="m" messageRef="assigned" />'),
    user("fill", "unit.liaison"),
    root=MESSAGE_ROOT,
)


def publish(world: World, key: str, *, message_id: str, lives: timedelta = timedelta(0)) -> bool:
    message = NewMessage(world.cycle.id, "assigned", key, message_id, {"value": "51"}, lives)
    with world.engine.database.write() as connection:
        new = world.engine.publish(connection, message)
    world.engine.drain()
    return new


def test_a_message_reaches_the_one_that_waits_and_once(world: World) -> None:
    world.deploy(planning=WAITING)
    world.start()
    assert publish(world, "U2", message_id="m1") is True
    assert world.inbox("ling") == []
    assert publish(world, "U1", message_id="m2") is True
    assert publish(world, "U1", message_id="m2") is False
    assert len(world.inbox("ling")) == 1


def test_one_id_under_another_key_is_another_message(world: World) -> None:
    """It was dropped without a word: whoever told several units under one id reached only the first."""
    world.deploy(planning=WAITING)
    world.start()
    world.start(unit=world.unit("U2"))
    assert [publish(world, key, message_id="m1") for key in ("U1", "U2", "U1")] == [True, True, False]
    assert [len(world.inbox(login)) for login in ("ling", "ling2")] == [1, 1]


def test_a_message_waits_for_its_receiver_as_long_as_it_lives(world: World) -> None:
    world.deploy(planning=WAITING)
    publish(world, "U1", message_id="m1", lives=timedelta(days=1))
    world.start()
    assert world.item("ling").element_id == "fill"


def test_a_message_that_nobody_awaited_in_time_is_not_delivered(world: World) -> None:
    world.deploy(planning=WAITING)
    publish(world, "U1", message_id="m1", lives=timedelta(days=1))
    world.clock.advance(timedelta(days=2))
    world.start()
    assert world.inbox("ling") == []


def test_children_are_made_for_each_unit_and_the_last_one_wakes_the_parent(world: World) -> None:
    child = in_a_row(user("fill", "unit.liaison"), process='id="one_unit" name="单位办理"')
    parent = in_a_row(
        call("all_units", "one_unit", many=True),
        user("check", "assessor.office.reviewer"),
        process='id="planning" name="目标制定"',
    )
    world.deploy(child=child, planning=parent)
    instance = world.start(units=[world.unit("U1"), world.unit("U2")])
    assert world.scalar("select count(*) from instance where parent_id is not null") == 2
    world.complete("ling2", fields={"value": "b"})
    assert world.inbox("kao") == []
    world.complete("ling", fields={"value": "a"})
    assert world.item("kao").element_id == "check"
    from engine.feel import codec

    results = codec.loads(world.scalar("select value_text from variable where name = 'results'"))
    assert results == [{"unit": "U1", "value": "a"}, {"unit": "U2", "value": "b"}]
    world.complete("kao")
    assert world.status(instance) == "completed"


def test_a_fan_out_of_several_batches_makes_each_child_once(world: World) -> None:
    child = in_a_row(user("fill", "unit.liaison"), process='id="one_unit" name="单位办理"')
    world.deploy(child=child, planning=in_a_row(call("all_units", "one_unit", many=True)))
    world.start(units=[{**world.unit("U1"), "code": str(number)} for number in range(450)])
    assert world.scalar("select count(*) from instance where parent_id is not null") == 450
    assert world.scalar("select count(distinct child_index) from instance where parent_id is not null") == 450
    assert world.scalar("select count(*) from work_item") == 450


def test_children_end_when_their_parent_no_longer_waits(world: World) -> None:
    child = in_a_row(user("fill", "unit.liaison"), process='id="one_unit" name="单位办理"')
    parent = diagram(
        SUBJECT,
        START,
        call("all_units", "one_unit", many=True),
        '<bpmn:boundaryEvent id="late" name="逾期" attachedToRef="all_units">'
        '<bpmn:timerEventDefinition id="t">'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        user("check", "assessor.office.reviewer"),
        END,
        flow("f1", "begun", "all_units"),
        flow("f2", "all_units", "done"),
        flow("f3", "late", "check"),
        flow("f4", "check", "done"),
    )
    world.deploy(child=child, planning=parent)
    world.start(units=[world.unit("U1"), world.unit("U2")])
    world.complete("ling")
    world.clock.advance(timedelta(days=2))
    world.engine.drain()
    assert world.inbox("ling2") == []
    assert world.item("kao").element_id == "check"
    assert world.scalar("select count(*) from instance where status = 'terminated'") == 1


def test_nothing_starts_twice_under_one_business_key(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    given = {"unit": world.unit("U1")}
    world.engine.start("planning", cycle=world.cycle, variables=given, business_key="U1/2018/1")
    with pytest.raises(AlreadyStarted):
        world.engine.start("planning", cycle=world.cycle, variables=given, business_key="U1/2018/1")
    assert world.scalar("select count(*) from instance") == 1


def test_reminders_speak_before_the_date_and_escalate_after_it(world: World) -> None:
    task = user(
        "fill", "unit.liaison", due='= date("2018-03-20")', remind="P3D", escalate='= post(unit, "head")'
    )
    world.deploy(planning=in_a_row(task))
    world.start()
    world.clock.set(datetime(2018, 3, 17, 16, 0, tzinfo=UTC))
    world.engine.drain()
    assert (
        world.scalar("select count(*) from notification where kind = 'remind' and post_key = 'liaison'") == 1
    )
    world.clock.set(datetime(2018, 3, 20, 16, 0, tzinfo=UTC))
    world.engine.drain()
    assert (
        world.scalar("select count(*) from notification where kind = 'escalate' and post_key = 'head'") == 1
    )
    assert world.scalar("select count(*) from reminder") == 0


def test_a_message_start_that_fails_is_an_incident_of_its_office_and_can_be_retried(world: World) -> None:
    started = in_a_row(
        user("fill", "unit.liaison"),
        process='id="by_message" name="消息发起"',
        root='<bpmn:message id="told" name="told" />',
    ).replace(
        b'<bpmn:startEvent id="begun" name="\xe5\xb7\xb2\xe5\xbc\x80\xe5\xa7\x8b" />',
        b'<bpmn:startEvent id="begun" name="\xe5\xb7\xb2\xe5\xbc\x80\xe5\xa7\x8b">'
        b'<bpmn:messageEventDefinition id="m" messageRef="told" /></bpmn:startEvent>',
    )
    world.deploy(by_message=started)
    nobody = {"unit": {"id": "no such unit"}}
    message = NewMessage(
        world.cycle.id, "told", "k", "m1", nobody, timedelta(0), surroundings=world.cycle.variables()
    )
    with world.engine.database.write() as connection:
        world.engine.publish(connection, message)
    for _ in range(3):
        world.engine.drain()
        with world.engine.database.write() as connection:
            connection.exec_driver_sql("update job set run_at = created_at")
    with world.engine.database.write() as connection:
        [incident] = register.open_incidents(connection)
        assert incident["instance_id"] is None
        found = register.read_open(connection, incident["id"])
        assert found is not None
        assert found["assessor_id"] == world.units["C0"]
    mend(world.engine, world.person("kao"), incident["id"], "retry", Mending())
    assert world.scalar("select count(*) from job where state = 'waiting'") == 1
