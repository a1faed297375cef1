"""撤回 of what has brought the same task round again, by the drawing or by somebody who moves it."""

from engine.verbs.showing.incident_view import view_incident
from engine.verbs.tokens.mending import Mending, mend
from engine.work.bindings import ServiceCall, reads_only
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, in_a_row, service, user
from tests.engine.verbs.test_brought_in import PAIR
from tests.engine.verbs.test_standing_in import away, do
from tests.engine.verbs.test_taking_back import back
from tests.engine.verbs.upon import holds_together, upon
from tests.engine.verbs.voting_city import approve, rows, signed


def round_and_round(fill: str) -> bytes:
    """`fill` comes round again until its outcome is `enough`."""
    gates = '<bpmn:exclusiveGateway id="again" name="" />'
    gates += '<bpmn:exclusiveGateway id="over" name="办完?" default="no" />'
    way = (
        flow("f1", "begun", "again"), flow("f2", "again", "fill"), flow("f3", "fill", "over"),
        flow("no", "over", "again", name="否"),
        flow("yes", "over", "done", condition='= outcome = "enough"', name="是"),
    )  # fmt: skip
    return diagram(SUBJECT, START, gates, fill, END, *way)


def test_a_task_that_comes_round_again_by_ones_own_act_is_taken_back_too(world: World) -> None:
    """The next round supersedes what was said in the one before, in the very act that is to be undone."""
    world.deploy(planning=round_and_round(user("fill", "unit.liaison", outcomes="more:再报,enough:办结")))
    instance = world.start()
    world.complete("ling", outcome="more")
    assert world.item("ling").round == 2
    back(world, "ling", instance)
    assert world.item("ling").element_id == "fill"
    world.complete("ling", outcome="more")
    world.complete("ling", outcome="enough")
    assert world.status(instance) == "completed"
    holds_together(world)


def test_a_task_that_a_service_after_ones_act_has_brought_round_again_is_taken_back_too(world: World) -> None:
    """The worker's step had superseded what was said: nobody has acted since, and yet there was nothing."""
    world.services["test.work"] = reads_only(lambda call: None)
    gates = '<bpmn:exclusiveGateway id="again" name="" />'
    gates += '<bpmn:exclusiveGateway id="over" name="办完?" default="no" />'
    fill = user("fill", "unit.liaison", outcomes="more:再报,enough:办结")
    way = (
        flow("f1", "begun", "again"), flow("f2", "again", "count"), flow("f3", "count", "fill"),
        flow("f4", "fill", "over"), flow("no", "over", "again", name="否"),
        flow("yes", "over", "done", condition='= outcome = "enough"', name="是"),
    )  # fmt: skip
    steps = START, gates, service("count", "test.work"), fill, END
    world.deploy(planning=diagram(SUBJECT, *steps, *way))
    instance = world.start()
    world.complete("ling", outcome="more")
    assert world.item("ling").round == 2
    back(world, "ling", instance)
    world.complete("ling", outcome="enough")
    assert world.status(instance) == "completed"
    holds_together(world)


def test_a_task_to_which_a_token_jumped_on_was_not_sent_back(world: World) -> None:
    """跳转 on along the way and 跳转 back looked alike in the history: it came back as a returned task."""
    world.deploy(
        planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head"), user("read", "unit.head"))
    )
    instance = world.start()
    upon(world, "kao", "jump", instance, token="fill", target="sign")
    world.complete("tou", "sign")
    back(world, "tou", instance)
    assert world.item("tou").returned_from is None


def test_a_task_to_which_a_stopped_token_was_moved_was_not_sent_back(world: World) -> None:
    """移动令牌 from an incident stands in the history as a jump: it came back as returned by the service."""

    def fail(_call: ServiceCall) -> None:
        raise RuntimeError("out of order")

    world.services["test.work"] = fail
    steps = user("fill", "unit.liaison"), service("count", "test.work", retries=1)
    world.deploy(planning=in_a_row(*steps))
    instance = world.start()
    world.complete("ling")
    stopped = str(world.scalar("select id from incident where resolved_at is null"))
    kao = world.person("kao")
    version = view_incident(world.engine, kao, stopped).version
    mend(world.engine, kao, stopped, "jump", Mending(version, reason="已查明", target="fill"))
    world.complete("ling")
    back(world, "ling", instance)
    assert world.item("ling").returned_from is None


def test_a_task_goes_straight_back_although_another_outcome_was_taken_back(world: World) -> None:
    """退回 with the short way, handed in with another outcome than the first, taken back: it forgot."""
    fill = user("fill", "unit.liaison", outcomes="approve:上报,hold:暂缓")
    sign = user("sign", "unit.head", verbs="return_to")
    world.deploy(planning=in_a_row(fill, sign))
    instance = world.start()
    world.complete("ling", outcome="approve")
    world.act("tou", "return_to", "sign", target="fill", opinion="重报", straight_back=True)
    world.complete("ling", outcome="hold")
    back(world, "ling", instance)
    assert world.scalar("select back_to from work_item where element_id = 'fill'") == "sign"


def test_a_signature_on_a_step_that_was_sent_back_comes_back_as_such(world: World) -> None:
    """The task that opened again knew neither that it had been sent back nor the short way."""
    check = user("check", "assessor.office.reviewer", verbs="return_to")
    world.deploy(planning=in_a_row(signed("all", signers=PAIR), check))
    instance = world.start()
    approve(world, "lu", "tou")
    world.act("kao", "return_to", "check", target="sign", opinion="重签", straight_back=True)
    approve(world, "lu")
    back(world, "lu", instance)
    [mine] = rows(world, "lu")
    assert mine.returned_from == "check"
    assert world.scalar("select back_to from work_item where id = :i", i=mine.item_id) == "check"


def test_a_stand_in_takes_back_what_came_round_again_by_it(world: World) -> None:
    """What their own step had superseded bore another name: their own, with whom they stand in for."""
    world.deploy(planning=round_and_round(user("fill", "unit.head", outcomes="submit:再报,enough:办结")))
    away(world, "tou", "wei")
    instance = world.start()
    do(world, "wei", "complete", world.item("wei"), outcome="submit")
    back(world, "wei", instance)
    assert world.item("tou").element_id == "fill"
