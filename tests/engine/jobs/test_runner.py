"""The embedded runner: wakes, goes on after failures, stops after the job in hand."""

from collections.abc import Callable
from queue import Queue
from threading import Event

import pytest

from engine.jobs import runner as module
from engine.jobs.runner import Runner

PATIENCE = 30


@pytest.fixture(autouse=True)
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner that is not woken would keep the test waiting for ever."""
    monkeypatch.setattr(module, "SHORTEST_PAUSE_SECONDS", 3600.0)
    monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 3600.0)


def counted(does: Callable[[int], int]) -> tuple[Runner, "Queue[int]"]:
    """A runner over `does`, which is given the number of the call; and the calls that have ended."""
    calls: Queue[int] = Queue()
    number = 0

    def run_due() -> int:
        nonlocal number
        number += 1
        try:
            return does(number)
        finally:
            calls.put(number)

    return Runner(run_due), calls


def test_it_looks_for_work_as_soon_as_it_starts() -> None:
    runner, calls = counted(lambda _number: 0)
    runner.start()
    assert calls.get(timeout=PATIENCE) == 1
    runner.stop()


def test_it_goes_on_as_long_as_there_is_work() -> None:
    runner, calls = counted(lambda number: 5 if number < 4 else 0)
    runner.start()
    assert [calls.get(timeout=PATIENCE) for _ in range(4)] == [1, 2, 3, 4]
    runner.stop()
    assert calls.empty()


def test_waking_makes_it_look_again() -> None:
    runner, calls = counted(lambda _number: 0)
    runner.start()
    assert calls.get(timeout=PATIENCE) == 1
    runner.wake()
    assert calls.get(timeout=PATIENCE) == 2
    runner.stop()


def test_a_wake_up_during_the_work_is_not_lost() -> None:
    runner, calls = counted(lambda number: runner.wake() or 0 if number == 1 else 0)
    runner.start()
    assert [calls.get(timeout=PATIENCE) for _ in range(2)] == [1, 2]
    runner.stop()


def test_without_a_wake_up_it_looks_at_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTEST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 0.002)
    runner, calls = counted(lambda _number: 0)
    runner.start()
    assert [calls.get(timeout=PATIENCE) for _ in range(5)] == [1, 2, 3, 4, 5]
    runner.stop()


def test_a_failure_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_AFTER_FAILURE_SECONDS", 0.0)

    def fails_twice(number: int) -> int:
        if number < 3:
            raise RuntimeError("database is locked")
        return 0

    runner, calls = counted(fails_twice)
    runner.start()
    assert [calls.get(timeout=PATIENCE) for _ in range(3)] == [1, 2, 3]
    runner.stop()


def test_stopping_waits_for_the_job_in_hand() -> None:
    begun, may_end = Event(), Event()

    def long_job(_number: int) -> int:
        begun.set()
        may_end.wait(PATIENCE)
        return 1

    runner, calls = counted(long_job)
    runner.start()
    assert begun.wait(PATIENCE)
    runner.stop(seconds=0)
    assert calls.empty()
    may_end.set()
    runner.stop()
    assert calls.get(timeout=PATIENCE) == 1
    assert calls.empty()
