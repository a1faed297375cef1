"""撤回 undoes what the engine did, not what a service did to the city: then it is refused."""

import pytest

from engine.verbs.door import act
from engine.verbs.refusals import NotAllowed
from engine.verbs.visit import Request
from engine.work.bindings import ServiceCall, reads_only
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import World, in_a_row, service, user
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.upon import offered


def seal(_call: ServiceCall) -> None:
    """As 封存并定级 does: what it wrote is not in the instance."""


@pytest.mark.parametrize("after", [(), (user("sign", "unit.head"),)], ids=["ended", "running"])
def test_what_a_service_has_done_since_is_not_taken_back(world: World, after: tuple[str, ...]) -> None:
    """Grades were sealed, and who had registered the decision could still take it back."""
    world.services["test.work"] = seal
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), service("seal", "test.work"), *after))
    instance = world.start()
    world.complete("ling")
    instead = "请下一环节退回" if after else "请考评办恢复办理"
    with pytest.raises(
        NotAllowed, match=f"“服务seal”已经自动完成，撤回不能取消它的结果，不能撤回；.*{instead}"
    ):
        back(world, "ling", instance)
    assert "take_back" not in offered(world, "ling", instance)


def test_a_service_that_has_not_begun_goes_with_what_led_to_it(world: World) -> None:
    world.services["test.work"] = seal
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), service("seal", "test.work")))
    instance = world.start()
    row = world.item("ling")
    act(world.engine, world.person("ling"), row.item_id, "complete", Request(row.lock_version))
    back(world, "ling", instance)
    assert world.item("ling").element_id == "fill"


@pytest.mark.parametrize("lasting", [True, False])
def test_what_a_service_has_done_in_a_called_process_counts_as_well(world: World, lasting: bool) -> None:
    world.services["test.work"] = seal if lasting else reads_only(lambda call: None)
    child = in_a_row(
        service("seal", "test.work"), user("each", "unit.vice_head"), process='id="child" name="单位"'
    )
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), call("ask", "child")), child=child)
    instance = world.start()
    world.complete("ling")
    assert world.item("lu").element_id == "each"
    if lasting:
        with pytest.raises(NotAllowed, match="“服务seal”已经自动完成"):
            back(world, "ling", instance)
        assert world.item("lu").element_id == "each"
    else:
        back(world, "ling", instance)
        assert world.inbox("lu") == []
