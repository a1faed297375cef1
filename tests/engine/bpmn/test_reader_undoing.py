"""The gate on compensation, transactions and instantiating tasks: what runs is read, the rest named."""

import pytest

from engine.bpmn.compile import compile_process
from engine.bpmn.execution import Execution
from engine.bpmn.lint import Catalogue, lint
from engine.bpmn.reader import examine, read_model

from .drawing import Desk
from .lint_diagrams import END, ROOT, between, diagram, errors_in, line_up

ON_X = (
    '<bpmn:boundaryEvent id="c" name="撤销" attachedToRef="x"><bpmn:compensateEventDefinition id="cd" />'
    "</bpmn:boundaryEvent>"
)
HELPER = '<bpmn:manualTask id="undo" name="撤销这一步" isForCompensation="true" />'
LINE = '<bpmn:association id="line" associationDirection="One" sourceRef="c" targetRef="undo" />'
STEP = '<bpmn:manualTask id="x" name="做" />'
THROW = '<bpmn:endEvent id="t" name="已撤销"><bpmn:compensateEventDefinition id="td"{} /></bpmn:endEvent>'


def file(*parts: str, step: str = STEP, throw: str = THROW.format(""), root: str = "") -> bytes:
    """begun → x → t (a compensation end), with `parts` beside; associations stand last in a file."""
    start = '<bpmn:startEvent id="begun" name="已开始" />'
    others = sorted(parts, key=lambda part: part.startswith("<bpmn:association"))
    return diagram(start, step, throw, line_up("begun", "x", "t"), *others, root=root)


def test_a_drawn_compensation_runs_at_both_levels() -> None:
    for level in ("bpmn", "dialect"):
        model = read_model(file(ON_X, HELPER, LINE), file="p.bpmn", level=level)
        desk = Desk(compile_process(model, "planning"), reload=True)
        desk.complete("x")
        assert desk.at() == ["undo"]
        desk.complete("undo")
        assert desk.x.ended


FLOW = '<bpmn:sequenceFlow id="f" sourceRef="undo" targetRef="t" />'
LATE = (
    '<bpmn:boundaryEvent id="b" name="迟" attachedToRef="undo"><bpmn:signalEventDefinition id="d" />'
    '</bpmn:boundaryEvent><bpmn:sequenceFlow id="f" sourceRef="b" targetRef="t" />'
)
LONE = '<bpmn:manualTask id="alone" name="撤销" isForCompensation="true" />'


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((ON_X, HELPER, LINE, FLOW), {"compensation-connected"}),
        ((ON_X, HELPER, LINE, LONE), {"compensation-unused"}),
        ((ON_X,), {"compensation-handler-missing"}),
        ((ON_X, HELPER, LINE, ON_X.replace('"c"', '"c2"').replace("cd", "cd2"),
          LINE.replace('"c"', '"c2"').replace('"line"', '"line2"')), {"compensation-twice"}),
        ((ON_X.replace('attachedToRef="x"', 'attachedToRef="x" cancelActivity="false"'), HELPER, LINE),
         {"must-interrupt"}),
    ],
)  # fmt: skip
def test_what_is_drawn_wrong_is_said(parts: tuple[str, ...], found: set[str]) -> None:
    assert {rule for rule, _, _ in errors_in(file(*parts))} == found


def test_an_event_on_an_activity_that_undoes_is_refused_by_name() -> None:
    root = '<bpmn:signal id="sig" name="s" />'
    late = LATE.replace('id="d"', 'id="d" signalRef="sig"')
    assert ("unsupported-compensation", "undo") in [
        (rule, name) for rule, name, _ in errors_in(file(ON_X, HELPER, LINE, late, root=root))
    ]


@pytest.mark.parametrize(
    ("ref", "rules"), [("x", []), ("t", ["compensation-nothing"]), ("gone", ["compensation-target"])]
)
def test_an_event_names_an_activity_that_it_can_see(ref: str, rules: list[str]) -> None:
    data = file(ON_X, HELPER, LINE, throw=THROW.format(f' activityRef="{ref}"'))
    assert [f.rule for f in examine(data, file="p.bpmn").findings] == rules


def test_where_nothing_can_be_undone_there_is_a_warning() -> None:
    assert [(f.rule, f.severity) for f in examine(file(), file="p.bpmn").findings] == [
        ("compensation-nothing", "warning")
    ]


TX = (
    '<bpmn:{0} id="x" name="事务"><bpmn:startEvent id="s" name="始" />'
    '<bpmn:endEvent id="e" name="取消"><bpmn:cancelEventDefinition id="ed" /></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="sf" sourceRef="s" targetRef="e" /></bpmn:{0}>'
)
CANCELLED = (
    '<bpmn:boundaryEvent id="k" name="已取消" attachedToRef="x"><bpmn:cancelEventDefinition id="kd" />'
    '</bpmn:boundaryEvent><bpmn:sequenceFlow id="kf" sourceRef="k" targetRef="done" />'
)


@pytest.mark.parametrize(
    ("kind", "border", "rules"),
    [
        ("transaction", CANCELLED, set()),
        ("transaction", "", {"cancel-uncaught"}),
        ("subProcess", CANCELLED, {"cancel-host", "cancel-outside"}),
    ],
)
def test_cancelling_belongs_to_transactions(kind: str, border: str, rules: set[str]) -> None:
    data = between(TX.format(kind), border)
    assert {rule for rule, _, _ in errors_in(data)} == rules
    if not rules:
        assert Desk(compile_process(read_model(data, file="p.bpmn"), "planning")).x.ended


def test_an_event_subprocess_for_compensation_of_the_whole_process_is_refused_by_name() -> None:
    box = (
        '<bpmn:subProcess id="box" name="撤销" triggeredByEvent="true">'
        '<bpmn:startEvent id="bs" name="要撤销">'
        '<bpmn:compensateEventDefinition id="bd" /></bpmn:startEvent><bpmn:endEvent id="be" name="完" />'
        '<bpmn:sequenceFlow id="bf" sourceRef="bs" targetRef="be" /></bpmn:subProcess>'
    )
    assert errors_in(between(STEP, box))[0][:2] == ("unsupported-compensation", "bs")


def test_a_receive_task_that_starts_the_process_has_its_message_already() -> None:
    step = '<bpmn:receiveTask id="x" name="收到申请" instantiate="true" messageRef="msg" />'
    fill = '<bpmn:manualTask id="fill" name="办理" />'
    data = diagram(step, fill, END, line_up("x", "fill", "done"), root=ROOT)
    assert errors_in(data) == []
    process = compile_process(read_model(data, file="p.bpmn"), "planning")
    assert process.model.start_events == ("x",)
    desk = Desk(process, a="k")
    assert desk.at() == ["x"], "started by hand it waits for the message"
    x = Execution.start(process, variables={"a": "k"}, services=desk.services, start_element="x")
    x.run()
    assert x.path[:2] == [("x", "entered"), ("x", "left")] and x.active() == ["fill"]


CALL = (
    '<bpmn:callActivity id="x" name="分头办"><bpmn:extensionElements>'
    '<zeebe:calledElement processId="below" /></bpmn:extensionElements></bpmn:callActivity>'
)
BELOW = file(ON_X, HELPER, LINE).replace(b'id="planning"', b'id="below"')
HARMLESS = diagram(
    '<bpmn:startEvent id="begun" name="已开始" />', STEP, END, line_up("begun", "x", "done")
).replace(b'id="planning"', b'id="below"')
AIMED = THROW.format(' activityRef="y"')
OTHER = '<bpmn:manualTask id="y" name="别的" />'


def undoing_calls(
    *parts: str, below: bytes | None = BELOW, throw: str = "", deployed: frozenset[str] = frozenset()
) -> list[str]:
    """What is said of the call in a process that undoes all, or what `throw` names."""
    files = {"p.bpmn": file(*parts, step=CALL, throw=throw or THROW.format(""))}
    files |= {"below.bpmn": below} if below else {}
    found = lint(files, catalogue=Catalogue(undoable=deployed), level="bpmn")
    return [one.element for one in found if one.rule == "unsupported-compensation"]


def test_a_call_whose_steps_nobody_could_undo_is_refused_by_name() -> None:
    """It was passed over without a word: of a called process only the result is kept."""
    assert undoing_calls() == ["x"]
    assert undoing_calls(below=None, deployed=frozenset({"below"})) == ["x"]
    assert undoing_calls(ON_X, HELPER, LINE) == [], "the call says by what it is undone"
    assert undoing_calls(below=HARMLESS) == [], "nothing is drawn there that undoes"
    assert undoing_calls(below=HARMLESS, deployed=frozenset({"below"})) == [], "the file is the newer one"
    assert undoing_calls(below=None) == []
    assert undoing_calls(OTHER, throw=AIMED) == [], "another activity is undone"
