"""Several servers on one PostgreSQL database and one data folder: whichever a person comes to will do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.assembly import check_form
from api.security.shared_rates import KEY_FILE, SharedLimit
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.calendar import set_day
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from tests.api.conftest import PASSWORD
from tests.engine.runtime.world import World, in_a_row, user

pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"failed_log_ins_per_hour": 3})


@pytest.fixture
def engines(world: World, database_url: str) -> Iterator[list[Engine]]:
    """The engines of two servers: nothing in common but the database."""
    made = [
        Engine(
            Database(database_url),
            clock=world.clock,
            bindings=Bindings(services={}, records={}, check_form=check_form),
        )
        for _ in range(2)
    ]
    yield made
    for engine in made:
        engine.database.close()


@pytest.fixture
def servers(engines: list[Engine], settings: Settings) -> Iterator[list[TestClient]]:
    """A browser at each of two servers; one's cookies are given to the other by hand."""
    clients = [TestClient(create_app(settings, engine), follow_redirects=False) for engine in engines]
    yield clients
    for client in clients:
        client.close()


def test_who_logged_in_at_one_is_known_at_the_other_and_gone_from_both_after_leaving(
    servers: list[TestClient],
) -> None:
    one, other = servers
    assert one.post("/login", data={"login": "ling", "password": PASSWORD}).status_code == 303
    other.cookies.update(one.cookies)
    assert other.get("/inbox").status_code == 200
    assert other.post("/logout").status_code == 303
    assert one.get("/inbox").status_code == 303


def test_failed_log_ins_of_one_address_count_together_and_say_nothing_of_the_address(
    servers: list[TestClient], world: World, settings: Settings
) -> None:
    wrong = {"login": "nobody", "password": "falsch"}
    answers = [servers[number % 2].post("/login", data=wrong).status_code for number in range(4)]
    assert answers == [401, 401, 401, 429]
    right = {"login": "ling", "password": PASSWORD}
    assert [server.post("/login", data=right).status_code for server in servers] == [429, 429]
    assert world.scalar("select count(*) from recent_act where who like '%testclient%'") == 0
    assert world.scalar("select relpersistence from pg_class where relname = 'recent_act'") == "u"
    assert len((settings.data_dir / KEY_FILE).read_bytes()) == 32


def test_an_hour_later_the_address_may_again_and_what_was_counted_is_gone(
    database: Database, tmp_path: Path
) -> None:
    clock = VirtualClock(datetime(2018, 3, 1, 1, 30, tzinfo=UTC))
    both = [
        SharedLimit(2, name="test", database=database, folder=tmp_path / "data", clock=clock)
        for _ in range(2)
    ]
    assert [both[number % 2].admits("192.0.2.7") for number in range(3)] == [True, True, False]
    assert both[1].admits("192.0.2.8")
    clock.advance(timedelta(minutes=59))
    assert [limit.is_spent("192.0.2.7") for limit in both] == [True, True]
    clock.advance(timedelta(minutes=2))
    assert [limit.is_spent("192.0.2.7") for limit in both] == [False, False]
    assert both[0].admits("192.0.2.7")
    with database.read() as connection:
        assert connection.exec_driver_sql("select count(*) from recent_act").scalar() == 1


def test_what_one_server_deploys_is_what_the_other_starts_next(world: World, engines: list[Engine]) -> None:
    first, second = (in_a_row(user(step, "unit.liaison")) for step in ("fill", "fill_anew"))
    world.deploy(planning=first)
    world.engine = engines[1]
    world.start()
    world.engine = engines[0]
    world.deploy(planning=second)
    world.engine = engines[1]
    world.start()
    assert sorted(row.element_id for row in world.inbox("ling")) == ["fill", "fill_anew"]


def test_a_holiday_entered_at_one_server_counts_at_the_other(world: World, engines: list[Engine]) -> None:
    assessor, day = world.units["C0"], date(2018, 3, 6)
    one, other = engines
    with other.database.read() as connection:
        assert other.setup.calendars.of(connection, assessor).is_working_day(day)
    with one.database.write() as connection:
        set_day(connection, assessor, day, kind="holiday", name="测试")
    with other.database.read() as connection:
        assert not other.setup.calendars.of(connection, assessor).is_working_day(day)
