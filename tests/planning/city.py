"""The demonstration city behind its REST interface: people who log in, act, and are answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import text

from api.app import create_app
from api.assembly import build_bindings
from api.commands.demo import BEGINS, PASSWORD, build
from api.house import password_rules
from api.library import library_files
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.running import engine_cycle
from processes.demo import build_demo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FORM = {"content-type": "application/x-www-form-urlencoded"}
Said = dict[str, Any]


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test: cheap passwords, a quiet log."""
    return Settings(
        database_url=url,
        data_dir=folder,
        argon2_time=1,
        argon2_memory_kib=8,
        argon2_parallelism=1,
        log_level="error",
        public_comments_per_hour=1000,
    )


def lay_whole_city(url: str, folder: Path) -> None:
    """What `bihuan demo` makes: the city, the library deployed, planning announced to all units."""
    build(settings_for(url, folder))


def lay_small_city(url: str, folder: Path, *, codes: list[str]) -> None:
    """The same city, with planning begun for a few units only."""
    database = Database(url)
    kept = Passwords(password_rules(settings_for(url, folder))).hash(PASSWORD)
    engine = Engine(database, clock=VirtualClock(BEGINS), bindings=build_bindings())
    engine.deploy(library_files())
    with database.write() as connection:
        made = build_demo(connection, password_hash=kept, year=2018)
        cycle = engine_cycle(connection, made.cycles[2018])
        engine.start_in(connection, "plan_setting", cycle=cycle, variables={"unitCodes": codes})
    engine.drain()
    database.close()


@dataclass(frozen=True)
class Act:
    """One verb that was taken: by whom, with which item."""

    login: str
    item_id: str
    verb: str


@dataclass
class City:
    """One engine with a clock of its own, the application in front of it, and everybody's desk."""

    engine: Engine
    clock: VirtualClock
    client: TestClient
    acts: list[Act] = field(default_factory=list)
    desks: dict[str, "Desk"] = field(default_factory=dict)

    def desk(self, login: str) -> "Desk":
        """Where a person works; who comes for the first time logs in."""
        if login not in self.desks:
            self.desks[login] = Desk(self, login, log_in(self.client, login))
        return self.desks[login]

    def settle(self) -> None:
        """Let the engine do what is due."""
        self.engine.drain()

    def at(self, day: date, hour: int = 9) -> None:
        """Go on to a day's hour in the city, and let the engine do what has become due."""
        moment = datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
        self.clock.advance(max(moment - self.clock.now(), timedelta(0)))
        self.settle()

    def rows(self, sql: str, **values: object) -> list[Mapping[str, Any]]:
        """Rows as they are stored."""
        with self.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def scalar(self, sql: str, **values: object) -> Any:
        """One stored value."""
        with self.engine.database.read() as connection:
            return connection.execute(text(sql), values).scalar()

    def unit_id(self, name: str) -> str:
        """A unit by its name."""
        return str(self.scalar("select id from unit where name = :name", name=name))

    def cycle_id(self, year: int) -> str:
        """The cycle of a year."""
        return str(self.scalar("select id from cycle where year = :year", year=year))


def log_in(client: TestClient, login: str) -> dict[str, str]:
    """Log in with the password as a browser does; the header that carries the session."""
    answer = client.post("/login", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    session = answer.cookies["bihuan_session"]
    client.cookies.clear()
    return {"cookie": f"bihuan_session={session}", "accept": "application/json"}


@dataclass
class Desk:
    """One logged-in person before the REST interface."""

    city: City
    login: str
    headers: dict[str, str]

    def get(self, path: str, **query: str) -> Response:
        """Read something under /api/v1."""
        return self.city.client.get(f"/api/v1{path}", params=query, headers=self.headers)

    def post(self, path: str, content: object, **headers: str) -> Response:
        """Send something to /api/v1."""
        return self.city.client.post(f"/api/v1{path}", json=content, headers=self.headers | headers)

    def read(self, path: str, **query: str) -> Any:
        """Read something that is there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, tab: str = "mine", *, search: str = "") -> list[Said]:
        """Every row of a tab of the inbox, page after page."""
        found: list[Said] = []
        after: dict[str, str] = {}
        while True:
            page = self.read("/work-items", tab=tab, search=search, limit="200", **after)
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    def waiting(self) -> list[str]:
        """The steps that wait for this person."""
        return sorted(row["element"] for row in self.items())

    def item(self, element: str, *, subject: str = "", tab: str = "mine") -> Said:
        """The one row at a step (about a unit)."""
        rows = [row for row in self.items(tab) if row["element"] == element]
        rows = [row for row in rows if subject in ("", row["subject"])]
        assert len(rows) == 1, f"{self.login} at {element}: {[row['title'] for row in rows]}"
        return rows[0]

    def task(self, element: str, *, subject: str = "") -> Said:
        """The task at a step with its form."""
        found: Said = self.read(f"/work-items/{self.item(element, subject=subject)['id']}")
        return found

    def attempt(self, item_id: str, verb: str, said: Said, **headers: str) -> Response:
        """Do a verb; whatever the answer is."""
        return self.post(f"/work-items/{item_id}/{verb}", said, **headers)

    def act(self, verb: str, item: Said, **said: Any) -> Said:
        """Do a verb that must succeed with an item or task as it was read."""
        answer = self.attempt(item["id"], verb, {"version": item["version"], **said})
        assert answer.status_code == 200, f"{self.login} {verb} {item['element']}: {answer.text}"
        self.city.acts.append(Act(self.login, item["id"], verb))
        done: Said = answer.json()
        return done

    def complete(self, element: str, *, subject: str = "", verb: str = "complete", **said: Any) -> Said:
        """办理 the one task at a step; `change(data)` makes the fields from what the form shows."""
        change = said.pop("change", None)
        task = self.task(element, subject=subject)
        if change is not None:
            said["fields"] = change(task["form"]["data"])
        return self.act(verb, task, **said)

    def claim(self, element: str, *, subject: str = "") -> Said:
        """认领 the one free task at a step."""
        return self.act("claim", self.item(element, subject=subject, tab="claimable"))


def open_city(url: str, folder: Path) -> City:
    """A city that was laid before, with its application; nobody has logged in yet."""
    clock = VirtualClock(BEGINS)
    engine = Engine(Database(url), clock=clock, bindings=build_bindings())
    app = create_app(settings_for(url, folder), engine)
    return City(engine, clock, TestClient(app, follow_redirects=False))
