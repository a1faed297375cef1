"""Rules that no story of their own tells: each is found where it is broken, and not where it is kept."""

from threading import BoundedSemaphore

import pytest

from engine.bpmn import isolated
from engine.bpmn.dialect import Level
from engine.bpmn.findings import Refused
from engine.bpmn.gate import Limits, parse
from engine.bpmn.isolated import check_isolated
from engine.bpmn.lint import Catalogue, lint, together
from tests.engine.bpmn.lint_diagrams import (
    END,
    FILL,
    HEAD,
    ROOT,
    START,
    between,
    diagram,
    event,
    flow,
    good,
    line_up,
    timer,
)
from tests.engine.bpmn.test_reader_undoing import HELPER, LINE, ON_X, file


def rules(data: bytes, level: Level = "dialect") -> set[str]:
    found = lint({"p.bpmn": data}, catalogue=Catalogue(), level=level)
    assert all(one.message.endswith("。") and one.hint for one in found)
    return {one.rule for one in found}


def race(*ways: str, inner: str = "", root: str = ROOT) -> bytes:
    """An event-based gateway `x`, and behind it each of `ways`."""
    events = [way.format(id=f"w{number}") for number, way in enumerate(ways)]
    flows = [flow(f"to{number}", "x", f"w{number}") for number in range(len(ways))]
    flows += [flow(f"of{number}", f"w{number}", "done") for number in range(len(ways))]
    gateway = '<bpmn:eventBasedGateway id="x" name="等什么?" />'
    return diagram(START, gateway, *events, inner, END, flow("in", "begun", "x"), *flows, root=root)


RECEIVE = '<bpmn:receiveTask id="{id}" name="收" messageRef="msg" />'
CATCH = (
    '<bpmn:intermediateCatchEvent id="{id}" name="来了">'
    '<bpmn:messageEventDefinition id="d_{id}" messageRef="msg" /></bpmn:intermediateCatchEvent>'
)
HOUR = timer("PT1H").replace('"x"', '"{id}"').replace('"t"', '"t_{id}"')
ON_BORDER = (
    '<bpmn:boundaryEvent id="b" name="来了" attachedToRef="{}"><bpmn:signalEventDefinition id="bd" '
    'signalRef="sig" /></bpmn:boundaryEvent>' + flow("bf", "b", "done")
)
BOX = (
    '<bpmn:subProcess id="box" name="旁边" triggeredByEvent="true"><bpmn:startEvent id="bs" name="来了">'
    '<bpmn:signalEventDefinition id="sd" signalRef="sig" /></bpmn:startEvent>'
    '<bpmn:endEvent id="be" name="完" />' + flow("inside", "bs", "be") + "</bpmn:subProcess>"
)
AROUND = '<bpmn:subProcess id="around" name="块">' + HELPER + "</bpmn:subProcess>"
LINKS = (
    event("intermediateThrowEvent", '<bpmn:linkEventDefinition id="l1" name="{}" />')
    + '<bpmn:intermediateCatchEvent id="y" name="事"><bpmn:linkEventDefinition id="l2" name="{}" />'
    "</bpmn:intermediateCatchEvent>"
)
STEPS = diagram(START, FILL, END, line_up("begun", "fill", "done"), root=ROOT)
VOTED = FILL.replace(
    "<zeebe:properties>",
    '<zeebe:properties><zeebe:property name="bihuan:vote" value="all" />'
    '<zeebe:property name="bihuan:outcomes" value="approve:同意,return:退回" />',
)
CLAIMED = VOTED.replace(
    "<zeebe:userTask />", '<zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="= [&#34;g&#34;]" />'
)


def step(task: str) -> bytes:
    return diagram(START, task, END, line_up("begun", "fill", "done"))


def linked(name: str) -> bytes:
    flows = [flow("a", "begun", "x"), flow("b", "y", "done")]
    return diagram(START, LINKS.format(name, name), END, *flows)


PAIRS: dict[str, tuple[bytes, bytes]] = {
    "compensation-outgoing": (file(ON_X, HELPER, LINE, flow("cf", "c", "t")), file(ON_X, HELPER, LINE)),
    "compensation-scope": (file(ON_X, AROUND, LINE), file(ON_X, HELPER, LINE)),
    "event-subprocess-boundary": (
        between(FILL.replace('"fill"', '"x"'), BOX, ON_BORDER.format("box"), root=ROOT),
        between(FILL.replace('"fill"', '"x"'), BOX, ON_BORDER.format("x"), root=ROOT),
    ),
    "form-binding": (
        good().replace(b'formId="target"', b'formId="target" bindingType="versionTag"'),
        good().replace(b'formId="target"', b'formId="target" bindingType="latest"'),
    ),
    "link-unnamed": (linked(""), linked("rest")),
    "message-unnamed": (race(CATCH, HOUR, root=ROOT.replace('name="l"', "")), race(CATCH, HOUR)),
    "no-incoming": (
        diagram(START, END, timer("P1D"), line_up("begun", "done"), flow("f", "x", "done")),
        between(timer("P1D")),
    ),
    "no-process": (f"{HEAD}</bpmn:definitions>".encode(), good()),
    "race-boundary": (
        race(RECEIVE, HOUR, inner=ON_BORDER.format("w0")),
        race(RECEIVE, HOUR),
    ),
    "race-mixed": (race(RECEIVE, CATCH, HOUR), race(RECEIVE, HOUR)),
    "race-too-few": (race(CATCH), race(CATCH, HOUR)),
    "vote-claims": (step(CLAIMED), step(VOTED)),
    "vote-one-sided": (step(VOTED.replace(",return:退回", "")), step(VOTED)),
}


@pytest.mark.parametrize("rule", PAIRS)
def test_it_is_found_where_it_is_broken_and_not_where_it_is_kept(rule: str) -> None:
    broken, kept = PAIRS[rule]
    assert rule in rules(broken) and rule not in rules(kept)


def test_a_flow_that_is_not_immediate_is_refused_where_the_standard_is_asked() -> None:
    later = good().replace(
        b'<bpmn:sequenceFlow id="begun_fill"', b'<bpmn:sequenceFlow id="f" isImmediate="false"'
    )
    assert "not-immediate" in rules(later, "bpmn") and "not-immediate" not in rules(good(), "bpmn")


def test_an_element_with_more_attributes_than_anybody_needs_is_refused() -> None:
    limits = Limits(attributes=3)
    parse(b'<a b="1" c="2" d="3" />', file="a.bpmn", limits=limits)
    with pytest.raises(Refused) as caught:
        parse(b'<a b="1" c="2" d="3" e="4" />', file="a.bpmn", limits=limits)
    assert [one.rule for one in caught.value.findings] == ["too-many-attributes"]


def test_of_very_many_findings_the_first_are_told_and_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undrawn = good().split(b"<bpmndi:BPMNDiagram")[0] + b"</bpmn:definitions>"
    everything = lint({"p.bpmn": undrawn}, catalogue=Catalogue())
    monkeypatch.setattr(together, "MOST_FINDINGS", 2)
    few = lint({"p.bpmn": undrawn}, catalogue=Catalogue())
    assert few[:2] == everything[:2] and [one.rule for one in few[2:]] == ["more-findings"]
    assert f"另有 {len(everything) - 2} 个问题" in few[2].message


def test_who_checks_while_very_many_do_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = BoundedSemaphore(1)
    monkeypatch.setattr(isolated, "_AT_ONCE", everybody)
    with everybody:
        assert [one.rule for one in check_isolated({"p.bpmn": good()}, Catalogue(), seconds=0.05)] == [
            "check-busy"
        ]
    assert check_isolated({"p.bpmn": good()}, Catalogue()) == []
