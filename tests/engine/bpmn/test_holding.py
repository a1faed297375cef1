"""A token that fails is held where it failed; the others move on, and a person lets it go on or past."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.execution import DELETED, Execution, Services
from engine.bpmn.failures import ExecutionFailed, IllegalMove, Runaway, UnknownToken, blamed

from .drawing import BEGIN, draw, node, timer

SERVICES = Services(now=lambda: BEGIN)


class Watched:
    """An instance whose failing steps are done again with what failed held, as the runtime does."""

    def __init__(self, process: Process, **variables: Any) -> None:
        self.process, self.failures = process, []  # type: ignore[var-annotated]
        self.variables: dict[tuple[str, str], Any] = {}
        self.state = b""
        self._try(lambda hold: Execution.start(process, variables=variables, services=SERVICES, hold=hold))

    def do(self, act: Callable[[Execution], None]) -> None:
        def again(hold: set[str]) -> Execution:
            execution = self._load(hold)
            act(execution)
            return execution

        self._try(again)

    def _try(self, make: Callable[[set[str]], Execution]) -> None:
        hold: set[str] = set()
        while True:
            try:
                execution = make(hold)
                execution.run()
                break
            except ExecutionFailed as failure:
                token = blamed(failure)
                if token is None or token in hold:
                    raise
                hold.add(token)
                self.failures.append(failure)
        for place, value in execution.changed_variables().items():
            if value is DELETED:
                del self.variables[place]
            else:
                self.variables[place] = value
        self.state = execution.dump()

    def _load(self, hold: set[str]) -> Execution:
        return Execution.load(
            self.process, self.state, variables=self.variables, services=SERVICES, hold=hold
        )

    @property
    def now(self) -> Execution:
        return self._load(set())

    def key(self, element: str) -> str:
        (found,) = [key for key, wait in self.now.waits().items() if wait.element == element]
        return found

    def complete(self, element: str, **variables: Any) -> None:
        key = self.key(element)
        self.do(lambda x: x.complete(key, variables))

    @property
    def held(self) -> str:
        (found,) = self.now.held
        return found

    def waits(self) -> list[str]:
        return sorted(wait.element for wait in self.now.waits().values())

    def places(self) -> list[str]:
        return [held.element for held in self.now.held.values()]


def two_branches(*failing: object, extra: list[str]) -> Process:
    """A fork: on one branch the work `a` before what fails, on the other `b` before `c`; then the join."""
    return draw(
        [node("s", "start"), node("fork", "and"), node("a", "user"), node("b", "user"), node("c", "user"),
         node("join", "and"), node("z", "end"), *failing],  # type: ignore[list-item]
        ["s -> fork", "fork -> a", "fork -> b", "b -> c", "c -> join", "join -> z", *extra],
    )  # fmt: skip


def gateway() -> Process:
    nodes = (node("high", "xor"), node("good", "user"), node("poor", "user"), node("meet", "xor"))
    return two_branches(
        *nodes,
        extra=["a -> high", "high -> good: = score >= 60", "high -> poor: = score < 60", "good -> meet",
               "poor -> meet", "meet -> join"],
    )  # fmt: skip


def test_a_gateway_that_cannot_decide_holds_its_own_token_only() -> None:
    watched = Watched(gateway())
    watched.complete("a")
    assert watched.places() == ["high"]
    assert watched.waits() == ["b"]
    watched.complete("b")
    assert watched.places() == ["high"] and watched.waits() == ["c"], "others walk past the held token"
    assert len(watched.failures) == 1, "and do not fail with it again"


def test_after_the_correction_it_goes_on_and_the_block_can_be_joined() -> None:
    watched = Watched(gateway())
    watched.complete("a")
    held = watched.held
    watched.do(lambda x: x.release(held))
    assert watched.places() == ["high"], "nothing was mended, so it fails again"
    watched.do(lambda x: x.correct(held, {"score": 75}))
    assert watched.waits() == ["b"], "a correction moves nothing"
    watched.do(lambda x: x.release(held))
    assert watched.waits() == ["b", "good"] and watched.places() == []
    watched.complete("b")
    watched.complete("c")
    watched.complete("good")
    assert watched.now.ended


def test_past_a_gateway_a_person_says_which_way() -> None:
    watched = Watched(gateway())
    watched.complete("a")
    held = watched.held
    assert len(watched.now.ways(held)) == 2
    with pytest.raises(IllegalMove):
        watched.do(lambda x: x.skip(held, {}))
    flow = watched.now.ways(held)[1]
    watched.do(lambda x: x.skip(held, {}, flow=flow))
    assert watched.waits() == ["b", "poor"]


def test_a_task_that_is_done_keeps_its_result_while_it_cannot_leave() -> None:
    process = draw([node("s", "start"), node("a", "user"), node("b", "user")],
                   ["s -> a", "a -> b: = value > limit"])  # fmt: skip
    watched = Watched(process)
    watched.complete("a", value=9)
    held = watched.held
    assert watched.places() == ["a"] and watched.now.held[held].done
    assert watched.waits() == [], "nobody does it a second time"
    watched.do(lambda x: x.correct(held, {"limit": 5}))
    watched.do(lambda x: x.release(held))
    assert watched.waits() == ["b"]
    assert watched.now.results() == {"limit": 5, "value": 9}


def test_a_timer_that_is_none_is_held_before_it_and_the_person_before_it_is_done() -> None:
    process = two_branches(
        node("t", "catch", event=timer("duration", "= pause")), extra=["a -> t", "t -> join"]
    )
    watched = Watched(process, pause="soon")
    watched.complete("a", said="yes")
    assert watched.places() == ["t"] and watched.waits() == ["b"]
    assert watched.now.results()["said"] == "yes"
    held = watched.held
    watched.do(lambda x: x.correct(held, {"pause": "PT1H"}))
    watched.do(lambda x: x.release(held))
    assert watched.waits() == ["b", "t"]


def test_what_is_skipped_gives_what_the_person_says() -> None:
    watched = Watched(
        two_branches(node("judge", "rule", decision_id="D1", result_variable="total"),
                     extra=["a -> judge", "judge -> join"])
    )  # fmt: skip
    watched.complete("a")
    assert watched.places() == ["judge"], "there is nobody who decides"
    held = watched.held
    watched.do(lambda x: x.skip(held, {"total": 7}))
    assert watched.now.results() == {"total": 7}
    assert watched.waits() == ["b"]


def test_a_loop_without_an_end_is_held_and_the_rest_goes_on() -> None:
    process = two_branches(
        node("round", "xor"), node("again", "xor"),
        extra=["a -> round", "round -> again", "again -> join: = stop", "again -> round: = not(stop)"],
    )  # fmt: skip
    watched = Watched(process, stop=False)
    watched.complete("a")
    assert isinstance(watched.failures[0], Runaway)
    assert len(watched.places()) == 1 and watched.waits() == ["b"]
    watched.complete("b")
    watched.complete("c")
    held = watched.held
    watched.do(lambda x: x.correct(None, {"stop": True}))
    watched.do(lambda x: x.release(held))
    assert watched.now.ended


def test_a_person_may_wait_at_a_held_token_nowhere() -> None:
    """A held token is no wait: nobody completes it, nothing fires on it."""
    process = draw(
        [node("s", "start"), node("a", "user"), node("x", "xor"), node("b", "user")],
        ["s -> a", "a -> x", "x -> b: = wanted"],
    )
    watched = Watched(process)
    watched.complete("a")
    assert watched.waits() == [] and watched.now.stuck == []
    held = watched.held
    with pytest.raises(UnknownToken):
        watched.now.complete(held, {})
    with pytest.raises(UnknownToken):
        watched.now.fire(held)


def test_a_held_token_can_be_moved_back_and_is_held_no_more() -> None:
    watched = Watched(gateway())
    watched.complete("a")
    held = watched.held
    assert watched.now.returnable(held) == ["a"]
    watched.do(lambda x: x.move(held, target="a"))
    assert watched.places() == [] and watched.waits() == ["a", "b"]


def test_the_last_token_skipped_at_an_end_ends_the_instance() -> None:
    process = draw([node("s", "start"), node("a", "user"), node("x", "xor"), node("e", "end")],
                   ["s -> a", "a -> x", "x -> e: = wanted"])  # fmt: skip
    watched = Watched(process)
    watched.complete("a")
    held = watched.held
    watched.do(lambda x: x.skip(held, {}, flow=None) if not x.ways(held) else None)
    assert watched.now.ended
