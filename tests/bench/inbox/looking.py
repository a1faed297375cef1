"""Many people look at every list and search for this and that, through the application as served."""

import asyncio
import json
import logging
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import structlog

from api.app import create_app
from api.security.session import SESSION_COOKIE
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.sessions import open_session
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from tests.bench.inbox.town import HEAVY, NOW, Town
from tests.bench.scale.figures import Figure, table
from tests.engine.runtime.world import accept_all

PROMISED = {"postgresql": 30.0, "sqlite": 20.0}
"""Milliseconds for 95 of 100 looks."""
OPEN_WORK = "select count(search_text) from work_item where id > ''"
BACKENDS = "select pid from pg_stat_activity where datname = current_database()"
LOOKS: dict[str, dict[str, str]] = {
    "待办": {},
    "待办, next page": {"next": "1"},
    "待办, newest first": {"sort": "new"},
    "待办, by unit": {"sort": "unit"},
    "待办, overdue and returned": {"due": "late", "returned": "1"},
    "待办, one process": {"process": "targets"},
    "待办, two characters": {"search": "停车"},
    "待办, initials": {"search": "sthjj"},
    "待办, full pinyin and a word": {"search": "shengtaihuanjing 考核"},
    "待办, found nothing": {"search": "没有这个"},
    "待认领": {"tab": "claimable"},
    "待认领, two characters": {"tab": "claimable", "search": "财政"},
    "已办": {"tab": "done"},
    "已办, next page": {"tab": "done", "next": "1"},
    "已办, two characters": {"tab": "done", "search": "停车"},
    "已办, found nothing": {"tab": "done", "search": "没有这个"},
    "我发起": {"tab": "started"},
    "我发起, initials": {"tab": "started", "search": "czj"},
    "抄送我": {"tab": "copies"},
    "抄送我, two characters": {"tab": "copies", "search": "河道"},
    "关注": {"tab": "following"},
    "关注, found nothing": {"tab": "following", "search": "没有这个"},
}


@dataclass(frozen=True)
class Answer:
    """One answered request: milliseconds on the clock, and of CPU here and in the database's processes."""

    wall: float
    cpu: float
    status: int
    body: bytes


class Server:
    """The application in this process, asked as a web server asks it."""

    def __init__(self, database: Database) -> None:
        bindings = Bindings(services={}, records={}, check_form=accept_all)
        engine = Engine(database, clock=VirtualClock(NOW), bindings=bindings)
        settings = Settings(database_url=database.url.render_as_string(hide_password=False))
        self._app = create_app(settings, engine)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        self._database = database
        self._backends: list[int] = []

    def let_in(self, person: str) -> str:
        """A session's cookie."""
        with self._database.write() as connection:
            secret = open_session(connection, person, rules=self._app.state.house.session_rules)
        return f"{SESSION_COOKIE}={secret}"

    def _cpu(self) -> float:
        """Seconds that this process and the database's have worked for us."""
        own = time.process_time()
        for pid in self._backends:
            own += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
        return own

    def find_backends(self) -> None:
        """Which processes of PostgreSQL work for us; on SQLite this one does."""
        if self._database.dialect == "postgresql":
            with self._database.read() as connection:
                self._backends = [row[0] for row in connection.exec_driver_sql(BACKENDS)]

    async def ask(self, cookie: str, address: str) -> Answer:
        """GET an address."""
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http",
            "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode(),
            "headers": [(b"host", b"localhost"), (b"cookie", cookie.encode()), (b"accept", b"text/html")],
            "server": ("localhost", 80), "client": ("127.0.0.1", 1), "state": {},
        }  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        cpu, wall = self._cpu(), time.perf_counter()
        await self._app(scope, receive, send)
        wall, cpu = time.perf_counter() - wall, self._cpu() - cpu
        body = b"".join(message.get("body", b"") for message in sent)
        return Answer(wall * 1000, cpu * 1000, sent[0]["status"], body)


def look(database: Database, town: Town, *, people: int) -> bool:
    """Let people look at everything, print what it cost; whether all that was promised was reached."""
    server = Server(database)
    cookies = [server.let_in(person) for person in chosen(town, people)]
    warm(database)
    found = asyncio.run(_measured(server, cookies, PROMISED[database.dialect]))
    print(table(found))
    return all(figure.reached for figure in found)


def warm(database: Database) -> None:
    """Bring the open work into the server's memory, where it is once people have looked at it; what is past
    stays on the disk. Else whichever list is measured first pays for reading a thousand pages a person.
    """
    with database.read() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("set local enable_seqscan = off")  # which would pass memory by
            connection.exec_driver_sql("set local enable_bitmapscan = off")
        connection.exec_driver_sql(OPEN_WORK)


def chosen(town: Town, people: int) -> Sequence[str]:
    """Who looks: of each hundred, ten with very much work, ten leaders, ten with ten tasks, ten stand-ins."""
    chance, tenth = Random(11), max(people // 10, 1)
    rest = town.people[HEAVY : -len(town.light)]
    groups = (town.heavy, town.leaders, town.light, town.standing_in)
    picked = [chance.choice(group) for group in groups for _ in range(tenth)]
    return picked + [chance.choice(rest) for _ in range(people - len(picked))]


async def _measured(server: Server, cookies: Sequence[str], most: float) -> list[Figure]:
    for cookie in cookies[:5]:  # what a server reads once: definitions, templates, the calendar
        for asked in LOOKS.values():
            await server.ask(cookie, _address(asked))
    server.find_backends()
    figures = []
    for name, asked in LOOKS.items():
        answers = [await _one(server, cookie, asked) for cookie in cookies]
        assert {answer.status for answer in answers} == {200}, (name, {one.status for one in answers})
        figures.append(_figure(name, answers, most))
        print(json.dumps(figures[-1].row(), ensure_ascii=False), flush=True)
    return figures


async def _one(server: Server, cookie: str, asked: dict[str, str]) -> Answer:
    if "next" not in asked:
        return await server.ask(cookie, _address(asked))
    plain = {name: value for name, value in asked.items() if name != "next"}
    first = await server.ask(cookie, _address(plain))
    marked = first.body.decode().partition('rel="next" href="')[2].partition('"')[0]
    return await server.ask(cookie, marked.replace("&amp;", "&")) if marked else first


def _address(asked: dict[str, str]) -> str:
    return f"/inbox?{urlencode({'plain': '1', **asked})}"


def _figure(name: str, answers: Sequence[Answer], most: float) -> Figure:
    walls, cpus = sorted(one.wall for one in answers), sorted(one.cpu for one in answers)
    cpu = f"CPU p50 {statistics.median(cpus):.1f}, p95 {_of(cpus, 0.95):.1f}, largest {cpus[-1]:.1f}"
    note = f"p50 {statistics.median(walls):.1f}, largest {walls[-1]:.1f}; {cpu}"
    return Figure(f"{name}: p95", _of(walls, 0.95), "ms", most, note)


def _of(values: Sequence[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]
