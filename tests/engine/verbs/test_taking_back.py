"""撤回: one's own last submission is undone while nobody after oneself has acted."""

import pytest

from engine.runtime.engine import Engine
from engine.verbs.door import act, save_draft
from engine.verbs.refusals import Closed, NotAllowed
from engine.verbs.showing.view import view
from engine.verbs.visit import Request
from engine.work.bindings import reads_only
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_background import call
from tests.engine.runtime.test_heaps import TIMER
from tests.engine.runtime.world import SUBJECT, World, in_a_row, service, user
from tests.engine.verbs.test_jumping import block
from tests.engine.verbs.upon import foreseen, holds_together, offered, upon

TWO = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", verbs="return_to"))


def back(world: World, login: str, instance: str) -> str:
    """撤回 by another server than the one that took the submission: all that it needs is in the database."""
    old = world.engine
    world.engine = Engine(old.database, clock=world.clock, bindings=old.setup.bindings)
    return upon(world, login, "take_back", instance, "").message


def test_the_step_begins_anew_with_what_was_handed_in_as_a_draft(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    world.complete("ling", fields={"value": "51"}, opinion="请审")
    seen = foreseen(world, "ling", "take_back", instance)
    assert [one.step for one in seen.closed] == ["办理sign"]
    assert [one.step for one in seen.opened] == ["办理fill"]
    assert offered(world, "tou", instance).count("take_back") == 0
    back(world, "ling", instance)
    item = world.item("ling")
    shown = view(world.engine, world.person("ling"), item.item_id)
    assert (item.element_id, item.round) == ("fill", 2) and shown.draft is not None
    assert (shown.draft.data, shown.draft.opinion) == ({"value": "51"}, "请审")
    assert world.inbox("tou") == []
    assert world.scalar("select count(*) from variable where name in ('value', 'outcome')") == 0
    events = {(e.verb, e.element_id): e for e in world.events(instance) if e.verb != "supersede"}
    assert events["complete", "fill"].superseded and events["take_back", "fill"].person_name == "张玲"
    with pytest.raises(NotAllowed, match="没有可以撤回的提交"):
        back(world, "ling", instance)
    world.complete("ling", fields={"value": "49"})
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_reading_is_not_acting_but_a_draft_a_claim_or_an_act_is(world: World) -> None:
    signed = user("sign", "unit.head", verbs="return_to")
    group = user("check", "assessor.office.staff", groups='= [post(assessor, "office.staff")]')
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), signed, group))
    instance = world.start()
    world.complete("ling")
    item = world.item("tou")
    view(world.engine, world.person("tou"), item.item_id)
    assert "take_back" in offered(world, "ling", instance)
    save_draft(world.engine, world.person("tou"), item.item_id, fields={"value": "5"})
    with pytest.raises(NotAllowed, match="王局已经动笔"):
        back(world, "ling", instance)
    world.complete("tou")
    with pytest.raises(NotAllowed, match="王局已经办理"):
        back(world, "ling", instance)
    assert "take_back" in offered(world, "tou", instance)
    waiting = world.scalar("select id from work_item")
    act(world.engine, world.person("ban1"), waiting, "claim", Request(version=1))
    with pytest.raises(NotAllowed, match="郑一已经认领"):
        back(world, "tou", instance)
    act(world.engine, world.person("ban1"), waiting, "unclaim", Request(version=2))
    back(world, "tou", instance)
    assert world.item("tou").element_id == "sign"
    back(world, "ling", instance)
    assert world.item("ling").element_id == "fill", "who took back has not acted"


def test_a_submission_that_forked_is_undone_in_every_branch_or_not_at_all(world: World) -> None:
    world.deploy(planning=block())
    instance = world.start()
    world.complete("ling")
    assert {one.step for one in foreseen(world, "ling", "take_back", instance).closed} == {
        "办理left",
        "办理right",
    }
    back(world, "ling", instance)
    assert world.inbox("lu") == [] and world.inbox("kao") == []
    world.complete("ling")
    world.complete("kao")
    with pytest.raises(NotAllowed, match="钱考已经办理"):
        back(world, "ling", instance)
    back(world, "kao", instance)
    assert world.item("kao").element_id == "right" and world.item("lu").element_id == "left"
    world.complete("lu")
    world.complete("kao")
    assert world.item("tou").element_id == "sign"
    with pytest.raises(NotAllowed, match="钱考办理后各分支已经汇合"):
        back(world, "lu", instance)
    back(world, "kao", instance)
    assert world.inbox("tou") == [] and world.inbox("lu") == [], "the other branch has arrived, and stays so"
    world.complete("kao")
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_beside_a_branch_that_goes_on_only_ones_own_is_undone(world: World) -> None:
    drawn = diagram(
        SUBJECT, START, '<bpmn:parallelGateway id="fork" name="" />', user("a1", "unit.liaison"),
        user("a2", "unit.head"), user("b1", "unit.vice_head"), user("b2", "assessor.office.reviewer"),
        '<bpmn:parallelGateway id="join" name="" />', END,
        flow("f0", "begun", "fork"), flow("f1", "fork", "a1"),
        flow("f2", "fork", "b1"), flow("f3", "a1", "a2"), flow("f4", "b1", "b2"), flow("f5", "a2", "join"),
        flow("f6", "b2", "join"), flow("f7", "join", "done"),
    )  # fmt: skip
    world.deploy(planning=drawn)
    instance = world.start()
    world.complete("ling", fields={"value": "a"})
    world.complete("lu", fields={"value": "b"})
    back(world, "ling", instance)
    assert world.item("ling").element_id == "a1" and world.item("kao").element_id == "b2"
    value = world.scalar("select value_text from variable where name = 'value'")
    assert value == '"b"', "what the other has set since stays"
    for login in ("ling", "tou", "kao"):
        world.complete(login)
    assert world.status(instance) == "completed"


def test_services_timers_and_children_that_nobody_touched_go_with_it(world: World) -> None:
    child = in_a_row(user("each", "unit.vice_head"), process='id="child" name="单位"')
    timer = TIMER.split('id="')[1].split('"')[0]
    drawn = diagram(
        SUBJECT, START, user("fill", "unit.liaison"), '<bpmn:parallelGateway id="fork" name="" />',
        service("count", "test.count"), call("ask", "child"), TIMER, user("sign", "unit.head"),
        '<bpmn:parallelGateway id="join" name="" />', END,
        flow("f0", "begun", "fill"), flow("f1", "fill", "fork"),
        flow("f2", "fork", "count"), flow("f3", "count", "sign"), flow("f4", "fork", "ask"),
        flow("f5", "fork", timer), flow("f6", "sign", "join"), flow("f7", "ask", "join"),
        flow("f8", timer, "join"), flow("f9", "join", "done"),
    )  # fmt: skip
    world.services["test.count"] = reads_only(lambda _call: {"counted": 1})
    world.deploy(planning=drawn, child=child)
    instance = world.start()
    world.complete("ling")
    assert world.item("lu").element_id == "each" and world.item("tou").element_id == "sign"
    back(world, "ling", instance)
    assert world.inbox("lu") == [] and world.inbox("tou") == []
    assert world.scalar("select count(*) from timer") == 0
    assert world.scalar("select count(*) from instance where status = 'terminated'") == 1
    world.complete("ling")
    world.complete("lu")
    with pytest.raises(NotAllowed, match="陆副已经办理"):
        back(world, "ling", instance)


def test_what_was_the_last_inside_a_subprocess_is_put_back_into_it(world: World) -> None:
    drawn = diagram(
        SUBJECT, START, '<bpmn:subProcess id="inside" name="内部">', '<bpmn:startEvent id="in" name="" />',
        user("fill", "unit.liaison"), '<bpmn:endEvent id="out" name="" />', flow("s1", "in", "fill"),
        flow("s2", "fill", "out"), "</bpmn:subProcess>",
        '<bpmn:boundaryEvent id="late" name="超期" attachedToRef="inside" cancelActivity="true">'
        '<bpmn:timerEventDefinition id="lt"><bpmn:timeDuration>P9D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>", user("sign", "unit.head"), END, flow("f0", "begun", "inside"),
        flow("f1", "inside", "sign"), flow("f2", "sign", "done"), flow("f3", "late", "done"),
    )  # fmt: skip
    world.deploy(planning=drawn)
    instance = world.start()
    world.complete("ling")
    assert world.scalar("select count(*) from timer") == 0
    back(world, "ling", instance)
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from timer") == 1, "its clock runs on"
    world.complete("ling")
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_a_return_is_taken_back_and_a_returned_task_is_returned_again(world: World) -> None:
    world.deploy(planning=TWO)
    instance = world.start()
    world.complete("ling")
    world.act("tou", "return_to", opinion="改", target="fill", straight_back=True)
    back(world, "tou", instance)
    assert world.item("tou").element_id == "sign"
    world.act("tou", "return_to", opinion="改好", target="fill", straight_back=True)
    world.complete("ling")
    back(world, "ling", instance)
    shown = view(world.engine, world.person("ling"), world.item("ling").item_id)
    assert (shown.return_reason, shown.item.back_to) == ("改好", "sign")
    world.complete("ling")
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_a_signature_is_taken_back_while_the_step_is_not_decided(world: World) -> None:
    signed = user(
        "sign", "unit.head", vote="all", outcomes="approve:同意,reject:不同意",
        signers='= [post(unit, "liaison"), post(unit, "vice_head"), post(unit, "head")]',
    )  # fmt: skip
    world.deploy(planning=in_a_row(signed, user("last", "assessor.office.reviewer")))
    instance = world.start()
    world.complete("ling", outcome="approve", opinion="好")
    world.complete("lu", outcome="approve")
    back(world, "ling", instance)
    assert world.item("ling").element_id == "sign"
    assert world.scalar("select count(*) from signer where state = 'signed'") == 1
    world.complete("tou", outcome="approve")
    assert world.inbox("kao") == [], "it still waits for the signature that was taken back"
    world.complete("ling", outcome="approve")
    assert world.item("kao").element_id == "last"


def test_in_turn_the_next_waits_again_unless_they_have_begun(world: World) -> None:
    signed = user(
        "sign", "unit.head", vote="turn", outcomes="approve:同意,reject:不同意",
        signers='= [post(unit, "liaison"), post(unit, "vice_head"), post(unit, "head")]',
    )  # fmt: skip
    world.deploy(planning=in_a_row(signed))
    instance = world.start()
    world.complete("ling", outcome="approve")
    assert world.item("lu").element_id == "sign"
    back(world, "ling", instance)
    assert world.inbox("lu") == [] and world.item("ling").element_id == "sign"
    world.complete("ling", outcome="approve")
    save_draft(world.engine, world.person("lu"), world.item("lu").item_id, fields={})
    with pytest.raises(NotAllowed, match="陆副已经动手"):
        back(world, "ling", instance)
    world.complete("lu", outcome="approve")
    with pytest.raises(NotAllowed, match="陆副已经接着签署"):
        back(world, "ling", instance)
    world.complete("tou", outcome="approve")
    assert world.status(instance) == "completed"


def test_of_two_at_once_one_wins(world: World) -> None:
    """Whoever was slower is told so: the next one's act, or one's own taking back."""
    world.deploy(planning=TWO)
    instance = world.start()
    world.complete("ling")
    theirs = world.item("tou")
    back(world, "ling", instance)
    with pytest.raises(Closed):
        act(
            world.engine,
            world.person("tou"),
            theirs.item_id,
            "complete",
            Request(version=theirs.lock_version),
        )
    holds_together(world)


def test_taken_back_twice_a_task_that_was_sent_back_still_knows_it(world: World) -> None:
    """What was taken back does not count, so it does not hide that the task had been sent back before it."""
    steps = (user("fill", "unit.liaison"), user("check", "unit.vice_head"))
    world.deploy(planning=in_a_row(*steps, user("sign", "unit.head", verbs="return_to")))
    instance = world.start()
    world.complete("ling")
    world.complete("lu")
    world.act("tou", "return_to", opinion="改", target="fill", straight_back=True)
    for _ in range(2):
        world.complete("ling")
        back(world, "ling", instance)
    assert world.item("ling").returned_from == "sign"
    world.complete("ling")
    assert (world.inbox("lu"), world.item("tou").element_id) == ([], "sign")
