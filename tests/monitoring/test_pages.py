"""What office, units and public see of monitoring, on pages and through REST; and what they do not."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text, update

from api.app import create_app
from processes.cycle.records import ProfileVersion
from processes.tables import table_of
from tests.monitoring.city import HOUSING, JUNE, MonitoringCity
from tests.monitoring.test_month import publish
from tests.planning.city import log_in, settings_for

DWELLINGS = "城镇保障性安居工程竣工"
AIR = "市环保局"


class House:
    """The application in front of the city; everybody's browser and REST client."""

    def __init__(self, city: MonitoringCity, client: TestClient) -> None:
        self.city, self.client = city, client
        self.sessions: dict[str, dict[str, str]] = {}

    def ask(self, login: str, method: str, path: str, **said: Any) -> Any:
        """A request as a person; `""` is nobody."""
        headers = {"accept": "application/json"}
        if login:
            if login not in self.sessions:
                self.sessions[login] = log_in(self.client, login)
            headers |= self.sessions[login]
        if not path.startswith("/api"):
            headers["accept"] = "text/html"
        return self.client.request(method, path, headers=headers, **said)

    def read(self, login: str, path: str) -> Any:
        answer = self.ask(login, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json() if path.startswith("/api") else answer.text


@pytest.fixture
def house(sqlite_city: MonitoringCity, tmp_path: Path) -> Iterator[House]:
    url = str(sqlite_city.engine.database.engine.url)
    with TestClient(
        create_app(settings_for(url, tmp_path), sqlite_city.engine), follow_redirects=False
    ) as client:
        yield House(sqlite_city, client)


def begun(house: House) -> str:
    """June started through REST by the office; the cycle."""
    cycle = house.city.cycle.id
    answer = house.ask("office.staff", "POST", f"/api/v1/cycles/{cycle}/monitoring", json={"period": JUNE})
    assert answer.status_code == 201, answer.text
    house.city.engine.drain()
    return cycle


def test_the_office_starts_a_month_once_and_every_unit_with_figures_reports(house: House) -> None:
    cycle = begun(house)
    again = house.ask("office.staff", "POST", f"/api/v1/cycles/{cycle}/monitoring", json={"period": JUNE})
    assert (again.status_code, again.json()["code"]) == (409, "already_started")
    waiting = house.city.scalar("select count(*) from work_item where element_id = 'report_progress'")
    units = house.city.scalar(
        "select count(distinct t.unit_id) from target t join target_measure m on m.target_id = t.id "
        "where t.cycle_id = :cycle and m.value is not null",
        cycle=cycle,
    )
    assert waiting == units > 10


@pytest.mark.parametrize(
    ("login", "period", "status"),
    [
        ("office.staff", "2018-06", 422),
        ("office.staff", "2017-13", 422),
        ("office.staff", "2017-12", 422),
        ("supervision", JUNE, 403),
        ("u20.liaison", JUNE, 403),
    ],
)
def test_a_month_is_refused_that_is_not_the_years_or_not_the_persons(
    house: House, login: str, period: str, status: int
) -> None:
    path = f"/api/v1/cycles/{house.city.cycle.id}/monitoring"
    assert house.ask(login, "POST", path, json={"period": period}).status_code == status
    assert house.city.scalar("select count(*) from instance") == 0


def test_the_board_and_the_card_show_the_figure_before_and_after_its_correction(house: House) -> None:
    city, liaison = house.city, house.city.login(HOUSING, "liaison")
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    datum, unit = city.datum(HOUSING, DWELLINGS), city.demo.units[HOUSING]
    page = house.read(liaison, f"/data/{datum['id']}/correct")
    assert 'value="28000"' in page
    wrong = house.ask(liaison, "POST", f"/data/{datum['id']}/correct", data={"value": "许多", "reason": "错"})
    assert (wrong.status_code, "请填写数字" in wrong.text) == (422, True)
    sent = {"value": "27900", "reason": "重复计算一处"}
    asked = house.ask(liaison, "POST", f"/data/{datum['id']}/correct", data=sent)
    assert asked.status_code == 303
    city.engine.drain()
    twice = house.ask(liaison, "POST", f"/api/v1/data/{datum['id']}/corrections", json=sent)
    assert (twice.status_code, "正在考评办核定" in twice.json()["title"]) == (422, True)
    city.complete("office.reviewer", "confirm_correction", outcome="approve")
    rows = house.read("office.head", f"/api/v1/units/{unit}/progress?period={JUNE}")["items"]
    [dwellings] = [row for row in rows if row["name"] == DWELLINGS]
    assert [(one["value"], one["replaced"]) for one in dwellings["data"]] == [
        ("28000", True),
        ("27900", False),
    ]
    assert [(one["light"], one["deviation"]) for one in dwellings["lights"]] == [
        ("黄", "-9.93"),
        ("红", "-10.25"),
    ]
    assert dwellings["lights"][1]["replaces_id"] == dwellings["lights"][0]["id"]
    card = house.read(liaison, f"/units/{unit}/progress?period={JUNE}")
    assert "偏差 -9.93%" in card
    assert "偏差 -10.25%" in card
    [row] = [
        row
        for row in house.read("office.staff", f"/api/v1/cycles/{city.cycle.id}/monitoring")["units"]
        if row["name"] == HOUSING
    ]
    assert "红" in {one["light"] for one in row["lights"]}
    assert "偏差 -10.25%" in house.read("office.staff", f"/monitoring?cycle={city.cycle.id}")


def test_a_unit_sees_its_own_month_and_nobody_elses(house: House) -> None:
    city = house.city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    stranger = city.login(AIR, "liaison")
    unit, datum = city.demo.units[HOUSING], city.datum(HOUSING, DWELLINGS)["id"]
    for path in (f"/api/v1/units/{unit}/progress", f"/units/{unit}/progress", f"/data/{datum}/correct"):
        assert house.ask(stranger, "GET", path).status_code == 404, path
    sent = {"value": "1", "reason": "试试"}
    assert house.ask(stranger, "POST", f"/api/v1/data/{datum}/corrections", json=sent).status_code == 404
    watcher = house.ask("supervision", "POST", f"/api/v1/data/{datum}/corrections", json=sent)
    assert watcher.status_code == 403, "who only watches sees the figure and asks for nothing"
    assert house.ask(stranger, "GET", "/monitoring").status_code == 403
    assert city.scalar("select count(*) from datum_correction") == 0


def test_a_bulletin_is_seen_inside_once_published_and_not_outside(house: House) -> None:
    city = house.city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    path = f"/api/v1/cycles/{city.cycle.id}/bulletins"
    assert house.read("u20.liaison", path)["items"] == []
    publish(city)
    [found] = house.read("u20.liaison", path)["items"]
    assert found["document_number"] == "杭考评办通报〔2017〕1号"
    assert "请各单位抓紧" in house.read("u20.liaison", f"/bulletins/{found['id']}")
    draft = city.scalar("select id from bulletin where stage = 'draft'")
    assert house.ask("office.staff", "GET", f"/bulletins/{draft}").status_code == 404
    assert house.ask("", "GET", f"/public/bulletins/{found['id']}").status_code == 404
    assert house.ask("", "GET", f"/bulletins/{found['id']}").status_code == 303  # to the log-in


def test_a_notice_is_the_offices_until_it_is_sent_and_then_the_units_too(house: House) -> None:
    city, liaison = house.city, house.city.login(HOUSING, "liaison")
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 20000})
    path = f"/api/v1/cycles/{city.cycle.id}/improvements"
    [draft] = house.read("office.staff", path)["items"]
    assert draft["state"] == "draft"
    one = f"/api/v1/improvements/{draft['id']}"
    assert house.ask(liaison, "GET", one).status_code == 404
    shown = city.form("office.staff", "confirm_notice")
    city.complete("office.staff", "confirm_notice", outcome="approve", fields=shown)
    city.complete(
        "office.head", "sign_notice", outcome="approve", fields=city.form("office.head", "sign_notice")
    )
    story = house.read(liaison, one)
    assert story["document_number"] == "杭考评办改〔2017〕1号"
    assert [act["kind"] for act in story["acts"]] == ["confirmed", "signed", "issued"]
    assert "亮红灯" in house.read(liaison, f"/improvements/{draft['id']}")
    assert house.ask(city.login(AIR, "liaison"), "GET", one).status_code == 404


def test_a_month_is_not_started_without_saying_which(house: House) -> None:
    path = f"/api/v1/cycles/{house.city.cycle.id}/start"
    answer = house.ask("office.staff", "POST", path, json={"process": "monthly_monitor"})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_startable")
    assert house.city.scalar("select count(*) from instance") == 0


def test_the_public_reads_the_bulletin_where_the_profile_says_so(house: House) -> None:
    city = house.city
    with city.engine.database.write() as connection:
        versions = table_of(ProfileVersion)
        content = connection.execute(select(versions.c.content)).scalar_one()
        content["monitoring"]["publicBulletin"]["value"] = True
        connection.execute(update(versions).values(content=content))
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    publish(city)
    published = city.scalar("select id from bulletin where stage = 'published'")
    assert "绿灯 1 项" in house.read("", f"/public/bulletins/{published}")
    assert city.scalar("select count(*) from publication where kind = 'bulletin'") == 1


def test_after_the_data_lock_nothing_is_corrected(house: House) -> None:
    city = house.city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    datum = city.datum(HOUSING, DWELLINGS)["id"]
    card = f"/units/{city.rows('select id from unit where name = :name', name=HOUSING)[0]['id']}/progress"
    card += f"?cycle={city.cycle.id}"
    assert f"/data/{datum}/correct" in house.read("office.staff", card)
    city.until(date(2018, 2, 1))
    assert f"/data/{datum}/correct" not in house.read("office.staff", card)
    sent = {"value": "27900", "reason": "复核"}
    answer = house.ask("office.staff", "POST", f"/api/v1/data/{datum}/corrections", json=sent)
    assert (answer.status_code, "数据已经锁定（2018-01-31）" in answer.json()["title"]) == (422, True)


def test_a_correction_that_the_office_refuses_changes_nothing(house: House) -> None:
    city = house.city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    city.correct(HOUSING, DWELLINGS, 31000)
    before = city.lights(HOUSING)
    city.complete("office.reviewer", "confirm_correction", outcome="reject", opinion="与竣工备案不符")
    assert city.lights(HOUSING) == before
    assert city.datum(HOUSING, DWELLINGS)["value"] in ("28000", 28000)
    [told] = city.rows("select params_json from notification where kind = 'monitoring.correction'")
    assert "考评办没有同意" in json.loads(told["params_json"])["notice"]
    rows = city.rows("select accepted, answer from datum_correction")
    assert [(bool(row["accepted"]), row["answer"]) for row in rows] == [(False, "不同意更正")]


def test_the_page_offers_the_months_that_have_begun_and_starts_one(house: House) -> None:
    cycle = house.city.cycle.id
    page = house.read("office.staff", f"/monitoring?cycle={cycle}")
    assert '<option value="2017-07">' in page
    assert '<option value="2017-08">' not in page
    started = house.ask("office.staff", "POST", "/monitoring", data={"cycle": cycle, "period": JUNE})
    assert started.status_code == 303
    assert house.city.scalar("select business_key from instance") == JUNE
    assert f'<option value="{JUNE}">' not in house.read("office.staff", f"/monitoring?cycle={cycle}")
    assert 'name="period"' not in house.read("supervision", f"/monitoring?cycle={cycle}")


def test_no_month_begins_in_a_year_that_is_over(house: House) -> None:
    city = house.city
    with city.engine.database.write() as connection:
        connection.execute(text("update cycle set state = 'closed' where id = :id"), {"id": city.cycle.id})
    assert 'name="period"' not in house.read("office.staff", f"/monitoring?cycle={city.cycle.id}")
    sent = {"cycle": city.cycle.id, "period": JUNE}
    answer = house.ask("office.staff", "POST", "/monitoring", data=sent)
    assert (answer.status_code, "2017 年度已经办结" in answer.text) == (409, True)
    assert city.scalar("select count(*) from instance") == 0


@pytest.mark.parametrize("period", ["2017-13", "';--", "2017", "x" * 500])
def test_what_is_no_month_is_not_found(house: House, period: str) -> None:
    [unit] = house.city.rows("select id from unit where name = :name", name=HOUSING)
    for path in (f"/units/{unit['id']}/progress", f"/api/v1/units/{unit['id']}/progress"):
        asked = {"cycle": house.city.cycle.id, "period": period}
        assert house.ask("office.staff", "GET", path, params=asked).status_code == 404
