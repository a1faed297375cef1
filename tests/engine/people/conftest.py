"""A small city: an assessor, its office, three assessed units, a county with an office under it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

import pytest
from sqlalchemy import Connection, text

from engine.clock import VirtualClock
from engine.people import memberships, units, users
from engine.people.login import set_password
from engine.people.passwords import PasswordRules, Passwords
from engine.people.posts import define_posts
from engine.people.units import UnitSpec
from engine.store import Database
from tests.databases import EMPTY, Filling, Templates
from tests.engine.people.standard_posts import STANDARD_POSTS

DAY = date(2018, 3, 1)
GOOD = "西湖的春天 2018"
CHEAP = Passwords(PasswordRules(time_cost=1, memory_cost=32, parallelism=1))


@dataclass
class City:
    """Ids by short code, and a way to put people on posts."""

    connection: Connection
    ids: dict[str, str] = field(default_factory=dict)

    def add_unit(self, code: str, name: str, kind: str, **more: object) -> str:
        spec = UnitSpec(code=code, name=name, kind=kind, **more)  # type: ignore[arg-type]
        self.ids[code] = units.add_unit(self.connection, spec).id
        return self.ids[code]

    def add_person(self, login: str, *posts: str, name: str = "张三", cycle_id: str | None = None) -> str:
        """`posts` as "<unit code> <post key>"."""
        made = users.create_user(self.connection, login=login, name=name, passwords=CHEAP)
        for post in posts:
            code, key = post.split()
            memberships.appoint(
                self.connection,
                user_id=made.id,
                unit_id=self.ids[code],
                post_key=key,
                from_on=date(2018, 1, 1),
                cycle_id=cycle_id,
            )
        return made.id


class TakenBack(Exception):
    """Ends a test's transaction."""


Kept = Callable[[str, Filling], Database]


@pytest.fixture(scope="session")
def kept(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Databases that serve many tests, by home and filling: whoever writes into one takes it back."""
    with ExitStack() as opened:

        @cache
        def one(home: str, filling: Filling) -> Database:
            folder = tmp_path_factory.mktemp(filling.name)
            database = Database(opened.enter_context(templates.copy(home, folder, filling=filling)))
            opened.callback(database.close)
            return database

        yield one


@pytest.fixture
def connection(home: str, kept: Kept, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A transaction of the test's own, taken back at its end; the city is there for who asks for it."""
    database = kept(home, CITY if "city" in request.fixturenames else EMPTY)
    with suppress(TakenBack), database.write() as connection:
        yield connection
        raise TakenBack


@pytest.fixture
def city(connection: Connection) -> City:
    laid = connection.execute(text("select code, id from unit")).all()
    return City(connection, dict(laid))


def build_city(connection: Connection) -> City:
    define_posts(connection, STANDARD_POSTS)
    city = City(connection)
    root = city.add_unit("C0", "杭州市", "assessor")
    city.add_unit(
        "OF", "市考评办(市绩效办)", "office", short_name="市考评办", parent_id=root, assessor_id=root
    )
    for code, name, short in (
        ("U1", "市旅游委员会", "市旅委"),
        ("U2", "市环境保护局", "市环保局"),
        ("U3", "市财政局", ""),
    ):
        city.add_unit(
            code, name, "municipal", short_name=short, parent_id=root, assessor_id=root, assessed=True
        )
    county = city.add_unit("D1", "桐庐县", "district", parent_id=root, assessor_id=root, assessed=True)
    city.add_unit("D1A", "桐庐县环保局", "district", tier="district", parent_id=county, assessor_id=root)
    return city


def _lay(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        build_city(connection)
    database.close()


CITY = Filling("people-city", _lay)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


@pytest.fixture
def account(database: Database, clock: VirtualClock) -> users.NewUser:
    with database.write() as connection:
        return users.create_user(connection, login="Wang.Wu", name="王五", passwords=CHEAP, clock=clock)


@pytest.fixture
def user_id(database: Database, account: users.NewUser) -> str:
    with database.write() as connection:
        set_password(connection, account.id, CHEAP.hash(GOOD), must_change=False)
    return account.id
