"""Stand-ins and newcomers: who sees the work, and who must not decide it."""

import pytest

from engine.people.stand_ins import set_stand_in
from engine.verbs.refusals import NotAllowed
from engine.work.history import may_see
from tests.engine.runtime.test_rerouting import gone, in_one, on_post
from tests.engine.runtime.world import World, in_a_row, user
from tests.engine.verbs.test_standing_in import DAY, UNTIL, do, person, rows

TWO = in_a_row(
    user("fill", "unit.liaison"),
    user("sign", "unit.head", form_id="review", outcomes="approve:同意,return:退回"),
)


def test_a_stand_in_does_the_work_but_neither_approves_the_own_nor_inherits_rights(world: World) -> None:
    """pneumaticworkflow #381: work passed on during a holiday. Who stands in must not come by it to approve
    what they have written, and gets no right that a post grants."""
    world.deploy(planning=TWO)
    world.start()
    with world.engine.database.write() as connection:
        pair = {"user_id": world.people["tou"], "stand_in_id": world.people["ling"]}
        set_stand_in(connection, **pair, from_on=DAY, until_on=UNTIL)
    rights = person(world, "ling").rights
    do(world, "ling", "complete", rows(world, "ling")[0])
    [row] = rows(world, "ling")
    assert row.standing_for == "王局"
    with pytest.raises(NotAllowed, match="不能再代王局审批"):
        do(world, "ling", "complete", row, outcome="approve")
    assert person(world, "ling").rights == rights == person(world, "ling", UNTIL.replace(day=20)).rights
    world.complete("tou", "sign", outcome="approve")


def test_who_joins_a_post_sees_its_open_work_and_what_it_has_done(world: World) -> None:
    """spiff-arena #1396: somebody new in a group saw nothing that was begun before. Work lies with the post:
    a newcomer has it at once and reads how it came there; who has left has it no more."""
    world.deploy(planning=TWO)
    old = world.start()
    world.complete("ling")
    world.complete("tou", outcome="approve")
    instance = world.start()
    in_one(world, gone(world, "ling"), on_post(world, "cai", "U1", "liaison"))
    assert [row.instance_id for row in rows(world, "cai")] == [instance]
    assert rows(world, "ling") == []
    with world.engine.database.read() as connection:
        assert may_see(connection, person(world, "cai"), old)
    do(world, "cai", "complete", rows(world, "cai")[0])
    assert [row.element_id for row in rows(world, "tou")] == ["sign"]
