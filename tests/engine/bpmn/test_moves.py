"""退回 and straight back: where a token may go, and what is cancelled for it (VERBS.md)."""

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import IllegalMove

from .drawing import Desk, draw, error, line, node, timer


def users(*names: str, parent: str | None = None) -> list:
    return [node(n, "user", parent=parent) for n in names]


def row() -> Process:
    return draw([node("s", "start"), *users("a", "b", "c"), node("e", "end")], line(*"sabce"))


def block(gateway: str = "and") -> Process:
    """a, then b1-b2 beside c, then d."""
    ways = ["f -> b1", "f -> c"] if gateway == "and" else ["f -> b1: = true", "f -> c: = true"]
    return draw(
        [node("s", "start"), *users("a", "b1", "b2", "c", "d"), node("f", gateway), node("j", gateway)],
        ["s -> a", "a -> f", *ways, "b1 -> b2", "b2 -> j", "c -> j", "j -> d"],
    )


def finish(desk: Desk, *names: str) -> None:
    for name in names:
        desk.complete(name)


def test_return_along_a_row_begins_a_new_round() -> None:
    desk = Desk(row(), reload=True)
    finish(desk, "a", "b")
    key = desk.key("c")
    assert desk.x.returnable(key) == ["a", "b"]
    desk.move("c", "a")
    assert desk.at() == ["a"] and ("c", "cancelled") in desk.path
    finish(desk, "a", "b")
    assert desk.at() == ["c"] and desk.key("c") != key
    finish(desk, "c")
    assert desk.x.ended


def test_straight_back_goes_to_whoever_returned_it() -> None:
    desk = Desk(row(), reload=True)
    finish(desk, "a", "b")
    desk.move("c", "a")
    assert desk.x.skips(desk.key("a"), "c")
    desk.complete("a", toward="c", fixed=True)
    assert desk.at() == ["c"] and desk.x.variables_of(None) == {"fixed": True}
    assert ("b", "entered") not in desk.path[desk.path.index(("c", "cancelled")) :]


@pytest.mark.parametrize("gateway", ["and", "or"])
def test_straight_back_leaves_out_a_whole_parallel_block(gateway: str) -> None:
    """It had stopped at everybody in the block: only the first step of a row was left out."""
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "b1", "b2", "c")
    desk.move("d", "a")
    assert desk.x.skips(desk.key("a"), "d")
    desk.complete("a", toward="d")
    assert desk.at() == ["d"]
    finish(desk, "d")
    assert desk.x.ended


def test_no_short_way_leads_to_what_only_a_timer_reaches() -> None:
    """In a loop the same step came round again and was taken for the one that had been returned."""
    late = [*users("late"), node("t", "boundary", attached_to="a", event=timer("duration", "PT1H"))]
    ways = ["s -> m", "m -> a", "a -> j", "t -> late", "late -> j", "j -> x", "x -> m: = again", "x => e"]
    gates = [node("m", "xor"), node("j", "xor"), node("x", "xor")]
    desk = Desk(draw([node("s", "start"), *users("a"), *late, *gates, node("e", "end")], ways), reload=True)
    assert not desk.x.skips(desk.key("a"), "late")


@pytest.mark.parametrize("gateway", ["and", "or"])
def test_return_before_the_fork_cancels_all_branches(gateway: str) -> None:
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "b1")
    assert desk.x.returnable(desk.key("b2")) == ["a", "b1"]
    assert desk.x.returnable(desk.key("c")) == ["a"]
    desk.move("b2", "a")
    assert desk.at() == ["a"]
    finish(desk, "a", "b1", "b2", "c")
    assert desk.at() == ["d"]
    finish(desk, "d")
    assert desk.x.ended


@pytest.mark.parametrize("gateway", ["and", "or"])
def test_return_inside_a_branch_leaves_the_sibling_alone(gateway: str) -> None:
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "b1")
    sibling = desk.key("c")
    desk.move("b2", "b1")
    assert desk.at() == ["b1", "c"] and desk.key("c") == sibling


@pytest.mark.parametrize("gateway", ["and", "or"])
def test_return_inside_a_branch_keeps_the_arrival_of_the_other(gateway: str) -> None:
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "b1", "c")
    desk.move("b2", "b1")
    assert desk.at() == ["b1"]
    finish(desk, "b1", "b2")
    assert desk.at() == ["d"]


@pytest.mark.parametrize("gateway", ["and", "or"])
def test_return_before_the_fork_takes_parked_arrivals_back(gateway: str) -> None:
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "c")
    desk.move("b1", "a")
    assert desk.x.active() == ["a"]
    finish(desk, "a", "b1", "b2")
    assert desk.at() == ["c"], "c has to come anew"
    finish(desk, "c", "d")
    assert desk.x.ended


@pytest.mark.parametrize("gateway", ["and", "or"])
@pytest.mark.parametrize("target", ["b1", "b2", "c"])
def test_return_after_join_reopens_the_whole_block(gateway: str, target: str) -> None:
    desk = Desk(block(gateway), reload=True)
    finish(desk, "a", "b1", "b2", "c")
    assert desk.x.returnable(desk.key("d")) == ["a", "b1", "c", "b2"]
    desk.move("d", target)
    assert desk.at() == ["b1", "c"]
    finish(desk, "c", "b1", "b2", "d")
    assert desk.x.ended


def test_a_step_of_another_branch_reopens_the_whole_block() -> None:
    desk = Desk(block(), reload=True)
    finish(desk, "a", "b1")
    desk.move("c", "b1")
    assert desk.at() == ["b1", "c"]
    finish(desk, "b1", "b2", "c", "d")
    assert desk.x.ended


def test_never_forward_into_or_over_a_join() -> None:
    desk = Desk(block(), reload=True)
    assert not desk.x.skips(desk.key("a"), "b1"), "the join would wait for ever"
    assert desk.x.skips(desk.key("a"), "d"), "over a whole block is fine"
    with pytest.raises(IllegalMove):
        desk.x.move(desk.key("a"), target="b1")
    finish(desk, "a")
    assert desk.x.skips(desk.key("b1"), "b2")
    assert not desk.x.skips(desk.key("b1"), "d")
    assert not desk.x.skips(desk.key("b1"), "c")
    for target in ("d", "b2"):
        with pytest.raises(IllegalMove):
            desk.x.move(desk.key("b1"), target=target)
    assert desk.at() == ["b1", "c"], "a refused move changes nothing"


def test_a_step_that_is_not_on_every_path_is_no_target() -> None:
    process = draw(
        [node("s", "start"), node("g", "xor"), *users("a", "b", "c"), node("m", "xor")],
        ["s -> g", "g -> a: = true", "g => b", "a -> m", "b -> m", "m -> c"],
    )
    desk = Desk(process)
    finish(desk, "a")
    assert desk.x.returnable(desk.key("c")) == []
    for target in ("a", "b", "c", "g", "nowhere"):
        with pytest.raises(IllegalMove):
            desk.x.move(desk.key("c"), target=target)


def nested() -> Process:
    """a, then (b, then (c1-c2 beside d) then e) beside f, then g."""
    return draw(
        [node("s", "start"), *users("a", "b", "c1", "c2", "d", "e", "f", "g"),
         node("F", "and"), node("J", "and"), node("F2", "and"), node("J2", "and")],
        ["s -> a", "a -> F", "F -> b", "F -> f", "b -> F2", "F2 -> c1", "F2 -> d", "c1 -> c2", "c2 -> J2",
         "d -> J2", "J2 -> e", "e -> J", "f -> J", "J -> g"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("done", "here", "target", "then"),
    [
        ("a b c1", "c2", "c1", "c1 d f"),
        ("a b c1", "c2", "b", "b f"),
        ("a b c1", "c2", "a", "a"),
        ("a b c1 c2 d", "e", "c2", "c1 d f"),
        ("a b c1 c2 d", "e", "b", "b f"),
        ("a b c1 c2 d", "f", "d", "b f"),
        ("a b c1 c2 d e f", "g", "d", "b f"),
        ("a b c1 c2 d e f", "g", "a", "a"),
        ("a b f d", "c1", "b", "b"),
    ],
)
def test_return_in_nested_blocks(done: str, here: str, target: str, then: str) -> None:
    desk = Desk(nested(), reload=True)
    finish(desk, *done.split())
    desk.move(here, target)
    assert desk.at() == then.split()
    for _ in range(20):
        if desk.x.ended:
            break
        desk.complete(desk.at()[0])
    assert desk.x.ended and desk.path.count(("g", "left")) == 1


def inside() -> Process:
    """a, then a subprocess (b beside c1-c2; a timer and an error on it), then d."""
    return draw(
        [node("s", "start"), *users("a", "d", "fix"), node("sub", "sub"),
         node("i", "start", parent="sub"), node("f", "and", parent="sub"),
         *users("b", "c1", "c2", parent="sub"),
         node("x1", "end", parent="sub"), node("x2", "end", parent="sub"),
         node("late", "boundary", attached_to="sub", event=timer("duration", "P1D", cancel=False)),
         node("bad", "boundary", attached_to="sub", event=error("bad")), node("told", "user")],
        ["s -> a", "a -> sub", "sub -> d", "i -> f", "f -> b", "f -> c1", "c1 -> c2", "b -> x1", "c2 -> x2",
         "late -> told", "bad -> fix"],
    )  # fmt: skip


def test_return_out_of_a_subprocess_takes_all_of_it_and_its_timer() -> None:
    desk = Desk(inside(), reload=True)
    finish(desk, "a", "c1")
    assert desk.x.returnable(desk.key("c2")) == ["a", "c1"]
    desk.move("c2", "a")
    assert desk.at() == ["a"]
    finish(desk, "a")
    assert desk.at() == ["b", "c1", "late"]
    finish(desk, "b", "c1", "c2", "d")
    assert desk.x.ended


def test_return_inside_a_subprocess_keeps_the_rest() -> None:
    desk = Desk(inside(), reload=True)
    finish(desk, "a", "c1")
    desk.move("c2", "c1")
    assert desk.at() == ["b", "c1", "late"]


def test_return_takes_the_side_path_of_a_boundary_along() -> None:
    desk = Desk(inside(), reload=True)
    finish(desk, "a", "c1")
    desk.fire("late")
    assert desk.at() == ["b", "c2", "told"]
    desk.move("c2", "a")
    assert desk.at() == ["a"], "the reminder belonged to the visit that is undone"


def test_a_step_in_a_finished_subprocess_begins_the_whole_of_it_anew() -> None:
    desk = Desk(inside(), reload=True)
    finish(desk, "a", "b", "c1", "c2")
    assert desk.x.returnable(desk.key("d")) == ["a", "b", "c1", "c2"]
    begun = desk.at()
    desk.move("d", "c2")
    assert begun == ["d"] and desk.at() == ["b", "c1", "late"]
    finish(desk, "b", "c1", "c2")
    assert desk.at() == ["d"]


def test_return_in_a_loop_and_out_of_it() -> None:
    process = draw(
        [node("s", "start"), *users("a", "b", "c"), node("m", "xor"), node("x", "xor"), node("e", "end")],
        ["s -> a", "a -> m", "m -> b", "b -> c", "c -> x", "x -> m: = again", "x => e"],
    )
    desk = Desk(process, reload=True, again=True)
    finish(desk, "a", "b", "c", "b")
    assert desk.x.returnable(desk.key("c")) == ["a", "b"]
    desk.move("c", "b")
    finish(desk, "b")
    desk.move("c", "a")
    assert desk.at() == ["a"]
    finish(desk, "a", "b")
    desk.complete("c", again=False)
    assert desk.x.ended


def test_a_move_undoes_the_variables_of_what_it_cancels() -> None:
    from engine.bpmn.model import Mapping

    process = draw([node("s", "start"), node("a", "user"),
                    node("b", "user", inputs=(Mapping("= 1", "own"),))], line(*"sab"))  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a", kept=True)
    key = desk.key("b")
    desk.move("b", "a")
    desk.save_and_load()
    assert (key, "own") not in desk.stored and desk.x.variables_of(None) == {"kept": True}


def test_an_arrival_of_an_inner_fork_goes_with_the_branch_that_is_returned() -> None:
    """Two forks, one join: what y's own fork had sent to the join is taken back, c's arrival stays."""
    process = draw(
        [node("s", "start"), *users("y", "p", "q", "c", "d"), *(node(n, "and") for n in "FGJ")],
        ["s -> F", "F -> y", "F -> c", "y -> G", "G -> p", "G -> q", "p -> J", "q -> J", "c -> J", "J -> d"],
    )
    desk = Desk(process, reload=True)
    finish(desk, "c", "y", "p")
    desk.move("q", "y")
    finish(desk, "y", "q")
    assert desk.at() == ["p"], "p has to come anew"
    finish(desk, "p")
    assert desk.at() == ["d"] and desk.x.stuck == []


def test_reopen_begins_again_at_the_step_or_with_the_whole_block_around_it() -> None:
    desk = Desk(block(), reload=True)
    finish(desk, "a", "b1", "b2", "c", "d")
    for target in ("f", "nowhere"):
        with pytest.raises(IllegalMove):
            desk.x.reopen(target)
    desk.act().reopen("d")
    desk.done()
    assert desk.at() == ["d"] and not desk.x.ended
    finish(desk, "d")
    assert desk.x.ended
    desk.act().reopen("b2")
    desk.done()
    assert desk.at() == ["b1", "c"]
    finish(desk, "c", "b1", "b2", "d")
    assert desk.x.ended


def test_reopen_does_not_begin_at_what_only_an_event_led_to_not_in_a_subprocess_either() -> None:
    drawn = draw(
        [node("s", "start"), node("sub", "sub"), node("end", "end"),
         node("i", "start", parent="sub"), *users("b", "told", parent="sub"), node("x", "end", parent="sub"),
         node("late", "boundary", attached_to="b", parent="sub",
              event=timer("duration", "P1D", cancel=False))],
        ["s -> sub", "sub -> end", "i -> b", "b -> x", "late -> told"],
    )  # fmt: skip
    desk = Desk(drawn, reload=True)
    finish(desk, "b")
    assert desk.x.ended
    with pytest.raises(IllegalMove, match="由事件引出，不能单独恢复办理"):
        desk.x.reopen("told")
    desk.act().reopen("b")
    desk.done()
    assert desk.at() == ["b", "late"]


def test_reopen_takes_away_what_stood_when_the_instance_was_ended_from_outside() -> None:
    desk = Desk(block(), reload=True)
    finish(desk, "a", "b1")
    desk.act().reopen("a")
    desk.done()
    assert desk.at() == ["a"]
    finish(desk, "a", "b1", "b2", "c", "d")
    assert desk.x.ended


def test_preview_tells_whose_work_is_cancelled_and_changes_nothing() -> None:
    desk = Desk(inside(), reload=True)
    finish(desk, "a", "c1")
    before = desk.x.dump()
    preview = desk.x.preview(desk.key("c2"), target="a")
    assert preview.place == "a"
    assert sorted(wait.element for wait in preview.cancelled) == ["b", "c2", "late"]
    assert desk.x.dump() == before
    other = Desk(block())
    finish(other, "a", "b1", "b2", "c")
    assert other.x.preview(other.key("d"), target="b2").place == "f"
    with pytest.raises(IllegalMove):
        desk.x.preview(desk.key("c2"), target="d")


def checked() -> Process:
    """a, a check that may send it back or aside to x, then b and c."""
    return draw(
        [node("s", "start"), *users("a", "b", "c", "x"), node("g", "xor"), node("e", "end")],
        [
            "s -> a",
            "a -> g",
            "g -> a: = wrong = true",
            "g -> x: = aside = true",
            "g => b",
            "x -> b",
            "b -> c",
            "c -> e",
        ],
    )


def test_the_short_way_passes_checks_and_leaves_out_steps_that_were_done() -> None:
    desk = Desk(checked(), reload=True)
    desk.complete("a", wrong=False, aside=False)
    desk.complete("b")
    desk.move("c", "a")
    desk.complete("a", toward="c", wrong=False)
    assert desk.at() == ["c"]
    after = desk.path[desk.path.index(("c", "cancelled")) :]
    assert ("g", "entered") in after and ("b", "entered") not in after


@pytest.mark.parametrize(("said", "goes"), [({"wrong": True}, "a"), ({"aside": True}, "x")])
def test_a_check_on_the_short_way_may_lead_back_or_aside(said: dict[str, bool], goes: str) -> None:
    desk = Desk(checked(), reload=True)
    desk.complete("a", wrong=False, aside=False)
    desk.complete("b")
    desk.move("c", "a")
    desk.complete("a", toward="c", **said)
    assert desk.at() == [goes]
    desk.complete(goes, wrong=False, aside=False)
    assert desk.at() == ["b"]
