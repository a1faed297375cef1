"""Timers, messages, signals, children and votes of a moved instance; what is in the way is said by name."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.runtime.events.messages import NewMessage
from engine.runtime.migrating.bulk import Settled
from engine.runtime.steps.rows import Visits
from engine.store import Database
from tests.databases import ON_SQLITE
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.migrating.desk import back, broken, checked, migrate, plan, refused, rows
from tests.engine.runtime.world import BEGIN, SUBJECT, World, in_a_row, user

CHILD = in_a_row(user("own", "unit.liaison"), process='id="fill_in" name="填报"')
ROOT = (
    '<bpmn:message id="told" name="{}"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" />'
    "</bpmn:extensionElements></bpmn:message>"
    '<bpmn:signal id="frozen" name="{}" />'
)


def call(identity: str, process: str = "fill_in") -> str:
    return (
        f'<bpmn:callActivity id="{identity}" name="单位填报"><bpmn:extensionElements><zeebe:calledElement '
        f'processId="{process}" propagateAllChildVariables="false" />'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


def late(identity: str, host: str, length: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{identity}" name="到期" attachedToRef="{host}" cancelActivity="false">'
        f'<bpmn:timerEventDefinition id="t_{identity}"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">'
        f"{length}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def catch(identity: str, definition: str) -> str:
    return (
        f'<bpmn:intermediateCatchEvent id="{identity}" name="已知会">{definition}'
        "</bpmn:intermediateCatchEvent>"
    )


MESSAGE = '<bpmn:messageEventDefinition id="m" messageRef="told" />'
SIGNAL = '<bpmn:signalEventDefinition id="s" signalRef="frozen" />'


def busy(
    *,
    fill: str = "fill",
    wait: str = "wait",
    length: str = "PT48H",
    called: str = "fill_in",
    message: str = "city.told",
    signal: str = "cycle.frozen",
    beside: bool = False,
    event: str = MESSAGE,
    branches: int = 4,
) -> bytes:
    """Four branches at once: a task with a timer, a message, a signal, a child."""
    work = [
        user(fill, "unit.head", name="填报"),
        catch(wait, event),
        catch("listen", SIGNAL),
        call("ask", called),
    ][:branches]
    ids = [fill, wait, "listen", "ask"][:branches]
    parts = [
        SUBJECT,
        START,
        '<bpmn:parallelGateway id="fork" />',
        '<bpmn:parallelGateway id="join" />',
        *work,
    ]
    parts += [late("late", fill, length), '<bpmn:endEvent id="told_so" name="已提醒" />']
    flows = [flow("f0", "begun", "fork"), flow("f1", "join", "done"), flow("f2", "late", "told_so")]
    flows += [flow(f"to_{one}", "fork", one) for one in ids] + [flow(f"of_{one}", one, "join") for one in ids]
    if beside:
        parts.append(late("later", fill, "P5D"))
        flows.append(flow("f3", "later", "told_so"))
    return diagram(*parts, END, *flows, root=ROOT.format(message, signal))


@pytest.fixture
def busy_world(world: World) -> tuple[World, str]:
    world.deploy(planning=busy(), fill_in=CHILD)
    return world, world.start()


def test_everything_that_waits_follows_and_comes_back(busy_world: tuple[World, str]) -> None:
    world, instance_id = busy_world
    before = rows(world)
    world.clock.advance(timedelta(hours=5))
    newer = busy(
        fill="fill_2", wait="wait_2", length="PT72H", message="city.told.2", signal="frozen.2", beside=True
    )
    world.deploy(planning=newer)
    way = plan(world, fill="fill_2", wait="wait_2")
    remarks = [one.message for one in checked(world, way, instance_id).remarks]
    assert sorted(remarks) == [
        "“到期”的时间按新版重新计算。",
        "“已知会”改为等待新版里的信号。",
        "“已知会”改为等待新版里的消息。",
        "新版在这里多了“到期”，从现在起等待它。",
    ]
    order_id, done = migrate(world, way, instance_id)
    assert [one.state for one in done] == ["moved"]
    after = rows(world)
    assert {one["element_id"]: one["name"] for one in after["messages"]} == {"wait_2": "city.told.2"}
    assert [one["name"] for one in after["signals"]] == ["frozen.2"]
    due = {one["element_id"]: _at(one["due_at"]) for one in after["timers"]}
    assert due == {"late": BEGIN + timedelta(hours=72), "later": BEGIN + timedelta(hours=5, days=5)}
    assert sorted(one["element_id"] for one in after["items"]) == ["fill_2", "own"]

    assert back(world, order_id) == [Settled(instance_id, "back")]
    assert rows(world) == before
    assert broken(world) == []


def _at(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def test_a_moved_instance_goes_on_by_what_the_new_version_waits_for(busy_world: tuple[World, str]) -> None:
    world, instance_id = busy_world
    world.deploy(planning=busy(fill="fill_2", message="city.told.2"))
    assert migrate(world, plan(world, fill="fill_2"), instance_id)[1][0].state == "moved"
    world.complete("ling", "own")
    for name in ("city.told", "city.told.2"):
        with world.engine.database.write() as connection:
            message = NewMessage(world.cycle.id, name, "U1", time_to_live=timedelta(days=1))
            world.engine.publish(connection, message)
        world.engine.drain()
    assert world.scalar("select count(*) from subscription") == 0
    world.clock.advance(timedelta(hours=49))
    world.engine.drain()
    assert world.scalar("select count(*) from timer") == 0, "the timer fired on its old date"
    world.complete("tou", "fill_2")
    assert world.status(instance_id) == "running", "the signal is still awaited"
    assert broken(world) == []


@ON_SQLITE
def test_what_stands_in_the_way_is_said_and_nothing_is_changed(busy_world: tuple[World, str]) -> None:
    world, instance_id = busy_world
    world.deploy(other=CHILD.replace(b"fill_in", b"other"))
    world.deploy(planning=busy(called="other"))
    assert refused(world, plan(world, 1, 2), instance_id) == [("ask", "children")]
    world.deploy(planning=busy(event=SIGNAL.replace('"s"', '"s2"')))
    assert refused(world, plan(world, 1, 3), instance_id) == [("wait", "event")]
    world.deploy(planning=busy(branches=3))
    assert refused(world, plan(world, 1, 4), instance_id) == [("ask", "gone")]
    world.complete("ling", "own")
    assert refused(world, plan(world, 1, 4), instance_id) == [("join", "join")]
    assert migrate(world, plan(world, 2, 3), instance_id)[1] == [
        Settled(instance_id, "refused", "它在另一个版本上，不在这次迁移的起点版本。")
    ]


@ON_SQLITE
def test_nobody_named_in_the_new_version_is_a_reason_before_anything_is_written(world: World) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance_id = world.start()
    nobody = (
        user("fill", "unit.liaison")
        .replace('= post(unit, "liaison")', "= null")
        .replace("= post(unit, &quot;liaison&quot;)", "= null")
    )
    world.deploy(planning=in_a_row(nobody))
    assert refused(world, plan(world), instance_id) == [("fill", "failed")]


def test_a_vote_that_has_begun_keeps_its_rule_and_its_seats(world: World) -> None:
    voting = {"vote": "all", "outcomes": "approve:同意,reject:不同意", "verbs": "add_signer"}
    signers = '= [post(unit, "head"), post(assessor, "office.reviewer")]'
    world.deploy(planning=in_a_row(user("agree", "unit.head", signers=signers, **voting)))
    instance_id = world.start()
    world.complete("tou", "agree", outcome="approve")
    world.deploy(planning=in_a_row(user("agree", "unit.head", signers=signers, **voting | {"vote": "any"})))
    assert refused(world, plan(world), instance_id) == [("agree", "signing")]
    world.deploy(planning=in_a_row(user("agreed", "unit.head", signers=signers, name="会签", **voting)))
    assert migrate(world, plan(world, 1, 3, agree="agreed"), instance_id)[1][0].state == "moved"
    world.complete("kao", "agreed", outcome="approve")
    assert world.status(instance_id) == "completed"
    assert broken(world) == []


@ON_SQLITE
def test_who_was_asked_or_handed_the_task_keeps_it_and_the_new_version_must_know_of_it(world: World) -> None:
    verbs = {"verbs": "ask,hand_over", "outcomes": "approve:同意,return:退回"}
    world.deploy(planning=in_a_row(user("agree", "unit.head", **verbs)))
    instance_id = world.start()
    world.act("tou", "hand_over", people=(world.people["lu"],), opinion="请分管办")
    world.act("lu", "ask", people=(world.people["ling"],), opinion="请先核")
    world.deploy(planning=in_a_row(user("agree", "unit.head", outcomes="approve:同意,return:退回")))
    assert refused(world, plan(world), instance_id) == [("agree", "signing")]
    world.deploy(planning=in_a_row(user("agreed", "unit.head", name="审定", **verbs)))
    assert migrate(world, plan(world, 1, 3, agree="agreed"), instance_id)[1][0].state == "moved"
    assert broken(world) == []
    world.act("ling", "answer", "agreed", opinion="可以")
    world.complete("lu", "agreed", outcome="approve")
    assert world.status(instance_id) == "completed"


@ON_SQLITE
def test_an_opinion_given_under_the_old_name_is_superseded_by_the_next_round(world: World) -> None:
    sign = user("sign", "unit.head", form_id="review", verbs="return_to")
    world.deploy(planning=in_a_row(user("fill", "unit.liaison"), sign))
    instance_id = world.start()
    world.complete("ling")
    world.deploy(planning=in_a_row(user("fill_in", "unit.liaison"), sign))
    migrate(world, plan(world, fill="fill_in"))
    world.act("tou", "return_to", target="fill_in", opinion="请再核一次", straight_back=False)
    assert world.item("ling").round == 2
    done = [event for event in world.events(instance_id) if event.verb == "complete"]
    assert [(event.element_id, event.superseded) for event in done] == [("fill", True)]


def test_steps_that_are_numbered_anew_keep_their_own_history() -> None:
    """`step1` became `step2` and `step2` became `step3`: the first's past was taken for the third's."""
    before = Visits({"step1": 2, "step2": 1}, {}, formerly={"step1": ["begin"]})
    shifted = before.renamed({"step1": "step2", "step2": "step3"})
    assert shifted.formerly == {"step2": ["step1", "begin"], "step3": ["step2"]}
    assert shifted.elements == {"step2": 2, "step3": 1}
    swapped = before.renamed({"step1": "step2", "step2": "step1"})
    assert swapped.formerly == {"step2": ["step1", "begin"], "step1": ["step2"]}
    one = before.renamed({"step1": "step", "step2": "step"})
    assert one.names_of("step") == ["step", "step1", "begin", "step2"] and one.elements == {"step": 2}


def test_a_message_that_another_instance_awaits_is_said_before_anything_is_written(world: World) -> None:
    """The check found nothing in the way, and then the move failed."""
    world.deploy(planning=busy(branches=2, message="city.told"), other=other_that_waits("city.asked"))
    instance_id = world.start()
    world.start("other")
    world.deploy(planning=busy(branches=2, message="city.asked"))
    assert refused(world, plan(world), instance_id) == [("wait", "taken")]
    assert broken(world) == []


def other_that_waits(message: str) -> bytes:
    waits = catch("wait", MESSAGE)
    return in_a_row(waits, process='id="other" name="别的"', root=ROOT.format(message, "cycle.frozen"))


@ON_SQLITE
def test_a_suspended_instance_moves_and_stays_suspended(world: World, database: Database) -> None:
    world.deploy(planning=in_a_row(user("fill", "unit.liaison")))
    instance_id = world.start()
    world.deploy(planning=in_a_row(user("fill", "unit.head")))
    with database.write() as connection:
        connection.exec_driver_sql("update instance set status = 'suspended'")
    assert migrate(world, plan(world), instance_id)[1] == [Settled(instance_id, "moved")]
    assert world.status(instance_id) == "suspended"
    assert world.item("tou").element_id == "fill"
