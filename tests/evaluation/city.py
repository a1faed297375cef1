"""The demonstration city at the turn of 2018: the year's targets are issued, those of 2019 are to be set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from api.library import library_files
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.runtime.setup import Cycle
from engine.store import Database
from processes.demo import Demo, build_demo
from tests.planning.city import settings_for
from tests.processes.city import City as OneYear

BEGIN = datetime(2019, 1, 4, 1, 0, tzinfo=UTC)


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

    def deliver(self, code: str, values: dict[str, str | None]) -> None:
        """A unit's own figures, from the entry to the recognition."""
        self.enter(f"{code}.liaison", values)
        self.complete(f"{code}.head", "check_data", outcome="approve")
        self.verify("pass", lambda row: {"result": "equal"})
        self.complete("data.statistics", "recognise", outcome="approve")

    def self_assess(self, code: str, *, good: bool = False) -> None:
        """Exemptions noted, the unit's report written and signed; it gives itself 0.9 everywhere."""
        form = self.form("office.staff", "note_exemption")
        basis = "上年管理检查优秀" if good else ""
        self.complete("office.staff", "note_exemption", fields={**form, "system_good": good, "basis": basis})
        form = self.form(f"{code}.liaison", "self_report")
        rows = [{**row, "text": "按计划完成", "achievement": "0.9"} for row in form["rows"]]
        report = "全年各项工作按计划推进，主要指标好于上年，公众满意。" * 2
        self.complete(f"{code}.liaison", "self_report", fields={**form, "rows": rows, "report": report})
        self.complete(f"{code}.deputy", "deputy_signs", outcome="approve")
        self.complete(f"{code}.head", "head_signs", outcome="approve")

    def group_scores(self, found: str = "0.95") -> None:
        """The group gives 0.8 for what it judges; on the spot it finds `found`."""
        form = self.form("assess.group", "group_scores")
        rows = [{**row, "achievement": "0.8", "basis": "查阅资料"} for row in form["rows"]]
        checks = [{**row, "achievement": found, "basis": "现场核对监测日报"} for row in form["checks"]]
        self.complete("assess.group", "group_scores", fields={**form, "rows": rows, "checks": checks})

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
    """The city's database: two cycles, and the library deployed."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, Path()))).hash(PASSWORD)
    with database.write() as connection:
        build_demo(connection, password_hash=kept, year=2019)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings())
    engine.deploy(library_files())
    database.close()


def open_city(url: str) -> City:
    """A laid city, opened on 2019-01-04 at nine."""
    database = Database(url)
    with database.read() as connection:
        people, units = (
            {row[0]: row[1] for row in connection.execute(text(sql))}
            for sql in ("select login, id from user_account", "select name, id from unit")
        )
        cycles = {row.year: row.id for row in connection.execute(text("select year, id from cycle"))}
    clock = VirtualClock(BEGIN)
    engine = Engine(database, clock=clock, bindings=build_bindings())
    return City(engine, clock, Demo(units["杭州市"], cycles, units), people)
