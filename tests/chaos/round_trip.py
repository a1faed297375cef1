"""What runs during a storm: a process that goes back, forks, fans out, waits, is told, and is voted on."""

from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.test_background import call, catch
from tests.engine.runtime.world import SUBJECT, World, in_a_row, service, user
from tests.engine.verbs.voting_city import signed

UNITS = ("U1", "U2")
PERSONS = ("ling", "ling2", "kao", "lu", "tou")
"""Who works; nobody shares a task with another of them."""
ROOT = (
    '<bpmn:message id="reported" name="reported"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= serial + units[2].code" /></bpmn:extensionElements></bpmn:message>'
)
SOON = (
    '<bpmn:timerEventDefinition id="soon_d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT0.3S'
    "</bpmn:timeDuration></bpmn:timerEventDefinition>"
)


def telling(identity: str, name: str, key: str) -> str:
    """A service task that publishes the message `name`."""
    inputs = (
        f'<zeebe:input source="= &#34;{name}&#34;" target="messageName" />'
        f'<zeebe:input source="= {key}" target="correlationKey" />'
        '<zeebe:input source="= duration(&#34;PT1H&#34;)" target="timeToLive" />'
    )
    return service(identity, "bihuan:publish", inputs=inputs)


def _main() -> bytes:
    gates = "".join(
        f'<bpmn:exclusiveGateway id="{name}" name="{label}"{default} />'
        for name, label, default in (("again", "", ""), ("passed", "审核通过?", ' default="passed_fork"'))
    ) + "".join(f'<bpmn:parallelGateway id="{name}" name="" />' for name in ("fork", "join"))
    parts = (
        user("fill", "unit.liaison"),
        user("review", "assessor.office.reviewer", form_id="review", outcomes="approve:同意,return:退回"),
        call("all_units", "one_unit", many=True),
        catch("told", '<bpmn:messageEventDefinition id="told_d" messageRef="reported" />'),
        catch("soon", SOON),
        signed("all"),
        telling("tell_all", "over", "serial"),
    )
    flows = (
        flow("f1", "begun", "again"), flow("f2", "again", "fill"), flow("f3", "fill", "review"),
        flow("f4", "review", "passed"),
        flow("back", "passed", "again", condition='= outcome = "return"', name="退回"),
        flow("passed_fork", "passed", "fork", name="通过"),
        *(flow(f"to_{name}", "fork", name) for name in ("all_units", "told", "soon")),
        *(flow(f"from_{name}", name, "join") for name in ("all_units", "told", "soon")),
        flow("f5", "join", "sign"), flow("f6", "sign", "tell_all"), flow("f7", "tell_all", "done"),
    )  # fmt: skip
    return diagram(SUBJECT, START, gates, *parts, END, *flows, root=ROOT)


CHILD = in_a_row(
    user("do", "unit.liaison"),
    telling("tell", "reported", "serial + unit.code"),
    process='id="one_unit" name="单位办理"',
)


def deploy(world: World) -> None:
    """Deploy both diagrams and their forms."""
    world.deploy(planning=_main(), one_unit=CHILD)


def begin(world: World, number: int) -> str:
    """Start one round; its serial is its number."""
    units = [world.unit(code) for code in UNITS]
    return world.start(serial=f"S{number}/", units=units, drain=False)
