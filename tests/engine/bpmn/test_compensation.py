"""Compensation: what was completed is undone, the last first, and nothing twice."""

from decimal import Decimal

import pytest

from engine.bpmn.failures import IllegalMove
from engine.bpmn.model import Element, EventDefinition, Loop, Mapping, Repeat

from .drawing import Desk, draw, error, node, timer


def undo(ref: str | None = None, *, waits: bool = True) -> EventDefinition:
    """A compensation that is thrown."""
    return EventDefinition(kind="compensation", activity_ref=ref, waits=waits)


def undone_by(host: str, kind: str = "user", *, parent: str | None = None, **fields: object) -> list[Element]:
    """The compensation event on `host`, and the activity `un_host` that undoes it."""
    event = EventDefinition(kind="compensation")
    return [
        node(f"c_{host}", "boundary", attached_to=host, event=event, handler=f"un_{host}", parent=parent),
        node(f"un_{host}", kind, for_compensation=True, parent=parent, **fields),
    ]


def booked(ref: str | None = None, *, waits: bool = True, kind: str = "throw") -> Desk:
    """a, then b, each can be undone, then the compensation, then z."""
    process = draw(
        [node("s", "start"), node("a", "user"), node("b", "user"), *undone_by("a"), *undone_by("b"),
         node("t", kind, event=undo(ref, waits=waits)), node("z", "user")],
        ["s -> a", "a -> b", "b -> t", *(["t -> z"] if kind == "throw" else [])],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    return desk


def test_the_last_is_undone_first_and_the_token_waits_for_it() -> None:
    desk = booked()
    assert desk.at() == ["b"], "nothing is undone before it is asked for"
    desk.complete("b")
    assert desk.at() == ["un_b"] and desk.x.active() == ["t", "un_b"]
    desk.complete("un_b")
    assert desk.at() == ["un_a"]
    desk.complete("un_a")
    assert desk.at() == ["z"]
    desk.complete("z")
    assert desk.x.ended and len(desk.x.dump()) < 40, "nothing is remembered of an instance that has ended"


def test_an_end_event_ends_when_everything_is_undone() -> None:
    desk = booked(kind="end")
    desk.complete("b")
    desk.complete("un_b")
    assert not desk.x.ended
    desk.complete("un_a")
    assert desk.x.ended


def test_only_what_is_named_is_undone() -> None:
    desk = booked("a")
    desk.complete("b")
    assert desk.at() == ["un_a"]
    desk.complete("un_a")
    assert desk.at() == ["z"]


def test_one_that_does_not_wait_goes_on_beside_the_undoing() -> None:
    desk = booked(waits=False)
    desk.complete("b")
    assert desk.at() == ["un_b", "z"]
    desk.complete("z")
    assert not desk.x.ended
    desk.complete("un_b")
    desk.complete("un_a")
    assert desk.x.ended


def test_what_never_was_completed_is_not_undone() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), *undone_by("a"), node("b", "user"),
         node("t", "throw", event=undo()), node("z", "user")],
        ["s -> a", "s -> b", "b -> t", "t -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("b")
    assert desk.at() == ["a", "z"]


def test_nothing_is_undone_twice() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), *undone_by("a"), node("b", "user"), node("c", "user"),
         node("t1", "throw", event=undo()), node("t2", "throw", event=undo("a")), node("z", "user")],
        ["s -> a", "a -> b", "a -> c", "b -> t1", "c -> t2", "t1 -> z", "t2 -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    desk.complete("b")
    assert desk.at() == ["c", "un_a"]
    desk.complete("c")
    assert desk.at() == ["un_a", "z"], "it is being undone already: nothing is left to wait for"
    desk.complete("un_a")
    assert desk.at() == ["z", "z"]


def test_an_activity_that_was_done_in_rounds_is_undone_in_rounds() -> None:
    process = draw(
        [node("s", "start"), node("a", "user", repeat=Repeat("= n < 3")), *undone_by("a"),
         node("t", "end", event=undo())],
        ["s -> a", "a -> t"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    for n in (1, 2, 3):
        desk.complete("a", n=Decimal(n))
    for _ in range(3):
        desk.complete("un_a")
    assert desk.x.ended


def test_a_loop_that_found_nothing_to_do_leaves_nothing_to_undo() -> None:
    process = draw(
        [node("s", "start"), node("a", "user", repeat=Repeat("= n < 3", before=True)), *undone_by("a"),
         node("t", "throw", event=undo()), node("z", "user")],
        ["s -> a", "a -> t", "t -> z"],
    )  # fmt: skip
    assert Desk(process, n=Decimal(3)).at() == ["z"]


@pytest.mark.parametrize("sequential", [True, False])
def test_the_rounds_of_a_multi_instance_are_undone_each_with_its_item(sequential: bool) -> None:
    many = Loop(sequential=sequential, input_collection="= names", input_element="name")
    process = draw(
        [node("s", "start"), node("a", "user", loop=many), *undone_by("a"), node("t", "throw", event=undo()),
         node("z", "user")],
        ["s -> a", "a -> t", "t -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True, names=["甲", "乙"])
    for _ in range(2):
        desk.act().complete(next(iter(desk.x.waits())), {})
        desk.done()
    seen = []
    while desk.at() == ["un_a"]:
        seen.append(desk.x.variables_of(desk.key("un_a"))["name"])
        desk.complete("un_a")
    assert seen == ["乙", "甲"] and desk.at() == ["z"]


def nested(*inner: Element, kind: str = "throw", on_sub: bool = False) -> Desk:
    """A subprocess with two steps (both can be undone) is completed, then everything is undone."""
    process = draw(
        [node("s0", "start"), node("pre", "user"), *undone_by("pre"), node("sub", "sub"),
         node("s", "start", parent="sub"), node("a", "user", parent="sub"), *undone_by("a", parent="sub"),
         node("b", "user", parent="sub"), *undone_by("b", parent="sub"),
         *inner, *(undone_by("sub") if on_sub else []),
         node("late", "boundary", attached_to="sub", event=timer("duration", "P1D")),
         node("go", "user"), node("t", kind, event=undo()), node("z", "user")],
        ["s0 -> pre", "pre -> sub", "sub -> go", "go -> t", "t -> z", "s -> a", "a -> b", "late -> z",
         *(["es -> fix", "fix -> et"] if inner else [])],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("pre")
    desk.complete("a", note="一")
    desk.complete("b")
    assert desk.at() == ["go"], "the timer on the subprocess went with it"
    return desk


def test_a_completed_subprocess_is_undone_from_the_inside_in_its_place_of_the_order() -> None:
    desk = nested()
    desk.complete("go")
    undone = []
    while desk.at() != ["z"]:
        undone += desk.at()
        desk.complete(undone[-1])
    assert undone == ["un_b", "un_a", "un_pre"]
    desk.complete("z")
    assert desk.x.ended


def test_an_own_activity_on_a_subprocess_undoes_it_as_a_whole() -> None:
    desk = nested(on_sub=True)
    desk.complete("go")
    assert desk.at() == ["un_sub"]
    desk.complete("un_sub")
    assert desk.at() == ["un_pre"]


def test_an_event_subprocess_undoes_its_scope_with_the_variables_of_that_time() -> None:
    inner = [
        node("esp", "sub", parent="sub", triggered_by_event=True),
        node("es", "start", parent="esp", event=undo()),
        node("fix", "user", parent="esp"),
        node("et", "end", parent="esp", event=undo("a")),
    ]
    desk = nested(*inner)
    desk.complete("go")
    assert desk.at() == ["fix"]
    desk.complete("fix")
    assert desk.at() == ["un_a"], "it says itself which of the inner steps are undone"
    desk.complete("un_a")
    assert desk.at() == ["un_pre"]
    desk.complete("un_pre")
    assert desk.at() == ["z"]


def test_the_order_is_that_of_completion_not_of_beginning() -> None:
    process = draw(
        [node("s0", "start"), node("sub", "sub"), node("s", "start", parent="sub"),
         node("a", "user", parent="sub"), *undone_by("a", parent="sub"), node("b", "user"), *undone_by("b"),
         node("join", "and"), node("t", "end", event=undo())],
        ["s0 -> sub", "s0 -> b", "sub -> join", "b -> join", "join -> t", "s -> a"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("b")
    desk.complete("a")
    assert desk.at() == ["un_a"], "the subprocess began first, but ended last"


def test_a_kept_subprocess_keeps_its_own_variables() -> None:
    process = draw(
        [node("s0", "start"), node("sub", "sub", inputs=(Mapping('= "甲"', "who"),)),
         node("s", "start", parent="sub"), node("a", "user", parent="sub"),
         *undone_by("a", parent="sub", inputs=(Mapping("= who", "whom"),)), node("t", "end", event=undo())],
        ["s0 -> sub", "sub -> t", "s -> a"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a", who="乙")
    assert desk.x.waits()[desk.key("un_a")].inputs == {"whom": "乙"}


def test_an_error_subprocess_undoes_what_was_done_before_the_error() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), *undone_by("a"), node("b", "service", task_type="t"),
         node("esp", "sub", triggered_by_event=True), node("es", "start", parent="esp", event=error("E")),
         node("et", "throw", parent="esp", event=undo()), node("x", "user", parent="esp")],
        ["s -> a", "a -> b", "es -> et", "et -> x"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    desk.throw("b", "E")
    assert desk.at() == ["un_a"]
    desk.complete("un_a")
    assert desk.at() == ["x"]


@pytest.mark.parametrize("kind", ["service", "call", "script"])
def test_whatever_takes_time_may_undo(kind: str) -> None:
    fields = {"service": {"task_type": "t"}, "call": {"called_process": "p"}, "script": {"script": "= 1"}}[
        kind
    ]
    process = draw(
        [node("s", "start"), node("a", "user"), *undone_by("a", kind, **fields),
         node("t", "throw", event=undo()), node("z", "user")],
        ["s -> a", "a -> t", "t -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    if kind == "call":
        desk.finish("un_a", [{}])
    elif kind == "service":
        desk.complete("un_a")
    assert desk.at() == ["z"]


def test_a_step_that_undoes_cannot_be_returned_and_survives_a_return_beside_it() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), *undone_by("a"), node("t", "throw", event=undo()),
         node("z", "user"), node("x", "user"), node("y", "user")],
        ["s -> a", "s -> x", "a -> t", "t -> z", "x -> y"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    desk.complete("x")
    key = desk.key("un_a")
    assert desk.x.returnable(key) == []
    with pytest.raises(IllegalMove, match="补偿"):
        desk.x.move(key, target="a")
    desk.save_and_load()
    desk.move("y", "x")
    assert desk.at() == ["un_a", "x"]
    desk.complete("un_a")
    assert desk.at() == ["x", "z"]


def test_what_is_undone_stops_with_the_scope_around_it() -> None:
    process = draw(
        [node("s0", "start"), node("sub", "sub"), node("late", "boundary", attached_to="sub",
         event=timer("duration", "P1D")), node("x", "user"), node("s", "start", parent="sub"),
         node("a", "user", parent="sub"), *undone_by("a", parent="sub"),
         node("t", "end", parent="sub", event=undo())],
        ["s0 -> sub", "late -> x", "s -> a", "a -> t"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == ["late", "un_a"]
    desk.fire("late")
    assert desk.at() == ["x"]


# -- transactions -----------------------------------------------------------------------------------------


def transaction(*, deep: bool = False) -> Desk:
    """a can be undone, c is open beside it, b leads to a cancel end event, `deep` in a subprocess or not."""
    cancel = EventDefinition(kind="cancel")
    inside = [node("box", "sub", parent="tx"), node("is", "start", parent="box")] if deep else []
    home = "box" if deep else "tx"
    process = draw(
        [node("s0", "start"), node("tx", "sub", transaction=True), node("done", "user"),
         node("undone", "user"), node("on", "boundary", attached_to="tx", event=cancel),
         node("s", "start", parent="tx"), node("a", "user", parent="tx"), *undone_by("a", parent="tx"),
         node("c", "user", parent="tx"), *inside, node("b", "user", parent=home),
         node("e", "end", parent=home, event=cancel)],
        ["s0 -> tx", "tx -> done", "on -> undone", "s -> a", "s -> c", "b -> e",
         *(["a -> box", "is -> b"] if deep else ["a -> b"])],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    return desk


@pytest.mark.parametrize("deep", [True, False])
def test_a_cancelled_transaction_is_undone_and_goes_on_at_its_cancel_event(deep: bool) -> None:
    desk = transaction(deep=deep)
    assert desk.at() == ["b", "c"]
    desk.complete("b")
    assert desk.at() == ["un_a"], "what still ran in it is cancelled"
    desk.complete("un_a")
    assert desk.at() == ["undone"]
    desk.complete("undone")
    assert desk.x.ended


def test_a_transaction_that_ends_is_a_subprocess_like_any_other() -> None:
    process = draw(
        [node("s0", "start"), node("tx", "sub", transaction=True), node("done", "user"),
         node("s", "start", parent="tx"), node("a", "user", parent="tx"), *undone_by("a", parent="tx")],
        ["s0 -> tx", "tx -> done", "s -> a"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == ["done"]
