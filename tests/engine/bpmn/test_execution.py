"""Tokens move as drawn: tasks, gateways, scripts, ends."""

from decimal import Decimal

import pytest

from engine.bpmn.execution import Execution
from engine.bpmn.failures import (
    ExpressionFailed,
    NoFlowTaken,
    Runaway,
    UnknownToken,
    UnsupportedElement,
    Unusable,
)

from .drawing import Desk, draw, line, node


def test_tasks_in_a_row_are_worked_one_after_the_other() -> None:
    desk = Desk(
        draw([node("s", "start"), node("a", "user"), node("b", "user"), node("e", "end")], line(*"sabe"))
    )
    assert desk.at() == ["a"]
    desk.complete("a")
    assert desk.at() == ["b"] and not desk.x.ended
    desk.complete("b")
    assert desk.x.ended and desk.x.waits() == {}
    assert desk.path == [
        ("s", "entered"), ("s", "left"), ("f0", "taken"), ("a", "entered"),
        ("a", "left"), ("f1", "taken"), ("b", "entered"),
        ("b", "left"), ("f2", "taken"), ("e", "entered"), ("e", "left"),
    ]  # fmt: skip


def test_exclusive_gateway_takes_the_first_condition_that_holds() -> None:
    process = draw(
        [node("s", "start"), node("g", "xor"), *(node(n, "user") for n in "abc")],
        ["s -> g", "g => c", "g -> a: = score > 90", "g -> b: = score > 60"],
    )
    assert Desk(process, score=Decimal(95)).at() == ["a"]
    assert Desk(process, score=Decimal(70)).at() == ["b"]
    assert Desk(process, score=Decimal(1)).at() == ["c"]


def test_exclusive_gateway_without_a_way_out_is_an_incident() -> None:
    process = draw(
        [node("s", "start"), node("g", "xor"), node("a", "user"), node("b", "user")],
        ["s -> g", "g -> a: = x = 1", "g -> b: = x = 2"],
    )
    with pytest.raises(NoFlowTaken) as caught:
        Desk(process, x=Decimal(3))
    assert caught.value.element == "g"


def test_a_condition_must_be_true_or_false() -> None:
    process = draw([node("s", "start"), node("g", "xor"), node("a", "user"), node("b", "user")],
                   ["s -> g", "g -> a: = missing", "g => b"])  # fmt: skip
    with pytest.raises(ExpressionFailed) as caught:
        Desk(process)
    assert caught.value.element == "g"


@pytest.mark.parametrize("reload", [False, True])
def test_parallel_block_goes_on_when_all_branches_have_come(reload: bool) -> None:
    process = draw(
        [node("s", "start"), node("f", "and"), node("a", "user"), node("b", "user"), node("c", "user"),
         node("j", "and"), node("z", "user")],
        ["s -> f", "f -> a", "f -> b", "f -> c", "a -> j", "b -> j", "c -> j", "j -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=reload)
    assert desk.at() == ["a", "b", "c"]
    desk.complete("b")
    desk.complete("a")
    assert desk.at() == ["c"]
    desk.complete("c")
    assert desk.at() == ["z"]
    assert desk.path.count(("j", "entered")) == 1
    desk.complete("z")
    assert desk.x.ended


@pytest.mark.parametrize("reload", [False, True])
@pytest.mark.parametrize("chosen", ["a", "b", "ab", ""])
def test_inclusive_join_waits_for_those_that_were_chosen(chosen: str, reload: bool) -> None:
    process = draw(
        [node("s", "start"), node("f", "or"), node("a", "user"), node("b", "user"), node("c", "user"),
         node("j", "or"), node("z", "user")],
        ["s -> f", "f -> a: = wants_a", "f -> b: = wants_b", "f => c",
         "a -> j", "b -> j", "c -> j", "j -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=reload, wants_a="a" in chosen, wants_b="b" in chosen)
    expected = list(chosen) or ["c"]
    assert desk.at() == expected
    for number, name in enumerate(expected, 1):
        assert desk.at() == expected[number - 1 :]
        desk.complete(name)
    assert desk.at() == ["z"]


def test_inclusive_join_in_a_loop_waits_again_in_each_round() -> None:
    process = draw(
        [node("s", "start"), node("m", "xor"), node("f", "or"), node("a", "user"), node("b", "user"),
         node("j", "or"), node("x", "xor"), node("e", "end")],
        ["s -> m", "m -> f", "f -> a: = true", "f -> b: = true", "a -> j", "b -> j", "j -> x",
         "x -> m: = again", "x => e"],
    )  # fmt: skip
    desk = Desk(process, reload=True, again=True)
    for _ in range(3):
        assert desk.at() == ["a", "b"]
        desk.complete("a")
        assert desk.at() == ["b"]
        desk.complete("b")
    desk.complete("a")
    desk.complete("b", again=False)
    assert desk.x.ended


def test_a_token_is_not_needed_twice_at_a_parallel_join() -> None:
    """Two arrivals by the same flow are not a complete set; the surplus one stays."""
    process = draw(
        [node("s", "start"), node("f", "and"), node("a", "user"), node("b", "user"), node("c", "user"),
         node("m", "xor"), node("j", "and"), node("z", "user")],
        ["s -> f", "f -> a", "f -> b", "f -> c", "a -> m", "b -> m", "m -> j", "c -> j", "j -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    desk.complete("b")
    assert desk.at() == ["c"]
    desk.complete("c")
    assert desk.at() == ["z"]
    desk.complete("z")
    assert not desk.x.ended and desk.x.stuck == ["j"], "the surplus token can never be joined: it is told"


def test_conditional_flows_leave_a_task_like_an_inclusive_gateway() -> None:
    process = draw(
        [node("s", "start"), *(node(n, "user") for n in "abcd")],
        ["s -> a", "a -> b: = x > 1", "a -> c: = x > 2", "a => d"],
    )
    for x, expected in ((0, ["d"]), (2, ["b"]), (3, ["b", "c"])):
        desk = Desk(process)
        desk.complete("a", x=Decimal(x))
        assert desk.at() == expected


def test_script_and_rule_give_their_result_variable() -> None:
    process = draw(
        [node("s", "start"), node("a", "script", script="= x * 2", result_variable="y"),
         node("r", "rule", decision_id="grade", result_variable="decided"), node("z", "user")],
        line(*"sarz"),
    )  # fmt: skip
    desk = Desk(process, x=Decimal(21))
    assert desk.x.variables_of(None) == {"x": 21, "y": 42, "decided": "grade"}


def test_job_waits_with_type_retries_and_inputs() -> None:
    from engine.bpmn.model import Mapping

    process = draw(
        [node("s", "start"), node("j", "service", task_type="send_letter", retries="5",
                                  inputs=(Mapping('= unit.name + "局"', "to"),)), node("e", "end")],
        line(*"sje"),
    )  # fmt: skip
    desk = Desk(process, unit={"name": "财政"})
    (wait,) = desk.x.waits().values()
    assert (wait.kind, wait.job_type, wait.retries, wait.inputs) == (
        "job",
        "send_letter",
        5,
        {"to": "财政局"},
    )
    desk.complete("j", sent=True)
    assert desk.x.ended and desk.x.results()["sent"] is True


def test_subprocess_ends_when_its_last_token_has_ended() -> None:
    process = draw(
        [node("s", "start"), node("sub", "sub"), node("z", "user"),
         node("i", "start", parent="sub"), node("f", "and", parent="sub"), node("a", "user", parent="sub"),
         node("b", "user", parent="sub"), node("e1", "end", parent="sub"), node("e2", "end", parent="sub")],
        ["s -> sub", "sub -> z", "i -> f", "f -> a", "f -> b", "a -> e1", "b -> e2"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("a")
    assert desk.at() == ["b"] and desk.x.active() == ["sub", "b"]
    desk.complete("b")
    assert desk.at() == ["z"]


def test_terminate_ends_its_scope_and_only_that() -> None:
    from engine.bpmn.model import EventDefinition

    stop = EventDefinition(kind="terminate")
    process = draw(
        [node("s", "start"), node("sub", "sub"), node("z", "user"),
         node("i", "start", parent="sub"), node("f", "and", parent="sub"), node("a", "user", parent="sub"),
         node("b", "user", parent="sub"), node("t", "end", parent="sub", event=stop)],
        ["s -> sub", "sub -> z", "i -> f", "f -> a", "f -> b", "a -> t"],
    )  # fmt: skip
    desk = Desk(process)
    desk.complete("a")
    assert desk.at() == ["z"]
    assert ("b", "cancelled") in desk.path


def test_a_loop_without_an_end_is_stopped() -> None:
    process = draw([node("s", "start"), node("m", "xor"), node("a", "script", script="= 1")],
                   ["s -> m", "m -> a", "a -> m"])  # fmt: skip
    with pytest.raises(Runaway):
        Desk(process)


def test_a_loop_of_a_thousand_rounds_stays_as_small_as_one_round() -> None:
    process = draw(
        [node("s", "start"), node("m", "xor"), node("a", "user"), node("x", "xor"), node("e", "end")],
        ["s -> m", "m -> a", "a -> x", "x -> m: = again", "x => e"],
    )
    desk = Desk(process, reload=True)
    size = 0
    for number in range(1000):
        desk.complete("a", again=True)
        size = size or len(desk.x.dump())
        assert len(desk.x.dump()) <= size + 6, number
    desk.complete("a", again=False)
    assert desk.x.ended


def test_a_long_row_of_tasks_is_no_depth() -> None:
    names = [f"t{n}" for n in range(1500)]
    process = draw([node("s", "start"), *(node(n, "task") for n in names), node("e", "end")],
                   line("s", *names, "e"))  # fmt: skip
    assert Desk(process).x.ended


def test_a_failed_execution_cannot_be_used_again() -> None:
    desk = Desk(draw([node("s", "start"), node("a", "user"), node("e", "end")], line(*"sae")))
    key = desk.key("a")
    with pytest.raises(UnknownToken):
        desk.x.complete("999", {})
    with pytest.raises(Unusable):
        desk.x.complete(key, {})


def test_what_is_not_run_is_refused_when_compiled() -> None:
    with pytest.raises(UnsupportedElement) as caught:
        draw([node("s", "start"), node("g", "complexGateway")], ["s -> g"])
    assert caught.value.element == "g"


def test_which_start_event_begins() -> None:
    from .drawing import message, timer

    process = draw(
        [node("s", "start"), node("m", "start", event=message("go")),
         node("t", "start", event=timer("date", "")), node("a", "user"), node("b", "user")],
        ["s -> a", "m -> b", "t -> b"],
    )  # fmt: skip
    assert Desk(process).at() == ["a"]
    services = Desk(process).services
    by_message = Execution.start(process, variables={}, services=services, start_element="m")
    by_message.run()
    assert by_message.active() == ["b"]
    with pytest.raises(UnsupportedElement):
        Execution.start(process, variables={}, services=services, start_element="a")
    several = draw([node("m", "start", event=message("x")), node("n", "start", event=message("y"))], [])
    with pytest.raises(UnsupportedElement):
        Desk(several)


def test_without_a_start_event_everything_that_nothing_leads_to_begins() -> None:
    process = draw([node("a", "user"), node("b", "user"), node("c", "user")], ["a -> c"])
    assert Desk(process).at() == ["a", "b"]
