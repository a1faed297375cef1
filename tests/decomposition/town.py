"""The demonstration city whose targets are in force: units that break them down, and their people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from engine.clock import VirtualClock
from engine.ids import new_id
from engine.people.tables import Membership, Unit, UserAccount
from engine.runtime.events.messages import NewMessage
from engine.store import Database
from engine.work import inbox as inboxes
from processes.demo import Demo, build_demo
from processes.planning.services import bring_targets
from processes.tables import table_of
from tests.processes.city import BEGIN, ROOT, City, open_city

FOLDERS = ("processes/decomposition", "forms/library/decomposition")
UNITS = ("U39", "U20")
"""市环保局 (four divisions, four targets) and 市旅委."""
MANY = "U39"
Said = dict[str, Any]


def library() -> dict[str, bytes]:
    """Every diagram, decision and form of the decomposition."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).iterdir())]
    return {
        str(path.relative_to(ROOT)): path.read_bytes()
        for path in paths
        if path.suffix in (".bpmn", ".dmn", ".form")
    }


@dataclass
class Town:
    """The city with what its people do about their targets."""

    city: City

    @property
    def clock(self) -> VirtualClock:
        return self.city.clock

    def issue(self) -> None:
        """The message with which planning ends: the year's targets are in force."""
        self._publish("targets.issued", "2018", {})

    def change(self, code: str, target: str, *, version: int) -> None:
        """The message of a target's later version."""
        unit = dict(self.city.rows("select id, name, code from unit where code = :code", code=code)[0])
        target_id = self.target_id(code, target)
        said = {"unit": unit, "targetId": target_id, "versionNumber": version}
        self._publish("target.changed", target_id, said, message_id=f"{target_id}/{version}")

    def target_id(self, unit: str, code: str) -> str:
        """A unit's target by its code."""
        of_unit = "select t.id from target t join unit u on u.id = t.unit_id where u.code = :unit"
        sql = f"{of_unit} and t.code = :code and t.cycle_id = :cycle"
        return str(self.city.scalar(sql, unit=unit, code=code, cycle=self.city.cycle.id))

    def _publish(self, name: str, key: str, said: Said, *, message_id: str = "") -> None:
        cycle = self.city.cycle
        message = NewMessage(
            cycle_id=cycle.id,
            name=name,
            correlation_key=key,
            message_id=message_id or f"{name}/{cycle.id}",
            variables=said,
            surroundings=cycle.variables(),
        )
        with self.city.engine.database.write() as connection:
            self.city.engine.publish(connection, message)
        self.city.engine.drain()

    def shown(self, login: str, element: str) -> Said:
        """What a person's form shows at a step."""
        return self.city.form(login, element)

    def do(self, login: str, element: str, change: Any = None, *, outcome: str = "submit") -> None:
        """办理 the one item of a person at a step; `change(data)` makes the fields from what is shown."""
        data = self.shown(login, element)
        self.city.complete(login, element, outcome=outcome, fields=change(data) if change else data)

    def waiting(self, login: str) -> list[str]:
        """The steps that wait for a person."""
        return self.city.elements(login)

    def item(self, login: str, element: str) -> inboxes.InboxRow:
        """The one open item of a person at a step."""
        return self.city.item(login, element)

    def division(self, name: str) -> str:
        """A division of 市环保局 by its own name."""
        return str(self.city.scalar("select id from unit where name = :name", name=f"市环保局{name}"))

    def person(self, login: str) -> str:
        """Somebody's id by the log-in."""
        return self.city.people[login]

    def verdicts(self, login: str) -> list[str]:
        """What was answered to the duties of a person, whoever answered."""
        sql = (
            "select a.verdict from decomposition_part p join decomposition_answer a "
            "on a.origin_id = p.origin_id where p.user_id = :id order by a.verdict"
        )
        return [row["verdict"] for row in self.city.rows(sql, id=self.person(login))]


def lay_town(database: Database) -> Demo:
    """Lay the city, put the targets of two units in force, deploy the decomposition: once for a template."""
    with database.write() as connection:
        demo = build_demo(connection, password_hash="")
        bring_targets(connection, demo.cycles[2018], at=BEGIN, on=date(2018, 2, 1))
        connection.execute(
            text(
                "update target set state = 'issued', division_id = null where unit_id in "
                "(select id from unit where code in ('U39', 'U20'))"
            )
        )
        _seat(connection, "clerk1", division="市环保局大气环境处", at=BEGIN)
        _seat(connection, "clerk2", division="市环保局大气环境处", at=BEGIN)
    open_city(database, demo).engine.deploy(library())
    return demo


def _seat(connection: Connection, login: str, *, division: str, at: Any) -> None:
    """One more person of a division."""
    users, seats, units = table_of(UserAccount), table_of(Membership), table_of(Unit)
    unit_id = connection.execute(units.select().where(units.c.name == division)).mappings().one()["id"]
    user_id = new_id()
    connection.execute(
        insert(users).values(
            id=user_id, login=login, name=f"办事员{login[-1]}", pinyin=login, phone="", email="",
            password_hash="", must_change_password=False, failed_count=0, active=True, created_at=at,
        )
    )  # fmt: skip
    connection.execute(
        insert(seats).values(
            id=new_id(), user_id=user_id, unit_id=unit_id, home_id=unit_id, post_key="division",
            from_on=date(2018, 1, 1), is_primary=True,
        )
    )  # fmt: skip
