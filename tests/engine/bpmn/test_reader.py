"""Reading a diagram: what stands in the file stands in the Model."""

import hashlib

from engine.bpmn.model import Element, Loop, Mapping, ProcessModel
from engine.bpmn.reader import read_model
from tests.engine.bpmn.lint_diagrams import END, FILL, START, diagram, flow, good, line_of, line_up


def process_of(data: bytes) -> ProcessModel:
    return read_model(data, file="p.bpmn").processes["planning"]


def read_one(xml: str, *, root: str = "") -> Element:
    """The element with id `x` between a start and an end."""
    return process_of(diagram(START, xml, END, line_up("begun", "x", "done"), root=root)).elements["x"]


def task(kind: str, *extensions: str, attributes: str = "", inner: str = "") -> str:
    return (
        f'<bpmn:{kind} id="x" name="一步" {attributes}><bpmn:extensionElements>{"".join(extensions)}'
        f"</bpmn:extensionElements>{inner}</bpmn:{kind}>"
    )


def test_the_model_knows_file_digest_and_process() -> None:
    data = good()
    model = read_model(data, file="planning.bpmn")
    assert model.file == "planning.bpmn"
    assert model.digest == hashlib.sha256(data).hexdigest()
    process = model.processes["planning"]
    assert (process.name, process.executable, process.start_events) == ("目标制定", True, ("begun",))
    assert list(process.elements) == ["begun", "fill", "done"]
    assert process.line == line_of(data, '<bpmn:process id="planning"')


def test_elements_know_their_flows_and_lines() -> None:
    data = good()
    fill = process_of(data).elements["fill"]
    assert (fill.kind, fill.name, fill.incoming, fill.outgoing) == (
        "userTask",
        "填报目标",
        ("begun_fill",),
        ("fill_done",),
    )
    assert fill.line == line_of(data, '<bpmn:userTask id="fill"')
    assert [e.id for e in process_of(data).after(fill)] == ["done"]


def test_user_task_with_people_dates_and_form() -> None:
    read = read_one(
        task(
            "userTask",
            "<zeebe:userTask />",
            '<zeebe:formDefinition formId="target" bindingType="latest" />',
            '<zeebe:assignmentDefinition assignee="= owner" candidateGroups="office, division" '
            'candidateUsers="li" />',
            '<zeebe:taskSchedule dueDate="= add working days(today(), 5)" '
            'followUpDate="2018-03-01T00:00:00Z" />',
            '<zeebe:priorityDefinition priority="70" />',
            '<zeebe:properties><zeebe:property name="bihuan:opinion" value="required" /></zeebe:properties>',
        )
    )
    assert (read.form_id, read.form_binding, read.native_user_task) == ("target", "latest", True)
    assert (read.assignee, read.candidate_groups, read.candidate_users) == (
        "= owner",
        "office, division",
        "li",
    )
    assert (read.due_date, read.follow_up_date) == ("= add working days(today(), 5)", "2018-03-01T00:00:00Z")
    assert (read.priority, read.properties) == ("70", {"bihuan:opinion": "required"})


def test_service_task_with_mappings_and_headers() -> None:
    read = read_one(
        task(
            "serviceTask",
            '<zeebe:taskDefinition type="planning.seed" retries="5" />',
            '<zeebe:ioMapping><zeebe:input source="= unit.id" target="unit" />'
            '<zeebe:output source="= count" target="seeded" /></zeebe:ioMapping>',
            '<zeebe:taskHeaders><zeebe:header key="kind" value="kpi" /></zeebe:taskHeaders>',
        )
    )
    assert (read.task_type, read.retries, read.headers) == ("planning.seed", "5", {"kind": "kpi"})
    assert read.inputs == (Mapping("= unit.id", "unit"),)
    assert read.outputs == (Mapping("= count", "seeded"),)


def test_script_and_decision() -> None:
    script = read_one(task("scriptTask", '<zeebe:script expression="= 1 + 1" resultVariable="two" />'))
    assert (script.script, script.result_variable) == ("= 1 + 1", "two")
    decision = read_one(
        task("businessRuleTask", '<zeebe:calledDecision decisionId="D01" resultVariable="verdict" />')
    )
    assert (decision.decision_id, decision.result_variable) == ("D01", "verdict")


def test_call_activity_as_a_fan_out() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics isSequential='true'><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="= units" inputElement="unit" '
        'outputCollection="results" outputElement="= outcome" /></bpmn:extensionElements>'
        '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">= false</bpmn:completionCondition>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    called = '<zeebe:calledElement processId="unit_targets" propagateAllParentVariables="false" />'
    read = read_one(task("callActivity", called, inner=loop))
    assert (read.called_process, read.propagate_all_parent, read.propagate_all_child) == (
        "unit_targets",
        False,
        True,
    )
    assert read.loop == Loop(True, "= units", "unit", "results", "= outcome", "= false")


def test_output_mappings_stop_the_propagation_of_all_child_variables() -> None:
    mapping = '<zeebe:ioMapping><zeebe:output source="= a" target="b" /></zeebe:ioMapping>'
    read = read_one(task("callActivity", '<zeebe:calledElement processId="child" />', mapping))
    assert read.propagate_all_child is False


MESSAGE = (
    '<bpmn:message id="msg" name="target_assigned"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="= unit.id" /></bpmn:extensionElements></bpmn:message>'
)


def test_message_catch_resolves_name_and_key() -> None:
    event = read_one(
        '<bpmn:intermediateCatchEvent id="x" name="已到达">'
        '<bpmn:messageEventDefinition id="m" messageRef="msg" />'
        "</bpmn:intermediateCatchEvent>",
        root=MESSAGE,
    ).event
    assert event is not None
    assert (event.kind, event.ref, event.name, event.correlation_key) == (
        "message",
        "msg",
        "target_assigned",
        "= unit.id",
    )


def test_receive_task_carries_its_message() -> None:
    event = read_one('<bpmn:receiveTask id="x" name="等下达" messageRef="msg" />', root=MESSAGE).event
    assert event is not None and (event.kind, event.name) == ("message", "target_assigned")


def test_message_throw_is_a_job() -> None:
    read = read_one(
        '<bpmn:intermediateThrowEvent id="x" name="已通知"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="bihuan:publish" /></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition id="m" messageRef="msg" /></bpmn:intermediateThrowEvent>',
        root=MESSAGE,
    )
    assert read.task_type == "bihuan:publish"


def test_timers_of_all_kinds() -> None:
    for kind, value in (("Duration", "P2D"), ("Date", "= cycle.deadline"), ("Cycle", "R3/PT1H")):
        event = read_one(
            '<bpmn:intermediateCatchEvent id="x" name="时间到"><bpmn:timerEventDefinition id="t">'
            f'<bpmn:time{kind} xsi:type="bpmn:tFormalExpression">{value}</bpmn:time{kind}>'
            "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        ).event
        assert event is not None and (event.timer_kind, event.timer_value) == (kind.lower(), value)


def test_error_boundary_on_a_subprocess() -> None:
    data = diagram(
        START,
        '<bpmn:subProcess id="review" name="会审"><bpmn:startEvent id="in" name="开始" />',
        '<bpmn:endEvent id="returned" name="退回"><bpmn:errorEventDefinition id="d" errorRef="err" />'
        "</bpmn:endEvent>",
        flow("in_returned", "in", "returned"),
        "</bpmn:subProcess>",
        '<bpmn:boundaryEvent id="caught" name="已退回" attachedToRef="review">'
        '<bpmn:errorEventDefinition id="c" errorRef="err" /></bpmn:boundaryEvent>',
        END,
        line_up("begun", "review", "done"),
        flow("caught_done", "caught", "done"),
        root='<bpmn:error id="err" name="退回" errorCode="returned" />',
    )
    process = process_of(data)
    inner = process.elements["returned"]
    assert inner.parent == "review" and process.flows["in_returned"].parent == "review"
    assert inner.event is not None and (inner.event.code, inner.event.name) == ("returned", "退回")
    caught = process.elements["caught"]
    assert caught.attached_to == "review" and process.boundaries("review") == [caught]
    assert caught.event is not None and caught.event.cancel_activity
    assert process.start_events == ("begun",)


def test_non_interrupting_timer_boundary() -> None:
    data = diagram(
        START,
        FILL,
        '<bpmn:boundaryEvent id="late" name="已逾期" attachedToRef="fill" cancelActivity="false">'
        '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P2D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        END,
        '<bpmn:endEvent id="told" name="已提醒" />',
        line_up("begun", "fill", "done"),
        flow("late_told", "late", "told"),
    )
    event = process_of(data).elements["late"].event
    assert event is not None and event.cancel_activity is False


def test_lanes_give_posts_also_inside_subprocesses() -> None:
    post = (
        "<bpmn:extensionElements><zeebe:properties>"
        '<zeebe:property name="bihuan:post" value="{}" /></zeebe:properties></bpmn:extensionElements>'
    )
    inner = FILL.replace('id="fill"', 'id="plain"').split("<zeebe:properties>")[0]
    data = diagram(
        '<bpmn:laneSet id="lanes"><bpmn:lane id="unit_lane" name="责任单位">'
        + post.format("= post(unit, &#34;head&#34;)")
        + "<bpmn:flowNodeRef>box</bpmn:flowNodeRef><bpmn:flowNodeRef>begun</bpmn:flowNodeRef>"
        "</bpmn:lane></bpmn:laneSet>",
        START,
        '<bpmn:subProcess id="box" name="填报"><bpmn:startEvent id="in" name="开始" />',
        inner + "</bpmn:extensionElements></bpmn:userTask>",
        FILL,
        '<bpmn:endEvent id="out" name="完" />',
        line_up("in", "plain", "fill", "out"),
        "</bpmn:subProcess>",
        END,
        line_up("begun", "box", "done"),
    )
    process = process_of(data)
    assert process.elements["plain"].post == '= post(unit, "head")'
    assert process.elements["fill"].post == '= post(unit, "liaison")'
    assert process.elements["done"].lane is None
    assert process.lanes[0].members == ("box", "begun")


def test_conditions_keep_their_mark_and_default_is_known() -> None:
    data = diagram(
        START,
        '<bpmn:exclusiveGateway id="ok" name="合格?" default="no" />',
        END,
        '<bpmn:endEvent id="failed" name="不合格" />',
        flow("in", "begun", "ok"),
        flow("yes", "ok", "done", condition="= score >= 60", name="是"),
        flow("no", "ok", "failed", name="否"),
    )
    process = process_of(data)
    assert process.elements["ok"].default == "no"
    assert process.flows["yes"].condition == "= score >= 60"
    assert process.flows["no"].condition is None


def test_elements_hidden_in_documentation_and_extensions_are_not_steps() -> None:
    data = diagram(
        START.replace(
            " />",
            '><bpmn:documentation><bpmn:sequenceFlow id="ghost" sourceRef="a" targetRef="b" />'
            "</bpmn:documentation>"
            "<bpmn:extensionElements><bpmn:task id='spook' /></bpmn:extensionElements></bpmn:startEvent>",
        ),
        FILL,
        END,
        line_up("begun", "fill", "done"),
    )
    process = process_of(data)
    assert "ghost" not in process.flows and "spook" not in process.elements
