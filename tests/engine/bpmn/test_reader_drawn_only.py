"""A process that is not marked executable is a picture: what only a run needs may be missing from it."""

import pytest

from engine.bpmn.compile import compile_process
from engine.bpmn.failures import UnsupportedElement
from engine.bpmn.reader import examine, read_model
from tests.engine.bpmn.drawing import Desk
from tests.engine.bpmn.lint_diagrams import END, START, between, diagram, errors_in, event, extended, line_up

WAY = line_up("begun", "x", "done")
VAGUE = {
    "message-missing": event("intermediateCatchEvent", "<bpmn:messageEventDefinition />"),
    "signal-missing": event("intermediateThrowEvent", "<bpmn:signalEventDefinition />"),
    "timer-empty": event("intermediateCatchEvent", "<bpmn:timerEventDefinition />"),
    "loop-empty": extended("task", "", inner="<bpmn:multiInstanceLoopCharacteristics />"),
    "loop-endless": extended("task", "", inner="<bpmn:standardLoopCharacteristics />"),
    "subprocess-no-start": '<bpmn:subProcess id="x" name="一段" />',
}


@pytest.mark.parametrize("rule", VAGUE)
def test_what_a_run_needs_is_refused_where_it_would_run_and_a_warning_where_it_is_drawn(rule: str) -> None:
    runs = between(VAGUE[rule])
    drawn = runs.replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [found for found, _, _ in errors_in(runs, "bpmn")] == [rule]
    assert errors_in(drawn, "bpmn") == []
    told = examine(drawn, file="p.bpmn", level="bpmn").findings
    assert rule in [one.rule for one in told if one.severity == "warning" and one.line > 0]
    assert errors_in(drawn)  # the dialect asks for it all the same


def test_a_task_for_everybody_is_refused_where_anything_runs() -> None:
    runs = diagram(START, END, line_up("begun", "done"), root='<bpmn:globalUserTask id="g" name="公用" />')
    assert [rule for rule, _, _ in errors_in(runs, "bpmn")] == ["unsupported-global"]
    assert errors_in(runs.replace(b'isExecutable="true"', b""), "bpmn") == []


def test_a_picture_cannot_be_started() -> None:
    drawn = between(VAGUE["timer-empty"]).replace(b'isExecutable="true"', b'isExecutable="false"')
    with pytest.raises(UnsupportedElement, match="只画不走"):
        compile_process(read_model(drawn, file="p.bpmn", level="bpmn"), "planning")


def test_a_subprocess_without_start_and_end_begins_at_what_nothing_leads_to() -> None:
    inside = (
        '<bpmn:subProcess id="x"><bpmn:manualTask id="a" /><bpmn:manualTask id="b" />%s</bpmn:subProcess>'
    )
    begins = between(inside % "")
    assert errors_in(begins, "bpmn") == []
    desk = Desk(compile_process(read_model(begins, file="p.bpmn", level="bpmn"), "planning"))
    assert desk.at() == ["a", "b"]
    desk.complete("a")
    desk.complete("b")
    assert desk.x.ended
    ending = between(
        inside % '<bpmn:endEvent id="z" /><bpmn:sequenceFlow id="q" sourceRef="a" targetRef="z" />'
    )
    assert [rule for rule, _, _ in errors_in(ending, "bpmn")] == ["subprocess-no-start"]
