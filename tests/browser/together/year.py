"""A small city whose year is over: every kind of page of the assessment has something to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser
from sqlalchemy import text

from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.commands.simulate import PAPER, Papers, lay_library
from api.files import store
from api.house import password_rules
from engine.clock import VirtualClock
from engine.ids import new_id
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.profile import load_profile
from processes.simulation.city import begins
from processes.simulation.running import Order, simulate
from tests.browser.planning.people import People
from tests.browser.planning.site import serve, settings_for
from tests.databases import Filling, Templates

YEAR, SEED = 2018, 1
"""By this chance there are awards, experts, an appeal, a case of accountability and an improvement notice."""
AFTERWARDS = datetime(YEAR + 1, 8, 1, 1, 0, tzinfo=UTC)
CHANGE = """insert into change_case
select i.id, t.cycle_id, t.unit_id, t.id, 'adjustment', 1, t.title, 'unit', 1, null, i.started_at
from instance i join target t on t.cycle_id = i.cycle_id
where i.process_key = 'unit_targets' and i.subject_unit_id = t.unit_id limit 1"""
"""Nobody has asked for a change in this year: one that was asked for."""


PUBLIC = """insert into bulletin
  (id, cycle_id, period, number, stage, title, body, rows, document_id, public, by_person, made_at,
   instance_id)
select :id, cycle_id, period, number + 1000, stage, title, body, rows, document_id, 1, by_person, made_at,
  instance_id
from bulletin where stage = 'published' order by id limit 1"""
"""This city publishes none: one as another city's profile would."""
CONSULTED = """insert into consultation (id, cycle_id, instance_id, opened_at, closes_on, state)
select :id, cycle_id, id, opened_at, '2019-12-31', 'open' from consultation"""
AWARDS_OPEN = "update award_publicity set closes_on = '2019-12-31', closed_at = null"
"""What lies open to the public is not over yet."""


def _lay(url: str) -> None:
    database = Database(url, durable=False)
    engine = Engine(database, clock=VirtualClock(begins(YEAR)), bindings=build_bindings())
    kept = Passwords(password_rules(settings_for(url, Path()))).hash(PASSWORD)
    order = Order(load_profile("hangzhou_13fyp"), 3, YEAR, SEED, password_hash=kept)
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    folder = Path(database.url.database or "").parent / "papers"
    done = simulate(engine, clock, order, upload=Papers(engine, folder).keep, lay=lay_library)
    assert done.outcome.stuck == []
    database.close()


WORKED = Filling("worked-year", _lay)


@contextmanager
def year_over(templates: Templates, folder: Path, browser: Browser) -> Iterator[People]:
    """The city on SQLite, behind its server, with whoever comes."""
    with templates.copy("sqlite", folder, filling=WORKED) as url, serve(url, folder) as site:
        site.clock.set(AFTERWARDS)
        store(settings_for(url, folder).files_dir, BytesIO(PAPER), max_bytes=len(PAPER))
        with site.engine.database.write() as connection:
            connection.execute(text(CHANGE))
            for sql in (PUBLIC, CONSULTED):
                connection.execute(text(sql), {"id": new_id()})
            connection.execute(text(AWARDS_OPEN))
        people = People(site, browser)
        yield people
        people.leave()


def one(people: People, sql: str) -> str:
    """One id as it is stored."""
    with people.site.engine.database.read() as connection:
        return str(connection.execute(text(sql)).scalar_one())
