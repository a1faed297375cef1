"""A city of eight units under the plan of Hangzhou: two places for the best, three of them with a project."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import insert, select, text

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.records import Cycle
from processes.demo import Demo
from processes.innovation.reading import EXPERTS
from processes.tables import table_of
from tests.databases import Filling
from tests.evaluation.grading.cities import Plan, add_person, lay
from tests.innovation.contest import Contest, library, set_profile
from tests.planning.city import City, settings_for
from tests.processes.city import City as OneYear

YEAR = 2018
MARKS = {"A": "93", "B": "92", "C": "91.5", "D": "90", "E": "85", "F": "84", "G": "83", "H": "82"}
"""The totals before any bonus; every component of a unit is as good as its total."""
PLAN = Plan(
    "hangzhou_13fyp",
    YEAR,
    [(code, f"{code}局", "市直单位") for code in MARKS],
    ["C", "D", "E"],
    {
        code: {"targets": mark, "social": mark, "leaders": str(float(mark) / 20)}
        for code, mark in MARKS.items()
    },
)
BEGIN = datetime(YEAR, 2, 1, 1, tzinfo=UTC)


def lay_units(url: str) -> None:
    """The units, experts without ties, and the diagrams of innovation, grading and feedback."""
    folder = Path(url.removeprefix("sqlite:///")).parent
    lay(url, folder, replace(PLAN))
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, folder))).hash(PASSWORD)
    with database.write() as connection:
        assessor = connection.execute(select(table_of(Cycle).c.assessor_id)).scalar_one()
        for number in range(1, 4):
            expert = add_person(connection, f"e{number}", assessor, "expert", password_hash=kept, year=YEAR)
            known = {"user_id": expert, "fields": [], "units": [], "changed_at": BEGIN}
            connection.execute(insert(EXPERTS).values(**known))
        few = {"expertsPerProject": 1, "eliminateShare": 0, "rankBy": "raw"}
        set_profile(connection, awards={"shares": [34, 34, 34]}, innovation=few)
    Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings()).deploy(library())
    database.close()


FILLING = Filling("eight-units", lay_units)


def open_units(url: str, folder: Path) -> tuple[City, Contest]:
    """The city on 2018-02-01 as REST sees it, and the contest of its projects; one engine for both."""
    database = Database(url)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings())
    with database.read() as connection:
        people, units = (
            {str(row[0]): str(row[1]) for row in connection.execute(text(sql))}
            for sql in ("select login, id from user_account", "select name, id from unit")
        )
        cycle = connection.execute(text("select id, assessor_id from cycle")).one()
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    city = City(
        engine, clock, TestClient(create_app(settings_for(url, folder), engine), follow_redirects=False)
    )
    one = OneYear(engine, clock, Demo(cycle.assessor_id, {YEAR: cycle.id}, units), people)
    return city, Contest(one)
