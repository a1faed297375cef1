"""退回 where other engines hang, lose a task or show it twice."""

import pytest

from engine.runtime.checks.whole import faults_in
from engine.verbs.refusals import Invalid
from engine.verbs.showing.view import view
from tests.engine.runtime.world import World
from tests.engine.verbs.proof.blocks import Block, Fork, Seq, Task, Vote, Whole
from tests.engine.verbs.proof.writing import files_of

APPLY, CLOSE = Task("t1", "unit.liaison"), Task("t9", "assessor.office.reviewer")
LEFT = Seq((Task("t2", "unit.vice_head"), Task("t3", "unit.head")))
RIGHT = Seq((Task("t4", "assessor.review.legal"),))
BOTH_WAYS = Fork("f5", (LEFT, RIGHT))


def begin(world: World, *blocks: Block) -> str:
    world.deploy(**files_of(Whole(Seq(blocks))))
    return world.start()


def open_at(world: World, *logins: str) -> list[str]:
    """The elements at which these people have work."""
    return sorted(row.element_id for login in logins for row in world.inbox(login))


def whole(world: World) -> None:
    with world.engine.database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []


def back(world: World, login: str, target: str) -> None:
    world.act(login, "return_to", opinion="请改", target=target, straight_back=False)
    whole(world)


EVERYBODY = ("ling", "lu", "tou", "fa", "kao")


def test_back_into_one_branch_after_the_join_opens_the_whole_block_and_the_join_fires(world: World) -> None:
    """flowable-engine #1641 and #3864: sent back into one branch of a parallel block that was closed, the
    work went on to the join and stayed there for ever; the other branch never came. Here both begin anew."""
    instance = begin(world, APPLY, BOTH_WAYS, CLOSE)
    for login in ("ling", "lu", "tou", "fa"):
        world.complete(login)
    back(world, "kao", "t3")
    assert open_at(world, *EVERYBODY) == ["t2", "t4"]
    for login in ("lu", "fa", "tou", "kao"):
        world.complete(login)
    assert world.status(instance) == "completed"
    done = [one for one in world.said(instance) if one[0] == "complete"]
    assert done.count(("complete", "t9", 2)) == 1  # the join fired once more, and only once


def test_inside_an_open_block_ones_own_branch_goes_back_and_the_other_is_left_alone(world: World) -> None:
    """ruoyi-vue-pro #867: a task in a parallel block could not be sent back at all. Here it goes back in its
    own branch, or before the block, which then ends as a whole and leaves nothing open behind."""
    instance = begin(world, APPLY, BOTH_WAYS, CLOSE)
    world.complete("ling")
    world.complete("lu")
    back(world, "tou", "t2")
    assert open_at(world, *EVERYBODY) == ["t2", "t4"]
    world.complete("lu")
    back(world, "tou", "t1")
    assert open_at(world, *EVERYBODY) == ["t1"]
    for login in ("ling", "lu", "tou", "fa", "kao"):
        world.complete(login)
    assert world.status(instance) == "completed"


def test_only_steps_from_which_everything_goes_on_are_offered_and_taken(world: World) -> None:
    """flowable-engine #3919 and #1222: nobody could say to which steps a task may go back. The page lists
    them, the nearest first; the other branch is not among them, and is refused to who names it anyway."""
    begin(world, APPLY, BOTH_WAYS, CLOSE)
    world.complete("ling")
    world.complete("lu")
    row = world.item("tou")
    shown = view(world.engine, world.person("tou"), row.item_id)
    assert [target.element_id for target in shown.targets] == ["t2", "t1"]
    for target in ("t4", "t9", "t3"):
        with pytest.raises(Invalid):
            world.act("tou", "return_to", opinion="请改", target=target)
    assert open_at(world, *EVERYBODY) == ["t3", "t4"]


SIGNERS = ("unit.vice_head", "unit.head", "assessor.review.legal")
SIGNED = Task("t6", "unit.head", vote=Vote("all", "count", SIGNERS))


def test_from_several_peoples_step_to_another_all_sign_anew(world: World) -> None:
    """flowable-engine #3944 and ruoyi-vue-pro #668: sent back from a step of several people, to one of
    several, nobody had a task any more and the process could not be found again. Here all sign anew, and
    what they said before stays, marked as superseded."""
    first = Task("t7", "unit.head", vote=Vote("all", "veto", SIGNERS))
    instance = begin(world, first, SIGNED)
    for login in ("lu", "tou", "fa"):
        world.complete(login, outcome="approve")
    world.complete("lu", "t6", outcome="return")
    back(world, "fa", "t7")
    assert open_at(world, "lu", "tou", "fa") == ["t7", "t7", "t7"]
    said = [event for event in world.events(instance) if event.verb == "complete"]
    assert len(said) == 4 and all(event.superseded for event in said)
    for element in ("t7", "t6"):
        for login in ("fa", "lu", "tou"):
            world.complete(login, element, outcome="approve")
    assert world.status(instance) == "completed"


def test_nothing_that_was_said_is_ever_deleted(world: World) -> None:
    """RuoYi-Vue-Plus deletes the history of what is done again. Here every row stays as it was."""
    instance = begin(world, APPLY, SIGNED, CLOSE)
    world.complete("ling")
    for login in ("lu", "tou", "fa"):
        world.complete(login, outcome="approve", opinion=f"{login}同意")
    before = {event.id: event for event in world.events(instance)}
    back(world, "kao", "t1")
    after = {event.id: event for event in world.events(instance)}
    kept = ("verb", "outcome", "person_name", "round", "text", "happened_at")
    for identity, event in before.items():
        assert [getattr(after[identity], name) for name in kept] == [getattr(event, name) for name in kept]
    texts = [event.text for event in world.events(instance) if event.verb == "complete" and event.text]
    assert texts == ["lu同意", "tou同意", "fa同意"]
