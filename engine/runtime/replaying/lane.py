"""One instance in memory on one version of its diagram, told what it was told then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.execution import Execution, Process, Services, Wait
from engine.bpmn.failures import ExecutionFailed, blamed
from engine.bpmn.heard import Heard
from engine.bpmn.migration.carrying import values_of

Results = Callable[[str], Sequence[dict[str, Any] | None]]
"""The results of the children of a call, by the call's token in the version that they were made in."""


MOST_HELD = 20


class Lost(Exception):
    """The instance does not wait for what it was told: the words say where and what."""

    def __init__(self, verb: str, element: str) -> None:
        super().__init__(f"{verb}:{element}")
        self.verb = verb
        self.element = element


@dataclass
class Lane:
    """An instance that is played. `key` of what it is told is its own token's."""

    process: Process
    services: Services
    results: Results
    execution: Execution | None = None
    path: list[tuple[str, str]] = field(default_factory=list)
    """Of the last step: what was entered, left and taken."""
    opened: list[Wait] = field(default_factory=list)
    """What the last step newly waits for, in order."""

    def play(self, told: Sequence[Heard], *, hold: frozenset[str] = frozenset()) -> None:
        """One step, with what failed in it then held. Raises `Lost`, ExecutionFailed."""
        state, values = self._kept()
        if state is not None:  # as the engine does: what is held in one step may move in the next
            self._back_to(state, values, hold)
        self._play(told, hold)

    def play_holding(self, told: Sequence[Heard]) -> Mapping[str, Exception]:
        """One step; what fails in it is held where it fails, as the engine does: element -> why.

        Raises `Lost`, and what cannot be held.
        """
        state, values = self._kept()
        failed: dict[str, Exception] = {}
        while True:
            if state is not None:
                self._back_to(state, values, frozenset(failed))
            try:
                self._play(told, frozenset(failed))
                break
            except ExecutionFailed as failure:
                token = blamed(failure)
                if token is None or token in failed or len(failed) >= MOST_HELD:
                    raise
                failed[token] = failure
        held = self.execution.held if self.execution is not None else {}
        return {held[token].element: failure for token, failure in failed.items() if token in held}

    def _kept(self) -> tuple[bytes | None, dict[tuple[str, str], Any]]:
        if self.execution is None:
            return None, {}
        return self.execution.dump(), values_of(self.execution)

    def _back_to(self, state: bytes, values: dict[tuple[str, str], Any], hold: frozenset[str]) -> None:
        self.execution = Execution.load(
            self.process, state, variables=values, services=self.services, hold=hold
        )

    def _play(self, told: Sequence[Heard], hold: frozenset[str]) -> None:
        seen, known = len(self.execution.path) if self.execution is not None else 0, set(self.waits)
        for one in told:
            self._tell(one, hold)
        assert self.execution is not None  # the first step starts it
        self.execution.run()
        self.path = self.execution.path[seen:]
        self.opened = [wait for key, wait in self.waits.items() if key not in known]

    def _tell(self, told: Heard, hold: frozenset[str]) -> None:
        if told.verb == "start":
            self.execution = Execution.start(
                self.process,
                variables=told.data.get("variables", {}),
                services=self.services,
                start_element=told.element or None,
                hold=hold,
            )
            return
        if self.execution is None:
            raise Lost(told.verb, told.element)
        TELL[told.verb](self, self.execution, told)

    @property
    def waits(self) -> Mapping[str, Wait]:
        """What it waits for now."""
        return self.execution.waits() if self.execution is not None else {}


def _complete(_lane: Lane, execution: Execution, told: Heard) -> None:
    execution.complete(told.key, told.data.get("variables", {}), toward=told.data.get("toward"))


def _error(_lane: Lane, execution: Execution, told: Heard) -> None:
    data = told.data
    execution.throw_error(told.key, data.get("code", ""), data.get("message", ""), data.get("variables"))


def _children(lane: Lane, execution: Execution, told: Heard) -> None:
    wait = lane.waits[told.key]
    given = list(lane.results(told.data.get("#key", told.key)))
    count = len(wait.children or ())
    execution.finish_children(told.key, (given + [None] * count)[:count])


def _escalate(_lane: Lane, execution: Execution, told: Heard) -> None:
    execution.escalate(told.key, told.data.get("code", ""), told.data.get("variables"))


def _receive(_lane: Lane, execution: Execution, told: Heard) -> None:
    execution.receive(told.key, told.data.get("variables", {}))


def _skip(_lane: Lane, execution: Execution, told: Heard) -> None:
    execution.skip(told.key, told.data.get("outputs", {}), flow=told.data.get("flow"))


def _correct(_lane: Lane, execution: Execution, told: Heard) -> None:
    execution.correct(told.key or None, told.data.get("changes", {}))


TELL: Mapping[str, Callable[[Lane, Execution, Heard], None]] = {
    "complete": _complete,
    "error": _error,
    "fire": lambda _lane, execution, told: execution.fire(told.key),
    "receive": _receive,
    "children": _children,
    "release": lambda _lane, execution, told: execution.release(told.key),
    "skip": _skip,
    "correct": _correct,
    "jump": lambda _lane, execution, told: execution.jump(told.key, target=told.data["target"]),
    "escalate": _escalate,
    "move": lambda _lane, execution, told: execution.move(told.key, target=told.data["target"]),
    "take_back": lambda _lane, execution, told: execution.take_back(
        told.key, undoing=told.data["undoing"], variables=told.data.get("variables", {})
    ),
    "reopen": lambda _lane, execution, told: execution.reopen(told.key),
}
