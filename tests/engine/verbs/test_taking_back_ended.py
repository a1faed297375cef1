"""撤回 of what ended the instance: it runs again, unless others have gone on with its end."""

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.visit import Request
from tests.engine.bpmn.lint_diagrams import START, diagram, line_up
from tests.engine.runtime.test_background import call
from tests.engine.runtime.test_signals import DEFINITION, FROZEN
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.test_brought_in import PAIR
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.upon import foreseen, upon
from tests.engine.verbs.voting_city import (
    approve,
    having,
    signed,
)


def test_what_ended_the_instance_is_taken_back_and_it_runs_again(world: World) -> None:
    """Nobody has acted after the last one: the office need not open it again (恢复办理) for a slip."""
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), signed("any", signers=PAIR)))
    instance = world.start()
    world.complete("ling")
    approve(world, "tou")
    assert world.status(instance) == "completed"
    assert "本流程恢复办理。" in foreseen(world, "tou", "take_back", instance).sentences
    back(world, "tou", instance)
    assert (world.status(instance), having(world, "lu", "tou")) == ("running", ["lu", "tou"])
    assert world.scalar("select count(*) from instance where ended_at is not null") == 0
    approve(world, "lu")
    assert world.status(instance) == "completed"
    with pytest.raises(NotAllowed, match="陆副已经办理"):
        back(world, "ling", instance)
    upon(world, "kao", "reopen", instance, "结果有误", target="fill")
    with pytest.raises(NotAllowed, match="重新开启"):
        back(world, "lu", instance)


def test_a_called_instance_runs_again_while_its_caller_waits_for_others(world: World) -> None:
    """Of two children the first to end may be taken back; with the last one the caller goes on."""
    child = in_a_row(user("each", "unit.vice_head"), process='id="child" name="单位"')
    many = call("ask", "child").replace(
        "</bpmn:callActivity>",
        '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics '
        'inputCollection="= [1, 2]" inputElement="number" /></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>",
    )  # fmt: skip
    world.deploy(planning=in_a_row(many, user("sign", "unit.head")), child=child)
    instance = world.start()
    first, second = (row.instance_id for row in world.inbox("lu"))
    for one in (first, second):
        row = next(row for row in world.inbox("lu") if row.instance_id == one)
        done(world, row.item_id, row.lock_version)
        if one == first:
            back(world, "lu", first)
            assert world.scalar("select remaining from fan_out") == 2
            row = next(row for row in world.inbox("lu") if row.instance_id == first)
            done(world, row.item_id, row.lock_version)
    assert world.item("tou").element_id == "sign"
    with pytest.raises(NotAllowed, match="上级流程已经按它的结果继续"):
        back(world, "lu", second)
    world.complete("tou")
    assert world.status(instance) == "completed"


def done(world: World, item_id: str, version: int) -> None:
    """办理 of one item among several."""
    act(world.engine, world.person("lu"), item_id, "complete", Request(version=version))
    world.engine.drain()


def test_what_has_thrown_a_signal_to_others_is_not_taken_back(world: World) -> None:
    """Every instance that waited for the signal had received it, and 撤回 was offered all the same."""
    event = f'<bpmn:endEvent id="told" name="年度已冻结">{DEFINITION.format("t")}</bpmn:endEvent>'
    drawn = diagram(
        SUBJECT, START, user("fill", "unit.liaison"), event, line_up("begun", "fill", "told"), root=FROZEN
    )
    world.deploy(planning=drawn)
    instance = world.start()
    world.complete("ling")
    assert world.status(instance) == "completed"
    with pytest.raises(NotAllowed, match="发出了信号"):
        back(world, "ling", instance)
