"""Makes the pictures of the README and the documents: `python -m tests.browser.pictures [FOLDER]`.

The same city, day and people every time, so that a picture changes only when the pages do.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from api.assembly import build_bindings
from api.commands.demo import BEGINS, PASSWORD
from api.house import password_rules
from api.library import library_files
from engine.clock import VirtualClock
from engine.people.passwords import Passwords
from engine.runtime.engine import Engine
from engine.store import Database
from processes.cycle.running import engine_cycle
from processes.demo import Demo, build_demo
from processes.planning.decisions import Consultation
from processes.tables import table_of
from tests.browser.chromium import open_chromium
from tests.browser.planning.people import PHONE, People, Person
from tests.browser.planning.site import Site, serve, settings_for
from tests.databases import create_schema
from tests.planning.unit_work import function
from tests.processes.city import City, filled

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DAY = date(2018, 3, 7)
"""Two working days before the targets must be reported: some are early, some in a hurry."""
HOW = "分季度推进，每月调度；半年向分管领导报告一次进展。"
MID_YEAR = {"KPI08": "52", "KPI09": "138", "KPI10": "82"}
LARGEST = 250 * 1024
SIGNED = ("u01", "u02", "u05", "u13", "u16", "u25", "d01", "d02", "d05")
WITH_LEADERS = ("u03", "u07", "u21", "u31", "d03", "d08")
COLLATING = ("u04", "u08", "u22", "d04", "u20")
FILLING = ("u09", "u12", "u33", "d06", "d10")


def lay(url: str, folder: Path) -> Demo:
    """The whole city of 58 units, planning begun."""
    create_schema(url)
    database = Database(url)
    engine = Engine(database, clock=VirtualClock(BEGINS), bindings=build_bindings())
    engine.deploy(library_files(), note="自带的流程、决策和表单")
    kept = Passwords(password_rules(settings_for(url, folder))).hash(PASSWORD)
    with database.write() as connection:
        made = build_demo(connection, password_hash=kept, year=2018)
        engine.start_in(connection, "plan_setting", cycle=engine_cycle(connection, made.cycles[2018]))
    engine.drain()
    database.close()
    return made


def work(site: Site, made: Demo) -> None:
    """Everybody is somewhere else on the way."""
    people = {row["login"]: row["id"] for row in site.rows("select login, id from user_account")}
    city = City(site.engine, site.clock, made, people)
    for code in FILLING:
        assign(city, code)
    for code in COLLATING:
        fill(city, code)
    for code in (*SIGNED, *WITH_LEADERS, "u39"):
        collate(city, code)
    for code in SIGNED:
        city.complete(f"{code}.deputy", "deputy_review", outcome="approve")
        city.complete(f"{code}.head", "head_signs", outcome="approve")
    city.complete("u39.deputy", "deputy_review", outcome="approve", opinion="已核对，同意上报。")
    for unit in ("市纪委", "上城区"):
        city.pass_office(unit)
    site.at(DAY)


def assign(city: City, code: str) -> None:
    """分办 as proposed."""
    login = f"{code}.liaison"
    city.complete(login, "assign_divisions", fields=city.form(login, "assign_divisions"))


def fill(city: City, code: str) -> None:
    """分办 and 填报; units without assigned targets have nobody who fills."""
    assign(city, code)
    if "fill_targets" in city.elements(f"{code}.division"):
        login = f"{code}.division"
        city.complete(login, "fill_targets", fields=filled(city.form(login, "fill_targets")))


def collate(city: City, code: str) -> None:
    """The whole of a unit's own work: its figures at mid-year and year-end, by whom and how."""
    fill(city, code)
    login = f"{code}.liaison"
    data = city.form(login, "collate_targets")
    targets = [{**row, "responsible": "陈立新", "measures": HOW} for row in data["targets"]]
    measures = [{**row, **milestones(row)} for row in data["measures"]]
    functions = [] if targets else [function("服务效能提升", "100")]
    fields = {**data, "targets": targets, "measures": measures, "functions": functions}
    city.complete(login, "collate_targets", fields=fields)


def milestones(row: dict[str, Any]) -> dict[str, str]:
    """What a figure has reached in June, and at the year's end; none where it still has to come."""
    if row["value"] is None:
        return {}
    half = MID_YEAR.get(row["target"].split()[0])
    return {"month_12": row["value"]} | ({"month_6": half} if half else {})


def consult(site: Site) -> None:
    """The consultation that the office opens later in the year."""
    row = {
        "cycle_id": site.scalar("select id from cycle where year = 2018"),
        "instance_id": site.scalar("select id from instance where parent_id is null"),
        "opened_at": site.clock.now(),
        "closes_on": DAY + timedelta(days=14),
    }
    with site.engine.database.write() as connection:
        connection.execute(table_of(Consultation).insert().values(row))


def inbox(people: People) -> Locator:
    """What waits for the office's reviewer."""
    reviewer = people["office.reviewer"]
    reviewer.go("/inbox?tab=claimable")
    return whole(reviewer, width=1280, height=720)


def task(people: People) -> Locator:
    """A liaison collates the year's targets."""
    liaison = people["u20.liaison"]
    liaison.open("汇总年度目标")
    lit(liaison)
    return whole(liaison, width=1280, height=900)


def approval(people: People) -> Locator:
    """A head signs on a phone."""
    head = people.on_phone("u39.head")
    head.open("签发年度目标")
    return head.page.locator("html")


def diagram(people: People) -> Locator:
    """The way of one unit's targets through the offices."""
    liaison = people["u39.liaison"]
    root = people.site.rows(
        "select id from instance where process_key = 'unit_targets' and subject_name = '市环保局'"
    )
    liaison.page.set_viewport_size({"width": 1440, "height": 900})
    liaison.go(f"/instances/{root[0]['id']}")
    lit(liaison)
    liaison.page.get_by_role("button", name="看全图").first.click()
    return liaison.page.locator("[data-diagram]").first


def overview(people: People) -> Locator:
    """Who is where, and who is in a hurry."""
    staff = people["office.staff"]
    staff.go("/office")
    return whole(staff, width=1280, height=1000)


def designer(people: People) -> Locator:
    """A diagram is changed."""
    person = people["designer"]
    person.page.set_viewport_size({"width": 1440, "height": 860})
    person.go("/designer/unit_targets")
    expect(person.page.get_by_text("检查过了")).to_be_visible()
    person.page.locator("[data-element-id=office_review]").first.click()
    return whole(person, width=1440, height=860)


def public(people: People) -> Locator:
    """Somebody says something on a phone."""
    citizen = people.somebody(PHONE)
    citizen.go("/public/consultations")
    citizen.page.get_by_label("对哪个单位").select_option(label="市环保局")
    citizen.page.get_by_label("意见").fill("希望每月公布各区的空气质量。")
    citizen.page.get_by_label("意见").blur()
    return citizen.page.locator("html")


def whole(person: Person, *, width: int, height: int) -> Locator:
    """The page as a window of that size shows it."""
    person.page.set_viewport_size({"width": width, "height": height})
    return person.page.locator("html")


def lit(person: Person) -> None:
    """The diagram is drawn and its path is lit."""
    expect(person.page.locator("[data-diagram] svg .djs-visual").first).to_be_visible()


PICTURES: dict[str, Callable[[People], Locator]] = {
    "inbox": inbox,
    "task": task,
    "approval": approval,
    "diagram": diagram,
    "overview": overview,
    "designer": designer,
    "public": public,
}


def take(people: People, name: str, folder: Path) -> None:
    """One picture: of a part, or of the window of the page."""
    part = PICTURES[name](people)
    part.page.evaluate("document.fonts.ready")
    file = folder / f"{name}.png"
    if part.evaluate("(one) => one === document.documentElement"):
        part.page.screenshot(path=file, animations="disabled", caret="hide")
    else:
        part.screenshot(path=file, animations="disabled", caret="hide")
    size = file.stat().st_size
    assert size <= LARGEST, f"{file} has {size} bytes"
    print(f"{file} {size // 1024} KB")


def make(browser: Browser, folder: Path) -> None:
    """All pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/city.db"
        made = lay(url, Path(place))
        with serve(url, Path(place) / "data") as site:
            work(site, made)
            consult(site)
            people = People(site, browser)
            for name in PICTURES:
                take(people, name, folder)
            assert people.leave() == []


if __name__ == "__main__":
    with open_chromium() as opened:
        make(opened, Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
