"""会签 and 票决 where one rejection leaves others with nothing, or ends what was to be counted."""

from tests.engine.runtime.world import World
from tests.engine.verbs.voting_city import approve, begin, having, refuse, story, variables

LOGINS = ("ling", "lu", "tou")


def test_one_rejection_ends_the_step_or_is_waited_out_as_the_designer_says(world: World) -> None:
    """loonflow #426: of several who must all agree one rejects; the work stands still where it is, and the
    others, who have agreed, find nothing that they could do. Here the step says what a rejection does."""
    vetoed = begin(world, "all", reject="veto")
    approve(world, "ling")
    refuse(world, "lu")
    assert having(world, *LOGINS) == []
    assert variables(world, vetoed)["outcome"] == "return"
    assert story(world, vetoed)[-1] == ("close", "decided", "系统")
    world.complete("kao", "after")
    stays = begin(world, "all", reject="stay")
    approve(world, "ling")
    refuse(world, "lu")
    assert having(world, *LOGINS) == ["lu", "tou"]  # whoever objected goes on deciding
    approve(world, "tou", "lu")
    assert variables(world, stays)["vote"]["passed"] is True
    world.complete("kao", "after")


def test_a_share_of_approvals_passes_although_somebody_rejects(world: World) -> None:
    """ruoyi-vue-pro #1069: half of the signers were to be enough, but the first rejection ended the process
    or sent it back. Here a rejection counts as one vote, and the share decides."""
    passed = begin(world, "ratio:0.5")
    refuse(world, "ling")
    assert having(world, *LOGINS) == ["lu", "tou"]
    approve(world, "lu", "tou")
    said = variables(world, passed)
    assert (said["outcome"], said["vote"]["rejections"]) == ("approve", "1")
    world.complete("kao", "after")
    failed = begin(world, "ratio:0.5")
    refuse(world, "ling", "lu")
    assert having(world, *LOGINS) == []  # the share cannot be reached any more
    assert variables(world, failed)["outcome"] == "return"
    world.complete("kao", "after")
