"""Workers on PostgreSQL, as processes of their own: each job's effect once, whoever dies."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.audit.chain import broken_chains
from engine.ids import new_id
from engine.jobs.postgresql import ProcrastinateQueue
from engine.jobs.queue import NewJob, defer
from engine.runtime.engine import Engine
from engine.store import Database
from tests.chaos.workers import until, workers
from tests.engine.runtime.test_background import call, catch
from tests.engine.runtime.world import World, build_world, in_a_row, service, user

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)

TELL = (
    '<zeebe:input source="= &#34;assigned&#34;" target="messageName" />'
    '<zeebe:input source="= unit.code" target="correlationKey" />'
)
CHILD = in_a_row(service("tell", "bihuan:publish", inputs=TELL), process='id="one_unit" name="单位办理"')
PARENT = in_a_row(call("all_units", "one_unit", many=True), user("check", "assessor.office.reviewer"))
PAST = (
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition>"
)


@pytest.fixture
def world(database: Database) -> World:
    """A world whose engine only queues: what is to be done in the background, workers do."""
    made = build_world(database)
    setup = made.engine.setup
    made.engine = Engine(database, clock=made.clock, bindings=setup.bindings, queue=ProcrastinateQueue())
    return made


def fan_out(world: World, *, units: int) -> str:
    """Start a process with as many children, each of which publishes a message."""
    world.deploy(child=CHILD, planning=PARENT)
    codes = [{**world.unit("U1"), "code": f"N{number}"} for number in range(units)]
    return world.start(units=codes, drain=False)


def joined(world: World) -> bool:
    """Whether the parent has gone on."""
    return [row.element_id for row in world.inbox("kao")] == ["check"]


def assert_each_once(world: World, instance: str, *, units: int) -> None:
    """One child, one message and the same few audited steps for each unit; nothing left to do."""
    children = "from instance where parent_id is not null"
    assert world.scalar(f"select count(*) {children}") == units
    assert world.scalar(f"select count(*) {children} and status = 'completed'") == units
    assert world.scalar("select count(*) from message") == units
    assert world.scalar("select count(distinct correlation_key) from message") == units
    assert world.scalar(f"select count(distinct audit_seq) {children}") == 1
    assert world.scalar(f"select max(audit_seq) {children}") == 2
    assert world.scalar("select audit_seq from instance where id = :id", id=instance) == 2
    assert world.scalar("select remaining from fan_out") == 0
    assert world.scalar("select count(*) from work_item") == 1
    assert world.scalar("select count(*) from incident") == 0
    assert world.scalar("select count(*) from job") == 0
    with world.engine.database.read() as connection:
        assert broken_chains(connection) == []


def test_a_worker_does_what_another_process_has_queued_and_leaves_no_wake_ups(
    world: World, database_url: str, tmp_path: Path
) -> None:
    instance = fan_out(world, units=5)
    assert world.scalar("select count(*) from procrastinate_jobs") == 1
    with workers(database_url, tmp_path):
        until(lambda: joined(world))
        assert_each_once(world, instance, units=5)
        until(lambda: world.scalar("select count(*) from procrastinate_jobs") == 0)


def test_a_worker_fires_timers(world: World, database_url: str, tmp_path: Path) -> None:
    world.deploy(planning=in_a_row(catch("wait", PAST), user("fill", "unit.liaison")))
    world.start(drain=False)
    with workers(database_url, tmp_path):
        until(lambda: [row.element_id for row in world.inbox("ling")] == ["fill"])
    assert world.scalar("select count(*) from timer") == 0


def test_several_workers_do_each_job_once(world: World, database_url: str, tmp_path: Path) -> None:
    with workers(database_url, tmp_path, count=3):
        instance = fan_out(world, units=60)
        until(lambda: joined(world))
    assert_each_once(world, instance, units=60)


def test_a_job_whose_wake_up_was_lost_is_done_all_the_same(
    world: World, database_url: str, tmp_path: Path
) -> None:
    instance = fan_out(world, units=2)
    with world.engine.database.write() as connection:
        connection.exec_driver_sql("delete from procrastinate_jobs")
    with workers(database_url, tmp_path):
        until(lambda: joined(world))
    assert_each_once(world, instance, units=2)


def test_what_a_killed_worker_had_half_done_is_made_good_by_another(
    world: World, database_url: str, tmp_path: Path
) -> None:
    instance = fan_out(world, units=3)
    command = [sys.executable, "-m", "tests.chaos.work_and_hang", database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hanging:
        assert hanging.stdout is not None
        assert hanging.stdout.readline().strip() == "here"
        with workers(database_url, tmp_path):
            until(lambda: world.scalar("select count(*) from procrastinate_workers") == 1)
            assert world.scalar("select count(*) from instance") == 1
            hanging.kill()
            until(lambda: joined(world), seconds=30)
    assert_each_once(world, instance, units=3)


def test_killing_workers_while_they_work_loses_and_doubles_nothing(
    world: World, database_url: str, tmp_path: Path
) -> None:
    with workers(database_url, tmp_path, count=3) as started:
        instance = fan_out(world, units=80)
        for victim, done in ((started[0], 10), (started[1], 30)):
            until(lambda done=done: int(world.scalar("select count(*) from message")) >= done)  # type: ignore[misc]
            victim.kill()
            assert victim.wait() == -9
        until(lambda: joined(world))
        assert started[2].poll() is None
    assert_each_once(world, instance, units=80)


def test_a_worker_comes_back_when_its_connections_are_cut(
    world: World, database_url: str, tmp_path: Path
) -> None:
    with workers(database_url, tmp_path) as (worker,):
        until(lambda: world.scalar("select count(*) from procrastinate_workers") == 1)
        with world.engine.database.write() as connection:
            connection.exec_driver_sql(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        instance = fan_out(world, units=2)
        until(lambda: joined(world))
        assert worker.poll() is None
    assert_each_once(world, instance, units=2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_end_takes_its_leave(
    world: World, database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    with workers(database_url, tmp_path) as (worker,):
        until(lambda: world.scalar("select count(*) from procrastinate_workers") == 1)
        worker.send_signal(number)
        assert worker.wait(timeout=60) == 0
    assert world.scalar("select count(*) from procrastinate_workers") == 0


def test_a_job_of_a_kind_that_is_not_known_becomes_an_incident_and_others_go_on(
    world: World, database_url: str, tmp_path: Path
) -> None:
    instance = fan_out(world, units=2)
    with world.engine.database.write() as connection:
        strange = NewJob("mail", world.cycle.id, instance, max_attempts=1)
        defer(connection, ProcrastinateQueue(), [strange, NewJob("mail", new_id(), max_attempts=1)])
    with workers(database_url, tmp_path) as (worker,):
        until(lambda: joined(world) and world.scalar("select count(*) from incident") == 2)
        until(lambda: world.scalar("select count(*) from job where state = 'stopped'") == 2)
        assert worker.poll() is None
    assert world.scalar("select message from incident") == "本版本不认识 mail 类后台工作"
