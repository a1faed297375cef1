"""Two lanes side by side: step by step the same things are told, until one goes another way."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.heard import Heard
from engine.bpmn.migration.tokens_at import tokens_at
from engine.bpmn.model import Element
from engine.runtime.replaying.desks import Change, Desks
from engine.runtime.replaying.lane import Lane, Lost
from engine.runtime.replaying.reasons import reason
from engine.runtime.replaying.recording import Recorded

State = Literal["same", "other", "cannot", "incomplete"]
UNSEEN = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
"""What routes and is no step of anybody: a version may draw more or fewer of them."""
WORDS: Mapping[str, str] = {
    "start": "开始",
    "complete": "办理",
    "error": "出错",
    "fire": "到时",
    "receive": "收到",
    "children": "子流程办结",
    "release": "重试",
    "skip": "跳过",
    "correct": "更正",
    "move": "退回",
    "jump": "跳转",
    "escalate": "上报",
    "reopen": "恢复办理",
    "take_back": "撤回",
}


@dataclass(frozen=True)
class Verdict:
    """How an instance would fare: `at` is where the ways part, `because` the sentence that says why.

    `old_next` and `new_next` are what only the one version and only the other comes to there, by name; `seen`
    are the variables that decided it, with their values.
    `changes`: as far as the ways are the same, whom else or by what other date the new version asks.
    """

    state: State
    steps: int
    at: str = ""
    element: str = ""
    old_next: tuple[str, ...] = ()
    new_next: tuple[str, ...] = ()
    because: str = ""
    seen: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass
class Pair:
    """The lane of what happened, and the lane of the new version. `name` gives an old element's new id."""

    old: Lane
    new: Lane
    name: Callable[[str], str]
    desks: Desks
    changes: dict[Change, None] = field(default_factory=dict)
    """Each once, however often the step comes round."""

    def play(self, steps: Sequence[Recorded], *, set_clock: Callable[[datetime], None]) -> Verdict:
        """Until the end of the record, or where they part."""
        for number, step in enumerate(steps, 1):
            set_clock(step.at)
            told = step.told[-1]
            place = self._place(told)
            try:
                given = [self._in_new(one) for one in step.told]
                self.old.play(step.told, hold=step.hold)
            except (ExecutionFailed, Lost, KeyError) as failure:
                return Verdict("incomplete", number, place, told.element, because=_incomplete(failure))
            known = [one for one in given if one is not None]
            if len(known) < len(given):
                why = f"新版此时不在“{place}”等待，记录里的“{WORDS[told.verb]}”用不上。"
                return Verdict("cannot", number, place, told.element, because=why)
            try:
                failed: Exception | None = self._only_new(self.new.play_holding(known))
            except (ExecutionFailed, Lost, KeyError) as failure:
                failed = failure
            if failed is not None:
                return Verdict("cannot", number, place, told.element, because=f"新版在这里出错：{failed}")
            parted = self._parted(number, place, told)
            if parted is not None:
                return parted
            self.changes |= dict.fromkeys(self.desks.changes(self.old, self.new, self.name))
        return Verdict("same", len(steps))

    def _only_new(self, failed: Mapping[str, Exception]) -> Exception | None:
        """What fails in the new version and did not then."""
        held = self.old.execution.held if self.old.execution is not None else {}
        known = {self.name(one.element) for one in held.values()}
        return next((failure for element, failure in failed.items() if element not in known), None)

    def _place(self, told: Heard) -> str:
        element = self.old.process.model.elements.get(told.element)
        return _named(element) if element is not None else WORDS[told.verb]

    def _in_new(self, told: Heard) -> Heard | None:
        """The same for the new lane: its own token at the same element; None when none stands there."""
        data = {
            key: self.name(value) if key in ("target", "toward") else value
            for key, value in told.data.items()
        }
        if told.verb == "children":
            data["#key"] = told.key
        if told.verb == "take_back":  # in the same numbers: a version in which they differ cannot follow
            return told
        if told.verb in ("start", "reopen") or not told.key:
            element = self.name(told.element) if told.element else ""
            key = self.name(told.key) if told.verb == "reopen" else told.key
            return replace(told, element=element, key=key, data=data)
        old, new = self.old.execution, self.new.execution
        if old is None or new is None:
            return None
        here = tokens_at(old, told.element)
        there = tokens_at(new, self.name(told.element))
        rank = here.index(told.key) if told.key in here else len(there)
        if rank >= len(there):
            return None
        return replace(told, element=self.name(told.element), key=there[rank], data=data)

    def _parted(self, number: int, place: str, told: Heard) -> Verdict | None:
        old, new = self._reached(self.old, self.name), self._reached(self.new, lambda one: one)
        if old == new:
            return None
        because, seen = reason(self.old, self.new, self.name)
        return Verdict(
            "other",
            number,
            place,
            told.element,
            old_next=self._names(old - new),
            new_next=self._names(new - old),
            because=because,
            seen=seen,
        )

    def _reached(self, lane: Lane, name: Callable[[str], str]) -> Counter[tuple[str, str]]:
        """What the step came to, and what it waits for after it, under new ids; routing left out."""
        elements = lane.process.model.elements
        entered = [
            (name(one), "entered")
            for one, what in lane.path
            if what == "entered" and elements[one].kind not in UNSEEN
        ]
        return Counter(entered) + Counter((name(wait.element), "waits") for wait in lane.waits.values())

    def _names(self, reached: Counter[tuple[str, str]]) -> tuple[str, ...]:
        found = dict.fromkeys(one for one, _ in reached)
        back = {self.name(one): element for one, element in self.old.process.model.elements.items()}
        new = self.new.process.model.elements
        return tuple(_named(new.get(one) or back[one]) for one in found)


def _named(element: Element) -> str:
    return element.name or element.id


def _incomplete(failure: Exception) -> str:
    if isinstance(failure, Lost):
        return "记录不全：缺少这一步之前的内容。"
    return f"记录在它自己的版本上也不能重走：{failure}"
