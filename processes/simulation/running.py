"""One simulated year from its founding to its outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter
from typing import Any

from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from processes.cycle.profile import Profile
from processes.simulation.answers import (
    changes as change_answers,
)
from processes.simulation.answers import (
    consequences,
    cycle,
    evaluation,
    feedback,
    innovation,
    monitoring,
    planning,
    rectification,
)
from processes.simulation.answers.book import Book
from processes.simulation.beginning import begin_year
from processes.simulation.chance import Chance
from processes.simulation.changes import Changes
from processes.simulation.citizens import Citizens
from processes.simulation.city import VirtualCity, found_city, moment
from processes.simulation.desk import Desk
from processes.simulation.leaders import Ballots
from processes.simulation.marks import OutsideMarks
from processes.simulation.outcome import Outcome, outcome_of
from processes.simulation.tasks import Upload
from processes.simulation.working import Workers
from processes.simulation.year import Year

STAGES = (
    *(cycle, planning, change_answers, monitoring, evaluation),
    *(feedback, rectification, innovation, consequences),
)


@dataclass(frozen=True)
class Order:
    """What is to be simulated."""

    profile: Profile
    units: int
    year: int
    seed: int
    password_hash: str = ""


@dataclass(frozen=True)
class Simulated:
    """A year that is over: the city, what came of it, how people worked, and how long it took."""

    order: Order
    city: VirtualCity
    outcome: Outcome
    workers: Workers
    citizens: Citizens
    changes: Changes
    wall_seconds: float

    def as_json(self) -> dict[str, Any]:
        """The answer of `bihuan simulate`."""
        return {
            "profile": self.order.profile.key,
            "year": self.order.year,
            "seed": self.order.seed,
            "instances": self.outcome.instances,
            "work_items": self.outcome.work_items,
            "wall_seconds": round(self.wall_seconds, 2),
            "open_incidents": len(self.outcome.open_incidents),
            "stuck_instances": len(self.outcome.stuck),
            "audit_ok": self.outcome.audit_ok,
            "units": self.outcome.units,
            "incidents": self.outcome.open_incidents,
            "stuck": [dict(vars(one)) for one in self.outcome.stuck],
            "given_up": [dict(vars(one)) for one in self.workers.given_up.values()],
            "changes": {"asked": dict(self.changes.asked), "refused": dict(self.changes.refused)},
            "refused_answers": dict(self.workers.refused),
            "fallback_answers": dict(sorted(self.workers.book.fallbacks.items())),
        }


def simulate(
    engine: Engine,
    clock: VirtualClock,
    order: Order,
    *,
    upload: Upload,
    told: Callable[[datetime, int], None] = lambda _at, _acts: None,
    lay: Callable[[Engine], None] = lambda _engine: None,
) -> Simulated:
    """Found the city in an empty, migrated database and work its year. `lay` deploys the library first.

    Raises CityRefused.
    """
    began, chance = perf_counter(), Chance(order.seed)
    lay(engine)
    with engine.database.write() as connection:
        city = found_city(
            connection,
            order.profile,
            units=order.units,
            year=order.year,
            chance=chance,
            password_hash=order.password_hash,
        )
    workers = Workers(engine, city, chance, Book(*(stage.ANSWERS for stage in STAGES)), upload)
    year = Year(engine, clock, Desk(city), workers, told=told)
    citizens = Citizens(engine, city, chance, year.plan)
    changes = Changes(engine, city, chance, year.plan)
    _lay_out(year, citizens, changes)
    year.run()
    with engine.database.read() as connection:
        outcome = outcome_of(connection, city)
    return Simulated(order, city, outcome, workers, citizens, changes, perf_counter() - began)


def _lay_out(year: Year, citizens: Citizens, changes: Changes) -> None:
    """What happens besides the desks: the year begins, citizens speak, units ask, the office enters marks."""
    engine, city, workers = year.engine, year.desk.city, year.workers
    staff = workers.person(city.holders[city.assessor_id, "office.staff"][0])
    outside = OutsideMarks(engine, city, workers.chance)
    workers.before = {
        ("leader_ballot", "cast_ballot"): Ballots(engine).cast,
        ("survey", "hand_out_codes"): citizens.hand_out_codes,
    }
    workers.after = {
        ("unit_targets", "office_review"): changes.reviewed,
        ("key_rectification", "sign_key"): citizens.comment_on_promise,
    }
    year.listen = citizens.listen
    year.plan(moment(date(city.year + 1, 1, 10), 9), "marks", lambda: outside.bring(staff))
    year.plan(moment(date(city.year, 6, 20), 9), "keys", lambda: changes.choose_keys(staff))
    citizens.begin()
    changes.begin()
    begin_year(engine, city, by=staff)
