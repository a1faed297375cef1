"""People at work: `python -m tests.bench.people [--people 200] [--seconds 120] [--think 10]`.

Two real `bihuan serve` processes on a PostgreSQL whose commits reach the disk. Each person has a session,
opens the inbox, opens a task, fills in its form and submits it, and thinks between any two of these; what one
submits lies on another's desk, for ever. Every page is asked for as a browser would. Prints, for each kind of
page, how many there were and how long the slowest 5 % took at least, and whatever went wrong; ends with 1 if
anything did.

The people live in this process: what they use of the machine is told beside the servers' share.
"""

import argparse
import asyncio
import json
import os
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import make_url, update

from api.security.session import SESSION_COOKIE
from engine.clock import SystemClock
from engine.jobs.postgresql import ProcrastinateQueue
from engine.people.sessions import open_session
from engine.people.tables import UserAccount
from engine.runtime.engine import Engine
from engine.store import Database
from tests import postgres
from tests.bench.workers import LASTING
from tests.chaos.nursery import Nursery
from tests.chaos.storm import free_port
from tests.databases import Templates
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.people.conftest import City
from tests.engine.runtime.world import SUBJECT, build_world, user

EACH = 3
"""Tasks that go back and forth between the two people of a unit."""
TASK = re.compile(r'href="(/tasks/[0-9a-f-]{36})"')
VERSION = re.compile(r'name="version" value="(\d+)"')
DIAGRAM = diagram(
    SUBJECT,
    START,
    '<bpmn:exclusiveGateway id="again" name="" />',
    '<bpmn:exclusiveGateway id="over" name="是否办结?" default="no" />',
    user("fill", "unit.liaison"),
    user("check", "unit.head", form_id="review", outcomes="return:退回再报,approve:办结"),
    END,
    flow("f1", "begun", "again"),
    flow("f2", "again", "fill"),
    flow("f3", "fill", "check"),
    flow("f4", "check", "over"),
    flow("no", "over", "again", name="否"),
    flow("yes", "over", "done", condition='= outcome = "approve"', name="是"),
)


@dataclass
class Told:
    """What the people saw: milliseconds by kind of page, and what nobody should see."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Lay the city, start the servers, let people work, and say how it was."""
    arguments = argparse.ArgumentParser(description="Many people at work at once")
    arguments.add_argument("--people", type=int, default=200)
    arguments.add_argument("--seconds", type=float, default=120)
    arguments.add_argument("--think", type=float, default=10, help="mean seconds between two pages")
    arguments.add_argument("--servers", type=int, default=2)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres.private_cluster(**LASTING) as cluster:
        os.environ["BIHUAN_TEST_POSTGRES"] = cluster
        with Templates(Path(folder)).copy("postgresql", Path(folder) / "copy") as url:
            secrets = _lay(url, given.people)
            told, used = _work(url, Path(folder), given, secrets)
    print(json.dumps(_summary(told, used, given), ensure_ascii=False, indent=1))
    return 1 if told.wrong else 0


def _lay(url: str, people: int) -> list[str]:
    """Units with a liaison and a head each, and tasks that never end; a session's secret for everybody."""
    hurried = make_url(url).update_query_dict({"options": "-c synchronous_commit=off"})
    database = Database(hurried.render_as_string(hide_password=False))
    world = build_world(database)
    setup = world.engine.setup
    world.engine = Engine(database, clock=SystemClock(), bindings=setup.bindings, queue=ProcrastinateQueue())
    world.deploy(planning=DIAGRAM)
    secrets: list[str] = []
    with database.write() as connection:
        city = City(connection, world.units)
        connection.execute(update(UserAccount).values(must_change_password=False))
        for number in range((people + 1) // 2):
            code = f"N{number}"
            root = world.units["C0"]
            city.add_unit(code, f"第{number}局", "municipal", parent_id=root, assessor_id=root, assessed=True)
            for post in ("liaison", "head"):
                person = city.add_person(f"{post}{number}", f"{code} {post}", name=f"{number}号{post}")
                secrets.append(open_session(connection, person))
        connection.execute(update(UserAccount).values(must_change_password=False))
    for number in range((people + 1) // 2):
        for _ in range(EACH):
            world.start(unit=world.unit(f"N{number}"), drain=False)
    database.close()
    return secrets[:people]


def _work(
    url: str, folder: Path, given: argparse.Namespace, secrets: list[str]
) -> tuple[Told, dict[str, float]]:
    settings = {"BIHUAN_DATABASE_URL": url, "BIHUAN_DATA_DIR": str(folder), "BIHUAN_LOG_LEVEL": "error"}
    nursery = Nursery(folder, settings)
    ports = [free_port() for _ in range(given.servers)]
    servers = [nursery.start("serve", "--port", str(port)) for port in ports]
    told = Told()
    try:
        _until_there(ports)
        asyncio.run(
            _everybody(secrets, ports, told=Told(), seconds=15, think=given.think)
        )  # all is read once
        before, began = _seconds_of(servers), time.monotonic()
        mine = resource.getrusage(resource.RUSAGE_SELF)
        asyncio.run(_everybody(secrets, ports, told=told, seconds=given.seconds, think=given.think))
        passed = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_SELF)
        people = after.ru_utime + after.ru_stime - mine.ru_utime - mine.ru_stime
        return told, {
            "servers": (_seconds_of(servers) - before) / passed,
            "people": people / passed,
        }
    finally:
        nursery.close()


def _until_there(ports: list[int]) -> None:
    for port in ports:
        for _ in range(600):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        else:
            raise TimeoutError(f"no server on {port}")


async def _everybody(
    secrets: list[str], ports: list[int], *, told: Told, seconds: float, think: float
) -> None:
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number, secret in enumerate(secrets):
            address = f"http://127.0.0.1:{ports[number % len(ports)]}"
            person = _Person(address, secret, told, random.Random(number), until, think)
            group.create_task(person.work())


class _Person:
    """Somebody with a browser: inbox, task, submit, and a while between."""

    def __init__(
        self, address: str, secret: str, told: Told, chance: random.Random, until: float, think: float
    ) -> None:
        self.told, self.chance, self.until, self.think = told, chance, until, think
        self.web = httpx.AsyncClient(
            base_url=address, cookies={SESSION_COOKIE: secret}, timeout=30, trust_env=False
        )

    async def work(self) -> None:
        """Until the time is over."""
        async with self.web:
            await asyncio.sleep(self.chance.random() * self.think)
            while time.monotonic() < self.until:
                listed = await self._ask("inbox", "GET", "/inbox")
                await self._think()
                tasks = TASK.findall(listed.text) if listed else []
                if tasks and time.monotonic() < self.until:
                    await self._do(self.chance.choice(tasks))

    async def _do(self, task: str) -> None:
        page = await self._ask("task", "GET", task)
        await self._think()
        version = VERSION.search(page.text) if page else None
        if version is None:
            return  # somebody else's turn by now
        sent = {
            "version": version[1],
            "outcome": "",
            "value": "完成",
            "note": "",
            "remark": "",
            "opinion": "",
        }
        sent["outcome"] = "return" if 'value="return"' in page.text else "submit"  # type: ignore[union-attr]
        done = await self._ask("complete", "POST", f"{task}/complete", data=sent)
        if done is not None and done.status_code == 303:
            await self._ask("done", "GET", done.headers["location"])

    async def _think(self) -> None:
        await asyncio.sleep(self.chance.expovariate(1 / self.think))

    async def _ask(
        self, kind: str, method: str, path: str, data: dict[str, str] | None = None
    ) -> httpx.Response | None:
        began = time.perf_counter()
        try:
            answer = await self.web.request(method, path, data=data)
        except httpx.HTTPError as failed:
            self.told.wrong[f"{kind}: {type(failed).__name__}"] += 1
            return None
        self.told.took[kind].append((time.perf_counter() - began) * 1000)
        if answer.status_code != (303 if kind == "complete" else 200):
            self.told.wrong[f"{kind}: {answer.status_code}"] += 1
        return answer


def _seconds_of(processes: list[int]) -> float:
    """CPU seconds that processes have used so far."""
    found = 0
    for pid in processes:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        found += int(fields[11]) + int(fields[12])
    return found / os.sysconf("SC_CLK_TCK")


def _summary(told: Told, used: dict[str, float], given: argparse.Namespace) -> dict[str, object]:
    pages: dict[str, object] = {}
    for kind, took in told.took.items():
        cut = statistics.quantiles(took, n=20) if len(took) > 1 else took * 19
        pages[kind] = {"count": len(took), "p50_ms": round(cut[9], 1), "p95_ms": round(cut[18], 1)}
    return {
        "people": given.people,
        "servers": given.servers,
        "mean_think_s": given.think,
        "seconds": given.seconds,
        "pages_per_s": round(sum(map(len, told.took.values())) / given.seconds, 1),
        "pages": pages,
        "wrong": dict(told.wrong),
        "cpus": {name: round(share, 2) for name, share in used.items()},
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    sys.exit(main())
