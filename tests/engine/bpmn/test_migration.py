"""What stands in the way of another version, each kind by name; what changes for those that fit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.migration.carrying import Carried, carry
from engine.bpmn.migration.differences import differences, suggested
from engine.bpmn.migration.obstacles import obstacles
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import EventDefinition, Loop, Mapping

from .drawing import BEGIN, Desk, draw, line, message, node, timer
from .test_compensation import undo, undone_by

S, E, A, B = node("s", "start"), node("e", "end"), node("a", "user"), node("b", "user")


def row(*middle: Any, extra: tuple[Any, ...] = (), flows: tuple[str, ...] = ()) -> Process:
    """Start, these one after another, end."""
    return draw([S, *middle, E, *extra], [*line("s", *(one.id for one in middle), "e"), *flows])


def in_the_way(desk: Desk, new: Process, **mapping: str) -> list[tuple[str, str]]:
    found = obstacles(desk.x, Passage(desk.process, new, mapping))
    assert all(one.message and one.hint for one in found)
    return [(one.element, one.rule) for one in found]


def moved(desk: Desk, new: Process, **mapping: str) -> Carried:
    passage = Passage(desk.process, new, mapping)
    assert obstacles(desk.x, passage) == []
    carried = carry(desk.x, passage, services=desk.services)
    desk.x, desk.process = carried.execution, new
    return carried


def inside(*middle: Any, parent: str = "box") -> list[Any]:
    placed = [replace(one, parent=parent) for one in middle]
    return [node("in", "start", parent=parent), *placed, node("out", "end", parent=parent)]


BOX = node("box", "sub")
BOXED = draw([S, BOX, *inside(A), E], [*line("s", "box", "e"), *line("in", "a", "out")])


@pytest.mark.parametrize(
    ("new", "mapping", "expected"),
    [
        (row(B), {}, ("a", "gone")),
        (row(node("a", "service", task_type="x")), {}, ("a", "kind")),
        (row(node("b", "service", task_type="x")), {"a": "b"}, ("a", "kind")),
        (BOXED, {}, ("a", "scope")),
        (row(node("a", "user", loop=Loop(False, "= [1]"))), {}, ("a", "rounds")),
    ],
)
def test_a_step_that_is_not_there_as_it_was_is_in_the_way(
    new: Process, mapping: dict[str, str], expected: tuple[str, str]
) -> None:
    assert in_the_way(Desk(row(A)), new, **mapping) == [expected]


def test_a_step_in_a_subprocess_moves_with_it_and_not_out_of_it() -> None:
    desk = Desk(BOXED)
    assert in_the_way(desk, row(A)) == [("box", "gone"), ("a", "scope")]
    other = draw(
        [S, replace(BOX, id="crate"), *inside(A, parent="crate"), E],
        [*line("s", "crate", "e"), *line("in", "a", "out")],
    )
    moved(desk, other, box="crate")
    desk.complete("a")
    assert desk.x.ended


def test_rounds_that_have_begun_keep_their_way_of_beginning() -> None:
    def many(loop: Loop) -> Process:
        return row(node("a", "user", loop=loop), B)

    desk = Desk(many(Loop(False, "= [1, 2]", "item", "all", "= item")))
    assert in_the_way(desk, many(Loop(True, "= [1, 2]", "item", "all", "= item"))) == [("a", "rounds")]
    desk.act().complete(min(desk.x.waits()), {})
    desk.done()
    moved(desk, many(Loop(False, "= [1, 2]", "item", "all", "= item * 10", "= false")))
    desk.complete("a")
    assert [int(one) for one in desk.x.results()["all"]] == [1, 20]
    assert desk.at() == ["b"]


def test_an_event_of_another_kind_is_in_the_way_and_one_that_says_otherwise_is_awaited_anew() -> None:
    def wait(event: EventDefinition) -> Process:
        return row(node("w", "catch", event=event))

    desk = Desk(wait(timer("duration", "PT2H")))
    assert in_the_way(desk, wait(message("m"))) == [("w", "event")]
    desk.later(hours=1)
    carried = moved(desk, wait(timer("duration", "PT5H")))
    assert [one.message for one in carried.remarks] == ["“w”的时间按新版重新计算。"]
    (found,) = desk.x.waits().values()
    assert found.due_at == BEGIN + timedelta(hours=5), "a period counts from when it began"
    moved(desk, wait(timer("date", '= date and time("2018-05-01T00:00:00+08:00")')))
    (found,) = desk.x.waits().values()
    assert found.due_at is not None and found.due_at.isoformat() == "2018-04-30T16:00:00+00:00"

    desk = Desk(wait(message("m")))
    moved(desk, wait(message("n", '= "other"')))
    (found,) = desk.x.waits().values()
    assert (found.message, found.correlation_key) == ("n", "other")


def race(*events: Any, gate: str = "g") -> Process:
    names = [one.id for one in events]
    flows = ["s -> " + gate, *(f"{gate} -> {name}" for name in names), *(f"{name} -> e" for name in names)]
    return draw([S, node(gate, "event"), *events, E], flows)


def test_a_race_goes_on_with_the_events_that_the_new_version_has() -> None:
    w1, w2 = (node(name, "catch", event=message(name)) for name in ("w1", "w2"))
    w3 = node("w3", "catch", event=timer("duration", "PT1H"))
    desk = Desk(race(w1, w2))
    assert in_the_way(desk, race(w3, node("w4", "catch", event=message("w4")))) == [("g", "event")]
    carried = moved(desk, race(w2, w3, gate="h"), g="h")
    assert [one.message for one in carried.remarks] == [
        "新版在这里多了“w3”，从现在起等待它。",
        "新版里没有“w1”，不再等待它。",
    ]
    assert desk.at() == ["w2", "w3"]
    desk.fire("w3")
    assert desk.x.ended


def test_events_beside_a_step_come_and_go_and_one_that_has_fired_does_not_come_again() -> None:
    def beside(*boundaries: Any) -> Process:
        ends = tuple(f"{one.id} -> e" for one in boundaries)
        return row(A, extra=boundaries, flows=ends)

    once = node("t1", "boundary", attached_to="a", event=timer("duration", "PT1H", cancel=False))
    more = node("t2", "boundary", attached_to="a", event=timer("duration", "PT3H"))
    desk = Desk(beside(once))
    desk.fire("t1")
    assert desk.at() == ["a"]
    moved(desk, beside(once, more))
    assert desk.at() == ["a", "t2"]
    moved(desk, beside(once))
    assert desk.at() == ["a"]
    assert in_the_way(Desk(beside(once)), beside(replace(more, id="x", event=message("m"))), t1="x") == [
        ("t1", "event")
    ]


@pytest.mark.parametrize("kind", ["boundary", "event subprocess", "race"])
def test_an_event_that_waits_for_another_kind_of_thing_under_its_old_name_is_awaited_anew(kind: str) -> None:
    """It was dropped as the old one and not begun as the new one: what it was drawn for never happened."""

    def beside(event: EventDefinition) -> Process:
        if kind == "boundary":
            return row(A, extra=(node("on", "boundary", attached_to="a", event=event),), flows=("on -> e",))
        if kind == "race":
            other = node("other", "catch", event=message("never"))
            return race(node("on", "catch", event=event), other)
        box = node("box", "sub", triggered_by_event=True)
        return row(A, extra=(box, node("on", "start", parent="box", event=event)))

    desk = Desk(beside(timer("duration", "PT1H")))
    carried = moved(desk, beside(message("m")))
    assert [one.message for one in carried.remarks] == [
        "新版在这里多了“on”，从现在起等待它。",
        "新版里没有“on”，不再等待它。",
    ]
    desk.receive("on")
    assert desk.x.ended


def test_inputs_that_are_new_are_filled_in_and_others_stay_as_they_were() -> None:
    desk = Desk(row(replace(A, inputs=(Mapping("= n", "own"),))), n=1)
    new = row(replace(A, inputs=(Mapping("= n + 1", "own"), Mapping("= own + 1", "next"))))
    (remark,) = moved(desk, new).remarks
    assert remark.message == "“a”的输入按新版补上。"
    seen = desk.x.variables_of(desk.key("a"))
    assert (int(seen["own"]), int(seen["next"])) == (2, 3)


def test_a_join_keeps_who_has_arrived_as_long_as_their_way_is_there() -> None:
    def fork(*names: str, join: str = "j") -> Process:
        flows = ["s -> f", *(f"f -> {one}" for one in names), *(f"{one} -> {join}" for one in names)]
        users = [node(one, "user") for one in names]
        return draw([S, node("f", "and"), *users, node(join, "and"), E], [*flows, f"{join} -> e"])

    desk = Desk(fork("a", "b"))
    desk.complete("a")
    assert in_the_way(desk, fork("b", "c")) == [("j", "join")]
    moved(desk, fork("b", "x", join="k"), a="x", j="k")
    desk.complete("b")
    assert desk.x.ended


def forked(*names: str, join: str = "j") -> Process:
    """Fork, these users side by side, join, then `z`."""
    users = [node(one, "user") for one in names]
    flows = ["s -> z0", "z0 -> f", *(f"f -> {one}" for one in names), *(f"{one} -> {join}" for one in names)]
    drawn = [S, node("z0", "user"), node("f", "and"), *users, node(join, "and"), node("z", "user"), E]
    return draw(drawn, [*flows, f"{join} -> z", "z -> e"])


def test_a_branch_that_is_new_is_in_the_way_of_who_has_passed_its_fork() -> None:
    """It was said to fit, and stopped at the join for ever: nobody had begun the branch that it asked for."""
    newer = forked("a", "b", "c", join="k")
    desk = Desk(forked("a", "b"))
    assert in_the_way(desk, newer, j="k") == [], "the fork lies ahead: all three are begun"
    desk.complete("z0")
    assert in_the_way(desk, newer, j="k") == [("j", "join")]
    desk.complete("a")
    assert in_the_way(desk, newer, j="k") == [("j", "join")]
    found = obstacles(desk.x, Passage(desk.process, newer, {"j": "k"}))
    assert "“c”" in found[0].message
    desk.complete("b")
    moved(desk, newer, j="k")
    desk.complete("z")
    assert desk.x.ended


def test_a_step_that_is_new_in_a_branch_is_in_nobodys_way() -> None:
    """The flow into the join is another one, but whoever is before it still comes that way."""
    users = [node(one, "user") for one in ("a", "b", "x")]
    flows = ["s -> z0", "z0 -> f", "f -> a", "f -> b", "a -> x", "x -> j", "b -> j", "j -> z", "z -> e"]
    drawn = [S, node("z0", "user"), node("f", "and"), *users, node("j", "and"), node("z", "user"), E]
    desk = Desk(forked("a", "b"))
    desk.complete("z0")
    moved(desk, draw(drawn, flows))
    for name in ("a", "b", "x", "z"):
        desk.complete(name)
    assert desk.x.ended


def test_differences_and_suggestions_are_told_for_people() -> None:
    old = draw([S, A, B, E], line("s", "a", "b", "e")).model
    newer = [S, replace(node("c", "user"), name="a"), replace(B, form_id="f"), node("d", "user"), E]
    new = draw(newer, [*line("s", "c", "b", "d", "e")]).model
    found = {one.element: (one.what, one.aspects) for one in differences(old, new)}
    assert found == {
        "s": ("changed", ("flows",)),
        "c": ("added", ()),
        "b": ("changed", ("form", "flows")),
        "d": ("added", ()),
        "a": ("removed", ()),
    }
    assert suggested(old, new) == {"a": "c"}


def test_what_can_be_undone_is_kept_as_long_as_the_new_version_can_undo_it() -> None:
    def booked(*kept: str) -> Process:
        undoing = [one for name in kept for one in undone_by(name)]
        users = [node(name, "user") for name in ("a", "b")]
        return draw([S, *users, *undoing, node("t", "throw", event=undo()), E], line("s", "a", "b", "t", "e"))

    desk = Desk(booked("a", "b"))
    desk.complete("a")
    (remark,) = moved(desk, booked("b")).remarks
    assert remark.message == "新版里不能再撤销“c_a”。"
    desk.complete("b")
    assert desk.at() == ["un_b"]
    desk = Desk(booked("a", "b"))
    desk.complete("a")
    desk.complete("b")
    assert in_the_way(desk, booked("b")) == [("t", "undoing")]
    assert moved(desk, booked("a", "b")).remarks == []
    desk.complete("un_b")
    desk.complete("un_a")
    assert desk.x.ended


def test_the_rounds_of_an_activity_can_still_be_undone_also_in_the_middle_of_it() -> None:
    """They were forgotten by every migration, and while one was undone none was possible."""

    def booked() -> Process:
        rounds = node("a", "user", loop=Loop(False, "= [1, 2]", "item"))
        return draw(
            [S, rounds, *undone_by("a"), B, node("t", "throw", event=undo()), E],
            line("s", "a", "b", "t", "e"),
        )

    desk = Desk(booked())
    for _ in range(2):
        desk.act().complete(next(iter(desk.x.waits())), {})
        desk.done()
    assert moved(desk, booked()).remarks == []
    desk.complete("b")
    for item in (2, 1):
        assert desk.x.variables_of(desk.key("un_a"))["item"] == item
        assert moved(desk, booked()).remarks == []
        desk.complete("un_a")
    assert desk.x.ended
