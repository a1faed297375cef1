"""A model as the files that a designer would deploy."""

from itertools import pairwise
from xml.sax.saxutils import quoteattr

from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, service, user

from .blocks import Again, Block, Call, Fork, Inner, Seq, Task, Vote, Whole, Work, late_name, patience

EVERY_VERB = "return_to,urge,hand_over,ask"
SIGNING = ",add_before,add_after"
OF_SIGNERS = ",add_signer,remove_signer"
WITHDRAW = '<zeebe:property name="bihuan:withdraw" value="yes" />'
BOTH = "approve:同意,return:退回"


def files_of(whole: Whole) -> dict[str, bytes]:
    """The process `planning`, and `called` when there is one."""
    own = SUBJECT.replace("<zeebe:property ", WITHDRAW + "<zeebe:property ") if whole.withdraw else SUBJECT
    files = {"planning": _process(whole.body, "planning", own)}
    if whole.called is not None:
        files["called"] = _process(whole.called, "called", "")
    return files


def _process(body: Seq, key: str, extensions: str) -> bytes:
    pen = Pen()
    first, last = pen.draw(body)
    pen.flow("begun", first)
    pen.flow(last, "done")
    return diagram(extensions, START, *pen.parts, END, process=f'id="{key}" name="流程{key}"')


class Pen:
    """Draws one scope: `parts` are its elements and flows."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, kind: str, name: str, inner: str = "", **more: str) -> str:
        attributes = "".join(f" {key}={quoteattr(value)}" for key, value in more.items())
        self.parts.append(f'<bpmn:{kind} id="{name}" name="{name}"{attributes}>{inner}</bpmn:{kind}>')
        return name

    def flow(self, source: str, target: str, condition: str = "", *, name: str = "") -> None:
        identity = name or f"{source}_to_{target}"
        self.parts.append(flow(identity, source, target, condition=condition, name=identity))

    def draw(self, block: Block) -> tuple[str, str]:
        """First and last element of the block."""
        match block:
            case Task():
                self.parts.append(_task(block))
                return self._late(block, block.name)
            case Work(name):
                self.parts.append(service(name, "test.work", retries=1))
                return name, name
            case Seq(parts):
                ends = [self.draw(part) for part in parts]
                for (_, before), (after, _) in pairwise(ends):
                    self.flow(before, after)
                return ends[0][0], ends[-1][1]
            case Fork(name, branches):
                fork, join = (
                    self.add("parallelGateway", f"{name}_f"),
                    self.add("parallelGateway", f"{name}_j"),
                )
                for branch in branches:
                    first, last = self.draw(branch)
                    self.flow(fork, first)
                    self.flow(last, join)
                return fork, join
            case Again():
                return self._again(block)
            case Inner(name, body):
                inner = Pen()
                first, last = inner.draw(body)
                begin, end = inner.add("startEvent", f"{name}_s"), inner.add("endEvent", f"{name}_e")
                inner.flow(begin, first)
                inner.flow(last, end)
                self.add("subProcess", name, "".join(inner.parts))
                return self._late(block, name)
            case Call():
                self.parts.append(_call(block))
                return block.name, block.name
        raise AssertionError(block)

    def _late(self, block: Task | Inner, name: str) -> tuple[str, str]:
        if not block.late:
            return name, name
        seconds = int(patience(name).total_seconds())
        timer = (
            f'<bpmn:timerEventDefinition id="{name}_d"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">'
            f"PT{seconds}S</bpmn:timeDuration></bpmn:timerEventDefinition>"
        )
        stops = "true" if block.late == "stop" else "false"
        event = self.add("boundaryEvent", f"{name}_b", timer, attachedToRef=name, cancelActivity=stops)
        self.parts.append(_task(block.after))
        self.flow(event, late_name(name))
        if block.late == "beside":
            self.flow(late_name(name), self.add("endEvent", f"{name}_z"))
            return name, name
        merge = self.add("exclusiveGateway", f"{name}_m")
        self.flow(name, merge)
        self.flow(late_name(name), merge)
        return name, merge

    def _again(self, block: Again) -> tuple[str, str]:
        name = block.name
        merge = self.add("exclusiveGateway", f"{name}_m")
        first, last = self.draw(block.body)
        self.flow(merge, first)
        if not block.judged:
            script = (
                f'<bpmn:extensionElements><zeebe:script expression="= {name} - 1" resultVariable="{name}" />'
                "</bpmn:extensionElements>"
            )
            self.flow(last, self.add("scriptTask", f"{name}_c", script))
            last = f"{name}_c"
        asks, out = f"{name}_x", f"{name}_o"
        self.add("exclusiveGateway", asks, default=f"{name}_on")
        self.add("exclusiveGateway", out)
        self.flow(last, asks)
        self.flow(asks, merge, '= outcome = "return"' if block.judged else f"= {name} > 0")
        self.flow(asks, out, name=f"{name}_on")
        return merge, out


def _task(task: Task) -> str:
    more: dict[str, str] = {}
    if task.free:
        more["handOverTo"] = "assessor"
        more["verbs"] = EVERY_VERB + SIGNING + (OF_SIGNERS if task.vote else "")
    if task.body:
        more |= {"verbs": "register_for" + ("," + EVERY_VERB if task.free else ""), "registers": "绩效委"}
    if task.judges or task.vote:
        more["outcomes"] = BOTH
    if task.vote is not None:
        more |= {"vote": task.vote.form, "signers": _signers(task.vote)}
        more |= {"reject": task.vote.reject} if task.vote.reject else {}
        more |= {"weights": f"= [{', '.join(map(str, task.vote.weights))}]"} if task.vote.weights else {}
        more |= {"voters": task.vote.voters} if task.vote.voters else {}
    if task.claim:
        more["groups"] = f"= [{_post(task.desk)}]"
    return user(task.name, task.desk, form_id="review", **more)


def _post(desk: str) -> str:
    whose, _, key = desk.partition(".")
    return f'post({whose}, "{key}")'


def _signers(vote: Vote) -> str:
    return f"= [{', '.join(_post(one) if '.' in one else f'people.{one}' for one in vote.signers)}]"


def _call(call: Call) -> str:
    loop = ""
    if call.many:
        items = ", ".join(str(number) for number in range(call.many))
        loop = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(call.in_turn).lower()}">'
            f'<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="= [{items}]" '
            'inputElement="number" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
        )
    return (
        f'<bpmn:callActivity id="{call.name}" name="{call.name}"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="called" propagateAllChildVariables="false" '
        f'propagateAllParentVariables="true" /></bpmn:extensionElements>{loop}</bpmn:callActivity>'
    )
