"""Multi-instance tasks and subprocesses inside one instance, and the standard loop."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.model import Loop, Repeat

from .drawing import Desk, draw, node, timer
from .lint_diagrams import between, errors_in

THREE = {"input_collection": "= names", "input_element": "name"}
NAMES = ["甲", "乙", "丙"]


def repeated(kind: str = "user", *, sequential: bool = False, **fields: Any) -> Process:
    """s, then the multi-instance activity m, then z; a timer on m's border leads to late."""
    inner = []
    if kind == "sub":
        inner = [node("is", "start", parent="m"), node("a", "user", parent="m")]
    return draw(
        [node("s", "start"), node("m", kind, loop=Loop(sequential=sequential, **fields), called_process="p"),
         *inner,
         node("z", "user"), node("b", "boundary", attached_to="m", event=timer("duration", "P1D")),
         node("late", "user")],
        ["s -> m", "m -> z", "b -> late", *(["is -> a"] if inner else [])],
    )  # fmt: skip


def finish(desk: Desk, element: str, name: str, **variables: Any) -> None:
    """Complete the round that is about `name`."""
    key = next(k for k, w in desk.x.waits().items() if w.element == element and seen(desk, k) == name)
    desk.act().complete(key, variables)
    desk.done()


def seen(desk: Desk, key: str) -> Any:
    return desk.x.variables_of(key).get("name")


GATHER = {"output_collection": "answers", "output_element": "= answer + string(loopCounter)"}


def test_all_at_once_the_results_stand_in_the_order_of_the_items() -> None:
    desk = Desk(repeated(**THREE, **GATHER), reload=True, names=NAMES)
    assert desk.at() == ["b", "m", "m", "m"]
    for name in ("丙", "甲", "乙"):
        finish(desk, "m", name, answer=name)
    assert desk.at() == ["z"], "the border's timer went with the whole"
    assert desk.x.results()["answers"] == ["甲1", "乙2", "丙3"]


def test_one_after_the_other() -> None:
    desk = Desk(repeated(sequential=True, **THREE, **GATHER), reload=True, names=NAMES)
    for name in NAMES:
        assert desk.at() == ["b", "m"] and seen(desk, desk.key("m")) == name
        finish(desk, "m", name, answer=name)
    assert desk.at() == ["z"] and desk.x.results()["answers"] == ["甲1", "乙2", "丙3"]


@pytest.mark.parametrize("sequential", [True, False])
def test_it_ends_early_when_its_condition_holds(sequential: bool) -> None:
    condition = "= numberOfCompletedInstances = 2 and numberOfInstances = 3"
    desk = Desk(repeated(sequential=sequential, completion_condition=condition, **THREE), names=NAMES)
    finish(desk, "m", "甲")
    finish(desk, "m", "乙")
    assert desk.at() == ["z"]


@pytest.mark.parametrize("kind", ["user", "sub"])
def test_what_stands_on_its_border_interrupts_all_rounds(kind: str) -> None:
    desk = Desk(repeated(kind, **THREE), reload=True, names=NAMES)
    desk.fire("b")
    assert desk.at() == ["late"]


def test_rounds_of_a_subprocess_keep_their_variables_apart() -> None:
    desk = Desk(repeated("sub", **THREE), reload=True, names=NAMES)
    assert desk.at() == ["a", "a", "a", "b"]
    for name in ("乙", "丙", "甲"):
        finish(desk, "a", name)
    assert desk.at() == ["z"] and "name" not in desk.x.results() and "loopCounter" not in desk.x.results()


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("given", ["= answer", "=answer.text"])
def test_what_a_round_gives_is_its_own_variable_also_between_its_steps(given: str, sequential: bool) -> None:
    """Steps of two rounds wrote the same variable of the instance: both gave what came last."""
    loop = Loop(sequential, **THREE, output_collection="answers", output_element=given)
    process = draw(
        [node("s", "start"), node("m", "sub", loop=loop), node("is", "start", parent="m"),
         node("a", "user", parent="m"), node("b", "user", parent="m"), node("z", "user")],
        ["s -> m", "m -> z", "is -> a", "a -> b"],
    )  # fmt: skip
    desk = Desk(process, reload=True, names=NAMES)
    steps = [(step, name) for name in NAMES for step in "ab"]
    for step, name in steps if sequential else sorted(steps):
        said = {"text": name} if given.endswith("text") else name
        finish(desk, step, name, **({"answer": said} if step == "a" and name != "丙" else {}))
    assert desk.x.results()["answers"] == ["甲", "乙", None], "who says nothing gives nothing of the others'"
    assert "answer" not in desk.x.results()


def test_a_round_may_give_back_the_item_that_it_was_given() -> None:
    loop = Loop(True, **THREE, output_collection="answers", output_element="= name")
    process = draw(
        [node("s", "start"), node("m", "user", loop=loop), node("z", "user")], ["s -> m", "m -> z"]
    )
    desk = Desk(process, reload=True, names=NAMES)
    for changed in ({"name": "丁"}, {}, {}):
        desk.complete("m", **changed)
    assert desk.x.results()["answers"] == ["丁", "乙", "丙"]


@pytest.mark.parametrize("kind", ["user", "sub"])
@pytest.mark.parametrize("sequential", [True, False])
def test_who_sends_back_from_a_round_ends_them_all_and_the_step_before_begins_anew(
    kind: str, sequential: bool
) -> None:
    """The step before began inside the activity, beside its other rounds, and led nowhere."""
    process = repeated(kind, sequential=sequential, **THREE)
    first = node("first", "user")
    flows = ["s -> first", "first -> m", "m -> z", "b -> late", *(["is -> a"] if kind == "sub" else [])]
    elements = [replace(one, incoming=(), outgoing=()) for one in process.model.elements.values()]
    desk = Desk(draw([*elements, first], flows), reload=True, names=NAMES)
    desk.complete("first")
    inner = "a" if kind == "sub" else "m"
    finish(desk, inner, "甲")
    key = next(k for k, w in desk.x.waits().items() if w.element == inner)
    assert desk.x.returnable(key) == ["first"]
    assert "first" in [place.target for place in desk.x.jumpable(key)]
    desk.act().move(key, target="first")
    desk.done()
    assert desk.at() == ["first"]
    desk.complete("first")
    for name in NAMES:
        finish(desk, inner, name)
    assert desk.at() == ["z"]


def test_by_a_number_none_at_all_and_never_less_than_that() -> None:
    assert Desk(repeated("task", cardinality="3")).path.count(("m", "left")) == 4, (
        "three rounds and the whole"
    )
    assert Desk(repeated(cardinality="= n"), n=Decimal(0)).at() == ["z"]


@pytest.mark.parametrize("kind", ["user", "call"])
@pytest.mark.parametrize("count", ["-1", "2.5", "100001", "1e9", "1e3000", "no number"])
def test_a_number_of_rounds_that_nobody_can_mean_is_an_incident(kind: str, count: str) -> None:
    """What somebody typed into a form decided how much of the server's memory was taken."""
    given = Decimal(count) if count[-1].isdigit() else count
    with pytest.raises(ExpressionFailed, match="不是 0 到 100000 的整数"):
        Desk(repeated(kind, cardinality="= n"), n=given)


def looped(repeat: Repeat) -> Process:
    return draw(
        [node("s", "start"), node("a", "user", repeat=repeat), node("z", "user")], ["s -> a", "a -> z"]
    )


def test_a_standard_loop_goes_round_while_its_condition_holds() -> None:
    desk = Desk(looped(Repeat("= n < 3")), reload=True, n=Decimal(5))
    assert desk.at() == ["a"], "asked only after the round"
    for n in (1, 2):
        desk.complete("a", n=Decimal(n))
        assert desk.at() == ["a"]
    desk.complete("a", n=Decimal(3))
    assert desk.at() == ["z"]


def test_asked_before_it_may_not_begin_at_all() -> None:
    assert Desk(looped(Repeat("= n < 3", before=True)), n=Decimal(5)).at() == ["z"]
    desk = Desk(looped(Repeat("= n < 3", before=True)), reload=True, n=Decimal(1))
    desk.complete("a", n=Decimal(3))
    assert desk.at() == ["z"]


LOOP = (
    '<bpmn:task id="x" name="a"><bpmn:standardLoopCharacteristics{}>{}'
    "</bpmn:standardLoopCharacteristics></bpmn:task>"
)
WHILE = '<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">{}</bpmn:loopCondition>'
MANY = (
    '<bpmn:task id="x" name="a"><bpmn:multiInstanceLoopCharacteristics{}>'
    '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
)


@pytest.mark.parametrize(
    ("xml", "rules"),
    [
        (LOOP.format("", WHILE.format("= n &lt; 3")), []),
        (LOOP.format("", ""), ["loop-endless"]),
        (LOOP.format("", WHILE.format("n &lt; 3")), ["not-feel"]),
        (LOOP.format(' loopMaximum="3"', WHILE.format("= a")), ["unsupported-loop-maximum"]),
        (MANY.format(""), []),
        (MANY.format(' behavior="One"'), ["unsupported-loop-event"]),
    ],
)
def test_what_the_gate_takes_at_level_bpmn_and_never_in_the_dialect(xml: str, rules: list[str]) -> None:
    assert [rule for rule, _, _ in errors_in(between(xml), "bpmn")] == rules
    assert "unsupported" in " ".join(rule for rule, _, _ in errors_in(between(xml)))


def test_a_timer_on_a_standard_loop_is_refused_by_name() -> None:
    border = (
        '<bpmn:boundaryEvent id="b" attachedToRef="x"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration '
        'xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
        '<bpmn:sequenceFlow id="f" sourceRef="b" targetRef="done" />'
    )
    data = between(LOOP.format("", WHILE.format("= a")), border)
    assert [(rule, name) for rule, name, _ in errors_in(data, "bpmn")] == [("unsupported-loop-timer", "b")]


def test_an_activity_may_begin_only_when_several_tokens_have_come() -> None:
    process = draw(
        [node("s", "start"), node("a", "user"), node("b", "user"), node("m", "user", start_quantity=2),
         node("z", "user")],
        ["s -> a", "s -> b", "a -> m", "b -> m", "m -> z"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.complete("b")
    assert desk.at() == ["a"] and desk.x.stuck == []
    desk.complete("a")
    assert desk.at() == ["m"], "once, with both used up"
    desk.complete("m")
    assert desk.at() == ["z"]


def test_one_that_waits_for_more_tokens_than_come_says_so() -> None:
    elements = [node("s", "start"), node("a", "user"), node("m", "user", start_quantity=2)]
    desk = Desk(draw(elements, ["s -> a", "a -> m"]), reload=True)
    desk.complete("a")
    assert desk.x.stuck == ["m"] and not desk.x.ended


@pytest.mark.parametrize(
    ("quantity", "taken"),
    [('startQuantity="2"', True), ('startQuantity="0"', False), ('completionQuantity="2"', False)],
)
def test_quantities_at_the_gate(quantity: str, taken: bool) -> None:
    data = between(f'<bpmn:task id="x" name="a" {quantity} />')
    refused = [] if taken else ["unsupported-quantity"]
    assert [rule for rule, _, _ in errors_in(data, "bpmn")] == refused
    assert [rule for rule, _, _ in errors_in(data)] == ["unsupported-quantity"]
