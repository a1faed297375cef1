"""The demonstration city in May 2017: targets are issued, challenged and adjusted."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import PASSWORD
from api.house import password_rules
from engine.clock import VirtualClock, today
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.runtime.events.signals import NewSignal
from engine.store import Database
from engine.work.bindings import Bindings
from processes.adjusting.asking import (
    SELECTION,
    ask_adjustment,
    begin_selection,
    declare_challenge,
    withdraw,
)
from processes.bindings import bindings_parts
from processes.cycle.freezing import freeze as freeze_year
from processes.demo import Demo, build_demo
from tests.monitoring.city import MonitoringCity
from tests.planning.city import City as Town
from tests.planning.city import settings_for
from tests.processes.city import ROOT, check_form

BEGIN = datetime(2017, 5, 8, 1, 0, tzinfo=UTC)
"""Monday 8 May 2017, 09:00 in Shanghai."""
FOLDERS = tuple(
    f"{top}/{room}" for top in ("processes", "forms/library") for room in ("adjusting", "monitoring")
)
MORE = ("processes/planning/challenge_indicator.dmn",)
AIR = "市环保局"


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of changes and of monitoring, and D02."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir())]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in [*paths, *(ROOT / one for one in MORE)]
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


class ChangeCity(MonitoringCity):
    """The city with the cycle of 2017, and people who want to change its targets."""

    def target(self, unit: str, code: str) -> str:
        """A unit's target of 2017 by its code."""
        return str(
            self.scalar(
                "select t.id from target t join unit u on u.id = t.unit_id "
                "where u.name = :unit and t.code = :code and t.cycle_id = :cycle",
                unit=unit,
                code=code,
                cycle=self.cycle.id,
            )
        )

    def declare(self, unit: str, code: str) -> str:
        """申报挑战: the case."""
        with self.engine.database.write() as connection:
            message = declare_challenge(
                connection,
                self.target(unit, code),
                by=self.people[self.login(unit, "liaison")],
                at=self.clock.now(),
                today=today(self.clock),
            )
        self.publish(message)
        return message.message_id

    def adjust(self, unit: str, code: str, *, asker: str = "unit") -> str:
        """申请调整: the case."""
        by = self.login(unit, "liaison") if asker == "unit" else "office.staff"
        with self.engine.database.write() as connection:
            message = ask_adjustment(
                connection, self.target(unit, code), asker=asker, by=self.people[by], at=self.clock.now()
            )
        self.publish(message)
        return message.message_id

    def select_keys(self) -> None:
        """发起选取关键性挑战指标."""
        with self.engine.database.write() as connection:
            variables = begin_selection(connection, self.cycle.id)
            self.engine.start_in(connection, SELECTION, cycle=self.cycle, variables=variables)
        self.engine.drain()

    def withdraw(self, case_id: str, reason: str = "情况有变") -> None:
        """撤回."""
        with self.engine.database.write() as connection:
            message = withdraw(connection, case_id, reason=reason)
        self.publish(message)

    def fill_in(self, login: str, element: str, *, outcome: str = "submit", **changes: Any) -> None:
        """办理 a step with what its form shows, and these fields changed."""
        form = self.form(login, element)
        self.complete(login, element, outcome=outcome, fields={**form, **changes})

    def acts(self, case_id: str) -> list[str]:
        """What happened in a case, in order."""
        rows = self.rows("select kind from change_act where case_id = :id order by id", id=case_id)
        return [row["kind"] for row in rows]


def lay_city(url: str) -> None:
    """The city with changes and monitoring deployed."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, Path()))).hash(PASSWORD)
    with database.write() as connection:
        build_demo(connection, password_hash=kept, year=2018)
    engine_on(database).deploy(library())
    database.close()


def engine_on(database: Database) -> Engine:
    services, records = bindings_parts()
    bindings = Bindings(services=services, records=records, check_form=check_form)
    return Engine(database, clock=VirtualClock(BEGIN), bindings=bindings)


def open_city(url: str, *, engine_of: Callable[[Database], Engine] = engine_on) -> ChangeCity:
    """A city that was laid before, on 8 May 2017."""
    database = Database(url)
    engine = engine_of(database)
    with database.read() as connection:
        people: dict[str, str] = dict(connection.execute(text("select login, id from user_account")).all())
        cycles: dict[int, str] = dict(connection.execute(text("select year, id from cycle")).all())
        units: dict[str, str] = dict(connection.execute(text("select name, id from unit")).all())
        assessor = connection.execute(text("select assessor_id from cycle")).scalar()
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    return ChangeCity(engine, clock, Demo(str(assessor), cycles, units), people)


def freeze(city: ChangeCity) -> None:
    """The year is frozen: the fact on the cycle, and the signal for what is under way."""
    with city.engine.database.write() as connection:
        by, at = city.person("office.head"), city.clock.now()
        freeze_year(connection, city.cycle.id, reason="数据即将锁定", by=by, at=at)
        city.engine.throw(connection, NewSignal(cycle_id=city.cycle.id, name="cycle.frozen"))
    city.engine.drain()


def lay_whole(url: str) -> None:
    """The city with what the product ships deployed that changes need, behind the application."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, Path()))).hash(PASSWORD)
    with database.write() as connection:
        build_demo(connection, password_hash=kept, year=2018)
    Engine(database, clock=VirtualClock(BEGIN), bindings=build_bindings()).deploy(library())
    database.close()


def open_whole(url: str, folder: Path) -> Town:
    """The city in May 2017 with its application; nobody has logged in yet."""
    clock = VirtualClock(BEGIN)
    engine = Engine(Database(url), clock=clock, bindings=build_bindings())
    app = create_app(settings_for(url, folder), engine)
    return Town(engine, clock, TestClient(app, follow_redirects=False))
