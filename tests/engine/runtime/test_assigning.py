"""Who gets a task, as the diagram asks: who began it, who did an earlier step, one level after the other."""

from sqlalchemy import text

from engine.runtime.setup import Actor
from tests.engine.runtime.world import World, in_a_row, user

CHOICE = "approve:同意,return:退回"


def test_work_goes_back_to_who_began_it_and_to_who_did_a_step(world: World) -> None:
    check = user("check", "assessor.office.staff")
    answer = user("answer", "unit.liaison").replace(
        "<zeebe:userTask />", '<zeebe:userTask /><zeebe:assignmentDefinition assignee="= initiator()" />'
    )
    again = user("again", "unit.liaison").replace(
        "<zeebe:userTask />",
        '<zeebe:userTask /><zeebe:assignmentDefinition candidateUsers="= handlers(&quot;check&quot;)" />',
    )
    world.deploy(planning=in_a_row(check, answer, again))
    by = Actor(world.people["ling"], "张玲")
    world.engine.start("planning", cycle=world.cycle, variables={"unit": world.unit("U1")}, by=by)
    world.complete("ban2")
    assert world.inbox("ban1") == []
    world.complete("ling")
    assert [row.element_id for row in world.inbox("ban2")] == ["again"]
    assert world.inbox("ban1") == []


def test_approval_goes_up_the_tree_level_by_level(world: World) -> None:
    """逐级审批: the unit's head, then those above; a level without a holder is left out, nobody twice."""
    sign = user("sign", "unit.head", outcomes=CHOICE, vote="turn", signers='= upward(unit, "head")')
    world.deploy(planning=in_a_row(sign))
    with world.engine.database.write() as connection:
        set_parent = text("update unit set parent_id = :above where id = :unit")
        connection.execute(
            set_parent, {"above": world.units["U3"], "unit": world.units["U1"]}
        )  # no head there
        connection.execute(set_parent, {"above": world.units["U2"], "unit": world.units["U3"]})
    instance = world.start()
    assert world.inbox("tou2") == []
    world.complete("tou", outcome="approve")
    world.complete("tou2", outcome="approve")
    assert world.status(instance) == "completed"


def test_where_nobody_holds_the_post_at_any_level_the_units_head_is_asked(world: World) -> None:
    """逐级审批 to a post that is vacant all the way up began with nobody: the instance could not begin."""
    sign = user("sign", "unit.head", outcomes=CHOICE, vote="turn", signers='= upward(unit, "vice_head")')
    world.deploy(planning=in_a_row(sign))
    instance = world.engine.start(
        "planning",
        cycle=world.cycle,
        variables={"unit": world.unit("U2")},
        by=Actor(world.people["ling2"], "李联"),
    )
    world.complete("tou2", outcome="approve")
    assert world.status(instance) == "completed"
    told = world.scalar("select params_json from notification where kind = 'vacant'")
    assert "无人任职，已交该单位主要负责人。" in told
