"""退回: back to a step that was done, with the reason, and straight back again."""

import pytest

from engine.verbs.refusals import Invalid, NotAllowed
from engine.verbs.showing.view import view
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_up
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.upon import holds_together

THREE = in_a_row(
    user("collate", "unit.liaison"),
    user("review", "unit.vice_head", form_id="review", verbs="return_to"),
    user("sign", "unit.head", form_id="review", verbs="return_to,urge"),
)


def at_sign(world: World) -> str:
    world.deploy(planning=THREE)
    instance = world.start()
    world.complete("ling", fields={"value": "51"})
    world.complete("lu")
    return instance


def test_the_reason_travels_and_the_correction_goes_straight_back(world: World) -> None:
    instance = at_sign(world)
    world.act("tou", "return_to", opinion="年末应为49", target="collate", straight_back=True)
    item = world.item("ling")
    assert (item.element_id, item.round, item.returned_from) == ("collate", 2, "sign")
    assert world.scalar(
        "select content_text from work_text t join work_item w on w.return_reason_id = t.id"
    ) == ("年末应为49")
    world.complete("ling", fields={"value": "49"})
    assert world.inbox("lu") == []
    assert world.item("tou").element_id == "sign"
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_straight_back_keeps_the_review_between_and_supersedes_only_what_is_redone(world: World) -> None:
    instance = at_sign(world)
    world.act("tou", "return_to", opinion="改", target="collate", straight_back=True)
    world.complete("ling")
    events = {(e.verb, e.element_id, e.round): e.superseded for e in world.events(instance)}
    assert events["complete", "collate", 1] is True
    assert events["complete", "review", 1] is False


def test_step_by_step_supersedes_every_decision_after_the_target(world: World) -> None:
    instance = at_sign(world)
    world.act("tou", "return_to", opinion="改", target="collate", straight_back=False)
    events = {(e.verb, e.element_id): e.superseded for e in world.events(instance)}
    assert events["complete", "collate"] and events["complete", "review"]
    world.complete("ling")
    assert world.item("lu").round == 2


def test_a_reason_and_a_possible_target_are_asked_for(world: World) -> None:
    at_sign(world)
    with pytest.raises(Invalid):
        world.act("tou", "return_to", target="collate")
    with pytest.raises(Invalid) as refused:
        world.act("tou", "return_to", opinion="改", target="sign")
    assert [error.field for error in refused.value.errors] == ["target"]


def test_the_nearest_step_comes_first_unless_the_designer_names_another(world: World) -> None:
    at_sign(world)
    assert offered(world, "tou") == ["review", "collate"]
    named = in_a_row(
        user("collate", "unit.liaison"),
        user("review", "unit.vice_head", form_id="review"),
        user("sign", "unit.head", form_id="review", verbs="return_to", returnTo="collate"),
    )
    world.complete("tou")
    world.deploy(planning=named)
    world.start()
    world.complete("ling")
    world.complete("lu")
    assert offered(world, "tou") == ["collate", "review"]
    world.act("tou", "return_to", opinion="改", target="review")
    assert world.item("lu").element_id == "review"


def offered(world: World, login: str) -> list[str]:
    """Where the page of a person's item offers to send it back to, in this order."""
    shown = view(world.engine, world.person(login), world.item(login).item_id)
    return [target.element_id for target in shown.targets]


def test_where_the_diagram_does_not_offer_it_nothing_is_returned(world: World) -> None:
    world.deploy(planning=in_a_row(user("a", "unit.liaison"), user("b", "unit.head")))
    world.start()
    world.complete("ling")
    with pytest.raises(NotAllowed):
        world.act("tou", "return_to", opinion="改", target="a")


JOINT = diagram(
    SUBJECT,
    START,
    user("prepare", "assessor.office.reviewer"),
    '<bpmn:subProcess id="joint" name="联合审核">',
    '<bpmn:startEvent id="joint_begun" name="联审开始" />',
    '<bpmn:parallelGateway id="fork" name="分送" />',
    user("finance", "assessor.review.finance", form_id="review", outcomes="pass:通过,return:退回"),
    user("legal", "assessor.review.legal", form_id="review", outcomes="pass:通过,return:退回"),
    user("planners", "assessor.review.planning", form_id="review", outcomes="pass:通过,return:退回"),
    '<bpmn:exclusiveGateway id="finance_ok" name="财政通过？" default="finance_yes" />',
    '<bpmn:exclusiveGateway id="legal_ok" name="法制通过？" default="legal_yes" />',
    '<bpmn:exclusiveGateway id="planners_ok" name="发改通过？" default="planners_yes" />',
    '<bpmn:parallelGateway id="join" name="汇齐" />',
    '<bpmn:endEvent id="joint_done" name="联审通过" />',
    '<bpmn:endEvent id="sent_back" name="联审退回"><bpmn:errorEventDefinition id="sent_back_error" '
    'errorRef="returned" /></bpmn:endEvent>',
    flow("s0", "joint_begun", "fork"),
    *(
        text
        for one in ("finance", "legal", "planners")
        for text in (
            flow(f"{one}_in", "fork", one),
            flow(f"{one}_out", one, f"{one}_ok"),
            flow(f"{one}_yes", f"{one}_ok", "join", name="通过"),
            flow(f"{one}_no", f"{one}_ok", "sent_back", name="退回", condition='= outcome = "return"'),
        )
    ),
    flow("s9", "join", "joint_done"),
    "</bpmn:subProcess>",
    '<bpmn:boundaryEvent id="returned_event" name="被退回" attachedToRef="joint">'
    '<bpmn:errorEventDefinition id="returned_error" errorRef="returned" /></bpmn:boundaryEvent>',
    user("resolve", "assessor.office.reviewer"),
    END,
    flow("f1", "begun", "prepare"),
    flow("f2", "prepare", "joint"),
    flow("f3", "joint", "done"),
    flow("f4", "returned_event", "resolve"),
    flow("f5", "resolve", "joint"),
    root='<bpmn:error id="returned" name="退回" errorCode="returned" />',
)


def test_a_return_out_of_a_parallel_review_ends_it_once_and_supersedes_what_was_passed(world: World) -> None:
    world.deploy(planning=JOINT)
    instance = world.start()
    world.complete("kao")
    assert {"cai", "fa", "wei"} == {who for who in ("cai", "fa", "wei") if world.inbox(who)}
    world.complete("cai", outcome="pass")
    world.complete("fa", outcome="return")
    assert world.inbox("wei") == []
    assert world.item("kao").element_id == "resolve"
    events = {(e.verb, e.element_id): e.superseded for e in world.events(instance) if e.verb != "supersede"}
    assert events["complete", "finance"] is True
    assert events["complete", "legal"] is True
    assert events["close", "planners"] is False
    world.complete("kao")
    for who in ("cai", "fa", "wei"):
        assert world.item(who).round == 2
        world.complete(who, outcome="pass")
    assert world.status(instance) == "completed"
    open_opinions = [
        e.element_id
        for e in world.events(instance)
        if e.verb == "complete" and not e.superseded and e.round == 2
    ]
    assert sorted(open_opinions) == ["finance", "legal", "planners"]


INSIDE = (
    '<bpmn:subProcess id="inside" name="内部审核"><bpmn:startEvent id="in" name="" />',
    user("first", "unit.vice_head"),
    user("second", "unit.head"),
    '<bpmn:endEvent id="out" name="" />',
    line_up("in", "first", "second", "out"),
    "</bpmn:subProcess>",
)


def test_a_return_into_a_subprocess_that_is_over_begins_the_whole_of_it_anew(world: World) -> None:
    """No token can begin within what is over: it was refused."""
    check = user("check", "assessor.office.reviewer", verbs="return_to")
    steps = START, user("fill", "unit.liaison"), *INSIDE, check, END
    world.deploy(planning=diagram(SUBJECT, *steps, line_up("begun", "fill", "inside", "check", "done")))
    instance = world.start()
    world.complete("ling")
    world.complete("lu")
    world.complete("tou")
    item = world.item("kao")
    assert [one.element_id for one in view(world.engine, world.person("kao"), item.item_id).targets] == [
        "second", "first", "fill",
    ]  # fmt: skip
    world.act("kao", "return_to", "check", target="second", opinion="重审", straight_back=False)
    assert (world.item("lu").element_id, world.item("lu").round) == ("first", 2)
    assert world.inbox("tou") == []
    counted = [e.element_id for e in world.events(instance) if e.verb == "complete" and not e.superseded]
    assert counted == ["fill"]
    world.complete("lu")
    world.complete("tou")
    world.complete("kao", "check")
    assert world.status(instance) == "completed"
    holds_together(world)
