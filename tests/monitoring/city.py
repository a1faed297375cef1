"""The demonstration city in July 2017, whose targets were issued: months are reported and notices sent."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from api.commands.demo import PASSWORD
from api.house import password_rules
from engine.clock import VirtualClock, today
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.runtime.events.messages import NewMessage
from engine.runtime.setup import Cycle
from engine.store import Database
from engine.work.bindings import Bindings
from processes.bindings import bindings_parts
from processes.cycle.running import engine_cycle
from processes.demo import Demo, build_demo
from processes.monitoring.correcting import ask_correction
from processes.planning.assigning import MessageToPublish
from tests.planning.city import settings_for
from tests.processes.city import ROOT, City, check_form

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2017, 7, 3, 1, 0, tzinfo=UTC)
"""Monday 3 July 2017, 09:00 in Shanghai."""
JUNE = "2017-06"
HOUSING = "市建委"
FOLDERS = ("processes/monitoring", "forms/library/monitoring")


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of monitoring."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir())]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in paths
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


@dataclass
class MonitoringCity(City):
    """The city with the cycle of 2017."""

    @property
    def cycle(self) -> Cycle:
        with self.engine.database.read() as connection:
            return engine_cycle(connection, self.demo.cycles[2017])

    def begin(self, *units: str, period: str = JUNE) -> str:
        """Start a month for some units, by name; the instance."""
        codes = [self.code(unit) for unit in units]
        instance = self.engine.start(
            "monthly_monitor", cycle=self.cycle, variables={"period": period, "unitCodes": codes}
        )
        self.engine.drain()
        return instance

    def code(self, unit: str) -> str:
        return str(self.scalar("select code from unit where name = :name", name=unit))

    def login(self, unit: str, post: str) -> str:
        """`u13.liaison`: who holds a unit's post."""
        return f"{self.code(unit).lower()}.{post}"

    def until(self, day: date, hour: int = 9) -> None:
        """Go on to a day's hour in the city, and let the engine do what has become due."""
        moment = datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        self.engine.drain()

    def fill(self, unit: str, values: dict[str, object], *, note: str = "") -> None:
        """填报进度: values by the measure's name; what is not named has no figure this month."""
        liaison = self.login(unit, "liaison")
        data = self.form(liaison, "report_progress")
        rows = [filled(row, values, note) for row in data["figures"]]
        self.complete(liaison, "report_progress", fields={**data, "figures": rows})

    def hand_in(self, unit: str, values: dict[str, object]) -> None:
        """填报, and the deputy's consent."""
        self.fill(unit, values)
        self.complete(self.login(unit, "deputy"), "confirm_progress", outcome="approve")

    def explain(self, unit: str) -> None:
        """说明原因 of every yellow light."""
        liaison = self.login(unit, "liaison")
        data = self.form(liaison, "explain_light")
        rows = [{**row, "text": "雨季停工", "remedy": "七月增加班组"} for row in data["lights"]]
        self.complete(liaison, "explain_light", fields={**data, "lights": rows})

    def correct(self, unit: str, measure: str, value: object, *, reason: str = "统计口径核对") -> str:
        """Ask the office to correct a figure; the correction's id."""
        datum = self.datum(unit, measure)
        with self.engine.database.write() as connection:
            message = ask_correction(
                connection,
                datum["id"],
                value=Decimal(str(value)),
                reason=reason,
                by=self.people[self.login(unit, "liaison")],
                at=self.clock.now(),
                today=today(self.clock),
            )
        self.publish(message)
        return message.message_id

    def publish(self, message: MessageToPublish) -> None:
        """Hand a message to the engine as the pages do: what it starts knows the cycle."""
        with self.engine.database.write() as connection:
            self.engine.publish(
                connection,
                NewMessage(
                    cycle_id=message.cycle_id,
                    name=message.name,
                    correlation_key=message.key,
                    message_id=message.message_id,
                    variables=message.variables,
                    surroundings=self.cycle.variables(),
                ),
            )
        self.engine.drain()

    def datum(self, unit: str, measure: str) -> Any:
        """The newest datum of a measure of June."""
        rows = self.rows(
            "select d.* from datum d join target_measure m on m.id = d.measure "
            "join unit u on u.id = d.unit_id where u.name = :unit and m.name = :measure order by d.id",
            unit=unit,
            measure=measure,
        )
        return rows[-1]

    def lights(self, unit: str) -> list[tuple[str, str, str]]:
        """(measure, light, reason) of every light ever judged, in order."""
        rows = self.rows(
            "select m.name, l.light, l.reason from progress_light l "
            "join target_measure m on m.id = l.measure join unit u on u.id = l.unit_id "
            "where u.name = :unit order by l.id",
            unit=unit,
        )
        return [(row["name"], row["light"], row["reason"]) for row in rows]


def filled(row: dict[str, Any], values: dict[str, object], note: str) -> dict[str, Any]:
    """A row of the report with its figure, or without one and why."""
    if row["name"] in values:
        return {**row, "value": str(values[row["name"]]), "no_data": False}
    return {**row, "value": None, "no_data": True, "note": note or "按年统计，本期无数据"}


def lay_city(url: str) -> None:
    """The city with monitoring deployed."""
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


def open_city(url: str) -> MonitoringCity:
    """A city that was laid before, on 3 July 2017."""
    database = Database(url)
    engine = engine_on(database)
    with database.read() as connection:
        people: dict[str, str] = dict(connection.execute(text("select login, id from user_account")).all())
        cycles: dict[int, str] = dict(connection.execute(text("select year, id from cycle")).all())
        units: dict[str, str] = dict(connection.execute(text("select name, id from unit")).all())
        assessor = connection.execute(text("select assessor_id from cycle")).scalar()
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    return MonitoringCity(engine, clock, Demo(str(assessor), cycles, units), people)
