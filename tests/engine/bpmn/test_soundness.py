"""Soundness on small drawn processes: what is found, what is not, and the words for the way there."""

import pytest

from engine.bpmn.findings import Finding
from engine.bpmn.lint import Catalogue, lint, soundness
from engine.bpmn.lint.soundness import Verdict, check_soundness, search
from engine.bpmn.lint.soundness_net import Net
from engine.bpmn.model import Element, EventDefinition
from engine.bpmn.read.markup import Report
from tests.engine.bpmn.drawing import line, message, model, node, timer
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow, line_of

ENDS = [node("s", "start"), node("e", "end")]


def verdict(elements: list[Element], flows: list[str], *, most: int = 8_000) -> Verdict:
    drawn = model([*ENDS, *elements], flows).processes["drawn"]
    return search(Net(drawn, None), most=most)


def found(elements: list[Element], flows: list[str]) -> list[tuple[str, str]]:
    return [(flaw.kind, flaw.element.id) for flaw in verdict(elements, flows).flaws]


def two_ways(split: str, join: str, *, conditions: bool = True) -> tuple[list[Element], list[str]]:
    """s → g → a | b → j → last → e."""
    asked = (": = x", ": = y") if conditions else ("", "")
    elements = [node("g", split), node("a", "user"), node("b", "user"), node("j", join), node("last", "user")]
    return elements, [*line("s", "g"), f"g -> a{asked[0]}", f"g -> b{asked[1]}",
                      *line("a", "j"), *line("b", "j"), *line("j", "last", "e")]  # fmt: skip


@pytest.mark.parametrize(
    ("split", "join", "expected"),
    [
        ("xor", "xor", []),
        ("and", "and", []),
        ("or", "or", []),
        ("and", "or", []),
        ("xor", "or", []),
        ("xor", "and", [("deadlock", "j")]),
        ("or", "and", [("deadlock", "j")]),
        ("and", "xor", [("lack-of-synchronisation", "last")]),
        ("or", "xor", [("lack-of-synchronisation", "last")]),
    ],
)
def test_a_split_and_its_join_must_fit(split: str, join: str, expected: list[tuple[str, str]]) -> None:
    assert found(*two_ways(split, join)) == expected


def test_both_branches_may_end_for_themselves() -> None:
    elements = [node("g", "and"), node("a", "user"), node("b", "user"), node("m", "xor")]
    assert found(elements, ["s -> g", "g -> a", "g -> b", "a -> m", "b -> m", "m -> e"]) == []


def test_an_event_gateway_takes_one_way() -> None:
    events = [node("w", "catch", event=timer("duration", "PT1H")), node("m", "catch", event=message("m"))]
    flows = ["s -> g", "g -> w", "g -> m", "w -> j", "m -> j", "j -> e"]
    assert found([node("g", "event"), *events, node("j", "xor")], flows) == []
    assert found([node("g", "event"), *events, node("j", "and")], flows) == [("deadlock", "j")]


@pytest.mark.parametrize(
    ("cancel", "join", "expected"),
    [
        (True, "xor", []),
        (True, "and", [("deadlock", "j")]),
        (False, "and", [("deadlock", "j")]),
        (False, "xor", [("lack-of-synchronisation", "last")]),
    ],
)
def test_what_a_boundary_event_starts_meets_the_main_way(
    cancel: bool, join: str, expected: list[tuple[str, str]]
) -> None:
    elements = [
        node("a", "user"),
        node("t", "boundary", attached_to="a", event=timer("duration", "PT1H", cancel=cancel)),
        node("late", "user"),
        node("j", join),
        node("last", "user"),
    ]
    assert (
        found(elements, ["s -> a", "a -> j", "t -> late", "late -> j", "j -> last", "last -> e"]) == expected
    )


def test_a_branch_that_may_end_starves_the_join() -> None:
    elements = [node("g", "and"), node("a", "user"), node("x", "xor"), node("b", "user"), node("j", "and"),
                node("stop", "end")]  # fmt: skip
    flows = ["s -> g", "g -> a", "a -> x", "x -> j: = ok", "x => stop", "g -> b", "b -> j", "j -> e"]
    assert found(elements, flows) == [("deadlock", "j")]


def test_an_end_that_terminates_takes_the_waiting_token_with_it() -> None:
    elements = [node("g", "and"), node("a", "user"), node("x", "xor"), node("b", "user"), node("j", "and"),
                node("stop", "end", event=EventDefinition("terminate"))]  # fmt: skip
    flows = ["s -> g", "g -> a", "a -> x", "x -> j: = ok", "x => stop", "g -> b", "b -> j", "j -> e"]
    assert found(elements, flows) == []


def test_a_round_back_into_a_parallel_block_is_found() -> None:
    elements = [node("m", "xor"), node("g", "and"), node("a", "user"), node("b", "user"), node("x", "xor"),
                node("j", "and")]  # fmt: skip
    back = ["s -> m", "m -> g", "g -> a", "g -> b", "b -> x", "x -> m: = again", "x => j", "a -> j", "j -> e"]
    assert found(elements, back) == [("lack-of-synchronisation", "a"), ("lack-of-synchronisation", "j")]


def test_links_are_ways_like_flows() -> None:
    link = EventDefinition("link", name="A")
    elements = [node("g", "xor"), node("a", "user"), node("out", "throw", event=link),
                node("into", "catch", event=link), node("j", "and")]  # fmt: skip
    flows = ["s -> g", "g -> a: = x", "g => out", "a -> j", "into -> j", "j -> e"]
    assert found(elements, flows) == [("deadlock", "j")]


def test_a_step_that_begins_with_two_tokens_waits_for_the_second() -> None:
    elements = [node("a", "user", start_quantity=2)]
    assert found(elements, ["s -> a", "a -> e"]) == [("deadlock", "a")]
    forked = [node("g", "and"), node("b", "user"), node("c", "user"), node("a", "user", start_quantity=2)]
    assert found(forked, ["s -> g", "g -> b", "g -> c", "b -> a", "c -> a", "a -> e"]) == []


def test_a_subprocess_is_one_step_and_is_looked_into() -> None:
    elements = [
        node("box", "sub"),
        node("in", "start", parent="box"),
        *(node(name, kind, parent="box") for name, kind in
          [("g", "xor"), ("a", "user"), ("b", "user"), ("j", "and"), ("out", "end")]),
    ]  # fmt: skip
    flows = ["s -> box", "box -> e", "in -> g", "g -> a: = x", "g => b", "a -> j", "b -> j", "j -> out"]
    report = Report("p.bpmn")
    check_soundness(model([*ENDS, *elements], flows).processes["drawn"], report)
    assert [(one.rule, one.element) for one in report.findings] == [("deadlock", "j")]


def test_what_is_too_large_is_said_not_guessed() -> None:
    many = range(7)
    elements = [node("g", "and"), node("j", "and"), *(node(f"b{n}", "user") for n in many)]
    elements += [node(f"{gate}{n}", "xor") for n in many for gate in "xm"]
    flows = ["s -> g", "j -> e"]
    for n in many:
        flows += [f"g -> m{n}", f"m{n} -> b{n}", f"b{n} -> x{n}", f"x{n} -> m{n}: = again", f"x{n} => j"]
    report = Report("p.bpmn")
    check_soundness(model([*ENDS, *elements], flows).processes["drawn"], report, most=100)
    assert [(one.rule, one.severity) for one in report.findings] == [("soundness-undecided", "warning")]


def test_independent_branches_cost_no_more_than_one_after_the_other() -> None:
    names = [f"b{n}_{m}" for n in range(12) for m in range(5)]
    ways = [way for n in range(12) for way in line("g", *(f"b{n}_{m}" for m in range(5)), "j")]
    elements = [node("g", "and"), *(node(name, "user") for name in names), node("j", "and")]
    assert verdict(elements, ["s -> g", *ways, "j -> e"], most=70) == Verdict()


def deadlocked() -> bytes:
    asked = '<bpmn:exclusiveGateway id="ask" name="要会签?" default="ask_b" />'
    tasks = '<bpmn:manualTask id="a" name="起草" /><bpmn:manualTask id="b" name="会签" />'
    return diagram(
        START, asked, tasks, '<bpmn:parallelGateway id="j" name="齐" />', END,
        flow("begun_ask", "begun", "ask"), flow("ask_a", "ask", "a", condition="= x", name="否"),
        flow("ask_b", "ask", "b", name="是"), flow("a_j", "a", "j"), flow("b_j", "b", "j"),
        flow("j_done", "j", "done"),
    )  # fmt: skip


def starved() -> bytes:
    """As `deadlocked`, but with an inclusive gateway: the join may fire, and may not."""
    return deadlocked().replace(b"exclusiveGateway", b"inclusiveGateway").replace(b' default="ask_b"', b"")


def findings(data: bytes, level: str) -> list[Finding]:
    known = Catalogue()
    return [one for one in lint({"p.bpmn": data}, catalogue=known, level=level) if one.rule in RULES]  # type: ignore[arg-type]


RULES = ("deadlock", "join-deadlock", "never-ends", "no-way-out")


def test_a_deadlock_is_told_with_the_way_in_the_words_of_the_labels() -> None:
    [one] = findings(starved(), "bpmn")
    assert (one.rule, one.severity, one.element) == ("deadlock", "warning", "j")
    assert one.line == line_of(starved(), 'id="j"')
    assert "已开始 → 要会签? → 会签；会签 → 齐。" in one.message and "等不到从“起草”来的" in one.message
    assert one.path == ("begun", "begun_ask", "ask", "ask_b", "b", "b_j", "j")
    assert one.told()["path"] == list(one.path)


@pytest.mark.parametrize(("level", "severity"), [("dialect", "error"), ("bpmn", "warning")])
def test_a_join_that_never_fires_is_said_once_and_with_the_way(level: str, severity: str) -> None:
    """The commonest deadlock, a choice that ends in a parallel join, was the one told without a way."""
    [one] = findings(deadlocked(), level)
    assert (one.rule, one.severity, one.element) == ("deadlock", severity, "j")
    assert one.path[:3] == ("begun", "begun_ask", "ask") and one.path[-1] == "j"


def test_where_the_search_gives_up_that_a_join_never_fires_is_still_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soundness, "search", lambda net, **_said: Verdict(decided=False, ends=True))
    found = findings(deadlocked(), "dialect")
    assert [(one.rule, one.severity, one.path) for one in found] == [("join-deadlock", "error", ())]


def round_and_round(*more: str) -> tuple[list[Element], list[str]]:
    """s → fill → judge → back to fill, whatever is decided; `more` are further flows."""
    elements = [node("m", "xor"), node("fill", "user"), node("judge", "user"), node("x", "xor")]
    return elements, [*line("s", "m", "fill", "judge", "x"), "x -> m: = again", *more]


def test_a_round_without_a_way_out_never_ends_and_says_how_one_comes_into_it() -> None:
    """It was deployed, and every instance of it went round until somebody terminated it."""
    elements, flows = round_and_round()
    judged = verdict(elements, flows)
    assert [(one.kind, one.element.id) for one in judged.flaws] == [("never-ends", "fill")]
    assert not judged.ends
    assert found(*round_and_round("x => e")) == []


def test_a_round_that_one_way_leads_into_is_told_with_that_way() -> None:
    elements = [node("g", "xor"), node("a", "user"), node("m", "xor"), node("b", "user")]
    flows = ["s -> g", "g -> a: = x", "g => e", "a -> m", "m -> b", "b -> m"]
    judged = verdict(elements, flows)
    assert [(one.kind, one.element.id) for one in judged.flaws] == [("never-ends", "a")]
    assert [step.actor for step in judged.flaws[0].steps] == ["s"]
    assert judged.ends


def test_a_round_beside_a_branch_that_terminates_ends() -> None:
    elements = [node("g", "and"), node("m", "xor"), node("watch", "user"), node("work", "user")]
    flows = ["s -> g", "g -> m", "m -> watch", "watch -> m", "g -> work"]
    plain = [*elements, node("done", "end")]
    assert ("never-ends", "watch") in found(plain, [*flows, "work -> done"])
    stopping = [*elements, node("stop", "end", event=EventDefinition("terminate"))]
    assert found(stopping, [*flows, "work -> stop"]) == []


def looping_box(*around: Element, flows: list[str]) -> list[tuple[str, str]]:
    """What is said of a subprocess that goes round for ever, with what is drawn around it."""
    box = [node("box", "sub"), node("in", "start", parent="box"),
           *(node(name, kind, parent="box") for name, kind in [("m", "xor"), ("a", "user")])]  # fmt: skip
    inner = ["in -> m", "m -> a", "a -> m"]
    report = Report("p.bpmn")
    drawn = model([*ENDS, *box, *around], [*inner, "s -> box", "box -> e", *flows])
    check_soundness(drawn.processes["drawn"], report)
    return [(one.rule, one.element) for one in report.findings]


def test_a_subprocess_that_goes_round_is_a_fault_unless_something_around_it_stops_it() -> None:
    assert looping_box(flows=[]) == [("never-ends", "a")], "said once, where it is"
    late = node("t", "boundary", attached_to="box", event=timer("duration", "P1D"))
    assert looping_box(late, flows=["t -> e"]) == []
    beside = node("t", "boundary", attached_to="box", event=timer("duration", "P1D", cancel=False))
    assert looping_box(beside, flows=["t -> e"]) == [("never-ends", "a")]
    stop = node("stop", "sub", triggered_by_event=True)
    came = node("came", "start", parent="stop", event=message("m"))
    assert looping_box(stop, came, node("over", "end", parent="stop"), flows=["came -> over"]) == []


def test_a_process_that_never_ends_is_refused_in_the_words_of_its_labels() -> None:
    """It was said of each element of the round that no end is reached, and not how one comes there."""
    drawn = diagram(
        START,
        '<bpmn:exclusiveGateway id="m" name="回来" />',
        '<bpmn:userTask id="fill" name="填报" />',
        flow("f0", "begun", "m"), flow("f1", "m", "fill"), flow("f2", "fill", "m"),
    )  # fmt: skip
    for level, severity in (("dialect", "error"), ("bpmn", "warning")):
        [one] = findings(drawn, level)
        assert (one.rule, one.element, one.severity) == ("never-ends", "fill", severity)
        assert one.line == line_of(drawn, 'id="fill"')
        assert one.message == (
            "办不完：到了“填报”以后，无论怎样走都到不了结束。这样走就会：已开始 → 回来 → 填报。"
        )
        assert one.path == ("begun", "f0", "m", "f1", "fill")


def test_where_the_search_gives_up_a_round_without_a_way_out_is_still_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soundness, "search", lambda net, **_said: Verdict(decided=False, ends=True))
    fill, back = (f'<bpmn:userTask id="{one}" name="填报" />' for one in ("fill", "back"))
    flows = flow("f0", "begun", "fill"), flow("f1", "fill", "back"), flow("f2", "back", "fill")
    ring = diagram(START, fill, back, *flows)
    assert {(one.rule, one.element, one.severity) for one in findings(ring, "dialect")} == {
        ("no-way-out", "begun", "error"),
        ("no-way-out", "fill", "error"),
        ("no-way-out", "back", "error"),
    }


def test_a_round_that_a_deadline_stops_is_accepted() -> None:
    """Reports come again and again until the date: by the flows alone nothing leads out of the subprocess."""
    box = (
        '<bpmn:subProcess id="box" name="每月填报"><bpmn:startEvent id="in" name="开始" />'
        '<bpmn:userTask id="fill" name="填报" /><bpmn:userTask id="read" name="审阅" />'
        '<bpmn:sequenceFlow id="i0" sourceRef="in" targetRef="fill" />'
        '<bpmn:sequenceFlow id="i1" sourceRef="fill" targetRef="read" />'
        '<bpmn:sequenceFlow id="i2" sourceRef="read" targetRef="fill" /></bpmn:subProcess>'
    )
    late = (
        '<bpmn:boundaryEvent id="late" name="到期" attachedToRef="box"{cancels}>'
        '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    for cancels, expected in (("", []), (' cancelActivity="false"', ["never-ends"])):
        ends = late.format(cancels=cancels), END, '<bpmn:endEvent id="due" name="到期" />'
        flows = flow("f0", "begun", "box"), flow("f1", "box", "done"), flow("f2", "late", "due")
        drawn = diagram(START, box, *ends, *flows)
        assert [one.rule for one in findings(drawn, "dialect")] == expected
