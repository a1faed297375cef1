"""The year of the 49: who works how, from 开始年度 to the last consequence."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.assembly import build_bindings
from api.commands.simulate import Papers
from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.simulation.answers.book import Book
from processes.simulation.city import begins, moment
from processes.simulation.desk import Desk
from processes.simulation.outcome import Outcome, outcome_of
from processes.simulation.running import STAGES, Order, simulate
from processes.simulation.year import Year
from tests.databases import Templates
from tests.rest_round.asking import Asking, SentMarks
from tests.rest_round.callers import answered
from tests.rest_round.citizens import Public
from tests.rest_round.conftest import LIBRARY, PROFILE, SEED, UNITS, YEAR, Round
from tests.rest_round.hands import Hands
from tests.rest_round.walls import Walls


@dataclass(frozen=True)
class Worked:
    """A year that is over, and who worked it."""

    hands: Hands
    public: Public
    asking: Asking
    walls: Walls
    outcome: Outcome


def work_the_year(around: Round, *, units_each: int | None) -> Worked:
    """Everybody works until the year is over. Without a number everything goes by REST."""
    engine, city, chance, callers = around.engine, around.city, around.chance, around.callers
    book = Book(*(stage.ANSWERS for stage in STAGES))
    papers = Papers(engine, around.files)
    hands = Hands(engine, city, chance, book, papers.keep, callers=callers, units_each=units_each)
    year = Year(engine, around.clock, Desk(city), hands)
    public = Public(engine, city, chance, year.plan, callers=callers, sheets_each=units_each)
    asking = Asking(engine, city, chance, year.plan, callers=callers)
    walls = Walls(callers)
    year.listen = public.listen
    hands.before = {("survey", "hand_out_codes"): public.hand_out_codes}
    hands.after = {
        ("unit_targets", "office_review"): asking.reviewed,
        ("key_rectification", "sign_key"): public.comment_on_promise,
    }
    staff = hands.person(city.holders[city.assessor_id, "office.staff"][0])
    marks = SentMarks(engine, city, chance, callers=callers)
    year.plan(moment(date(YEAR + 1, 1, 10), 9), "marks", lambda: marks.bring(staff))
    year.plan(moment(date(YEAR, 6, 20), 9), "keys", lambda: asking.choose_keys(staff))
    for day in (date(YEAR, 3, 2), date(YEAR, 8, 3), date(YEAR + 1, 2, 1)):
        year.plan(moment(day, 9), f"walls {day}", walls.hold)
    public.begin()
    asking.begin()
    answered(callers.post(callers.at("office.head"), f"/cycles/{city.cycle_id}/year"))
    year.run()
    walls.hold()
    with engine.database.read() as connection:
        return Worked(hands, public, asking, walls, outcome_of(connection, city))


def units_at_the_door(templates: Templates, folder: Path) -> list[dict[str, Any]]:
    """The units' results of the same year when nobody makes a call: all work at the engine's door."""
    with templates.copy("sqlite", folder, filling=LIBRARY) as url:
        database, clock = Database(url, durable=False), VirtualClock(begins(YEAR))
        engine = Engine(database, clock=clock, bindings=build_bindings())
        order = Order(load_profile(PROFILE), UNITS, YEAR, SEED)
        done = simulate(engine, clock, order, upload=Papers(engine, folder / "files").keep)
        database.close()
    return done.outcome.units
