"""What units ask for by themselves once their targets stand: a challenge, declared on the unit's own page."""

from dataclasses import dataclass, field

from engine.clock import today
from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.messages import NewMessage
from processes.adjusting.asking import ChangeRefused, declare_challenge
from processes.cycle.running import engine_cycle
from processes.planning.reading import targets_of
from processes.simulation.chance import Chance
from processes.simulation.city import Body, VirtualCity
from processes.simulation.tasks import Task

AMBITIOUS = 0.3
"""The share of units that declare a challenge, where the city's scheme has them."""


@dataclass
class Changes:
    """Declares challenges; `declared` and `refused` are counted."""

    engine: Engine
    city: VirtualCity
    chance: Chance
    declared: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def reviewed(self, task: Task, person: Person) -> None:
        """A unit's plan has passed the office: now it may declare a challenge on its first figure."""
        body = task.subject
        if body is None or not self.chance.happens(AMBITIOUS, "challenge", body.code):
            return
        try:
            self._declare(body)
            self.declared += 1
        except ChangeRefused as refused:
            self.refused[str(refused)] = self.refused.get(str(refused), 0) + 1

    def _declare(self, body: Body) -> None:
        liaison = self.city.holders[body.id, "liaison"][0]
        with self.engine.database.write() as connection:
            targets = targets_of(connection, cycle_id=self.city.cycle_id, unit_id=body.id)
            with_figures = [one for one in targets if any(row.value is not None for row in one.measures)]
            if not with_figures:
                return
            message = declare_challenge(
                connection,
                with_figures[0].id,
                by=liaison,
                at=self.engine.clock.now(),
                today=today(self.engine.clock),
            )
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
