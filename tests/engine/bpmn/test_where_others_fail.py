"""What process engines are known to get wrong, one story each: this one does it as the standard says."""

from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.model import Element, EventDefinition, Loop

from .drawing import Desk, draw, error, line, message, node, timer


def event(kind: str) -> EventDefinition:
    """An interrupting event of each kind on a border."""
    if kind == "timer":
        return timer("duration", "P1D")
    if kind == "message":
        return message("m")
    return EventDefinition(kind=kind, name="s", code=None, condition="= stop")  # type: ignore[arg-type]


def two_branches(on: EventDefinition, *inner: Element, more: tuple[str, ...] = ()) -> Process:
    """A subprocess of two branches, a → b and c → d, with an event on its border that leads to x."""
    return draw(
        [node("s0", "start"), node("sub", "sub"), node("z", "user"), node("x", "user"),
         node("on", "boundary", attached_to="sub", event=on),
         node("s", "start", parent="sub"), *[node(name, "user", parent="sub") for name in "abcd"], *inner],
        ["s0 -> sub", "sub -> z", "on -> x", "s -> a", "s -> c", "a -> b", "c -> d", *more],
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["timer", "message", "signal", "conditional"])
def test_what_interrupts_lets_no_further_step_begin(kind: str) -> None:
    desk = Desk(two_branches(event(kind)), reload=True)
    if kind == "timer":
        desk.fire("on")
    elif kind == "conditional":
        desk.complete("a", stop=True)
    else:
        desk.receive("on")
    assert desk.at() == ["x"] and ("sub", "cancelled") in desk.path
    assert not {name for name, what in desk.path if what == "entered"} & {"d", "z"}
    desk.complete("x")
    assert desk.x.ended


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_is_thrown_inside_interrupts_the_other_branch_too(kind: str) -> None:
    thrown = error("E") if kind == "error" else EventDefinition(kind="escalation", code="E")
    end = node("e", "end", parent="sub", event=thrown)
    desk = Desk(two_branches(event(kind), end, more=("b -> e",)), reload=True)
    desk.complete("a")
    desk.complete("b")
    assert desk.at() == ["x"]


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_does_not_interrupt_is_heard_again_and_again(kind: str) -> None:
    on = event(kind)
    beside = EventDefinition(
        kind=on.kind, name=on.name, correlation_key=on.correlation_key, cancel_activity=False
    )
    process = draw(
        [node("s", "start"), node("a", "user"), node("x", "user"),
         node("on", "boundary", attached_to="a", event=beside)],
        ["s -> a", "on -> x"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    for _ in range(3):
        desk.receive("on")
    assert desk.at() == ["a", "on", "x", "x", "x"]


def test_lists_that_branches_make_come_through_a_join_whole() -> None:
    process = draw(
        [node("s", "start"), node("f", "and"), *[node(name, "user") for name in "abc"], node("j", "and"),
         node("z", "user")],
        ["s -> f", *[f"f -> {name}" for name in "abc"], *[f"{name} -> j" for name in "abc"], "j -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True, shared=["0"])
    for name, length in zip("cab", (3, 1, 2), strict=True):
        own: dict[str, Any] = {f"of_{name}": [name] * length}
        desk.complete(name, **own, shared=[*desk.x.results()["shared"], name])
    found = desk.x.results()
    assert (found["of_a"], found["of_b"], found["of_c"]) == (["a"], ["b", "b"], ["c", "c", "c"])
    assert found["shared"] == ["0", "c", "a", "b"]


def test_a_list_that_somebody_was_given_is_not_the_engines_own() -> None:
    given: dict[str, Any] = {"names": ["甲"], "deep": {"list": ["甲"]}}
    process = draw(
        [node("s", "start"), node("a", "service", task_type="t"), node("z", "user")], line("s", "a", "z")
    )
    desk = Desk(process, **given)
    given["names"].append("乙")
    seen = desk.x.variables_of(desk.key("a"))
    seen["deep"]["list"].append("乙")
    result: dict[str, Any] = {"made": ["丙"]}
    desk.complete("a", **result)
    result["made"].append("丁")
    assert desk.x.results() == {"names": ["甲"], "deep": {"list": ["甲"]}, "made": ["丙"]}


def test_what_somebody_typed_is_never_taken_for_something_of_the_engines() -> None:
    """`{"typename": …}` in a form was saved and could never be loaded again."""
    typed: dict[str, Any] = {"typename": "x", "$": "n", "v": [{"$": "c", "v": 1}], "__class__": "Token"}
    process = draw([node("s", "start"), node("a", "user"), node("z", "user")], line("s", "a", "z"))
    desk = Desk(process, reload=True)
    desk.complete("a", typed=typed, **typed)
    assert desk.x.results() == {"typed": typed, **typed}
    desk.complete("z")
    assert desk.x.ended


@pytest.mark.parametrize("sequential", [True, False])
def test_a_second_round_through_a_multi_instance_begins_afresh(sequential: bool) -> None:
    loop = Loop(sequential=sequential, input_collection="= names", input_element="name",
                output_collection="answers", output_element="= name + answer")  # fmt: skip
    process = draw(
        [node("s", "start"), node("m", "user", loop=loop), node("check", "user"), node("g", "xor"),
         node("z", "user")],
        ["s -> m", "m -> check", "check -> g", "g -> m: = again", "g => z"],
    )  # fmt: skip
    desk = Desk(process, reload=True, names=["甲", "乙"])
    for answer, again in (("1", True), ("2", False)):
        for _ in range(2):
            desk.act().complete(next(iter(desk.x.waits())), {"answer": answer})
            desk.done()
        assert desk.x.results()["answers"] == [f"甲{answer}", f"乙{answer}"]
        desk.complete("check", again=again)
    assert desk.at() == ["z"]


CONDITIONS = {
    "= numberOfCompletedInstances / numberOfInstances >= 0.5": 2,
    "= numberOfActiveInstances = 1": 3,
    '= vote = "no"': 2,
    '= count(votes[item = "yes"]) >= 2': 3,
    "= loopCounter = 1": 1,
}


@pytest.mark.parametrize(("condition", "rounds"), CONDITIONS.items())
def test_a_completion_condition_sees_the_counters_all_results_and_the_last_round(
    condition: str, rounds: int
) -> None:
    loop = Loop(sequential=False, cardinality="4", completion_condition=condition,
                output_collection="votes", output_element="= vote")  # fmt: skip
    process = draw([node("s", "start"), node("m", "user", loop=loop), node("z", "user")], line("s", "m", "z"))
    desk = Desk(process, reload=True)
    done = 0
    for vote in ("yes", "no", "yes", "yes"):
        desk.act().complete(next(iter(desk.x.waits())), {"vote": vote})
        desk.done()
        done += 1
        if desk.at() == ["z"]:
            break
    assert done == rounds


def test_parallel_blocks_in_a_row_hold_the_tokens_that_are_there_and_no_others() -> None:
    elements, flows, last = [node("s", "start")], [], "s"
    for block in range(12):
        fork, join = f"f{block}", f"j{block}"
        branches = [f"t{block}_{branch}" for branch in range(8)]
        elements += [node(fork, "and"), node(join, "and"), *(node(name, "user") for name in branches)]
        flows += [
            f"{last} -> {fork}",
            *(f"{fork} -> {b}" for b in branches),
            *(f"{b} -> {join}" for b in branches),
        ]
        last = join
    desk = Desk(draw(elements, flows))
    assert len(desk.at()) == 8 and desk.x.dump().count(b"[") == 9, "eight rows in one list, nothing foretold"
    for branch in range(8):
        desk.complete(f"t0_{branch}")
    assert desk.at() == [f"t1_{branch}" for branch in range(8)]


def test_a_round_that_fails_leaves_nothing_behind_that_could_be_stored() -> None:
    loop = Loop(sequential=False, cardinality="2", completion_condition="= 1")
    process = draw([node("s", "start"), node("m", "user", loop=loop), node("z", "user")], line("s", "m", "z"))
    desk = Desk(process, reload=True)
    before = desk.x.dump()
    with pytest.raises(Exception, match="不是真或假"):
        desk.act().complete(next(iter(desk.x.waits())), {"n": Decimal(1)})
    with pytest.raises(Exception, match="作废"):
        desk.x.dump()
    desk.x = type(desk.x).load(process, before, variables=desk.stored, services=desk.services)
    assert desk.at() == ["m", "m"]
