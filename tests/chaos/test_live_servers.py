"""Open pages at two real servers on one PostgreSQL behind the balancer: whoever acts where, all hear."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from sqlalchemy import text

from api.assembly import _queue_for
from engine.clock import SystemClock
from engine.runtime.engine import Engine
from engine.store import Database
from tests.api.conftest import database_url
from tests.chaos.balancing import balanced
from tests.chaos.listening import Page
from tests.chaos.nursery import Nursery
from tests.chaos.storm import free_port
from tests.engine.runtime.world import PEOPLE, World, build_world, in_a_row, user
from tests.processes.city import PASSWORD

__all__ = ["database_url"]
STREAM = "/notifications/stream"
LOOP = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))


class House:
    """Two servers and one worker on a world's database, and the balancer before them."""

    def __init__(self, url: str, folder: Path, stack: ExitStack) -> None:
        database = Database(url)
        stack.callback(database.close)
        self.world: World = build_world(database)
        bindings = self.world.engine.setup.bindings
        self.world.engine = Engine(
            database, clock=SystemClock(), bindings=bindings, queue=_queue_for(database)
        )
        self.world.deploy(planning=LOOP)
        settings = {"BIHUAN_DATABASE_URL": url, "BIHUAN_DATA_DIR": str(folder), "BIHUAN_LOG_LEVEL": "error"}
        self.nursery = Nursery(folder, settings)
        stack.callback(self.nursery.close)
        self.ports = [free_port() for _ in range(2)]
        self.servers = [self.nursery.start("serve", "--port", str(port)) for port in self.ports]
        self.worker = self.nursery.start("worker")
        for port in self.ports:
            self._until_ready(port)
        self.door = stack.enter_context(balanced(self.ports, folder, port=free_port()))
        self._until_ready(self.door)

    def _until_ready(self, port: int) -> None:
        for _ in range(300):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/login", trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            sleep(0.1)
        raise AssertionError(self.nursery.complaints())

    def log_in(self, login: str, port: int) -> httpx.Client:
        """A browser at one server in which somebody is logged in."""
        web = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
        answer = web.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return web

    def fill(self, web: httpx.Client) -> float:
        """The browser's person completes one task; when that was answered (`monotonic`)."""
        item = web.get("/api/v1/work-items").json()["items"][0]
        sent = {"version": item["version"], "outcome": "submit", "opinion": "", "fields": {}}
        answer = web.post(f"/api/v1/work-items/{item['id']}/complete", json=sent)
        assert answer.status_code == 200, answer.text
        return monotonic()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "house"
    folder.mkdir()
    with ExitStack() as stack:
        yield House(database_url, folder, stack)


def at(port: int) -> str:
    return f"http://127.0.0.1:{port}{STREAM}"


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_who_listens_at_one_server_hears_of_what_is_done_at_the_other_and_comes_back_to_any(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(7):
        house.world.start(drain=False)
    filling, signing = house.log_in("ling", house.ports[1]), house.log_in("tou", house.ports[0])
    page = Page(at(house.ports[0]), signing.cookies)
    page.until(mine=0)
    waits = []
    for number in range(1, 6):
        done = house.fill(filling)
        waits.append(page.until(mine=number).at - done)
    assert min(waits) < 1.0, "the database rings: nobody waits for the next look"

    house.nursery.kill(house.servers[0])
    assert page.next().name == "gone"
    house.fill(filling)  # while nobody listens
    again = Page(at(house.door), signing.cookies, last_event_id="5")
    again.until(mine=6)

    elsewhere = f"http://127.0.0.1:{house.ports[1]}/logout"
    assert httpx.post(elsewhere, cookies=signing.cookies, trust_env=False).status_code == 303
    house.fill(filling)
    while (event := again.next()).name == "news":
        assert event.counts["mine"] == 6, "not that a seventh has come"
    assert (event.name, again.next().name) == ("over", "gone")
    with capsys.disabled():
        print(f"\nheard after {', '.join(f'{wait:.2f}' for wait in waits)} s")
    _closed_pages_leave_nothing_behind(house)


def _closed_pages_leave_nothing_behind(house: House) -> None:
    port, pid = house.ports[1], house.servers[1]
    browsers = [house.log_in(login, port) for login in PEOPLE]
    connected = connections(house)
    pages = [Page(at(port), web.cookies) for web in browsers for _ in range(3)]
    for page in pages:
        page.until()
    during = open_files(pid)
    assert connections(house) <= connected + 8, "an open page holds no connection of the database"
    for page in pages:
        page.close()
    for _ in range(300):
        if open_files(pid) <= during - len(pages) + 4:
            return
        sleep(0.1)
    raise AssertionError("closed pages are kept")


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def connections(house: House) -> int:
    with house.world.engine.database.read() as connection:
        return int(connection.execute(text("select count(*) from pg_stat_activity")).scalar_one())
