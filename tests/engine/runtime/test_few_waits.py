"""How often PostgreSQL is waited for by what runs without a person: each answer costs more than the work."""

from collections.abc import Iterator

import psycopg
import pytest

from engine.jobs.postgresql import ProcrastinateQueue
from engine.jobs.queue import NewJob, defer
from engine.runtime.events.messages import NewMessage
from engine.store import Database
from engine.store.lines import Line
from tests.databases import HOMES
from tests.engine.runtime.world import World, build_world, in_a_row, user

pytestmark = pytest.mark.parametrize("home", [HOMES[1]], indirect=True)
TOLD = (
    '<bpmn:message id="msg_told" name="told"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
)
WAIT = (
    '<bpmn:intermediateCatchEvent id="wait" name="等待">'
    '<bpmn:messageEventDefinition id="m" messageRef="msg_told" /></bpmn:intermediateCatchEvent>'
)
OF_LOOKING, OF_DELIVERING, OF_TELLING = 2, 2, 3
"""What is due is asked at once, then the look ends; what a delivery needs comes at once, then it ends; whose
task has come, whom to tell, and the end."""


@pytest.fixture
def world(database: Database) -> World:
    """Its postings are settled: none is looked at a second time while we count."""
    world = build_world(database)
    world.engine.drain()
    with database.write() as connection:
        connection.exec_driver_sql("delete from posting_change")
    return world


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Each time that the server is waited for, on the line or by the driver itself."""
    seen: list[str] = []
    exchange, execute, roll_back = Line._exchange, psycopg.Cursor.execute, psycopg.Connection.rollback

    def exchanged(line: Line) -> None:
        seen.append("exchange")
        exchange(line)

    def executed(cursor: psycopg.Cursor[object], query: str, *given: object, **named: object) -> object:
        seen.append(str(query))
        return execute(cursor, query, *given, **named)  # type: ignore[arg-type]

    def rolled_back(connection: psycopg.Connection[object]) -> None:
        seen.append("rollback")
        roll_back(connection)

    with monkeypatch.context() as patch:
        patch.setattr(Line, "_exchange", exchanged)
        patch.setattr(psycopg.Cursor, "execute", executed)
        patch.setattr(psycopg.Connection, "rollback", rolled_back)
        yield seen


def told(world: World, message_id: str) -> None:
    with world.engine.database.write() as connection:
        assert world.engine.publish(
            connection, NewMessage(world.cycle.id, "told", "U1", message_id, {"value": "1"})
        )


def test_a_message_is_found_and_delivered_with_four_waits(world: World, waits: list[str]) -> None:
    """It was seventeen: each question of the look and of the step waited for its own answer."""
    world.deploy(planning=in_a_row(WAIT, user("fill", "unit.liaison"), root=TOLD))
    for number in range(2):  # the first one reads the definition
        world.start(unit={**world.unit("U1"), "code": "U1"})
        told(world, f"m{number}")
        waits.clear()
        assert world.engine.run_due() == 1
        of_delivering = list(waits)
        waits.clear()
        world.engine.run_due()
        of_telling = list(waits)
    assert len(of_delivering) <= OF_LOOKING + OF_DELIVERING, of_delivering
    assert len(of_telling) <= OF_LOOKING + OF_TELLING, of_telling
    assert [row.element_id for row in world.inbox("ling")] == ["fill", "fill"]


def test_a_quiet_turn_waits_for_one_answer_and_the_end(world: World, waits: list[str]) -> None:
    waits.clear()
    assert world.engine.run_due() == 0
    assert len(waits) <= OF_LOOKING, waits


def test_whoever_wakes_a_worker_does_not_wait_for_it(world: World, waits: list[str]) -> None:
    with world.engine.database.write(pipelined=True) as connection:
        waits.clear()
        defer(connection, ProcrastinateQueue(), [NewJob("timer", world.cycle.id)] * 3)
        assert waits == []
