"""Compensation, transactions and conditions with people, jobs and the database between every two steps."""

from tests.engine.bpmn.lint_diagrams import END, START, diagram, line_up
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user

LINES = '<bpmn:association id="{0}_line" associationDirection="One" sourceRef="{0}_c" targetRef="un_{0}" />'


def undone(identity: str, post: str) -> str:
    """The compensation event on a step, and the task `un_…` that undoes it."""
    helper = user(f"un_{identity}", post).replace("<bpmn:userTask", '<bpmn:userTask isForCompensation="true"')
    return (
        f'<bpmn:boundaryEvent id="{identity}_c" name="可撤销" attachedToRef="{identity}">'
        f'<bpmn:compensateEventDefinition id="{identity}_cd" /></bpmn:boundaryEvent>{helper}'
    )


def test_two_steps_are_undone_by_people_the_last_first(world: World) -> None:
    throw = (
        '<bpmn:intermediateThrowEvent id="back" name="撤销"><bpmn:compensateEventDefinition id="back_d" />'
        "</bpmn:intermediateThrowEvent>"
    )
    steps = [user("fill", "unit.liaison"), user("check", "unit.head"), throw, user("again", "unit.liaison")]
    beside = [undone("fill", "unit.liaison"), undone("check", "unit.head")]
    flows = line_up("begun", "fill", "check", "back", "again", "done")
    lines = [LINES.format("fill"), LINES.format("check")]
    world.deploy(planning=diagram(SUBJECT, START, *steps, *beside, END, flows, *lines))
    started = world.start()
    world.complete("ling", "fill", fields={"value": "7"})
    world.complete("tou", "check")
    assert [row.element_id for row in world.inbox("tou")] == ["un_check"] and not world.inbox("ling")
    world.complete("tou", "un_check")
    assert [row.element_id for row in world.inbox("ling")] == ["un_fill"]
    world.complete("ling", "un_fill")
    world.complete("ling", "again")
    assert world.status(started) == "completed"
    verbs = [(verb, element) for verb, element, _ in world.said(started)]
    assert verbs[-3:] == [("complete", "un_check"), ("complete", "un_fill"), ("complete", "again")]


def test_a_cancelled_transaction_closes_what_is_open_and_undoes_what_is_done(world: World) -> None:
    cancelled = (
        '<bpmn:boundaryEvent id="no" name="已取消" attachedToRef="tx">'
        '<bpmn:cancelEventDefinition id="no_d" />'
        "</bpmn:boundaryEvent>"
    )
    inside = (
        '<bpmn:transaction id="tx" name="联合确认"><bpmn:startEvent id="s" name="开始" />'
        + user("fill", "unit.liaison") + user("agree", "unit.head") + user("other", "unit.vice_head")
        + undone("fill", "unit.liaison")
        + '<bpmn:endEvent id="stop" name="取消"><bpmn:cancelEventDefinition id="stop_d" /></bpmn:endEvent>'
        + line_up("s", "fill", "agree", "stop")
        + '<bpmn:sequenceFlow id="s_other" sourceRef="s" targetRef="other" />'
        + LINES.format("fill") + "</bpmn:transaction>"
    )  # fmt: skip
    over = '<bpmn:endEvent id="over" name="已作废" />'
    flows = [line_up("begun", "tx", "done"), line_up("no", "file", "over")]
    drawn = diagram(SUBJECT, START, inside, cancelled, user("file", "unit.liaison"), END, over, *flows)
    world.deploy(planning=drawn)
    started = world.start()
    world.complete("ling", "fill")
    assert [row.element_id for row in world.inbox("lu")] == ["other"]
    world.complete("tou", "agree")
    assert world.inbox("lu") == [] and [row.element_id for row in world.inbox("ling")] == ["un_fill"]
    world.complete("ling", "un_fill")
    world.complete("ling", "file")
    assert world.status(started) == "completed"
    assert world.scalar("select count(*) from variable where scope_id <> ''") == 0


def test_a_condition_interrupts_when_a_form_makes_it_true(world: World) -> None:
    box = (
        '<bpmn:subProcess id="box" name="改走简易程序" triggeredByEvent="true">'
        '<bpmn:startEvent id="small" name="金额很小"><bpmn:conditionalEventDefinition id="small_d">'
        '<bpmn:condition xsi:type="bpmn:tFormalExpression">= value = "small"</bpmn:condition>'
        f"</bpmn:conditionalEventDefinition></bpmn:startEvent>{user('short', 'unit.head')}"
        '<bpmn:endEvent id="box_end" name="已办结" />'
        + line_up("small", "short", "box_end")
        + "</bpmn:subProcess>"
    )
    plain = in_a_row(user("fill", "unit.liaison"), user("long", "unit.liaison")).decode()
    world.deploy(planning=plain.replace("</bpmn:process>", box + "</bpmn:process>").encode())
    small, large = world.start(), world.start(unit=world.unit("U2"))
    world.complete("ling", "fill", fields={"value": "small"})
    world.complete("ling2", "fill", fields={"value": "large"})
    assert [row.element_id for row in world.inbox("tou")] == ["short"] and not world.inbox("ling")
    assert [row.element_id for row in world.inbox("ling2")] == ["long"]
    world.complete("tou")
    assert [world.status(one) for one in (small, large)] == ["completed", "running"]


def test_a_condition_that_nothing_can_make_true_becomes_an_incident_of_that_name(world: World) -> None:
    wait = (
        '<bpmn:intermediateCatchEvent id="wait" name="材料已齐"><bpmn:conditionalEventDefinition id="wait_d">'
        '<bpmn:condition xsi:type="bpmn:tFormalExpression">= value = "all"</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
    )
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), wait, user("go", "unit.head")))
    started = world.start()
    world.complete("ling", "fill", fields={"value": "some"})
    assert world.inbox("tou") == [] and world.status(started) == "running"
    said = world.scalar("select message from incident where instance_id = :id", id=started)
    assert "材料已齐" in said and "条件" in said
