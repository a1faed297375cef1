"""How the year begins: the office starts the yearly process, which holds the clock from then on."""

from engine.people.persons import Person
from engine.runtime.engine import Engine
from engine.runtime.setup import Actor
from processes.cycle.running import engine_cycle
from processes.simulation.city import VirtualCity

ANNUAL = "annual_cycle"


def begin_year(engine: Engine, city: VirtualCity, *, by: Person) -> str:
    """开始年度, as the office does on its page; the instance's id."""
    with engine.database.write() as connection:
        cycle = engine_cycle(connection, city.cycle_id)
        return engine.start_in(connection, ANNUAL, cycle=cycle, by=Actor(by.id, by.name))
