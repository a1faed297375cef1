"""A call whose process was started by hand before waits for that one; nothing is started twice."""

import pytest
from sqlalchemy import text

from engine.runtime.steps.starting import AlreadyStarted
from engine.store import Database
from engine.verbs.instance_door import act_upon
from engine.verbs.visit import Request
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import World, build_world, in_a_row, user


@pytest.fixture
def world(database: Database) -> World:
    made = build_world(database)
    made.deploy(stage=stage(), year=in_a_row(call("do_stage", "stage"), process='id="year" name="年度"'))
    return made


def stage() -> bytes:
    """A stage that can be started once a year."""
    drawn = in_a_row(user("work", "unit.liaison"), process='id="stage" name="阶段"')
    key = b'<zeebe:property name="bihuan:businessKey" value="= string(cycle.year)" />'
    subject = b'<zeebe:property name="bihuan:subject" value="= unit.id" />'
    assert subject in drawn
    return drawn.replace(subject, subject + key)


def test_a_call_waits_for_what_was_started_by_hand(world: World) -> None:
    by_hand = world.start("stage")
    year = world.start("year")
    assert world.scalar("select count(*) from instance where process_key = 'stage'") == 1
    assert world.scalar("select parent_id from instance where id = :id", id=by_hand) == year
    assert (world.status(by_hand), world.status(year)) == ("running", "running")
    world.complete("ling", "work")
    assert (world.status(by_hand), world.status(year)) == ("completed", "completed")


def test_a_call_goes_on_at_once_when_what_was_started_by_hand_is_over(world: World) -> None:
    by_hand = world.start("stage")
    world.complete("ling", "work")
    year = world.start("year")
    assert (world.status(by_hand), world.status(year)) == ("completed", "completed")


def test_what_a_call_has_started_cannot_be_started_by_hand_nor_belong_to_a_second_call(world: World) -> None:
    world.start("year")
    with pytest.raises(AlreadyStarted):
        world.start("stage")
    second = world.start("year")
    with world.engine.database.write() as connection:
        connection.execute(text("update job set run_at = created_at"))
    world.engine.drain()
    assert world.scalar("select count(*) from instance where process_key = 'stage'") == 1
    assert world.status(second) == "running"
    world.complete("ling", "work")
    assert world.status(second) == "running", "it waits for a stage of its own, which there cannot be"


def test_a_call_that_comes_round_again_starts_its_stage_anew(world: World) -> None:
    """Sent back over a call that is over, or moved off one that still waits.

    What was called then belongs to a round that is over, so nothing is started twice.
    """
    steps = (
        user("fill", "unit.head"),
        call("do_stage", "stage"),
        user("check", "assessor.office.reviewer", verbs="return_to"),
    )
    world.deploy(year=in_a_row(*steps, process='id="year" name="年度"'))
    year = world.start("year")
    world.complete("tou", "fill")
    asked = Request(opinion="材料不全", target="fill")
    act_upon(world.engine, world.person("kao"), year, "jump", asked)
    world.engine.drain()
    assert world.inbox("ling") == []
    world.complete("tou", "fill")
    world.complete("ling", "work")
    world.act("kao", "return_to", "check", opinion="重做", target="fill", straight_back=False)
    world.complete("tou", "fill")
    world.complete("ling", "work")
    world.complete("kao", "check")
    assert world.status(year) == "completed"
    found = "select status, count(*) from instance where process_key = 'stage' group by status"
    with world.engine.database.read() as connection:
        assert dict(connection.execute(text(found)).all()) == {"terminated": 1, "completed": 2}
        keys = "select count(*) from instance where process_key = 'stage' and business_key = '2018'"
        assert connection.execute(text(keys)).scalar() == 1, "the newest has the key"
