"""References of the wrong kind: refused in the dialect; at level bpmn left out, said, and the rest runs."""

import pytest

from engine.bpmn.compile import compile_process
from engine.bpmn.reader import examine, read_model
from tests.engine.bpmn.drawing import Desk
from tests.engine.bpmn.lint_diagrams import END, START, diagram, errors_in, event, flow, line_up, timer

POOL = (
    '<bpmn:collaboration id="city"><bpmn:participant id="pool" name="市" processRef="planning" />'
    "</bpmn:collaboration>"
)
TASK = '<bpmn:task id="x" name="一步" />'
WAY = line_up("begun", "x", "done")
STRAY = (
    timer("PT1H")
    .replace("intermediateCatchEvent", "boundaryEvent")
    .replace('id="x"', 'id="b" attachedToRef="pool"')
)
WRONG = {
    "a flow from a pool": (TASK, WAY, flow("stray", "pool", "x")),
    "a flow to a flow": (TASK, WAY, flow("stray", "x", "begun_x")),
    "a default that is an event": ('<bpmn:task id="x" name="一步" default="begun" />', WAY),
    "a boundary event on a pool": (
        TASK,
        WAY,
        '<bpmn:task id="late" />',
        STRAY,
        flow("b_late", "b", "late"),
    ),
    "an event definition that is a flow": (
        event("intermediateThrowEvent", "<bpmn:eventDefinitionRef>begun_x</bpmn:eventDefinitionRef>"),
        WAY,
    ),
    "a link whose other end is an event": (
        TASK,
        WAY,
        event(
            "intermediateCatchEvent",
            '<bpmn:linkEventDefinition id="l" name="A">'
            "<bpmn:source>begun</bpmn:source></bpmn:linkEventDefinition>",
        ).replace('id="x"', 'id="here"'),
        flow("here_x", "here", "x"),
    ),
    "an incoming that is a pool": (
        '<bpmn:task id="x" name="一步"><bpmn:incoming>pool</bpmn:incoming></bpmn:task>',
        WAY,
    ),
}


@pytest.mark.parametrize("parts", WRONG.values(), ids=WRONG)
def test_what_cannot_happen_is_left_out_at_level_bpmn_and_refused_in_the_dialect(
    parts: tuple[str, ...],
) -> None:
    data = diagram(START, *parts, END, root=POOL)
    found = examine(data, file="p.bpmn", level="bpmn").findings
    assert "mistyped-reference" in {one.rule for one in found if one.line > 0 and one.severity == "warning"}
    assert errors_in(data, "bpmn") == []
    assert [rule for rule, _, _ in errors_in(data)] or "incoming" in parts[0]
    process = compile_process(read_model(data, file="p.bpmn", level="bpmn"), "planning")
    assert Desk(process).x.ended


@pytest.mark.parametrize(
    "parts",
    [
        (TASK, WAY, flow("stray", "x", "nowhere")),
        (TASK, WAY, '<bpmn:textAnnotation id="note" />', flow("stray", "x", "note")),
        (TASK, WAY, '<bpmn:dataObject id="paper" />', flow("stray", "paper", "x")),
        (
            TASK,
            WAY,
            event("boundaryEvent", "<bpmn:timerEventDefinition />", 'attachedToRef="done"').replace(
                'id="x"', 'id="b"'
            ),
        ),
    ],
    ids=["nowhere", "an annotation", "data", "on an event"],
)
def test_what_leads_nowhere_or_is_forbidden_is_refused_at_both_levels(parts: tuple[str, ...]) -> None:
    data = diagram(START, *parts, END, root=POOL)
    assert errors_in(data, "bpmn") and errors_in(data)


def test_a_pool_without_a_start_is_begun_by_the_others() -> None:
    answering = '<bpmn:process id="p2"><bpmn:task id="t2" /></bpmn:process>'
    both = diagram(START, TASK, END, WAY, root=POOL).replace(
        b"</bpmn:process>", b"</bpmn:process>" + answering.encode(), 1
    )
    assert errors_in(both, "bpmn") == []
    assert [(rule, element) for rule, element, _ in errors_in(both)] == [("no-start", "p2")]
    alone = diagram(TASK, END, line_up("x", "done"))
    assert [rule for rule, _, _ in errors_in(alone, "bpmn")] == ["no-start"]
