"""A task as somebody of the virtual city sees it, and what they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from engine.verbs.showing.view import ItemView
from processes.simulation.chance import Chance
from processes.simulation.characters import Character, Judge, judge
from processes.simulation.city import Body, VirtualCity
from processes.simulation.desk import OpenItem

Data = dict[str, Any]
Upload = Callable[["Task", str], str]
"""Keeps a file for a field of a task's form, as its page does; the file's id."""


@dataclass(frozen=True)
class Reply:
    """What somebody does with a task. Without an outcome there is only one."""

    fields: Data = field(default_factory=dict)
    outcome: str = ""
    opinion: str = ""
    verb: str = ""
    target: str = ""


@dataclass(frozen=True)
class Task:
    """One open task before one person: what the page shows, and who it is that looks at it."""

    item: OpenItem
    view: ItemView
    person_id: str
    city: VirtualCity
    chance: Chance
    today: date
    upload: Upload

    @property
    def data(self) -> Data:
        """The form as it stands."""
        return dict(self.view.form.stored) if self.view.form else {}

    @property
    def outcomes(self) -> list[str]:
        """The keys of the buttons, in their order."""
        return [one.key for one in self.view.outcomes]

    @property
    def variables(self) -> Mapping[str, Any]:
        """What the diagram knows here."""
        return self.view.context

    @property
    def body(self) -> Body | None:
        """The unit at whose desk the task lies, else the one that it is about."""
        bodies = self.city.bodies
        seat = bodies.get(self.item.unit_id or "") or bodies.get(
            self.city.parents.get(self.item.unit_id or "", "")
        )
        return seat or bodies.get(self.item.subject_id or "")

    @property
    def subject(self) -> Body | None:
        """The unit that the task is about."""
        return self.city.bodies.get(self.item.subject_id or "")

    @property
    def character(self) -> Character:
        """What the unit at whose desk it lies is like."""
        body = self.body
        return body.character if body else ORDINARY

    @property
    def login(self) -> str:
        """The person's log-in: the same in every run."""
        return self.city.logins[self.person_id]

    @property
    def judge(self) -> Judge:
        """How the person judges."""
        return judge(self.login, self.chance)

    def random(self, *names: object) -> Random:
        """The chance of this task."""
        return self.chance.of(*self.item.place, self.item.element, *names)

    def likely(self, share: float, *names: object) -> bool:
        """Whether something happens that does so in this share of cases."""
        return self.random(*names).random() < share

    def paper(self, name: str) -> str:
        """Hand in a file for a field of the form; its id."""
        return self.upload(self, name)


ORDINARY = Character("ordinary", 0.5, 1.0, 1.0, 0.8)
Answer = Callable[[Task], Reply]
