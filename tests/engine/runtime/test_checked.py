"""What a step minds before it is stored: the newest version, and items that match the tokens."""

import pytest
from sqlalchemy import text

from engine.ids import new_id
from engine.runtime.engine import Engine
from engine.runtime.steps import opening
from engine.runtime.steps.finishing import InvariantBroken
from engine.verbs.door import act
from engine.verbs.visit import Request
from tests.engine.runtime.world import World, in_a_row, user


def test_an_item_without_a_token_keeps_the_step_from_being_stored(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review")))
    instance_id = world.start()
    row = world.item("ling")
    with world.engine.database.write() as connection:
        row_of_item = connection.execute(text("select * from work_item")).mappings().one()
        others = ", ".join(name for name in row_of_item if name not in ("id", "wait_key"))
        copy = f"insert into work_item (id, wait_key, {others}) select :id, '99', {others} from work_item"
        connection.execute(text(copy), {"id": new_id()})
    request = Request(version=row.lock_version, fields={"value": "1"})
    with pytest.raises(InvariantBroken, match=instance_id):
        act(world.engine, world.person("ling"), row.item_id, "complete", request)
    assert world.said(instance_id) == []
    assert world.scalar("select count(*) from audit_entry where chain_id = :id", id=instance_id) == 1


def test_a_start_without_items_for_its_tokens_is_not_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    monkeypatch.setattr(opening, "open_waits", lambda _step, _waits: None)
    with pytest.raises(InvariantBroken, match="but items"):
        world.start()
    assert world.scalar("select count(*) from instance") == 0


def test_an_engine_that_has_not_heard_of_a_newer_version_starts_it_all_the_same(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    world.start()
    other = Engine(world.engine.database, clock=world.clock, bindings=world.engine.setup.bindings)
    deployed = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))
    other.deploy({"planning.bpmn": deployed})
    instance_id = world.start()
    assert other.start("planning", cycle=world.cycle, variables={"unit": world.unit("U1")})
    number = world.scalar(
        "select v.number from instance i join definition_version v on v.id = i.definition_version_id "
        "where i.id = :id",
        id=instance_id,
    )
    assert number == 2
    assert world.scalar("select count(*) from instance") == 3
