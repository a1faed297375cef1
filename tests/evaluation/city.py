"""The demonstration city at the turn of 2018: the year's targets are issued, those of 2019 are to be set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from api.assembly import build_bindings
from api.library import library_files
from engine.clock import VirtualClock
from engine.runtime.engine import Engine
from engine.runtime.setup import Cycle
from engine.store import Database
from processes.demo import build_demo
from processes.demo_people import MEMBERSHIPS, USERS, _membership, _user
from tests.processes.city import City as OneYear

ROOT = Path(__file__).parents[2]
BEGIN = datetime(2019, 1, 4, 1, 0, tzinfo=UTC)
POSTS = ("data.statistics", "assess.group", "assess.second", "assess.leader")


class City(OneYear):
    """The city with two years: `last` is 2018, whose data are collected and whose targets are assessed."""

    @property
    def cycle(self) -> Cycle:
        return self.year(2019)

    @property
    def last(self) -> Cycle:
        return self.year(2018)

    def year(self, year: int) -> Cycle:
        return Cycle(
            self.demo.cycles[year], year, "hangzhou_13fyp", "formal", self.demo.assessor_id, "杭州市"
        )

    def begin(self, process: str, *codes: str) -> str:
        """Start a process of 2018 for some units."""
        found = self.engine.start(process, cycle=self.last, variables={"unitCodes": list(codes)})
        self.engine.drain()
        return found

    def until(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Go on to a day's hour in the city."""
        moment = datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        self.engine.drain()

    def enter(self, login: str, values: dict[str, str | None], *, element: str = "enter_data") -> None:
        """Fill in figures by the measure's name; None says that there is none."""
        form = self.form(login, element)
        self.complete(login, element, fields=entered(form, values))

    def verify(self, outcome: str, say: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """The office's finding about each figure that waits."""
        form = self.form("office.reviewer", "verify_data")
        rows = [{**row, **say(row)} for row in form["rows"]]
        opinion = "" if outcome == "pass" else "见各行依据"
        self.complete(
            "office.reviewer", "verify_data", outcome=outcome, opinion=opinion, fields={**form, "rows": rows}
        )


def entered(form: dict[str, Any], values: dict[str, str | None]) -> dict[str, Any]:
    """The entry form with these figures; what is not named has none, with a reason."""
    rows = []
    for row in form["rows"]:
        value = values.get(row["name"])
        said = (
            {"value": value, "none": False} if value else {"value": None, "none": True, "note": "本年未统计"}
        )
        rows.append({**row, **said})
    return {**form, "rows": rows}


def lay_city(url: str) -> None:
    """The city's database: two cycles, the library deployed, and the people of this stage."""
    database = Database(url)
    with database.write() as connection:
        demo = build_demo(connection, password_hash="", year=2019)
        _people(connection, demo)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings())
    engine.deploy(library_files())
    database.close()


def _people(connection: Any, demo: Any) -> None:
    at, from_on = BEGIN, BEGIN.date().replace(year=2018)
    statistics = demo.units["市统计局"]
    seats = [(post, demo.assessor_id, post) for post in POSTS]
    seats += [("stat.liaison", statistics, "liaison"), ("stat.head", statistics, "head")]
    for number, (login, seat, post) in enumerate(seats):
        user = _user(login, f"考评{number}", "", at)
        connection.execute(insert(USERS), [user])
        place = {"id": None}
        place = _place(str(user["id"]), seat, post, from_on)
        connection.execute(insert(MEMBERSHIPS), [place])


def _place(user_id: str, seat: str, post: str, from_on: Any) -> dict[str, Any]:
    class _Unit:
        id = seat

    return _membership(user_id, home=_Unit(), seat=_Unit(), post=post, from_on=from_on)  # type: ignore[arg-type]


def open_city(url: str) -> City:
    """A laid city, opened on 2019-01-04 at nine."""
    from sqlalchemy import text

    from processes.demo import Demo

    database = Database(url)
    with database.read() as connection:
        people = dict(connection.execute(text("select login, id from user_account")).all())
        cycles = dict(connection.execute(text("select year, id from cycle")).all())
        units = dict(connection.execute(text("select name, id from unit")).all())
    clock = VirtualClock(BEGIN)
    engine = Engine(database, clock=clock, bindings=build_bindings())
    return City(engine, clock, Demo(units["杭州市"], cycles, units), people)
