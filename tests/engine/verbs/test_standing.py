"""挂起 and 恢复办理: an instance and its tree stand still, and go on as if the time between had not been."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.audit.chain import broken_chains
from engine.runtime.checks.whole import faults_in
from engine.runtime.events.messages import NewMessage
from engine.store import Database
from engine.verbs.door import act, save_draft
from engine.verbs.others.commenting import comment, erase_comment, reword
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible
from engine.verbs.registry import INSTANCE_VERBS
from engine.verbs.showing.view import view
from engine.verbs.tokens.standing import stand
from engine.verbs.visit import Request
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, user
from tests.engine.verbs.upon import offered, upon

TIMER = (
    '<bpmn:intermediateCatchEvent id="{id}" name="等待"><bpmn:timerEventDefinition id="d{id}">'
    "<bpmn:{kind}>{value}</bpmn:{kind}></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
MESSAGE = (
    '<bpmn:intermediateCatchEvent id="reply" name="等答复">'
    '<bpmn:messageEventDefinition id="m" messageRef="M" />'
    "</bpmn:intermediateCatchEvent>"
)
ROOT = (
    '<bpmn:message id="M" name="reply"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" />'
    "</bpmn:extensionElements></bpmn:message>"
)


def at_once() -> bytes:
    """Four branches: a person with a deadline, a timer of a day's end, one of an hour, and a message."""
    due = user(
        "fill", "unit.liaison", due='= date("2018-03-07")', remind="P1D", escalate='= post(unit, "head")'
    )
    ids = ("fill", "deadline", "hour", "reply")
    return diagram(
        SUBJECT, START, '<bpmn:parallelGateway id="fork" name="" />', due,
        TIMER.format(id="deadline", kind="timeDate", value='= date("2018-03-07")'),
        TIMER.format(id="hour", kind="timeDuration", value="PT1H"), MESSAGE,
        '<bpmn:parallelGateway id="join" name="" />', END, flow("f0", "begun", "fork"),
        *(flow(f"a_{one}", "fork", one) for one in ids), *(flow(f"b_{one}", one, "join") for one in ids),
        flow("f9", "join", "done"), root=ROOT,
    )  # fmt: skip


def later(world: World, **span: float) -> None:
    world.clock.advance(timedelta(**span))
    world.engine.drain()


def hurry(world: World) -> None:
    with world.engine.database.write() as connection:
        connection.exec_driver_sql("update job set run_at = created_at where state = 'waiting'")
    world.engine.drain()


def waiting(world: World) -> set[str]:
    with world.engine.database.read() as connection:
        rows = connection.exec_driver_sql("select element_id from timer").all()
    return {row[0] for row in rows}


def holds_together(world: World) -> None:
    """What `bihuan verify` finds: nothing."""
    with world.engine.database.read() as connection:
        assert list(faults_in(world.engine.setup, connection)) == []


def office(world: World, instance: str, verb: str, reason: str = "等省里的文件", *, tree: bool = True) -> int:
    return stand(world.engine, world.person("kao"), instance, verb, reason=reason, tree=tree).instances


def test_clocks_stand_still_and_deadlines_move_by_the_working_days_between(database: Database) -> None:
    """Suspended on Thursday 1 March for a week: five working days; half an hour of the hour was left."""
    world = build_world(database)
    world.deploy(planning=at_once())
    instance = world.start()
    later(world, minutes=30)
    assert office(world, instance, "suspend") == 1
    later(world, days=7)
    assert world.status(instance) == "suspended"
    holds_together(world)
    assert waiting(world) == {"deadline", "hour"}, "no timer fires"
    assert world.scalar("select count(*) from notification") == 0, "and nobody is reminded or reported"
    assert office(world, instance, "resume", "文件已到") == 1
    holds_together(world)
    item = world.item("ling")
    assert item.due_on == date(2018, 3, 14)
    assert item.due_at == datetime(2018, 3, 14, 16, tzinfo=UTC)
    later(world, minutes=29)
    assert "hour" in waiting(world)
    later(world, minutes=1)
    assert waiting(world) == {"deadline"}, "the half hour that was left has passed"
    world.clock.set(datetime(2018, 3, 13, 16, tzinfo=UTC))
    world.engine.drain()
    assert world.scalar("select count(*) from notification where kind = 'remind'") == 1
    world.clock.set(datetime(2018, 3, 14, 16, tzinfo=UTC))
    world.engine.drain()
    assert waiting(world) == set()
    assert world.scalar("select count(*) from notification where kind = 'escalate'") == 1


def test_every_verb_is_refused_with_who_when_and_why_and_the_reason_stands_in_the_history(
    database: Database,
) -> None:
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", groups='= [post(unit, "liaison")]')))
    instance = world.start()
    with world.engine.database.read() as connection:
        item_id = str(connection.exec_driver_sql("select id from work_item").scalar())
    office(world, instance, "suspend")
    said = "流程已于 2018-03-01 由钱考挂起（等省里的文件），恢复办理以后才能办，期限顺延。"
    for login, verb in (("ling", "claim"), ("ling", "complete"), ("ban1", "urge")):
        with pytest.raises(Closed) as refused:
            act(world.engine, world.person(login), item_id, verb, Request(version=1))
        assert refused.value.message == said
    shown = view(world.engine, world.person("ling"), item_id)
    assert (shown.verbs, shown.may_act, shown.standstill) == ([], False, said)
    office(world, instance, "resume", "文件已到")
    told = [(event.verb, event.text, event.person_name) for event in world.events(instance)]
    assert told == [("suspend", "等省里的文件", "钱考"), ("resume", "文件已到", "钱考")]
    with database.read() as connection:
        assert broken_chains(connection) == []
    with pytest.raises(Exception, match="never"), database.write() as connection:
        connection.exec_driver_sql("update suspension set reason = '别的'")


def test_nothing_is_copied_followed_read_said_or_drafted_meanwhile_and_only_words_go(
    database: Database,
) -> None:
    """暂存, 抄送, 关注, 已阅 and 评论 were taken while no verb was to be taken."""
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance, item, ling = world.start(), world.item("ling"), world.person("ling")
    save_draft(world.engine, ling, item.item_id, fields={"value": "1"})
    upon(world, "ling", "copy_to", instance, people=(world.people["ling2"],))
    upon(world, "lu", "follow", instance)
    mine = comment(world.engine, ling, instance, "证件号 330106")
    office(world, instance, "suspend")
    said = "流程已于 2018-03-01 由钱考挂起（等省里的文件），恢复办理以后才能办，期限顺延。"
    for login in ("kao", "ling", "ling2", "lu"):
        assert offered(world, login, instance) == []
    who = {"mark_read": "ling2", "follow": "ling", "unfollow": "lu", "copy_to": "ling", "take_back": "ling"}
    for verb in INSTANCE_VERBS:
        if verb == "withdraw":
            continue  # the city's starter is nobody of its people
        with pytest.raises(Closed) as refused:
            upon(world, who.get(verb, "kao"), verb, instance, people=(world.people["kao"],), target="fill")
        assert refused.value.message == said, verb
    for attempt in (
        lambda: save_draft(world.engine, ling, item.item_id, fields={"value": "2"}),
        lambda: comment(world.engine, ling, instance, "还要等多久"),
        lambda: reword(world.engine, ling, mine, "证件号见附件"),
    ):
        with pytest.raises(Closed) as refused:
            attempt()
        assert refused.value.message == said
    assert world.scalar("select data_text from draft") == '{"value":"1"}'
    erase_comment(world.engine, ling, mine)
    holds_together(world)
    office(world, instance, "resume", "文件已到")
    upon(world, "ling2", "mark_read", instance)
    save_draft(world.engine, ling, item.item_id, fields={"value": "2"})


def test_a_message_waits_until_the_instance_goes_on(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=at_once())
    instance = world.start()
    office(world, instance, "suspend")
    with database.write() as connection:
        world.engine.publish(connection, NewMessage(world.cycle.id, "reply", "U1"))
    world.engine.drain()
    hurry(world)
    assert world.scalar("select count(*) from subscription") == 1
    office(world, instance, "resume", "继续")
    world.engine.drain()
    assert world.scalar("select count(*) from subscription") == 0


def test_only_the_office_of_the_assessor_lets_it_stand_still_and_says_why(database: Database) -> None:
    world = build_world(database)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = world.start()
    for login, refusal in (("ling", NotAllowed), ("tou", NotAllowed), ("tou2", NotVisible)):
        with pytest.raises(refusal):
            stand(world.engine, world.person(login), instance, "suspend", reason="试试")
    with pytest.raises(Invalid, match="请写明挂起的理由"):
        office(world, instance, "suspend", " ")
    with pytest.raises(Closed, match="没有挂起"):
        office(world, instance, "resume")
    office(world, instance, "suspend")
    with pytest.raises(Closed, match="已经挂起"):
        office(world, instance, "suspend")
    assert world.status(instance) == "suspended"


def test_a_whole_tree_stands_still_and_goes_on_together(database: Database) -> None:
    """A child that stood still before by itself stays so; one of the tree goes on only with the tree."""
    world = build_world(database)
    call = (
        '<bpmn:callActivity id="each" name="各单位"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="child" propagateAllChildVariables="false" />'
        "</bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= units" inputElement="unit" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>"
    )
    child = in_a_row(user("sign", "unit.head"), process='id="child" name="单位"')
    world.deploy(planning=in_a_row(call), child=child)
    top = world.start(units=[world.unit("U1"), world.unit("U2")])
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "select id from instance where parent_id is not null order by child_index"
        )
        first, second = (str(row[0]) for row in found)
    assert office(world, first, "suspend", "单独挂起") == 1
    assert office(world, top, "suspend") == 2
    assert {world.status(one) for one in (top, first, second)} == {"suspended"}
    with pytest.raises(Invalid, match="上级流程"):
        office(world, second, "resume")
    assert office(world, top, "resume") == 2
    assert [world.status(one) for one in (top, first, second)] == ["running", "suspended", "running"]
    world.complete("tou2")
    assert office(world, first, "resume") == 1
    world.complete("tou")
    assert world.status(top) == "completed"
