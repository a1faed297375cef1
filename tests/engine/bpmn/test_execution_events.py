"""Timers, messages, errors: alone, on boundaries, behind gateways."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bpmn.compile import Process
from engine.bpmn.failures import ExpressionFailed, UncaughtError, UnknownToken
from engine.bpmn.model import Mapping

from .drawing import BEGIN, Desk, draw, error, line, message, node, timer

HOUR = timedelta(hours=1)


def due(desk: Desk, element: str) -> datetime:
    wait = desk.x.waits()[desk.key(element)]
    assert wait.kind == "timer" and wait.due_at is not None
    return wait.due_at


def waiting_for(kind: str, value: str, **variables: object) -> Desk:
    process = draw([node("s", "start"), node("t", "catch", event=timer(kind, value)), node("z", "user")],
                   line(*"stz"))  # fmt: skip
    return Desk(process, reload=True, **variables)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("duration", "PT1H", BEGIN + HOUR),
        ("duration", '= duration("PT1H") * 2', BEGIN + 2 * HOUR),
        ("duration", "P1D", BEGIN + timedelta(days=1)),
        ("duration", "P1M", datetime(2018, 4, 1, 1, tzinfo=UTC)),
        ("duration", '= "PT" + string(n) + "H"', BEGIN + 3 * HOUR),
        ("date", "2018-11-30", datetime(2018, 11, 30, 16, tzinfo=UTC)),
        ("date", "= deadline", datetime(2018, 5, 1, 16, tzinfo=UTC)),
        ("date", "2018-11-30T09:00:00", datetime(2018, 11, 30, 1, tzinfo=UTC)),
        ("date", '= date and time("2018-11-30T09:00:00Z")', datetime(2018, 11, 30, 9, tzinfo=UTC)),
    ],
)
def test_when_a_timer_is_due(kind: str, value: str, expected: datetime) -> None:
    desk = waiting_for(kind, value, n=Decimal(3), deadline=datetime(2018, 5, 1).date())  # noqa: DTZ001
    assert due(desk, "t") == expected
    desk.later(days=400)
    desk.save_and_load()
    assert due(desk, "t") == expected, "worked out once, on entering"
    desk.fire("t")
    assert desk.at() == ["z"]


@pytest.mark.parametrize("value", ["soon", "= null", "= 5", "R/x", ""])
def test_a_timer_that_is_none_is_an_incident(value: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        waiting_for("duration", value)
    assert caught.value.element == "t"


@pytest.mark.parametrize("value", ["PT1H", '= duration("PT1H")', "R0/PT1H", "Rx/PT1H", "R3", "R3/later"])
def test_a_cycle_that_is_none_is_an_incident(value: str) -> None:
    with pytest.raises(ExpressionFailed):
        waiting_for("cycle", value)


def test_a_cycle_may_begin_at_a_moment() -> None:
    process = on_boundary(timer("cycle", "R2/2018-04-01T00:00:00Z/P1M", cancel=False))
    desk = Desk(process, reload=True)
    assert due(desk, "b") == datetime(2018, 4, 1, tzinfo=UTC)
    desk.fire("b")
    assert due(desk, "b") == datetime(2018, 5, 1, tzinfo=UTC)
    desk.fire("b")
    assert desk.at() == ["a", "late", "late"]


def on_boundary(event: object) -> Process:
    return draw(
        [node("s", "start"), node("a", "user"), node("b", "boundary", attached_to="a", event=event),
         node("late", "user"), node("z", "user")],
        ["s -> a", "a -> z", "b -> late"],
    )  # fmt: skip


def test_an_interrupting_timer_takes_the_work_away() -> None:
    desk = Desk(on_boundary(timer("duration", "PT1H")), reload=True)
    assert desk.at() == ["a", "b"]
    wait = desk.x.waits()[desk.key("b")]
    assert wait.token == desk.key("a") and wait.interrupting
    desk.fire("b")
    assert desk.at() == ["late"]
    assert ("a", "cancelled") in desk.path and ("b", "entered") in desk.path


def test_work_done_in_time_ends_the_timer() -> None:
    desk = Desk(on_boundary(timer("duration", "PT1H")), reload=True)
    key = desk.key("b")
    desk.complete("a")
    assert desk.at() == ["z"]
    with pytest.raises(UnknownToken):
        desk.x.fire(key)


def test_a_timer_beside_the_work_fires_once() -> None:
    desk = Desk(on_boundary(timer("duration", "PT1H", cancel=False)), reload=True)
    desk.fire("b")
    assert desk.at() == ["a", "late"]
    desk.complete("a")
    assert desk.at() == ["late", "z"]


def test_a_cycle_fires_as_often_as_it_says_without_drift_and_with_fresh_keys() -> None:
    desk = Desk(on_boundary(timer("cycle", "R3/PT1H", cancel=False)), reload=True)
    keys = []
    for number in range(1, 4):
        assert due(desk, "b") == BEGIN + number * HOUR
        keys.append(desk.key("b"))
        assert desk.x.waits()[keys[-1]].repeat == 3 - number
        desk.later(minutes=61)
        desk.fire("b")
    assert len(set(keys)) == 3
    assert desk.at() == ["a", "late", "late", "late"]


def test_a_cycle_without_a_count_goes_on_for_ever() -> None:
    desk = Desk(on_boundary(timer("cycle", "R/P1D", cancel=False)), reload=True)
    for number in range(1, 8):
        assert due(desk, "b") == BEGIN + number * timedelta(days=1)
        desk.fire("b")
        desk.complete("late")
    assert desk.at() == ["a", "b"]


def test_a_message_beside_the_work_is_taken_again_and_again() -> None:
    desk = Desk(on_boundary(message("urge", "= unit", cancel=False)), reload=True, unit="u1")
    for _ in range(3):
        wait = desk.x.waits()[desk.key("b")]
        assert (wait.kind, wait.message, wait.correlation_key) == ("message", "urge", "u1")
        desk.receive("b", reason="late")
    assert desk.at() == ["a", "b", "late", "late", "late"]


def test_a_message_brings_its_variables() -> None:
    process = draw(
        [node("s", "start"), node("r", "receive", event=message("paid", "= 7"),
                                  outputs=(Mapping("= amount * 2", "twice"),)), node("z", "user")],
        line(*"srz"),
    )  # fmt: skip
    desk = Desk(process, reload=True)
    assert desk.x.waits()[desk.key("r")].correlation_key == "7"
    desk.receive("r", amount=Decimal(4), noise=True)
    assert desk.at() == ["z"] and desk.x.variables_of(None) == {"twice": 8}


def test_a_message_without_a_key_is_an_incident() -> None:
    process = draw([node("s", "start"), node("r", "receive", event=message("paid", "= nobody"))], line(*"sr"))
    with pytest.raises(ExpressionFailed) as caught:
        Desk(process)
    assert caught.value.element == "r"


def test_the_first_event_behind_the_gateway_decides() -> None:
    process = draw(
        [node("s", "start"), node("g", "event"), node("t", "catch", event=timer("duration", "PT1H")),
         node("m", "catch", event=message("answer")), node("late", "user"), node("answered", "user")],
        ["s -> g", "g -> t", "g -> m", "t -> late", "m -> answered"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    assert desk.at() == ["m", "t"] and desk.x.active() == ["g"]
    assert {w.token for w in desk.x.waits().values()} == {"2"}
    desk.receive("m", text="ok")
    assert desk.at() == ["answered"] and desk.x.variables_of(None) == {"text": "ok"}
    assert desk.path[-6:] == [("g", "left"), ("f2", "taken"), ("m", "entered"), ("m", "left"),
                              ("f4", "taken"), ("answered", "entered")]  # fmt: skip
    other = Desk(process, reload=True)
    other.fire("t")
    assert other.at() == ["late"]


def review(*codes: str | None) -> Process:
    """A subprocess with two people; one may return it by an error, caught outside."""
    caught = [node(f"c{n}", "boundary", attached_to="sub", event=error(c)) for n, c in enumerate(codes)]
    return draw(
        [node("s", "start"), node("sub", "sub"), node("z", "user"),
         node("i", "start", parent="sub"), node("f", "and", parent="sub"), node("a", "user", parent="sub"),
         node("b", "user", parent="sub"), node("ok", "end", parent="sub"),
         node("bad", "end", parent="sub", event=error("returned")),
         *caught, *(node(f"fix{n}", "user") for n in range(len(codes)))],
        ["s -> sub", "sub -> z", "i -> f", "f -> a", "f -> b", "a -> bad", "b -> ok",
         *(f"c{n} -> fix{n}" for n in range(len(codes)))],
    )  # fmt: skip


def test_an_error_leaves_the_subprocess_and_takes_its_siblings_along() -> None:
    desk = Desk(review("other", "returned", None), reload=True)
    desk.complete("a")
    assert desk.at() == ["fix1"]
    assert ("b", "cancelled") in desk.path and ("sub", "cancelled") in desk.path
    assert ("c1", "entered") in desk.path


def test_an_error_without_a_code_catches_all() -> None:
    desk = Desk(review("other", None))
    desk.complete("a")
    assert desk.at() == ["fix1"]


def test_an_uncaught_error_is_an_incident_never_an_end() -> None:
    desk = Desk(review("other"))
    with pytest.raises(UncaughtError) as caught:
        desk.complete("a")
    assert (caught.value.error_code, caught.value.element) == ("returned", "bad")


def test_a_job_that_throws_is_caught_on_itself_or_around_it() -> None:
    process = draw(
        [node("s", "start"), node("sub", "sub"), node("z", "user"),
         node("i", "start", parent="sub"), node("job", "service", task_type="t", parent="sub"),
         node("near", "boundary", attached_to="job", event=error("near"), parent="sub"),
         node("n", "user", parent="sub"),
         node("far", "boundary", attached_to="sub", event=error("far"),
              outputs=(Mapping("= why", "reason"),)), node("f", "user")],
        ["s -> sub", "sub -> z", "i -> job", "near -> n", "far -> f"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.throw("job", "near", why="x")
    assert desk.at() == ["n"] and desk.x.variables_of(None) == {"why": "x"}
    other = Desk(process, reload=True)
    other.throw("job", "far", why="broken")
    assert other.at() == ["f"] and other.x.variables_of(None) == {"reason": "broken"}


def test_a_timer_on_a_subprocess_takes_everything_inside() -> None:
    process = draw(
        [node("s", "start"), node("sub", "sub"), node("z", "user"),
         node("i", "start", parent="sub"), node("a", "user", parent="sub"),
         node("t", "boundary", attached_to="sub", event=timer("duration", "P3D")),
         node("n", "boundary", attached_to="sub", event=timer("duration", "P1D", cancel=False)),
         node("late", "user"), node("reminded", "user")],
        ["s -> sub", "sub -> z", "i -> a", "t -> late", "n -> reminded"],
    )  # fmt: skip
    desk = Desk(process, reload=True)
    desk.fire("n")
    assert desk.at() == ["a", "reminded", "t"]
    desk.fire("t")
    assert desk.at() == ["late", "reminded"]


def test_a_message_throw_is_a_job_with_its_mappings() -> None:
    process = draw(
        [node("s", "start"), node("m", "throw", event=message("told"), task_type="bihuan:publish",
                                  inputs=(Mapping("told", "messageName"),
                                          Mapping("= unit", "correlationKey"))),
         node("e", "end", event=message("told"), task_type="bihuan:publish")],
        line(*"sme"),
    )  # fmt: skip
    desk = Desk(process, reload=True, unit="u1")
    (wait,) = desk.x.waits().values()
    assert wait.job_type == "bihuan:publish"
    assert wait.inputs == {"messageName": "told", "correlationKey": "u1"}
    desk.complete("m")
    desk.complete("e")
    assert desk.x.ended
