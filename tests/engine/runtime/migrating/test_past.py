"""What was done before an instance was moved counts under the new names."""

import pytest

from engine.runtime.migrating.bulk import Settled
from engine.verbs.refusals import Invalid, NotAllowed
from tests.databases import ON_SQLITE
from tests.engine.runtime.migrating.desk import broken, migrate, plan
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.test_standing_in import away, do, rows
from tests.engine.verbs.upon import upon

STAFF = '= holders(post(assessor, "office.staff"))'


def three(*names: str) -> bytes:
    """The first may choose who does the third."""
    first, second, third = names
    return in_a_row(
        user(first, "assessor.office.staff", nextHandler=f"{third} → {STAFF}"),
        user(second, "unit.vice_head"),
        user(third, "unit.head"),
    )


@ON_SQLITE
def test_who_was_chosen_for_a_later_step_does_it_also_when_both_steps_are_called_otherwise(
    world: World,
) -> None:
    world.deploy(planning=three("enter", "see", "check"))
    instance_id = world.start()
    world.complete("ban1", "enter", next_handlers={"check": world.people["ban2"]})
    world.deploy(planning=three("enter_it", "see", "check_it"))
    way = plan(world, enter="enter_it", check="check_it")
    assert migrate(world, way, instance_id)[1] == [Settled(instance_id, "moved")]
    world.complete("lu", "see")
    assert world.item("ban2", "check_it").item_id and world.inbox("tou") == []
    assert broken(world) == []


@ON_SQLITE
def test_a_step_that_was_done_under_another_name_may_be_opened_again_and_one_that_is_new_not(
    world: World,
) -> None:
    """`step1` became `step2`: only the last step was offered, though the one before had been done too."""
    world.deploy(planning=in_a_row(user("step1", "unit.liaison"), user("step2", "unit.head")))
    instance_id = world.start()
    world.complete("ling")
    steps = [user("step1", "unit.vice_head"), user("step2", "unit.liaison"), user("step3", "unit.head")]
    world.deploy(planning=in_a_row(*steps))
    migrate(world, plan(world, step1="step2", step2="step3"), instance_id)
    world.complete("tou")
    assert world.status(instance_id) == "completed"
    with pytest.raises(Invalid, match="“办理step3”、“办理step2”"):
        upon(world, "kao", "reopen", instance_id, target="step1")
    upon(world, "kao", "reopen", instance_id, target="step2")
    assert [(row.element_id, row.round) for row in world.inbox("ling")] == [("step2", 2)]
    done = [event for event in world.events(instance_id) if event.verb == "complete"]
    assert [(event.element_id, event.superseded) for event in done] == [("step1", True), ("step3", False)]
    assert broken(world) == []


def signed(first: str, second: str) -> bytes:
    """The liaison drafts; the deputy and the head sign until both agree."""
    both = '= [post(unit, "vice_head"), post(unit, "head")]'
    given = {"outcomes": "approve:同意,return:退回", "vote": "all", "reject": "stay", "signers": both}
    return in_a_row(user(first, "unit.liaison"), user(second, "unit.head", form_id="review", **given))


def test_who_refused_as_a_stand_in_agrees_when_the_step_is_called_otherwise(world: World) -> None:
    """What they had said at the same step under its old name was taken for another step's work."""
    away(world, "tou", "fa")
    world.deploy(planning=signed("fill", "sign"))
    instance_id = world.start()
    world.complete("ling")
    [row] = rows(world, "fa")
    do(world, "fa", "complete", row, outcome="return", opinion="数字不对")
    world.deploy(planning=signed("fill", "approve"))
    migrate(world, plan(world, sign="approve"), instance_id)
    [row] = rows(world, "fa")
    do(world, "fa", "complete", row, outcome="return", opinion="还不对")
    world.deploy(planning=signed("draft", "approve"))
    migrate(world, plan(world, 2, 3, fill="draft"), instance_id)
    [row] = rows(world, "fa")
    do(world, "fa", "complete", row, outcome="approve")
    world.complete("lu", "approve", outcome="approve")
    assert world.status(instance_id) == "completed"
    assert broken(world) == []


def test_who_drafted_does_not_approve_as_a_stand_in_where_the_approval_took_the_drafts_name(
    world: World,
) -> None:
    """What they drafted as “fill” was taken for their own word at the approval, which is “fill” now."""
    away(world, "tou", "ling")
    world.deploy(planning=signed("fill", "sign"))
    instance_id = world.start()
    world.complete("ling")
    world.deploy(planning=signed("draft", "fill"))
    migrate(world, plan(world, fill="draft", sign="fill"), instance_id)
    [row] = rows(world, "ling")
    with pytest.raises(NotAllowed, match="不能再代王局审批"):
        do(world, "ling", "complete", row, outcome="approve")
