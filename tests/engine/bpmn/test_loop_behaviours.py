"""What a multi-instance tells the events on its border: behaviours None, One and Complex."""

from decimal import Decimal

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.model import Announcement, EventDefinition, Loop, Mapping
from engine.bpmn.reader import read_model

from .drawing import Desk, draw, node
from .lint_diagrams import between, errors_in

SIGNAL = EventDefinition(kind="signal", name="one done", cancel_activity=False)
COUNTED = (Mapping("= numberOfCompletedInstances", "count"),)


def telling(*announcements: Announcement, sequential: bool = False, kind: str = "user") -> Process:
    """m over three names; its border's signal event leads to `told`."""
    loop = Loop(sequential=sequential, cardinality="3", announcements=announcements)
    inner = [node("is", "start", parent="m"), node("x", "user", parent="m")] if kind == "sub" else []
    border = EventDefinition(kind="signal", name="one done")
    return draw(
        [node("s", "start"), node("m", kind, loop=loop), *inner, node("z", "user"),
         node("on", "boundary", attached_to="m", event=border, outputs=COUNTED), node("told", "user")],
        ["s -> m", "m -> z", "on -> told", *(["is -> x"] if inner else [])],
    )  # fmt: skip


def after_one(process: Process, element: str = "m") -> Desk:
    desk = Desk(process, reload=True)
    key = next(key for key, wait in desk.x.waits().items() if wait.element == element)
    desk.act().complete(key, {})
    desk.done()
    return desk


def left(desk: Desk) -> list[str]:
    """What waits, the signal listener on the border left out."""
    return [name for name in desk.at() if name != "on"]


@pytest.mark.parametrize("kind", ["user", "sub"])
def test_none_tells_of_every_round_and_interrupts_nothing(kind: str) -> None:
    inner = "x" if kind == "sub" else "m"
    desk = after_one(telling(Announcement("each", SIGNAL), kind=kind), inner)
    assert left(desk) == sorted([inner, inner, "told"]) and desk.x.results()["count"] == 1
    for _ in range(2):
        key = next(key for key, wait in desk.x.waits().items() if wait.element == inner)
        desk.act().complete(key, {})
        desk.done()
    assert left(desk) == ["told", "told", "told", "z"]
    assert desk.x.thrown == [], "only the border hears it, not the whole cycle"


def test_one_tells_of_the_first_round_only() -> None:
    desk = after_one(telling(Announcement("first", SIGNAL), sequential=True))
    assert left(desk) == ["m", "told"]
    desk.complete("m")
    desk.complete("m")
    assert left(desk) == ["told", "z"]


def test_complex_tells_what_holds_and_ends_the_other_rounds() -> None:
    two = Announcement("condition", SIGNAL, "= numberOfCompletedInstances >= 2")
    desk = after_one(telling(two))
    assert left(desk) == ["m", "m"]
    desk.act().complete(next(k for k, w in desk.x.waits().items() if w.element == "m"), {})
    desk.done()
    assert left(desk) == ["told", "z"] and desk.x.results()["count"] == Decimal(2)


def test_an_event_of_another_name_is_not_caught() -> None:
    other = EventDefinition(kind="signal", name="another")
    assert left(after_one(telling(Announcement("each", other)))) == ["m", "m"]


MANY = (
    '<bpmn:task id="x" name="a"><bpmn:multiInstanceLoopCharacteristics behavior="{}"{}>'
    '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality>{}'
    "</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
)
ROOT = (
    '<bpmn:signal id="sig" name="s" /><bpmn:signalEventDefinition id="told" signalRef="sig" />'
    '<bpmn:timerEventDefinition id="late">'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:timerEventDefinition>'
)
COMPLEX = (
    "<bpmn:complexBehaviorDefinition>"
    '<bpmn:condition xsi:type="bpmn:tFormalExpression">= true</bpmn:condition>'
    '<bpmn:event id="e"><bpmn:signalEventDefinition id="d" signalRef="sig" /></bpmn:event>'
    "</bpmn:complexBehaviorDefinition>"
)


@pytest.mark.parametrize(
    ("behavior", "attributes", "inner", "rules"),
    [
        ("None", ' noneBehaviorEventRef="told"', "", []),
        ("One", ' oneBehaviorEventRef="told"', "", []),
        ("Complex", "", COMPLEX, []),
        ("None", ' oneBehaviorEventRef="told"', "", ["unsupported-loop-event"]),
        ("None", ' noneBehaviorEventRef="late"', "", ["unsupported-loop-event"]),
        ("Complex", "", "", ["loop-behavior-mismatch"]),
        ("All", "", COMPLEX, ["loop-behavior-mismatch"]),
    ],
)
def test_behaviours_at_the_gate(behavior: str, attributes: str, inner: str, rules: list[str]) -> None:
    data = between(MANY.format(behavior, attributes, inner), root=ROOT)
    assert [rule for rule, _, _ in errors_in(data, "bpmn")] == rules
    if not rules:
        loop = read_model(data, file="p.bpmn", level="bpmn").processes["planning"].elements["x"].loop
        assert loop is not None and [one.event and one.event.name for one in loop.announcements] == ["s"]
        assert "unsupported-loop-behavior" in [rule for rule, _, _ in errors_in(data)], (
            "a city fans out by calls"
        )
