"""撤销, 终止, 作废 and 恢复办理: an instance ends before its diagram does, and may be opened again."""

import pytest

from engine.people.persons import Person
from engine.runtime.setup import Actor
from engine.verbs.door import act
from engine.verbs.refusals import Closed, Invalid, NotAllowed, NotVisible
from engine.verbs.tokens.standing import stand
from engine.verbs.visit import Request
from engine.work.notices import notices_of
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_background import call
from tests.engine.runtime.test_heaps import TIMER
from tests.engine.runtime.world import SUBJECT, World, in_a_row, user
from tests.engine.verbs.upon import foreseen, holds_together, offered, upon

WITHDRAW = b'<zeebe:property name="bihuan:withdraw" value="%s" />'
KEY = b'<zeebe:property name="bihuan:businessKey" value="= unit.code" />'


def with_property(drawn: bytes, extra: bytes) -> bytes:
    """The same process with one more property."""
    subject = b'<zeebe:property name="bihuan:subject" value="= unit.id" />'
    assert subject in drawn
    return drawn.replace(subject, subject + extra)


def start_by(world: World, login: str) -> str:
    actor = Actor(world.people[login], "发起人")
    given = {"unit": world.unit("U1")}
    found = world.engine.start("planning", cycle=world.cycle, variables=given, by=actor)
    world.engine.drain()
    return found


def told(world: World, person: Person, kind: str) -> list[str]:
    with world.engine.database.read() as connection:
        found = notices_of(connection, person)
    return [str(one["params_json"].get("text")) for one in found if one["kind"] == kind]


def beside() -> bytes:
    """A person and a timer beside each other."""
    timer = TIMER.split('id="')[1].split('"')[0]
    return diagram(
        SUBJECT, START, '<bpmn:parallelGateway id="fork" name="" />', user("fill", "unit.liaison"), TIMER,
        '<bpmn:parallelGateway id="join" name="" />', END, flow("f0", "begun", "fork"),
        flow("f1", "fork", "fill"), flow("f2", "fork", timer), flow("f3", "fill", "join"),
        flow("f4", timer, "join"), flow("f5", "join", "done"),
    )  # fmt: skip


def test_the_office_ends_an_instance_and_nothing_of_it_stays_open_or_is_lost(world: World) -> None:
    world.deploy(planning=beside())
    instance = world.start()
    seen = foreseen(world, "kao", "terminate", instance)
    assert [(one.step, one.who) for one in seen.closed] == [("办理fill", "市旅游委员会 · 联络员")]
    assert seen.status == "terminated" and "本流程终止，不能再办理。" in seen.sentences
    assert world.status(instance) == "running" and world.item("ling"), "a preview changes nothing"
    upon(world, "kao", "terminate", instance, "年度任务取消")
    assert world.status(instance) == "terminated"
    for table in ("work_item", "timer", "subscription"):
        assert world.scalar(f"select count(*) from {table}") == 0
    events = [(e.verb, e.person_name, e.text) for e in world.events(instance)]
    assert events == [("terminate", "钱考", "年度任务取消"), ("close", "系统", None)]
    assert told(world, world.person("ling"), "ended") == ["年度任务取消"]
    with pytest.raises(NotAllowed, match="由钱考终止（年度任务取消），不能再办理"):
        upon(world, "kao", "void", instance)


def test_children_end_with_it_their_people_are_told_and_their_history_says_why(world: World) -> None:
    child = in_a_row(user("sign", "unit.head"), process='id="child" name="单位"')
    world.deploy(planning=in_a_row(call("each", "child", many=True)), child=child)
    top = world.start(units=[world.unit("U1"), world.unit("U2")])
    assert [one.step for one in foreseen(world, "kao", "void", top).children] == ["sign", "sign"]
    upon(world, "kao", "void", top, "发错了")
    assert world.status(top) == "voided"
    assert world.scalar("select count(*) from instance where status = 'terminated'") == 2
    assert world.scalar("select count(*) from work_item") == 0
    for login in ("tou", "tou2"):
        assert told(world, world.person(login), "ended") == ["发错了"]
    below = world.scalar("select id from instance where parent_id = :id limit 1", id=top)
    assert next((e.verb, e.text) for e in world.events(below)) == ("void", "上级流程由钱考结束。发错了")


def test_only_the_office_ends_it_with_a_reason_and_only_the_initiator_withdraws(world: World) -> None:
    world.deploy(planning=with_property(in_a_row(user("fill", "unit.liaison")), WITHDRAW % b"yes"))
    instance = start_by(world, "lu")
    for login, refusal in (("ling", NotAllowed), ("tou", NotAllowed), ("tou2", NotVisible)):
        with pytest.raises(refusal):
            upon(world, login, "terminate", instance)
    with pytest.raises(NotAllowed, match="由发起人办理") as refused:
        upon(world, "kao", "withdraw", instance)
    assert "终止" in refused.value.hint and "作废" in refused.value.hint
    for verb, login in (("terminate", "kao"), ("void", "kao"), ("withdraw", "lu")):
        with pytest.raises(Invalid, match="请写明"):
            upon(world, login, verb, instance, " ")
    assert "withdraw" in offered(world, "lu", instance)
    upon(world, "lu", "withdraw", instance, "重新报")
    assert world.status(instance) == "withdrawn"


def test_where_the_definition_says_nothing_nobody_withdraws_and_feel_may_say_when(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = start_by(world, "lu")
    with pytest.raises(NotAllowed, match="流程图没有规定"):
        upon(world, "lu", "withdraw", instance)
    only_before = WITHDRAW % b"= value = null"
    steps = (user("fill", "unit.liaison"), user("sign", "unit.head"))
    world.deploy(planning=with_property(in_a_row(*steps), only_before))
    second = start_by(world, "lu")
    assert "withdraw" in offered(world, "lu", second)
    row = next(one for one in world.inbox("ling") if one.instance_id == second)
    act(
        world.engine, world.person("ling"), row.item_id, "complete", Request(version=1, fields={"value": "1"})
    )
    assert "withdraw" not in offered(world, "lu", second)


def test_what_was_withdrawn_or_voided_may_be_started_anew_and_what_was_terminated_not(world: World) -> None:
    drawn = with_property(in_a_row(user("fill", "unit.liaison")), KEY + WITHDRAW % b"yes")
    world.deploy(planning=drawn)
    first = start_by(world, "lu")
    upon(world, "lu", "withdraw", first)
    second = start_by(world, "lu")
    with pytest.raises(Invalid, match="已经重新发起"):
        upon(world, "kao", "reopen", first)
    upon(world, "kao", "void", second)
    with pytest.raises(NotAllowed, match="作废的流程不能恢复办理"):
        upon(world, "kao", "reopen", second)
    upon(world, "kao", "reopen", first)
    assert world.status(first) == "running", "nobody else has its key, so it takes it again"
    upon(world, "kao", "terminate", first)
    with pytest.raises(Exception, match="启动过"):
        start_by(world, "lu")


def test_a_closed_instance_is_opened_at_its_last_step_with_the_reason_on_it(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head")))
    instance = world.start()
    with pytest.raises(NotAllowed, match="没有办结"):
        upon(world, "kao", "reopen", instance)
    world.complete("ling")
    world.complete("tou")
    assert world.status(instance) == "completed"
    with pytest.raises(NotAllowed, match="由考评办办理"):
        upon(world, "tou", "reopen", instance)
    assert [one.step for one in foreseen(world, "kao", "reopen", instance).opened] == ["办理sign"]
    upon(world, "kao", "reopen", instance, "分数算错")
    item = world.item("tou")
    assert (item.element_id, item.round) == ("sign", 2)
    events = {(e.verb, e.element_id): e for e in world.events(instance)}
    assert events["reopen", "sign"].text == "分数算错" and events["complete", "sign"].superseded
    assert not events["complete", "fill"].superseded
    world.complete("tou")
    assert world.status(instance) == "completed"


def test_what_was_terminated_goes_on_at_the_step_that_was_open(world: World) -> None:
    world.deploy(planning=beside())
    instance = world.start()
    upon(world, "kao", "terminate", instance)
    upon(world, "kao", "reopen", instance)
    assert world.item("ling").element_id == "fill"
    assert world.scalar("select count(*) from timer") == 1, "the whole block, not one branch of it"


def test_a_child_is_opened_only_while_its_caller_waits_for_others(world: World) -> None:
    child = in_a_row(user("sign", "unit.head"), process='id="child" name="单位"')
    world.deploy(planning=in_a_row(call("each", "child", many=True)), child=child)
    top = world.start(units=[world.unit("U1"), world.unit("U2")])
    first = world.inbox("tou")[0].instance_id
    second = world.inbox("tou2")[0].instance_id
    world.complete("tou")
    upon(world, "kao", "reopen", first)
    world.complete("tou2")
    assert world.status(top) == "running", "it waits for the child that was opened again"
    upon(world, "kao", "terminate", first)
    assert world.status(top) == "completed"
    with pytest.raises(NotAllowed, match="上级流程已经按它的结果继续"):
        upon(world, "kao", "reopen", second)
    holds_together(world)


def test_while_it_stands_still_nobody_ends_it(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance = world.start()
    stand(world.engine, world.person("kao"), instance, "suspend", reason="等文件")
    with pytest.raises(Closed, match="挂起"):
        upon(world, "kao", "terminate", instance)
