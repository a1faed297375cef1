"""Whose desk a step comes to and until when, in the one version and in the other.

The way may be the same and somebody else be asked, or by another date.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from engine.bpmn.execution import Wait
from engine.bpmn.model import Element
from engine.bpmn.votes import vote_rule
from engine.runtime.replaying.lane import Lane
from engine.runtime.time import DueDate, due_date
from engine.work.routing import Candidate, Evaluate, candidates, listed

Kind = Literal["who", "due", "timer"]
NO_DATE = "没有期限"


@dataclass(frozen=True)
class Change:
    """A step to which both versions come and of which they ask otherwise: of somebody else (`who`), or by
    another date (`due`); or a `timer` that fires at another time.

    `element` is its id in the version of then, `old` and `new` are words for people.
    """

    element: str
    name: str
    kind: Kind
    old: str
    new: str


@dataclass(frozen=True)
class Desks:
    """Compares what two lanes have come to. `now` is the record's time, `words` what people call somebody."""

    zone: str
    now: Callable[[], datetime]
    words: Callable[[Candidate], str]

    def changes(self, old: Lane, new: Lane, name: Callable[[str], str]) -> Iterator[Change]:
        """Of the last step that was played. `name` gives an old element's new id."""
        there: dict[str, list[Wait]] = {}
        for wait in new.opened:
            there.setdefault(wait.element, []).append(wait)
        for wait in old.opened:
            others = there.get(name(wait.element))
            if others:
                yield from self._between(old, wait, new, others.pop(0))

    def _between(self, old: Lane, wait: Wait, new: Lane, other: Wait) -> Iterator[Change]:
        element = _element(old, wait)
        for kind in ASKED.get(wait.kind, ()):
            was = self._asked(kind, old, wait)
            if isinstance(was, Exception):  # what cannot be told any more of then is no difference
                continue
            now = self._asked(kind, new, other)
            if was != now:
                yield Change(element.id, element.name or element.id, kind, self._told(was), self._told(now))

    def _asked(self, kind: Kind, lane: Lane, wait: Wait) -> "Asked | Exception":
        """What a version says of a wait; or why it cannot, whatever is wrong with its text."""
        element = _element(lane, wait)

        def evaluate(text: str) -> Any:
            assert lane.execution is not None  # it waits
            return lane.execution.evaluate(wait.token, text)

        if kind == "timer":
            return wait.due_at
        try:
            if kind == "who":
                return frozenset(_named(element, evaluate))
            said = evaluate(element.due_date) if element.due_date else None
            return due_date(said, now=self.now(), zone=self.zone)
        except Exception as failure:
            return failure

    def _told(self, said: "Asked | Exception") -> str:
        if said is None:
            return NO_DATE
        if isinstance(said, Exception):
            return f"出错：{said}"
        if isinstance(said, DueDate):
            whole = due_date(said.on, now=self.now(), zone=self.zone) == said
            return said.on.isoformat() if whole else self._told(said.at)
        if isinstance(said, datetime):
            return f"{said.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"
        return "、".join(sorted(self.words(one) + ("（认领）" if one.claim_first else "") for one in said))


Asked = frozenset[Candidate] | DueDate | datetime | None
ASKED: Mapping[str, Sequence[Kind]] = {"user": ("who", "due"), "timer": ("timer",)}
"""What is compared of a wait of each kind."""


def _named(element: Element, evaluate: Evaluate) -> list[Candidate]:
    """Whom the diagram means: the signers of a step that several sign, else its assignment."""
    signers = element.properties.get("bihuan:signers") if vote_rule(element.properties) else None
    return candidates(element, evaluate) if signers is None else listed(element, evaluate(signers))


def _element(lane: Lane, wait: Wait) -> Element:
    return lane.process.model.elements[wait.element]
