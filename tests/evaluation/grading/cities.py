"""Small cities at the end of their year: units, people, a cycle, the diagrams of grading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Connection, insert, select

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from api.library import library_files
from engine.clock import VirtualClock
from engine.ids import new_id
from engine.people.calendar import seed_calendar
from engine.people.passwords import Passwords
from engine.people.tables import Membership, Unit, UserAccount
from engine.people.units import ASSESSOR, UnitSpec, add_unit
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.opening import define_posts_of, open_cycle
from processes.cycle.profile import load_profile
from processes.evaluation.grading.entering import enter_marks
from processes.evaluation.grading.marks import components_of
from processes.tables import table_of
from tests.planning.city import City, settings_for

USERS, MEMBERSHIPS = table_of(UserAccount), table_of(Membership)
UNITS = table_of(Unit)
OFFICE = (
    *("office.staff", "office.reviewer", "office.head", "committee.secretary", "city.leader"),
    *("appeal.reviewer", "appeal.lead", "supervision"),
)
ROOMS = ("processes/evaluation/grading/", "processes/feedback/", "forms/library/feedback/")
FORMS = "forms/library/evaluation/grading_"
DECISIONS = ("target_score", "composite_score", "standing", "grade")


@dataclass(frozen=True)
class Plan:
    """A city to be laid: profile, year, units as (code, name, group), those with people, and their marks."""

    profile: str
    year: int
    units: Sequence[tuple[str, str, str]]
    staffed: Sequence[str]
    marks: Mapping[str, Mapping[str, object]]


def files() -> dict[str, bytes]:
    """What of the library grading and feedback need."""
    return {
        name: content
        for name, content in library_files().items()
        if name.startswith((*ROOMS, FORMS)) or Path(name).stem in DECISIONS
    }


def lay(url: str, folder: Path, plan: Plan) -> None:
    """Lay a city: everything is there but the grading."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, folder))).hash(PASSWORD)
    engine = Engine(database, clock=VirtualClock(after(plan.year)), bindings=build_bindings())
    engine.deploy(files())
    profile, at = load_profile(plan.profile), datetime(plan.year, 1, 4, 1, tzinfo=UTC)
    with database.write() as connection:
        define_posts_of(connection, profile)
        city = add_unit(connection, UnitSpec(code="CITY", name="本市", kind=ASSESSOR))
        seed_calendar(connection, city.id, range(plan.year, plan.year + 3))
        cycle = open_cycle(connection, profile, assessor_id=city.id, year=plan.year, at=at, state="running")
        ids = {code: _add_unit(connection, city.id, code, name, group) for code, name, group in plan.units}
        _add_people(connection, city.id, {code: ids[code] for code in plan.staffed}, kept, plan.year)
        for code, marks in plan.marks.items():
            put_marks(connection, cycle, ids[code], profile.content, marks)
    database.close()


def after(year: int) -> datetime:
    """A Monday morning in spring, when a year is graded."""
    day = date(year + 1, 3, 1)
    while day.weekday():
        day = day.replace(day=day.day + 1)
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def put_marks(
    connection: Connection,
    cycle_id: str,
    unit_id: str,
    content: Mapping[str, Any],
    marks: Mapping[str, object],
) -> None:
    """Put marks into the ledger as other stages leave them there."""
    known = {one.key: one for one in components_of(content)}
    enter_marks(
        connection,
        cycle_id=cycle_id,
        unit_id=unit_id,
        marks=[
            (known[key], Decimal("1"), str(value))
            if known[key].kind == "flag"
            else (known[key], Decimal(str(value)), "评估结果")
            for key, value in marks.items()
        ],
        by=None,
        by_unit=None,
        at=datetime(2010, 1, 5, tzinfo=UTC),
        method="auto",
    )


def _add_unit(connection: Connection, city_id: str, code: str, name: str, group: str) -> str:
    spec = UnitSpec(
        code=code, name=name, kind="municipal", unit_group=group, parent_id=city_id, assessor_id=city_id,
        assessed=True,
    )  # fmt: skip
    return add_unit(connection, spec).id


def _add_people(
    connection: Connection, city_id: str, units: Mapping[str, str], password_hash: str, year: int
) -> None:
    seats = [(post, city_id, post) for post in OFFICE]
    seats += [
        (f"{code.lower()}.{post}", unit_id, post)
        for code, unit_id in units.items()
        for post in ("liaison", "head")
    ]
    for login, unit_id, post in seats:
        add_person(connection, login, unit_id, post, password_hash=password_hash, year=year)


def add_person(
    connection: Connection, login: str, unit_id: str, post: str, *, password_hash: str, year: int
) -> str:
    """Somebody on a post; the person's id."""
    user_id = new_id()
    connection.execute(
        insert(USERS).values(
            id=user_id, login=login, name=f"某{login}", password_hash=password_hash,
            must_change_password=False, created_at=datetime(year, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    connection.execute(
        insert(MEMBERSHIPS).values(
            id=new_id(), user_id=user_id, unit_id=unit_id, home_id=unit_id, post_key=post,
            from_on=date(year, 1, 1), is_primary=True,
        )
    )  # fmt: skip
    return user_id


def colleague(city: City, login: str, *, of: str) -> None:
    """Another person on the same post and password as `of`."""
    with city.engine.database.write() as connection:
        query = select(USERS.c.password_hash, MEMBERSHIPS.c.unit_id, MEMBERSHIPS.c.post_key).join(
            MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id
        )
        row = connection.execute(query.where(USERS.c.login == of)).one()
        add_person(connection, login, row.unit_id, row.post_key, password_hash=row.password_hash, year=2009)


def open_laid(url: str, folder: Path, year: int) -> City:
    """A city that was laid before, behind its application, on the morning of grading."""
    clock = VirtualClock(after(year))
    engine = Engine(Database(url), clock=clock, bindings=build_bindings())
    app = create_app(settings_for(url, folder), engine)
    return City(engine, clock, TestClient(app, follow_redirects=False))


SHENZHEN = Plan(
    "shenzhen_2010",
    2010,
    [("A1", "甲局", "局"), ("A2", "乙局", "局"), ("A3", "丙局", "局"), ("B1", "丁区政府", "区")],
    ["A1", "A2"],
    {
        "A1": {"electronic": "95.2", "leaders": 92, "survey": "70.5", "epoll": 88},
        "A2": {"electronic": 96, "leaders": 92, "survey": "70.5", "epoll": 88},
        "A3": {"electronic": 80, "leaders": 80, "survey": 80, "epoll": 80},
        "B1": {"electronic": 90, "leaders": 90, "survey": 90},
    },
)
"""丁区政府 still lacks its electronic poll."""


def _zhangjiajie() -> Plan:
    units = [(f"Z{number:02d}", f"第{number:02d}局", "市直单位") for number in range(1, 50)]
    marks: dict[str, dict[str, object]] = {}
    for number, (code, _name, _group) in enumerate(units, 1):
        mark = Decimal("99") - Decimal(number) / 2
        marks[code] = {"indicators": mark, "public": mark, "internal": mark}
    marks["Z03"]["veto"] = "发生重大安全责任事故"
    return Plan("zhangjiajie_2009", 2009, units, ["Z01"], marks)


ZHANGJIAJIE = _zhangjiajie()
"""49 units, the third of them vetoed."""
