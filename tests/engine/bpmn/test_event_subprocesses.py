"""Event subprocesses, escalations, signals and links inside one instance."""

from dataclasses import replace

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import IllegalMove, UncaughtError
from engine.bpmn.model import EventDefinition, Mapping

from .drawing import Desk, draw, error, message, node, timer


def event(
    kind: str, name: str | None = None, *, code: str | None = None, cancel: bool = True
) -> EventDefinition:
    return EventDefinition(kind=kind, name=name, code=code, cancel_activity=cancel)  # type: ignore[arg-type]


def around(start: EventDefinition, *, inside: bool = False) -> Process:
    """a then b, in the process or a subprocess; beside them an event subprocess with `start` and then x."""
    parent = "sub" if inside else None
    elements = [
        node("s", "start", parent=parent), node("a", "user", parent=parent), node("b", "user", parent=parent),
        node("e", "end", parent=parent),
        node("esp", "sub", parent=parent, triggered_by_event=True),
        node("es", "start", parent="esp", event=start), node("x", "user", parent="esp"),
        node("xe", "end", parent="esp"),
    ]  # fmt: skip
    flows = ["s -> a", "a -> b", "b -> e", "es -> x", "x -> xe"]
    if inside:
        elements += [node("s0", "start"), node("sub", "sub"), node("z", "user")]
        flows += ["s0 -> sub", "sub -> z"]
    return draw(elements, flows)


@pytest.mark.parametrize("inside", [False, True])
def test_an_interrupting_one_ends_the_scopes_work_and_takes_its_place(inside: bool) -> None:
    desk = Desk(around(message("freeze"), inside=inside), reload=True)
    assert desk.at() == ["a", "es"]
    desk.receive("es", why="locked")
    assert desk.at() == ["x"], "neither the work nor the listener is left"
    assert ("a", "cancelled") in desk.path
    assert desk.x.variables_of(desk.key("x"))["why"] == "locked"
    assert "why" not in desk.x.variables_of(None), "what the event brought is the event subprocess's own"
    desk.complete("x")
    assert desk.at() == (["z"] if inside else []) and desk.x.ended is not inside


@pytest.mark.parametrize("inside", [False, True])
def test_one_that_does_not_interrupt_runs_beside_as_often_as_its_message_comes(inside: bool) -> None:
    desk = Desk(around(message("comment", cancel=False), inside=inside), reload=True)
    desk.receive("es", text="first")
    desk.receive("es", text="second")
    assert desk.at() == ["a", "es", "x", "x"]
    texts = {w.token: desk.x.variables_of(k)["text"] for k, w in desk.x.waits().items() if w.element == "x"}
    assert sorted(texts.values()) == ["first", "second"]
    desk.complete("a")
    desk.complete("b")
    assert desk.at() == ["es", "x", "x"], "the scope lives while they run"
    for _ in range(2):
        key = next(k for k, w in desk.x.waits().items() if w.element == "x")
        desk.act().complete(key, {})
        desk.done()
    assert desk.at() == (["z"] if inside else [])


def test_the_listener_goes_with_its_scope() -> None:
    desk = Desk(around(message("freeze"), inside=True), reload=True)
    desk.complete("a")
    desk.complete("b")
    assert desk.at() == ["z"]
    desk = Desk(around(message("freeze")), reload=True)
    desk.complete("a")
    desk.complete("b")
    assert desk.x.ended and not desk.x.waits()


def test_a_cycle_begins_it_again_and_again() -> None:
    desk = Desk(around(timer("cycle", "R2/P1D", cancel=False)), reload=True)
    desk.fire("es")
    desk.later(minutes=1)
    desk.fire("es")
    assert desk.at() == ["a", "x", "x"]


def test_a_signal_is_received_by_name_and_can_carry_data() -> None:
    desk = Desk(around(event("signal", '= "frozen-" + year')), reload=True, year="2018")
    wait = desk.x.waits()[desk.key("es")]
    assert (wait.kind, wait.signal, wait.interrupting) == ("signal", "frozen-2018", True)
    desk.receive("es", by="office")
    assert desk.at() == ["x"]


def thrower(kind: str, start: EventDefinition, *, code: str = "late") -> Process:
    """a, then an `kind` end in a subprocess; an event subprocess of the same scope begins with `start`."""
    return draw(
        [node("s0", "start"), node("sub", "sub"), node("z", "user"),
         node("s", "start", parent="sub"), node("a", "user", parent="sub"),
         node("bad", "end", parent="sub", event=event(kind, code=code), inputs=(Mapping("= 7", "days"),)),
         node("esp", "sub", parent="sub", triggered_by_event=True),
         node("es", "start", parent="esp", event=start), node("x", "user", parent="esp"),
         node("xe", "end", parent="esp")],
        ["s0 -> sub", "sub -> z", "s -> a", "a -> bad", "es -> x", "x -> xe"],
    )  # fmt: skip


@pytest.mark.parametrize("code", ["late", None])
def test_an_error_is_caught_by_the_event_subprocess_of_its_scope(code: str | None) -> None:
    desk = Desk(thrower("error", error(code)), reload=True)
    desk.complete("a")
    assert desk.at() == ["x"] and desk.x.variables_of(desk.key("x"))["days"] == 7
    desk.complete("x")
    assert desk.at() == ["z"]


def test_an_error_inside_an_event_subprocess_is_not_caught_by_itself() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), node("bad", "end", event=error("e")),
         node("esp", "sub", triggered_by_event=True), node("es", "start", parent="esp", event=error(None)),
         node("again", "end", parent="esp", event=error("e"))],
        ["s -> a", "a -> bad", "es -> again"],
    )  # fmt: skip
    desk = Desk(process)
    with pytest.raises(UncaughtError):
        desk.complete("a")


def test_an_escalation_that_does_not_interrupt_lets_both_go_on() -> None:
    desk = Desk(thrower("escalation", event("escalation", code="late", cancel=False)), reload=True)
    desk.complete("a")
    assert desk.at() == ["x"]
    desk.complete("x")
    assert desk.at() == ["z"]


@pytest.mark.parametrize(("cancel", "then"), [(True, ["seen"]), (False, ["b", "seen"])])
def test_an_escalation_on_the_border_of_a_subprocess(cancel: bool, then: list[str]) -> None:
    tell = event("escalation", code="e")
    process = draw(
        [node("s0", "start"), node("sub", "sub"), node("z", "user"), node("seen", "user"),
         node("s", "start", parent="sub"), node("tell", "throw", parent="sub", event=tell),
         node("b", "user", parent="sub"),
         node("on", "boundary", attached_to="sub", event=event("escalation", cancel=cancel))],
        ["s0 -> sub", "sub -> z", "s -> tell", "tell -> b", "on -> seen"],
    )  # fmt: skip
    assert sorted(Desk(process, reload=True).at()) == then


def test_an_escalation_that_nobody_catches_changes_nothing() -> None:
    desk = Desk(thrower("escalation", event("escalation", code="other")), reload=True)
    desk.complete("a")
    assert desk.at() == ["z"]


def test_signals_that_were_thrown_are_there_for_the_runtime() -> None:
    given = (Mapping("= 1", "n"),)
    process = draw(
        [node("s", "start"), node("t", "throw", event=event("signal", "frozen"), inputs=given),
         node("a", "user"), node("e", "end", event=event("signal", "over"))],
        ["s -> t", "t -> a", "a -> e"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    assert [(s.name, s.variables) for s in desk.x.thrown] == [("frozen", {"n": 1})]
    desk.complete("a")
    assert [s.name for s in desk.x.thrown] == ["over"] and desk.x.ended


def test_a_link_goes_on_where_its_name_is_caught() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), node("go", "throw", event=event("link", "rest")),
         node("here", "catch", event=event("link", "rest")), node("b", "user"), node("e", "end")],
        ["s -> a", "a -> go", "here -> b", "b -> e"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == ["b"] and desk.x.returnable(desk.key("b")) == ["a"], "退回 sees through a link"
    desk.move("b", "a")
    assert desk.at() == ["a"]


def test_nothing_goes_back_out_of_an_event_subprocess_nor_takes_one_away_that_runs_beside() -> None:
    desk = Desk(around(message("comment", cancel=False)), reload=True)
    desk.complete("a")
    desk.receive("es")
    assert desk.x.returnable(desk.key("x")) == []
    with pytest.raises(IllegalMove, match="事件子流程"):
        desk.move("x", "a")
    desk = Desk(around(message("comment", cancel=False)), reload=True)
    desk.complete("a")
    desk.receive("es")
    desk.move("b", "a")
    assert desk.at() == ["a", "es", "x"]


def test_an_event_subprocess_inside_another_waits_only_while_that_runs() -> None:
    inner = [
        node("in", "sub", parent="esp", triggered_by_event=True),
        node("is", "start", parent="in", event=message("more", cancel=False)),
        node("y", "user", parent="in"),
    ]
    outer = around(message("freeze"))
    elements = [*outer.model.elements.values(), *inner]
    elements = [replace(e, incoming=(), outgoing=(), default=None) for e in elements]
    process = draw(elements, ["s -> a", "a -> b", "b -> e", "es -> x", "x -> xe", "is -> y"])
    desk = Desk(process, reload=True)
    assert desk.at() == ["a", "es"]
    desk.receive("es")
    assert desk.at() == ["is", "x"]
    desk.receive("is")
    desk.complete("x")
    assert desk.at() == ["is", "y"]
    desk.complete("y")
    assert desk.x.ended
