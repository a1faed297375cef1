"""The leaders' secret ballot: marks go into the box, the work item only learns that it was cast."""

from dataclasses import dataclass
from decimal import Decimal

from engine.clock import today
from engine.people.persons import Person
from engine.runtime.engine import Engine
from processes.evaluation.ballots.leader_reading import UNKNOWN
from processes.evaluation.ballots.leader_voting import paper, vote
from processes.evaluation.ballots.proofs import new_sheet
from processes.simulation.tasks import Task


@dataclass(frozen=True)
class Ballots:
    """Casts the ballot of the leader whose turn it is."""

    engine: Engine

    def cast(self, task: Task, person: Person) -> None:
        """Mark every unit on the paper by what it is like and how severe the leader is."""
        with self.engine.database.read() as connection:
            asked = paper(
                connection,
                str(task.variables["evaluationId"]),
                person_id=person.id,
                turn=task.item.instance_id,
                today=today(self.engine.clock),
            )
        if asked.cast:
            return
        marks = {
            unit["id"]: _mark(task, unit["id"], asked.full, whole=bool(asked.buttons)) for unit in asked.units
        }
        vote(self.engine.database, asked, turn=task.item.instance_id, secret=new_sheet(), marks=marks)


def _mark(task: Task, unit_id: str, full: Decimal, *, whole: bool) -> str:
    body = task.city.bodies.get(unit_id)
    mood = task.chance.of("ballot", task.login, task.city.codes[unit_id])
    if body is None or mood.random() < 0.03:
        return UNKNOWN
    worth = body.character.result - 0.08 - float(task.judge.strict) + mood.gauss(0, 0.04)
    mark = float(full) * min(max(worth, 0.2), 1.0)
    return str(max(1, round(mark))) if whole else str(round(mark, 1))
