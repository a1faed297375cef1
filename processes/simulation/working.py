"""How a person of the virtual city does a task: look at it, answer it, hand it in; through the one door."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.clock import today
from engine.people.persons import Person, person_of
from engine.runtime.engine import Engine
from engine.verbs.door import act
from engine.verbs.refusals import Invalid, Refusal
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import Request
from processes.simulation.answers.book import Book
from processes.simulation.chance import Chance
from processes.simulation.city import VirtualCity
from processes.simulation.desk import OpenItem
from processes.simulation.tasks import Reply, Task, Upload

Hook = Callable[[Task, Person], None]
TRIES = 4
"""So many answers are tried before a task counts as one that nobody can do."""


@dataclass(frozen=True)
class GivenUp:
    """A task that nobody could hand in, and why."""

    step: str
    whose: str
    reason: str


@dataclass
class Workers:
    """The people of the city at their desks.

    `before` and `after` are what somebody does besides the form: casting a ballot, handing out codes.
    """

    engine: Engine
    city: VirtualCity
    chance: Chance
    book: Book
    upload: Upload
    before: Mapping[tuple[str, str], Hook] = field(default_factory=dict)
    after: Mapping[tuple[str, str], Hook] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    returned: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """Answers that a form's check refused before another one was taken, by step and sentence."""
    given_up: dict[str, GivenUp] = field(default_factory=dict)
    _people: dict[str, Person] = field(default_factory=dict)

    def do(self, item: OpenItem) -> None:
        """Somebody who may do a task does it; if nobody can, it is noted and left alone."""
        reason = "没有人可以办理"
        for person_id in self._candidates(item):
            person = self.person(person_id)
            try:
                shown = self._open(person, item)
                if not shown.may_act:
                    reason = shown.apart or "没有办理的权限"
                    continue
                self._answer(item, shown, person)
            except Refusal as refused:
                reason = sentence_of(refused)
                continue
            except Exception as fault:  # a stage's own fault must not end everybody's year: it is told
                reason = f"程序出错：{type(fault).__name__}: {fault}"
                continue
            return
        self.given_up[item.id] = GivenUp(f"{item.process}.{item.element}", "/".join(item.place[1:]), reason)

    def person(self, person_id: str) -> Person:
        """A person with their rights. Nobody's posts change within the virtual year."""
        if person_id not in self._people:
            with self.engine.database.read() as connection:
                self._people[person_id] = person_of(connection, person_id, on=today(self.engine.clock))
        return self._people[person_id]

    def _candidates(self, item: OpenItem) -> tuple[str, ...]:
        if item.assignee_id:
            return (item.assignee_id,)
        return self.city.holders.get((item.unit_id or "", item.post or ""), ())

    def _open(self, person: Person, item: OpenItem) -> ItemView:
        shown = view(self.engine, person, item.id)
        if "claim" not in shown.verbs:
            return shown
        act(self.engine, person, item.id, "claim", Request(version=shown.item.lock_version))
        self.acts["claim"] += 1
        return view(self.engine, person, item.id)

    def _answer(self, item: OpenItem, shown: ItemView, person: Person) -> None:
        task = Task(item, shown, person.id, self.city, self.chance, today(self.engine.clock), self.upload)
        if hook := self.before.get(item.step):
            hook(task, person)
        self._hand_in(task, person)
        if hook := self.after.get(item.step):
            hook(task, person)

    def _hand_in(self, task: Task, person: Person) -> None:
        reply = self.book.answer(task)
        others = [one for one in task.outcomes if one != reply.outcome]
        for turn in range(TRIES):
            try:
                self._act(task, person, reply)
                return
            except Invalid as refused:
                self.refused[f"{task.item.process}.{task.item.element}：{sentence_of(refused)}"] += 1
                if turn >= len(others):
                    raise
                reply = replace(
                    reply, outcome=others[turn], opinion=reply.opinion or "情况属实，按规定办理。"
                )

    def _act(self, task: Task, person: Person, reply: Reply) -> None:
        finishing = "register_for" if task.view.registers_for else "complete"
        verb = reply.verb or finishing
        request = Request(
            version=task.view.item.lock_version,
            outcome=reply.outcome,
            opinion=reply.opinion,
            fields=reply.fields,
            files=frozenset(_files_in(reply.fields)),
            target=reply.target,
        )
        act(self.engine, person, task.item.id, verb, request)
        self.acts[verb] += 1
        if verb == "return_to" or reply.outcome == "return":
            self.returned[f"{task.item.process}.{task.item.element}"] += 1


def sentence_of(refused: Refusal) -> str:
    """A refusal in words, with the fields that it is about."""
    errors = "；".join(f"{one.field}：{one.message}" for one in getattr(refused, "errors", ())[:3])
    return f"{refused}{f'（{errors}）' if errors else ''}"


def _files_in(fields: Any) -> list[str]:
    """Every text in lists of the form: the ids of files among them are what was uploaded."""
    if isinstance(fields, Mapping):
        return [found for value in fields.values() for found in _files_in(value)]
    if isinstance(fields, list):
        below = [found for value in fields for found in _files_in(value)]
        return [*below, *(value for value in fields if isinstance(value, str))]
    return []
