"""The stored state: small, stable, refused when it does not fit."""

import orjson
import pytest

from engine.bpmn.execution import Execution, Services
from engine.bpmn.failures import StateUnreadable

from .drawing import Desk, draw, line, node, timer

PROCESS = draw(
    [node("s", "start"), node("first", "user"), node("second", "user"),
     node("t", "boundary", attached_to="second", event=timer("cycle", "R/P1D", cancel=False)),
     node("e", "end"), node("told", "end")],
    ["s -> first", "first -> second", "second -> e", "t -> told"],
)  # fmt: skip


def load(state: bytes) -> Execution:
    return Execution.load(PROCESS, state, variables={}, services=Services(now=Desk(PROCESS).clock.now))


def test_an_open_task_takes_less_than_a_hundred_bytes() -> None:
    assert len(Desk(PROCESS).x.dump()) < 100


def test_state_holds_living_tokens_only() -> None:
    desk = Desk(PROCESS, secret="not in the state")
    desk.complete("first")
    state = desk.x.dump()
    assert b"first" not in state and b"secret" not in state
    assert load(state).dump() == state
    desk.complete("second")
    assert orjson.loads(desk.x.dump())["t"] == []
    assert load(desk.x.dump()).ended


def test_a_started_instance_may_be_stored_before_it_has_run() -> None:
    fresh = Execution.start(PROCESS, variables={}, services=Services(now=Desk(PROCESS).clock.now))
    loaded = load(fresh.dump())
    loaded.run()
    assert loaded.active() == ["first"]


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"f":99,"n":1,"t":[]}',
        b'{"f":1,"n":1,"t":[[1,"gone",0,16]]}',
        b'{"f":1,"n":1,"t":[[1,"first",7,16]]}',
        b'{"f":1,"n":1,"t":[[1,"first",0,64]]}',
        b'{"f":1,"n":1,"t":[["x"]]}',
        b'{"f":1}',
        b'{"f":1,"n":1,"t":[[1,"first",0,16,{"d":["never",null,null]}]]}',
    ],
)
def test_a_state_that_does_not_fit_is_refused(state: bytes) -> None:
    with pytest.raises(StateUnreadable):
        load(state)


def test_a_token_whose_element_is_gone_is_told_by_name() -> None:
    other = draw([node("s", "start"), node("renamed", "user")], line("s", "renamed"))
    with pytest.raises(StateUnreadable) as caught:
        Execution.load(other, Desk(PROCESS).x.dump(), variables={}, services=Desk(PROCESS).services)
    assert caught.value.element == "first"


def test_an_arrival_whose_flow_is_gone_is_refused() -> None:
    def with_branch(extra: str) -> Desk:
        return Desk(
            draw(
                [
                    node("s", "start"),
                    node("f", "and"),
                    node("a", "user"),
                    node(extra, "user"),
                    node("j", "and"),
                ],
                ["s -> f", "f -> a", f"f -> {extra}", "a -> j", f"{extra} -> j"],
            )
        )

    desk = with_branch("b")
    desk.complete("a")
    state = desk.x.dump().replace(b'"f3"', b'"f9"')
    with pytest.raises(StateUnreadable):
        Execution.load(desk.process, state, variables={}, services=desk.services)
