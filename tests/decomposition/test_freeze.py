"""When the year is frozen, what is still being broken down stops, and nothing of it is lost."""

from engine.runtime.events import signals
from tests.decomposition.test_objections import at_divisions, given_to
from tests.decomposition.town import Town


def test_a_frozen_year_closes_the_open_tasks_and_keeps_what_was_agreed(town: Town) -> None:
    at_divisions(town)
    town.do("u39.division2", "accept_share", given_to(town, "clerk1"))
    assert town.waiting("u20.liaison") == ["break_down"]
    cycle = town.city.cycle
    with town.city.engine.database.write() as connection:
        signal = signals.NewSignal(cycle.id, "cycle.frozen", surroundings=cycle.variables())
        town.city.engine.throw(connection, signal)
    town.city.engine.drain()
    assert town.waiting("clerk1") == town.waiting("u20.liaison") == []
    assert town.city.scalar("select count(*) from instance where status = 'running'") == 0
    assert town.city.scalar("select count(*) from decomposition_part where user_id is not null") == 4
    assert town.city.scalar("select count(*) from incident") == 0
