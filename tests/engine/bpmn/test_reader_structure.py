"""Every rule about ids, references and the shape of the flow: the finding, its line and element."""

from tests.engine.bpmn.lint_diagrams import (
    END,
    FILL,
    ROOT,
    START,
    between,
    choice,
    diagram,
    errors_in,
    extended,
    flow,
    line_of,
    line_up,
    timer,
)


def test_duplicate_ids() -> None:
    data = between('<bpmn:task id="x" name="a" />', '\n<bpmn:task id="x" name="b" />')
    assert errors_in(data) == [("duplicate-id", "x", line_of(data, 'name="b"'))]


def test_missing_ids() -> None:
    data = diagram(START, FILL, "<bpmn:task />", END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("missing-id", "planning", line_of(data, "<bpmn:task />"))]


def test_flow_to_nowhere() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("lost", "fill", "nowhere"))
    assert errors_in(data) == [("dangling-reference", "lost", line_of(data, 'id="lost"'))]


def test_flow_to_something_that_is_no_step() -> None:
    note = '<bpmn:textAnnotation id="note"><bpmn:text>注</bpmn:text></bpmn:textAnnotation>'
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("odd", "fill", "note"), note)
    assert errors_in(data) == [("flow-end", "odd", line_of(data, 'id="odd"'))]


SUB = '<bpmn:subProcess id="box" name="盒">{}</bpmn:subProcess>'
INNER = '<bpmn:startEvent id="in" name="a" /><bpmn:endEvent id="out" name="b" />' + flow(
    "in_out", "in", "out"
)


def test_flow_out_of_a_subprocess_is_refused() -> None:
    data = diagram(START, SUB.format(INNER), END, line_up("begun", "box", "done"), flow("leak", "in", "done"))
    assert errors_in(data) == [("flow-crosses-scope", "leak", line_of(data, 'id="leak"'))]


def test_default_that_is_no_way_out() -> None:
    data = choice("= a", "= b", default="in")
    assert errors_in(data) == [("default-not-outgoing", "x", line_of(data, 'id="x"'))]


def test_boundary_event_attached_to_a_gateway() -> None:
    bound = (
        '<bpmn:boundaryEvent id="late" name="晚" attachedToRef="x"><bpmn:timerEventDefinition id="t">'
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    data = between('<bpmn:exclusiveGateway id="x" />', bound, flow("late_done", "late", "done"))
    assert errors_in(data) == [("boundary-host", "late", line_of(data, 'id="late"'))]


def test_error_boundary_must_interrupt() -> None:
    bound = (
        '<bpmn:boundaryEvent id="bad" name="错" attachedToRef="x" cancelActivity="false">'
        '<bpmn:errorEventDefinition id="e" errorRef="err" /></bpmn:boundaryEvent>'
    )
    data = between('<bpmn:task id="x" name="a" />', bound, flow("bad_done", "bad", "done"), root=ROOT)
    assert errors_in(data) == [("must-interrupt", "bad", line_of(data, 'id="bad"'))]


def test_error_end_needs_a_code() -> None:
    end = '<bpmn:endEvent id="x" name="退"><bpmn:errorEventDefinition id="e" /></bpmn:endEvent>'
    data = diagram(START, end, flow("a", "begun", "x"))
    assert errors_in(data) == [("code-missing", "x", line_of(data, 'id="x"'))]


def test_an_event_subprocess_stands_beside_the_flow_and_not_in_it() -> None:
    timed = timer("P1D").replace("intermediateCatchEvent", "startEvent").replace('id="x"', 'id="s"')
    inner = timed + '<bpmn:endEvent id="e" name="b" />' + flow("s_e", "s", "e")
    box = f'<bpmn:subProcess id="box" name="盒" triggeredByEvent="true">{inner}</bpmn:subProcess>'
    data = diagram(START, FILL, box, END, line_up("begun", "fill", "done"))
    assert errors_in(data) == []
    data = diagram(START, FILL, box, END, line_up("begun", "fill", "box", "done"))
    assert errors_in(data) == [("event-subprocess-connected", "box", line_of(data, 'id="box"'))]
    plain = box.replace(timed, '<bpmn:startEvent id="s" name="a" />')
    data = diagram(START, FILL, plain, END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("event-not-allowed", "s", line_of(data, 'id="s"'))]


def test_the_two_ends_of_a_link_are_joined_by_their_name_alone() -> None:
    link = '<bpmn:linkEventDefinition id="{}" name="后半" />'
    throw = f'<bpmn:intermediateThrowEvent id="go" name="去">{link.format("t")}</bpmn:intermediateThrowEvent>'
    catch = f'<bpmn:intermediateCatchEvent id="on" name="接">{link.format("c")}</bpmn:intermediateCatchEvent>'
    ends = (START, FILL, throw, catch, END)
    ways = line_up("begun", "fill", "go") + line_up("on", "done")
    assert errors_in(diagram(*ends, ways)) == []
    joined = diagram(*ends, line_up("begun", "fill", "go", "on", "done"))
    assert [rule for rule, *_ in errors_in(joined)] == ["link-connected", "link-connected"]
    twice = catch.replace('"on"', '"too"').replace('"c"', '"d"') + line_up("too", "done")
    assert [rule for rule, *_ in errors_in(diagram(*ends, twice, ways))] == ["link-ambiguous"]
    alone = diagram(START, FILL, throw, END, line_up("begun", "fill", "go"))
    assert "link-alone" in [rule for rule, *_ in errors_in(alone)]


def test_no_start() -> None:
    data = diagram(FILL, END, line_up("fill", "done"))
    assert errors_in(data) == [("no-start", "planning", line_of(data, "<bpmn:process "))]


def test_several_none_starts() -> None:
    data = diagram(
        START,
        '<bpmn:startEvent id="again" name="又" />',
        FILL,
        END,
        line_up("begun", "fill", "done"),
        flow("second", "again", "fill"),
    )
    assert errors_in(data) == [("several-starts", "again", line_of(data, 'id="again"'))]


def test_subprocess_without_start() -> None:
    task = '<bpmn:endEvent id="out" name="b" /><bpmn:task id="t" name="c" />' + flow("t_out", "t", "out")
    data = diagram(START, SUB.format(task), END, line_up("begun", "box", "done"))
    assert ("subprocess-no-start", "box", line_of(data, 'id="box"')) in errors_in(data)


def test_unreachable_step() -> None:
    data = diagram(START, FILL, '<bpmn:task id="island" name="岛" />', END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("unreachable", "island", line_of(data, 'id="island"'))]
    assert errors_in(data, "bpmn") == [("unreachable", "island", line_of(data, 'id="island"'))]


def test_unreachable_ring_is_only_a_warning_of_the_standard() -> None:
    ring = '<bpmn:task id="r1" name="一" /><bpmn:task id="r2" name="二" />'
    data = diagram(START, FILL, ring, END, line_up("begun", "fill", "done"), line_up("r1", "r2", "r1"))
    assert {(rule, element) for rule, element, _ in errors_in(data)} == {
        ("unreachable", "r1"),
        ("unreachable", "r2"),
    }
    assert errors_in(data, "bpmn") == []


def test_loop_without_a_way_out() -> None:
    data = diagram(
        START,
        FILL,
        '<bpmn:task id="back" name="再来" />',
        line_up("begun", "fill", "back"),
        flow("again", "back", "fill"),
    )
    assert {(rule, element) for rule, element, _ in errors_in(data)} == {
        ("no-way-out", "begun"),
        ("no-way-out", "fill"),
        ("no-way-out", "back"),
    }


def test_end_event_with_a_way_out() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("on", "done", "fill"))
    assert ("outgoing-not-allowed", "done", line_of(data, 'id="done"')) in errors_in(data)


def test_start_event_with_a_way_in() -> None:
    data = diagram(START, FILL, END, line_up("begun", "fill", "done"), flow("back", "fill", "begun"))
    assert errors_in(data) == [("incoming-not-allowed", "begun", line_of(data, 'id="begun"'))]


def test_boundary_event_that_leads_nowhere() -> None:
    bound = (
        timer("P1D")
        .replace("intermediateCatchEvent", "boundaryEvent")
        .replace('id="x"', 'id="late" attachedToRef="fill"')
    )
    data = diagram(START, FILL, bound, END, line_up("begun", "fill", "done"))
    assert errors_in(data) == [("no-outgoing", "late", line_of(data, 'id="late"'))]


def test_gateway_that_nothing_leaves() -> None:
    data = diagram(START, '<bpmn:exclusiveGateway id="x" />', flow("in", "begun", "x"))
    assert errors_in(data) == [("gateway-unconnected", "x", line_of(data, 'id="x"'))]


def test_wrong_order_of_elements_is_a_schema_finding() -> None:
    late = (
        '<bpmn:task id="x" name="a"><bpmn:incoming>q</bpmn:incoming>'
        "<bpmn:documentation>晚</bpmn:documentation></bpmn:task>"
    )
    data = between(late)
    assert errors_in(data) == [("xml-schema", "x", line_of(data, "<bpmn:documentation>"))]


def test_a_call_in_the_file_needs_a_none_start() -> None:
    child = (
        '<bpmn:process id="child" name="子"><bpmn:startEvent id="cs" name="a"><bpmn:messageEventDefinition '
        'id="cm" messageRef="msg" /></bpmn:startEvent><bpmn:endEvent id="ce" name="b" />'
        + flow("c", "cs", "ce")
        + "</bpmn:process>"
    )
    data = between(extended("callActivity", '<zeebe:calledElement processId="child" />'), root=ROOT + child)
    assert errors_in(data) == [("called-process-start", "x", line_of(data, 'id="x"'))]
