"""The lint at level dialect: people, forms, names, references between files."""

import json

import pytest

from engine.bpmn.findings import Finding
from engine.bpmn.lint import Catalogue, lint, to_json
from tests.engine.bpmn.lint_diagrams import (
    END,
    FILL,
    ROOT,
    START,
    diagram,
    event,
    extended,
    flow,
    good,
    line_of,
    line_up,
)

KNOWN = Catalogue(
    forms=frozenset({"target"}),
    decisions=frozenset({"D01"}),
    processes=frozenset({"unit_targets"}),
    posts=frozenset({"liaison", "head"}),
    handlers=frozenset({"planning.seed"}),
    records=frozenset({"targets"}),
    functions=frozenset(),
)


def found(data: bytes, catalogue: Catalogue = KNOWN) -> list[tuple[str, str, str, int]]:
    findings = lint({"p.bpmn": data}, catalogue=catalogue)
    return [(f.severity, f.rule, f.element, f.line) for f in findings]


def between(xml: str, *more: str, root: str = "") -> bytes:
    return diagram(START, xml, *more, END, line_up("begun", "x", "done"), root=root)


def user_task(
    *, properties: str = "", extensions: str = '<zeebe:formDefinition formId="target" />', name: str = "填报"
) -> str:
    post = '<zeebe:property name="bihuan:post" value="= post(unit, &#34;liaison&#34;)" />'
    return (
        f'<bpmn:userTask id="x" name="{name}"><bpmn:extensionElements>{extensions}'
        f"<zeebe:properties>{post}{properties}</zeebe:properties></bpmn:extensionElements></bpmn:userTask>"
    )


def prop(name: str, value: str) -> str:
    return f'<zeebe:property name="{name}" value="{value}" />'


def at(data: bytes, rule: str, severity: str = "error") -> list[tuple[str, str, str, int]]:
    return [(severity, rule, "x", line_of(data, 'id="x"'))]


def test_a_good_diagram_gives_no_findings() -> None:
    assert found(good()) == []
    assert found(between(user_task())) == []


def test_level_bpmn_asks_for_none_of_this() -> None:
    data = between('<bpmn:userTask id="x" />')
    assert lint({"p.bpmn": data}, catalogue=KNOWN, level="bpmn") == []


def test_a_task_that_nobody_gets() -> None:
    data = between(
        '<bpmn:userTask id="x" name="填报"><bpmn:extensionElements>'
        '<zeebe:formDefinition formId="target" /></bpmn:extensionElements></bpmn:userTask>'
    )
    assert found(data) == at(data, "assignment-missing")


def test_a_manual_task_waits_for_somebody_too() -> None:
    data = between('<bpmn:manualTask id="x" name="盖章" />')
    assert found(data) == at(data, "assignment-missing")


def test_a_lane_s_post_is_enough() -> None:
    lane = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="unit" name="责任单位"><bpmn:extensionElements>'
        f"<zeebe:properties>{prop('bihuan:post', '= post(unit, &#34;head&#34;)')}</zeebe:properties>"
        "</bpmn:extensionElements><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    task = (
        '<bpmn:userTask id="x" name="填报"><bpmn:extensionElements>'
        '<zeebe:formDefinition formId="target" /></bpmn:extensionElements></bpmn:userTask>'
    )
    assert found(diagram(lane, START, task, END, line_up("begun", "x", "done"))) == []


def due_task(**said: str) -> str:
    """A task with a date and properties of ours."""
    return user_task(
        extensions='<zeebe:formDefinition formId="target" /><zeebe:taskSchedule dueDate="= due" />',
        properties="".join(prop(f"bihuan:{name}", value) for name, value in said.items()),
    )


def test_a_task_without_form_and_without_outcomes() -> None:
    data = between(user_task(extensions=""))
    assert found(data) == at(data, "form-missing")
    assert found(between(user_task(extensions="", properties=prop("bihuan:outcomes", "yes:同意")))) == []


@pytest.mark.parametrize(
    ("rule", "task"),
    [
        ("form-unknown", user_task(extensions='<zeebe:formDefinition formId="nothing" />')),
        ("record-unknown", user_task(properties=prop("bihuan:record", "nothing"))),
        ("outcomes-unreadable", user_task(properties=prop("bihuan:outcomes", "approve"))),
        ("outcomes-unreadable", user_task(properties=prop("bihuan:outcomes", "a:甲,a:乙"))),
        ("opinion-unreadable", user_task(properties=prop("bihuan:opinion", "sometimes"))),
        ("opinion-unreadable", user_task(properties=prop("bihuan:opinion", "required:return"))),
        (
            "remind-unreadable",
            user_task(
                extensions='<zeebe:formDefinition formId="target" /><zeebe:taskSchedule dueDate="= due" />',
                properties=prop("bihuan:remind", "3 days"),
            ),
        ),
        ("remind-unreadable", due_task(remind="R/PT4H")),
        ("overdue-unknown", due_task(outcomes="approve:同意", overdueOutcome="return")),
        ("overdue-twice", due_task(overdueOutcome="submit", overdueTo="= post(unit, &quot;head&quot;)")),
        ("overdue-registers", due_task(overdueOutcome="submit", registers="市政府")),
        ("word-unknown", due_task(ownApproval="yes")),
        ("same-approver-votes", due_task(outcomes="a:同意,r:退回", vote="all", sameApprover="once")),
        (
            "overdue-votes",
            due_task(outcomes="a:同意,r:退回", vote="all", overdueTo="= post(unit, &quot;head&quot;)"),
        ),
        ("return-target-unknown", user_task(properties=prop("bihuan:returnTo", "nowhere"))),
        ("return-target-unknown", user_task(properties=prop("bihuan:returnTo", "begun"))),
        ("return-target-unknown", user_task(properties=prop("bihuan:returnTo", "x"))),
        (
            "receivers-unreadable",
            user_task(properties=prop("bihuan:verbs", "hand_over") + prop("bihuan:handOverTo", "everybody")),
        ),
        ("receivers-unused", user_task(properties=prop("bihuan:handOverTo", "unit"))),
        ("feel-syntax", user_task(properties=prop("bihuan:title", "= issue +"))),
        ("vote-unreadable", user_task(properties=prop("bihuan:vote", "most"))),
        (
            "vote-unreadable",
            user_task(properties=prop("bihuan:vote", "any") + prop("bihuan:reject", "veto")),
        ),
        (
            "vote-unreadable",
            user_task(properties=prop("bihuan:vote", "all") + prop("bihuan:weights", "= [1, 2]")),
        ),
        (
            "feel-syntax",
            user_task(properties=prop("bihuan:vote", "ratio:0.6") + prop("bihuan:weights", "= [1, ")),
        ),
        ("verb-unknown", user_task(properties=prop("bihuan:verbs", "urge,handover"))),
        ("verb-registers", user_task(properties=prop("bihuan:verbs", "register_for,add_after"))),
        ("vote-missing", user_task(properties=prop("bihuan:voters", "start"))),
        ("vote-missing", user_task(properties=prop("bihuan:reject", "veto"))),
        ("vote-missing", user_task(properties=prop("bihuan:signers", "= [person]"))),
        (
            "vote-registers",
            user_task(
                properties=prop("bihuan:vote", "all")
                + prop("bihuan:verbs", "register_for")
                + prop("bihuan:outcomes", "approve:同意,return:退回")
            ),
        ),
        ("distinct-unknown", user_task(properties=prop("bihuan:distinct", "nowhere"))),
        ("distinct-unknown", user_task(properties=prop("bihuan:distinct", "x"))),
        ("post-unknown", user_task(properties=prop("bihuan:escalate", "= post(unit, &#34;boss&#34;)"))),
        (
            "function-unknown",
            user_task(extensions='<zeebe:formDefinition formId="= form_of(unit)" />'),
        ),
        (
            "handler-unknown",
            '<bpmn:serviceTask id="x" name="做"><bpmn:extensionElements>'
            '<zeebe:taskDefinition type="nobody" /></bpmn:extensionElements></bpmn:serviceTask>',
        ),
        (
            "decision-unknown",
            '<bpmn:businessRuleTask id="x" name="判"><bpmn:extensionElements>'
            '<zeebe:calledDecision decisionId="D99" resultVariable="r" />'
            "</bpmn:extensionElements></bpmn:businessRuleTask>",
        ),
        (
            "process-unknown",
            '<bpmn:callActivity id="x" name="调"><bpmn:extensionElements>'
            '<zeebe:calledElement processId="nothing" /></bpmn:extensionElements></bpmn:callActivity>',
        ),
        (
            "publish-inputs",
            '<bpmn:sendTask id="x" name="发"><bpmn:extensionElements>'
            '<zeebe:taskDefinition type="bihuan:publish" /></bpmn:extensionElements></bpmn:sendTask>',
        ),
    ],
)
def test_one_offence_gives_one_error_at_its_place(rule: str, task: str) -> None:
    data = between(task)
    errors = [item for item in found(data) if item[0] == "error"]
    assert errors == at(data, rule)


def test_what_is_not_in_the_catalogue_s_kinds_is_not_checked() -> None:
    data = between(user_task(extensions='<zeebe:formDefinition formId="nothing" />'))
    assert found(data, Catalogue()) == []


def test_opinion_may_be_required_for_an_outcome() -> None:
    properties = prop("bihuan:outcomes", "approve:同意,return:退回") + prop(
        "bihuan:opinion", "required:return"
    )
    assert found(between(user_task(properties=properties))) == []


@pytest.mark.parametrize(
    ("rule", "task"),
    [
        ("property-unknown", user_task(properties=prop("bihuan:outcome", "a:甲"))),
        ("property-unknown", user_task(properties=prop("bihuan:subject", "= unit.id"))),
        ("label-missing", user_task(name="")),
        ("label-not-chinese", user_task(name="Fill in")),
    ],
)
def test_one_offence_gives_one_warning_at_its_place(rule: str, task: str) -> None:
    data = between(task)
    assert found(data) == at(data, rule, "warning")


def test_reminders_need_a_due_date() -> None:
    data = between(user_task(properties=prop("bihuan:remind", "P3D,P1D")))
    assert found(data) == at(data, "due-missing", "warning")


def test_answers_of_a_question_are_named() -> None:
    data = diagram(
        START,
        '<bpmn:exclusiveGateway id="x" name="合格?" default="no" />',
        END,
        '<bpmn:endEvent id="failed" name="不合格" />',
        flow("in", "begun", "x"),
        flow("yes", "x", "done", condition="= ok", name="是"),
        flow("no", "x", "failed"),
    )
    assert found(data) == [("warning", "label-missing", "no", line_of(data, 'id="no"'))]


def test_every_element_is_drawn() -> None:
    data = (
        good()
        .replace(b'bpmnElement="fill"', b'bpmnElement="begun"')
        .replace(b'bpmnElement="fill_done"', b'bpmnElement="begun_fill"')
    )
    assert found(data) == [
        ("warning", "not-drawn", "fill", line_of(data, '<bpmn:userTask id="fill"')),
        ("warning", "not-drawn", "fill_done", line_of(data, 'id="fill_done"')),
    ]


@pytest.mark.parametrize(
    ("source", "told"),
    [("heard", []), ("lost", ["message-unknown"]), ('= "lost"', ["message-unknown"]), ("= which", [])],
)
def test_a_message_that_nobody_waits_for_is_a_warning(source: str, told: list[str]) -> None:
    publishes = extended(
        "sendTask",
        '<zeebe:taskDefinition type="bihuan:publish" /><zeebe:ioMapping>'
        f"<zeebe:input source='{source}' target='messageName' /></zeebe:ioMapping>",
    )
    data = between(publishes)
    for heard, expected in ((frozenset({"heard"}), told), (None, [])):
        findings = lint({"p.bpmn": data}, catalogue=Catalogue(messages=heard))
        assert [f.rule for f in findings if f.rule == "message-unknown"] == expected
    waiting = event("intermediateCatchEvent", '<bpmn:messageEventDefinition id="d" messageRef="msg" />')
    catches = between(waiting, root=ROOT.replace('name="m"', 'name="lost"')).replace(b"planning", b"other")
    both = lint({"p.bpmn": data, "q.bpmn": catches}, catalogue=Catalogue(messages=frozenset({"heard"})))
    assert "message-unknown" not in {f.rule for f in both}


def test_a_message_that_the_drawing_names_may_go_to_the_outside() -> None:
    throws = extended(
        "intermediateThrowEvent",
        '<zeebe:taskDefinition type="bihuan:publish" /><zeebe:ioMapping>'
        '<zeebe:input source="m" target="messageName" /></zeebe:ioMapping>',
        inner='<bpmn:messageEventDefinition id="d" messageRef="msg" />',
    )
    findings = lint({"p.bpmn": between(throws, root=ROOT)}, catalogue=Catalogue(messages=frozenset()))
    assert "message-unknown" not in {one.rule for one in findings}


def test_a_file_needs_an_executable_process() -> None:
    data = good().replace(b'isExecutable="true"', b'isExecutable="false"')
    assert found(data) == [("error", "not-executable", "planning", line_of(data, "<bpmn:process"))]


ERROR = '<bpmn:error id="err" name="退回" errorCode="returned" />'


def test_an_error_that_nobody_catches_is_a_warning() -> None:
    thrown = '<bpmn:errorEventDefinition id="e" errorRef="err" />'
    end = f'<bpmn:endEvent id="x" name="退回">{thrown}</bpmn:endEvent>'
    data = diagram(START, FILL, end, line_up("begun", "fill", "x"), root=ERROR)
    assert found(data) == at(data, "error-uncaught", "warning")


def test_an_error_boundary_that_nothing_can_trigger_is_a_warning() -> None:
    bound = (
        '<bpmn:boundaryEvent id="x" name="已退回" attachedToRef="fill">'
        '<bpmn:errorEventDefinition id="e" errorRef="err" /></bpmn:boundaryEvent>'
    )
    data = diagram(
        START, FILL, bound, END, line_up("begun", "fill", "done"), flow("o", "x", "done"), root=ERROR
    )
    assert found(data) == at(data, "error-never-thrown", "warning")


def calling(identity: str, called: str) -> bytes:
    task = (
        '<bpmn:callActivity id="x" name="调用"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{called}" />'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )
    return diagram(START, task, END, line_up("begun", "x", "done"), process=f'id="{identity}" name="流程"')


def test_a_ring_may_close_over_what_is_deployed_already() -> None:
    deployed = Catalogue(calls=frozenset({"b>c", "c>a", "a>old"}))
    (ring,) = lint({"a.bpmn": calling("a", "b")}, catalogue=deployed)
    assert (ring.rule, ring.element) == ("call-cycle", "x")
    assert "a → b → c → a" in ring.message
    assert lint({"c.bpmn": calling("c", "d")}, catalogue=deployed) == []


def test_processes_that_call_each_other_in_a_ring() -> None:
    files = {"a.bpmn": calling("a", "b"), "b.bpmn": calling("b", "c"), "c.bpmn": calling("c", "a")}
    findings = lint(files, catalogue=KNOWN)
    assert [(f.file, f.rule, f.element) for f in findings] == [
        ("a.bpmn", "call-cycle", "x"),
        ("b.bpmn", "call-cycle", "x"),
        ("c.bpmn", "call-cycle", "x"),
    ]
    assert "a → b → c → a" in findings[0].message


def test_files_given_together_know_each_other() -> None:
    decision = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        + (
            b'<decision id="D02" name="D02"><literalExpression><text>1</text></literalExpression>'
            b"</decision></definitions>"
        )
    )
    form = json.dumps({"id": "review", "components": [{"type": "textfield", "key": "a"}]}).encode()
    rule = (
        '<bpmn:businessRuleTask id="x" name="判"><bpmn:extensionElements>'
        '<zeebe:calledDecision decisionId="D02" resultVariable="r" />'
        "</bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    files = {
        "a.bpmn": between(rule),
        "b.bpmn": between(user_task(extensions='<zeebe:formDefinition formId="review" />')).replace(
            b'id="planning"', b'id="other"'
        ),
        "d.dmn": decision,
        "r.form": form,
    }
    assert lint(files, catalogue=KNOWN) == []
    assert [f.rule for f in lint({"a.bpmn": files["a.bpmn"]}, catalogue=KNOWN)] == ["decision-unknown"]


def test_the_same_process_in_two_files() -> None:
    findings = lint({"a.bpmn": good(), "b.bpmn": good()}, catalogue=KNOWN)
    assert [(f.file, f.rule, f.element) for f in findings] == [("b.bpmn", "duplicate-name", "planning")]


def test_a_file_of_an_unknown_kind() -> None:
    assert [(f.file, f.rule) for f in lint({"x.exe": b""}, catalogue=KNOWN)] == [("x.exe", "unknown-file")]


def test_findings_of_several_files_are_sorted_and_plain_in_json() -> None:
    broken = good().replace(b'sourceRef="fill"', b'sourceRef="gone"')
    findings = lint({"z.bpmn": broken, "a.bpmn": b"<a>"}, catalogue=KNOWN)
    assert [f.file for f in findings] == sorted(f.file for f in findings)
    assert json.loads(json.dumps(to_json(findings)))["findings"][0] == {
        "file": "a.bpmn",
        "line": 1,
        "element": "",
        "rule": "malformed-xml",
        "severity": "error",
        "message": findings[0].message,
        "hint": findings[0].hint,
    }
    assert Finding(**to_json(findings)["findings"][0]) == findings[0]  # type: ignore[arg-type]
