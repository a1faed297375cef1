"""A fresh installation, from an empty database to the first task in a liaison's inbox."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from api.assembly import build_bindings
from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.kinds import KIND_NAMES
from engine.people.sheets import write_template
from engine.runtime.engine import Engine
from engine.store import Database
from processes.data.tables import rows_of
from tests.commands.line import Line

BEGINS = "2018-02-05T09:00:00+08:00"
CITY = [
    "--assessor",
    "杭州市",
    "--code",
    "HZ",
    "--year",
    "2018",
    "--admin",
    "wang.wu=王五",
    "--security",
    "zhao",
]
CHOSEN = "一句记得住的话 2018"
TABLES = ("unit", "user_account", "membership", "post", "cycle", "profile_version", "definition_version")


class Office:
    """The new installation served: browsers of the people who log in."""

    def __init__(self, line: Line) -> None:
        url = line.settings["BIHUAN_DATABASE_URL"]
        self.settings = Settings(
            database_url=url,
            data_dir=line.folder / "data",
            argon2_time=1,
            argon2_memory_kib=8,
            argon2_parallelism=1,
        )
        clock = VirtualClock(datetime(2018, 2, 5, 2, 0, tzinfo=UTC))
        self.engine = Engine(Database(url), clock=clock, bindings=build_bindings())
        self.app = create_app(self.settings, self.engine)

    def enter(self, login: str, secret: str) -> TestClient:
        """Log in with a one-time password and change it, as everybody must."""
        client = TestClient(self.app, follow_redirects=False)
        entered = client.post("/login", data={"login": login, "password": secret})
        assert entered.headers["location"] == "/password", entered.text
        changed = client.post("/password", data={"current": secret, "new": CHOSEN, "again": CHOSEN})
        assert changed.status_code == 303, changed.text
        return client


@pytest.fixture
def founded(bare: Line) -> Iterator[tuple[Office, dict[str, str]]]:
    """A served installation after `bihuan init`, and the passwords that it printed, by log-in."""
    said = bare.run("init", *CITY, clock=BEGINS)
    assert (said.status, said.err) == (0, "")
    office = Office(bare)
    yield office, dict(re.findall(r"(\S+) 的一次性密码：(\S+)", said.out))
    office.engine.database.close()


def stored(line: Line) -> dict[str, int]:
    database = Database(line.settings["BIHUAN_DATABASE_URL"])
    with database.read() as connection:
        found = {
            table: int(connection.exec_driver_sql(f"select count(*) from {table}").scalar() or 0)
            for table in TABLES
        }
    database.close()
    return found


def workbook(*people: tuple[str, str, str, str]) -> bytes:
    """Every unit of the plan's tables, and people as (log-in, name, unit, post)."""
    aliases: dict[str, list[str]] = {}
    for row in rows_of("aliases"):
        aliases.setdefault(row["unit"], []).append(row["alias"])
    rows = [(row["unit_code"], row["unit_name"], "是") for row in rows_of("units_municipal")]
    support = enumerate((row["unit_name"] for row in rows_of("units_support")), 1)
    rows += [(f"S{number:02d}", name, "否") for number, name in support]
    units = [
        {
            "代码": code,
            "名称": name,
            "类别": KIND_NAMES["municipal"],
            "别名": "、".join(aliases.get(name, [])),
            "参加考评": assessed,
        }
        for code, name, assessed in rows
    ]
    lines = [dict(zip(("登录名", "姓名", "单位", "岗位"), one, strict=True)) for one in people]
    return write_template(units=units, people=lines)


def bring_in(client: TestClient, book: bytes) -> Response:
    return client.post("/people/import", files={"file": ("city.xlsx", book)})


def secret_of(page: Response, login: str) -> str:
    found = re.search(rf"<td>{re.escape(login)}</td><td><code[^>]*>([^<]+)</code>", page.text)
    assert found, page.text
    return found[1]


def test_from_an_empty_folder_to_the_first_task(founded: tuple[Office, dict[str, str]]) -> None:
    office, secrets = founded
    assert sorted(secrets) == ["wang.wu", "zhao"]
    security = office.enter("zhao", secrets["zhao"])
    assert security.get("/people").status_code == 200
    admin = office.enter("wang.wu", secrets["wang.wu"])
    clerk = ("ban", "钱办", "考评办", "考评办经办")
    brought = bring_in(admin, workbook(clerk, ("lian", "孙联", "市旅委", "联络员")))
    assert brought.status_code == 200, brought.text
    staff = office.enter("ban", secret_of(brought, "ban"))
    liaison = office.enter("lian", secret_of(brought, "lian"))
    overview = staff.get("/office").text
    (address,) = re.findall(r'action="(/office/cycles/[^"]+/plan)"', overview)
    assert admin.post(address).status_code == 403, "the administrator organises nothing"
    assert staff.post(address).status_code == 303
    office.engine.drain()
    items = liaison.get("/api/v1/work-items?tab=mine").json()["items"]
    assert [(item["title"], item["step"]) for item in items] == [("2018 单位年度目标 · 市旅委", "分办目标")]
    assert "/plan" not in staff.get("/office").text, "a year is planned once"
    assert staff.post(address).status_code == 409


def test_programs_start_planning_too_and_once(founded: tuple[Office, dict[str, str]]) -> None:
    office, secrets = founded
    admin = office.enter("wang.wu", secrets["wang.wu"])
    only_people = write_template(
        people=[{"登录名": "ban", "姓名": "钱办", "单位": "考评办", "岗位": "office.staff"}]
    )
    staff = office.enter("ban", secret_of(bring_in(admin, only_people), "ban"))
    (cycle,) = staff.get("/api/v1/cycles").json()["items"]
    assert (cycle["year"], cycle["state"]) == (2018, "planning")
    address = f"/api/v1/cycles/{cycle['id']}/start"

    early = staff.post(address, json={"process": "plan_setting"})
    assert (early.status_code, early.json()["code"]) == (409, "units_missing")
    assert "个承担目标的单位没有导入" in early.json()["title"]
    assert bring_in(admin, workbook()).status_code == 200
    codes = [
        staff.post(address, json={"process": process}).json().get("code", "started")
        for process in ("plan_setting", "plan_setting", "nothing", "unit_targets")
    ]
    assert codes == ["started", "already_started", "process_unknown", "not_startable"]
    assert admin.post(address, json={"process": "plan_setting"}).status_code == 403


def test_the_office_opens_the_next_year_until_the_plan_ends(founded: tuple[Office, dict[str, str]]) -> None:
    office, secrets = founded
    admin = office.enter("wang.wu", secrets["wang.wu"])
    book = workbook(("ban", "钱办", "考评办", "office.head"))
    staff = office.enter("ban", secret_of(bring_in(admin, book), "ban"))
    for year in (2019, 2020):
        assert f'name="year" value="{year}"' in staff.get("/office").text
        assert staff.post("/office/cycles", data={"year": str(year)}).status_code == 303
        assert staff.post("/office/cycles", data={"year": str(year)}).status_code == 409
    assert 'name="year"' not in staff.get("/office").text
    assert staff.post("/office/cycles", data={"year": "2021"}).status_code == 409
    assert admin.post("/office/cycles", data={"year": "2021"}).status_code == 403
    assert [one["year"] for one in staff.get("/api/v1/cycles").json()["items"]] == [2020, 2019, 2018]


def test_a_second_init_changes_nothing_and_says_so(bare: Line) -> None:
    empty = bare.run("init", clock=BEGINS)
    assert "没有人能登录" in empty.out, "without options it says what is missing"
    assert bare.run("init", *CITY, clock=BEGINS).out.count("一次性密码") == 2
    before = stored(bare)
    again = bare.run("init", *CITY, clock=BEGINS)
    assert (again.status, "考评主体 杭州市 (HZ) 已经建立，没有改动。" in again.out) == (0, True)
    assert "一次性密码" not in again.out
    assert stored(bare) == before


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--assessor", "杭州市"], 2, "还缺 --code、--year、--admin、--security。"),
        ([*CITY, "--profile", "nowhere"], 2, "没有方案 nowhere。"),
        (
            [*CITY, "--year", "2030"],
            1,
            "没有 2030 年度，它有的是 2017、2018、2019、2020。 请用 --year 选其中一年",
        ),
        ([*CITY, "--security", "Wang.Wu"], 1, "三员分立"),
        ([*CITY, "--admin", "王五"], 1, "登录名“王五”不合规。"),
    ],
)
def test_what_cannot_be_founded_leaves_nothing_behind(
    tmp_path: Path, options: list[str], status: int, said: str
) -> None:
    line = Line(tmp_path, {"BIHUAN_DATABASE_URL": f"sqlite:///{tmp_path / 'city.db'}"})
    refused = line.run("init", *options, clock=BEGINS)
    assert (refused.status, said in refused.sentence) == (status, True), refused.err
    if status == 1:
        assert set(stored(line).values()) == {0}
