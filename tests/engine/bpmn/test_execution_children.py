"""Call activities are children elsewhere: one, or one for each item."""

from decimal import Decimal

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.model import Loop, Mapping
from engine.bpmn.waits import Wait

from .drawing import Desk, draw, line, node


def calling(**fields: object) -> Process:
    fields.setdefault("called_process", "child")
    return draw([node("s", "start"), node("c", "call", **fields), node("z", "user")], line(*"scz"))


def the_wait(desk: Desk) -> Wait:
    (wait,) = desk.x.waits().values()
    assert wait.kind == "children"
    return wait


def test_one_child_gets_all_variables_and_gives_all_back() -> None:
    desk = Desk(calling(inputs=(Mapping("= unit.id", "about"),)), reload=True, unit={"id": "u1"})
    wait = the_wait(desk)
    assert wait.process_id == "child"
    assert list(wait.children or []) == [{"unit": {"id": "u1"}, "about": "u1"}]
    desk.finish("c", [{"about": "u2", "grade": "A"}])
    assert desk.x.variables_of(None) == {"unit": {"id": "u1"}, "grade": "A"}, "about was the call's own"


def test_a_child_may_get_only_what_is_mapped_and_give_only_what_is_mapped() -> None:
    desk = Desk(
        calling(inputs=(Mapping("= x", "y"),), propagate_all_parent=False, propagate_all_child=False,
                outputs=(Mapping("= grade", "final"),), called_process='= "child" + string(x)'),
        reload=True, x=Decimal(1),
    )  # fmt: skip
    wait = the_wait(desk)
    assert wait.process_id == "child1" and list(wait.children or []) == [{"y": 1}]
    desk.finish("c", [{"grade": "A", "noise": True}])
    assert desk.x.variables_of(None) == {"x": 1, "final": "A"}


def test_a_child_that_gives_nothing_changes_nothing() -> None:
    desk = Desk(calling(propagate_all_child=False), x="1")
    desk.finish("c", [{"x": "2", "y": "3"}])
    assert desk.x.variables_of(None) == {"x": "1"}


FAN_OUT = Loop(
    sequential=False,
    input_collection="= units",
    input_element="unit",
    output_collection="grades",
    output_element="= {unit: unit.id, grade: grade}",
)


def test_a_fan_out_has_a_child_for_each_item_and_gathers_in_their_order() -> None:
    process = calling(loop=FAN_OUT, propagate_all_parent=False,
                      inputs=(Mapping('= unit.id + "-" + string(loopCounter)', "tag"),))  # fmt: skip
    desk = Desk(process, reload=True, units=[{"id": "u1"}, {"id": "u2"}])
    desk.save_and_load()
    wait = the_wait(desk)
    assert not wait.sequential and wait.children is not None and len(wait.children) == 2
    assert wait.children[0:5] == [
        {"unit": {"id": "u1"}, "loopCounter": 1, "tag": "u1-1"},
        {"unit": {"id": "u2"}, "loopCounter": 2, "tag": "u2-2"},
    ]
    desk.finish("c", [{"grade": "A", "unit": {"id": "u1"}}, {"grade": "B"}])
    assert desk.at() == ["z"]
    assert desk.x.variables_of(None) == {
        "units": [{"id": "u1"}, {"id": "u2"}],
        "grades": [{"unit": "u1", "grade": "A"}, {"unit": "u2", "grade": "B"}],
    }


def test_what_a_child_gives_is_never_what_its_parent_had_under_that_name() -> None:
    """A child was given the parent's own answer, and one that was silent gave it back."""
    loop = Loop(False, "= units", "unit", "answers", "= answer")
    desk = Desk(calling(loop=loop), reload=True, units=["u1", "u2"], answer="the parent's", other=True)
    children = list(the_wait(desk).children or [])
    assert [(child["answer"], child["other"], child["unit"]) for child in children] == [
        (None, True, "u1"),
        (None, True, "u2"),
    ]
    desk.finish("c", [{"answer": "yes"}, {}])
    found = desk.x.results()
    assert (found["answers"], found["answer"]) == (["yes", None], "the parent's")


def test_the_items_of_a_fan_out_are_those_of_its_beginning() -> None:
    process = draw(
        [node("s", "start"), node("f", "and"), node("c", "call", called_process="p2", loop=FAN_OUT),
         node("a", "user")],
        ["s -> f", "f -> c", "f -> a"],
    )  # fmt: skip
    desk = Desk(process, reload=True, units=["u1", "u2"])
    desk.complete("a", units=["other"])
    wait = the_wait(desk)
    assert [child["unit"] for child in wait.children or []] == ["u1", "u2"]
    assert not [name for name in desk.x.variables_of(wait.token) if name.startswith("#")]


def test_a_fan_out_over_nothing_is_done_at_once() -> None:
    desk = Desk(calling(loop=FAN_OUT), units=[])
    assert desk.at() == ["z"] and desk.x.variables_of(None) == {"units": [], "grades": []}


def test_a_fan_out_over_something_that_is_no_list_is_an_incident() -> None:
    with pytest.raises(ExpressionFailed) as caught:
        Desk(calling(loop=FAN_OUT))
    assert caught.value.element == "c"


def test_a_sequential_fan_out_says_so() -> None:
    loop = Loop(sequential=True, input_collection="= [1, 2]", input_element="n")
    wait = the_wait(Desk(calling(loop=loop)))
    assert wait.sequential and [child["n"] for child in wait.children or []] == [1, 2]


def test_a_second_round_of_a_fan_out_starts_afresh() -> None:
    process = draw(
        [node("s", "start"), node("m", "xor"), node("c", "call", called_process="p2", loop=FAN_OUT),
         node("x", "xor"), node("z", "user")],
        ["s -> m", "m -> c", "c -> x", "x -> m: = count(units) > 0 and grades[1].grade = \"C\"", "x => z"],
    )  # fmt: skip
    desk = Desk(process, reload=True, units=[{"id": "u1"}])
    first = desk.key("c")
    desk.finish("c", [{"grade": "C"}])
    assert desk.key("c") != first
    desk.finish("c", [{"grade": "A"}])
    assert desk.at() == ["z"] and desk.x.variables_of(None)["grades"] == [{"unit": "u1", "grade": "A"}]


def test_children_that_were_not_needed_leave_a_gap() -> None:
    desk = Desk(calling(loop=FAN_OUT), reload=True, units=[{"id": "u1"}, {"id": "u2"}])
    desk.finish("c", [None, {"grade": "B"}])
    assert desk.x.variables_of(None)["grades"] == [None, {"unit": "u2", "grade": "B"}]


def test_what_to_start_is_worked_out_once() -> None:
    process = draw(
        [node("s", "start"), node("f", "and"), node("c", "call", called_process='= "p" + string(x)'),
         node("j", "service", task_type='= "t" + string(x)', retries="= x"), node("a", "user")],
        ["s -> f", "f -> c", "f -> j", "f -> a"],
    )  # fmt: skip
    desk = Desk(process, reload=True, x=Decimal(7))
    desk.complete("a", x="no number any more")
    desk.save_and_load()
    waits = desk.x.waits()
    assert waits[desk.key("c")].process_id == "p7"
    assert (waits[desk.key("j")].job_type, waits[desk.key("j")].retries) == ("t7", 7)
