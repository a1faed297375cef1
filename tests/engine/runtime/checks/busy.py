"""A world in which everything waits for something at once, and one instance that is over."""

from engine.audit.administration import SERVER, Subject, note
from engine.runtime.events.messages import NewMessage
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_background import call, catch
from tests.engine.runtime.world import SUBJECT, World, build_world, in_a_row, service, user
from tests.engine.verbs.voting_city import signed

ROOT = (
    '<bpmn:message id="reply" name="reply"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.code" /></bpmn:extensionElements></bpmn:message>'
    '<bpmn:signal id="frozen" name="frozen" />'
)
LATE = (
    '<bpmn:boundaryEvent id="late" name="已超期" attachedToRef="fill" cancelActivity="false">'
    '<bpmn:timerEventDefinition id="late_d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:endEvent id="told" name="已提醒" />' + flow("late_told", "late", "told")
)
BRANCHES = {
    "fill": user("fill", "unit.liaison"),
    "work": service("work", "test.broken", retries=1),
    "reply_comes": catch("reply_comes", '<bpmn:messageEventDefinition id="r" messageRef="reply" />'),
    "freeze": catch("freeze", '<bpmn:signalEventDefinition id="f" signalRef="frozen" />'),
    "all_units": call("all_units", "one_unit", many=True),
    "sign": signed("turn"),
}
CHILD = in_a_row(user("do", "unit.liaison"), process='id="one_unit" name="单位办理"')
SHORT = in_a_row(user("only", "unit.head"), process='id="short" name="短流程"')


def _forked() -> bytes:
    gates = '<bpmn:parallelGateway id="fork" name="" /><bpmn:parallelGateway id="join" name="" />'
    flows = [flow("begun_fork", "begun", "fork"), flow("join_done", "join", "done")]
    for name in BRANCHES:
        flows += [flow(f"to_{name}", "fork", name), flow(f"from_{name}", name, "join")]
    return diagram(SUBJECT, START, gates, *BRANCHES.values(), LATE, END, *flows, root=ROOT)


def fail(_call: object) -> None:
    """A service that never works."""
    raise RuntimeError("上级接口没有应答")


def busy_world(world: World) -> World:
    """Deploy, start and work until everything is half done; `world` gives the database."""
    busy = build_world(world.engine.database, {"test.broken": fail})
    busy.deploy(child=CHILD, short=SHORT, planning=_forked())
    busy.start("short")
    busy.complete("tou", "only", opinion="同意")
    busy.start(units=[busy.unit("U1"), busy.unit("U2"), busy.unit("U3")])
    busy.complete("ling2", "do")
    with busy.engine.database.write() as connection:
        early = NewMessage(busy.cycle.id, "later", "nobody")
        busy.engine.publish(connection, early)
        who = Subject(busy.people["ling"], "张玲")
        note(connection, "open", who, at=busy.clock.now(), actor_id=None, actor_name=SERVER)
    return busy
