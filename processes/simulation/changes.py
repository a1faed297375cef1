"""What units ask for by themselves, on their own pages: a challenge, an adjustment, a corrected figure."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from engine.clock import today
from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from engine.runtime.setup import Actor
from processes.adjusting.asking import (
    SELECTION,
    ChangeRefused,
    ask_adjustment,
    begin_selection,
    declare_challenge,
)
from processes.cycle.running import engine_cycle
from processes.monitoring.correcting import CorrectionRefused, ask_correction
from processes.monitoring.figures import data_of
from processes.planning.assigning import MessageToPublish
from processes.planning.reading import TargetView, targets_of
from processes.simulation.chance import Chance, rounded
from processes.simulation.city import Body, VirtualCity, moment
from processes.simulation.tasks import Task
from processes.simulation.year import Plan

ADJUSTING = 0.08
"""The share of units whose targets the year overtakes: they ask for an adjustment in August."""
MISTAKEN = 0.08
"""The share of units that find a wrong figure of June, in July."""


@dataclass
class Changes:
    """Asks for changes; `asked` counts them by kind, `refused` the sentences of refusals."""

    engine: Engine
    city: VirtualCity
    chance: Chance
    plan: Plan
    asked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Lay out on which days units ask for changes of what is in force."""
        for body in self.city.assessed:
            if self.chance.happens(ADJUSTING, "adjusts", body.code):
                self._later(8, 10, body, "adjustment", self._adjust)
            if self.chance.happens(MISTAKEN, "corrects", body.code):
                self._later(7, 20, body, "correction", self._correct)

    def choose_keys(self, person: Person) -> None:
        """选取关键性挑战指标, as the office begins it on its page of changes."""
        try:
            with self.engine.database.write() as connection:
                variables = begin_selection(connection, self.city.cycle_id)
                cycle = engine_cycle(connection, self.city.cycle_id)
                by = Actor(person.id, person.name)
                self.engine.start_in(connection, SELECTION, cycle=cycle, variables=variables, by=by)
            self.asked["selection"] += 1
        except ChangeRefused as refused:
            self.refused[str(refused)] += 1

    def reviewed(self, task: Task, person: Person) -> None:
        """A unit's plan has passed the office: now it may declare a challenge."""
        body = task.subject
        if body is not None and body.character.ambitious:
            self._ask("challenge", body, self._challenge)

    def _later(
        self,
        month: int,
        day: int,
        body: Body,
        kind: str,
        make: Callable[[Connection, Body], MessageToPublish | None],
    ) -> None:
        at = moment(date(self.city.year, month, day), 10)
        self.plan(at, f"{kind} {body.code}", lambda: self._ask(kind, body, make))

    def _ask(
        self, kind: str, body: Body, make: Callable[[Connection, Body], MessageToPublish | None]
    ) -> None:
        try:
            with self.engine.database.write() as connection:
                message = make(connection, body)
                if message is None:
                    return
                self._publish(connection, message)
            self.asked[kind] += 1
        except (ChangeRefused, CorrectionRefused) as refused:
            self.refused[str(refused)] += 1

    def _challenge(self, connection: Connection, body: Body) -> MessageToPublish | None:
        target = self._first(connection, body)
        if target is None:
            return None
        at, day = self.engine.clock.now(), today(self.engine.clock)
        return declare_challenge(connection, target.id, by=self._liaison(body), at=at, today=day)

    def _adjust(self, connection: Connection, body: Body) -> MessageToPublish | None:
        target = self._first(connection, body)
        if target is None:
            return None
        at = self.engine.clock.now()
        return ask_adjustment(connection, target.id, asker="unit", by=self._liaison(body), at=at)

    def _correct(self, connection: Connection, body: Body) -> MessageToPublish | None:
        """The first figure of June was a tenth too high."""
        period = f"{self.city.year}-06"
        found = data_of(connection, cycle_id=self.city.cycle_id, unit_id=body.id, period=period)
        targets = targets_of(connection, cycle_id=self.city.cycle_id, unit_id=body.id)
        for measure in (row for target in targets for row in target.measures):
            datum = found.get(measure.id)
            if datum is not None and datum["value"] is not None:
                return ask_correction(
                    connection,
                    str(datum["id"]),
                    value=rounded(datum["value"] * Decimal("0.9"), 2),
                    reason="统计口径核对，更正六月累计数。",
                    by=self._liaison(body),
                    at=self.engine.clock.now(),
                    today=today(self.engine.clock),
                )
        return None

    def _first(self, connection: Connection, body: Body) -> TargetView | None:
        """The unit's first target with a figure."""
        targets = targets_of(connection, cycle_id=self.city.cycle_id, unit_id=body.id)
        return next((one for one in targets if any(row.value is not None for row in one.measures)), None)

    def _liaison(self, body: Body) -> str:
        return self.city.holders[body.id, "liaison"][0]

    def _publish(self, connection: Connection, message: MessageToPublish) -> None:
        self.engine.publish(
            connection,
            NewMessage(
                cycle_id=message.cycle_id,
                name=message.name,
                correlation_key=message.key,
                message_id=message.message_id,
                variables=message.variables,
                surroundings=engine_cycle(connection, message.cycle_id).variables(),
            ),
        )
