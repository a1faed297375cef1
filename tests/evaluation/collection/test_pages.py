"""The page of a body, its Excel file and the office's list, as browsers and programs use them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from engine.people.workbook import ImportRefused
from processes.evaluation.collection.orders import orders_of
from processes.evaluation.collection.workbook import COLUMNS, SHEET, read_entries, template
from tests.databases import Filling, Templates
from tests.evaluation.city import City, lay_city, open_city
from tests.planning.city import City as Served
from tests.planning.city import settings_for

PM, DAYS = "细颗粒物(PM2.5)年均浓度", "市区日空气质量优良天数"


@dataclass(frozen=True)
class Office:
    """The city, and the application in front of it."""

    city: City
    served: Served

    def get(self, login: str, path: str) -> Response:
        """A page, or what a program reads."""
        answer: Response = self.served.client.get(path, headers=self.served.desk(login).headers)
        return answer

    def post(self, login: str, path: str, **said: Any) -> Response:
        """A page's form, a file, or a program's JSON."""
        headers = self.served.desk(login).headers
        answer: Response = self.served.client.post(path, headers=headers, **said)
        return answer

    def entry(self) -> str:
        """The open entry task of 市环保局."""
        return self.city.item("u39.liaison", "enter_data").item_id


@pytest.fixture
def office(templates: Templates, tmp_path: Path) -> Iterator[Office]:
    with templates.copy("sqlite", tmp_path, filling=Filling("turn-of-the-year", lay_city)) as url:
        city = open_city(url)
        app = create_app(settings_for(url, tmp_path / "data"), city.engine)
        with TestClient(app, follow_redirects=False) as client:
            yield Office(city, Served(city.engine, city.clock, client))
        city.engine.database.close()


def book(lines: list[dict[str, str]]) -> bytes:
    """An Excel file with these lines under the template's columns."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        for number, line in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *lines]):
            for place, title in enumerate(COLUMNS):
                sheet.write_string(number, place, line.get(title, ""))
    return target.getvalue()


def lines_of(city: City, values: Mapping[str, str]) -> list[dict[str, str]]:
    """A line for each figure that 市环保局 is asked for: these values, no data for the rest."""
    found = []
    for row in city.form("u39.liaison", "enter_data")["rows"]:
        line = {"单位": row["about"], "目标": row["target"], "指标": row["name"]}
        value = values.get(row["name"])
        found.append(line | ({"完成值": value} if value else {"无数据": "是", "说明": "未统计"}))
    return found


def sent(lines: list[dict[str, str]]) -> dict[str, Any]:
    return {"files": {"file": ("data.xlsx", book(lines))}}


def test_a_file_fills_the_form_and_the_person_sends_it(office: Office) -> None:
    city = office.city
    city.begin("data_collection", "U39")
    page = office.get("u39.liaison", "/data")
    assert page.status_code == 200 and "2018 年度 · 市环保局 · 填报数据" in page.text
    item = office.entry()
    template = office.get("u39.liaison", f"/data/items/{item}/template.xlsx")
    assert template.content[:2] == b"PK"
    answer = office.post("u39.liaison", f"/data/items/{item}/import", **sent(lines_of(city, {PM: "52"})))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/{item}")
    assert city.scalar("select count(*) from datum") == 0, "nothing is reported before it is sent"
    assert 'value="52"' in office.get("u39.liaison", f"/tasks/{item}").text


def test_one_wrong_line_and_nothing_is_imported(office: Office) -> None:
    city = office.city
    city.begin("data_collection", "U39")
    item = office.entry()
    lines = lines_of(city, {PM: "五十二", DAYS: "271"})
    lines[3] = {**lines[3], "指标": "没有这个指标"}
    lines.append(lines[1])
    answer = office.post("u39.liaison", f"/data/items/{item}/import", **sent(lines))
    assert answer.status_code == 422
    for said in ("“五十二”不是数字。", "这一行不在您的采集单里", "与第 3 行重复。", "没有导入任何一行"):
        assert said in answer.text
    assert city.scalar("select count(*) from draft") == 0
    told = office.post("u39.liaison", f"/api/v1/work-items/{item}/figures", **sent(lines))
    assert told.status_code == 422
    assert {error["field"] for error in told.json()["errors"]} == {
        "数据.2.完成值",
        "数据.5.指标",
        "数据.11.指标",
    }
    assert city.scalar("select count(*) from draft") == 0


def test_a_program_fills_a_form_too(office: Office) -> None:
    city = office.city
    city.begin("data_collection", "U39")
    item = office.entry()
    told = office.post(
        "u39.liaison", f"/api/v1/work-items/{item}/figures", **sent(lines_of(city, {PM: "52"}))
    )
    assert (told.status_code, told.json()) == (200, {"item_id": item, "lines": 9})
    assert city.scalar("select count(*) from draft") == 1


def test_what_the_template_gives_out_it_takes_back(office: Office) -> None:
    """A long name, a long note or one that begins with “=” was refused, as it stood in our own file."""
    city = office.city
    city.begin("data_collection", "U39")
    with city.engine.database.read() as connection:
        orders = orders_of(connection, cycle_id=city.last.id)
    names = ["=SUM(A1) 指标", "-1 度以下的天数", "很" * 600, "两  个空格"]
    notes = ["=见附件", "+5", "验证认定弄虚作假，作废。" * 60, "@某处"]
    given = [
        replace(
            order,
            measure=replace(order.measure, row={**order.measure.row, "name": name}),
            datum={"value": Decimal("1.5"), "note": note, "status": "reported"},
        )
        for order, name, note in zip(orders, names, notes, strict=False)
    ]
    taken = read_entries(template(given), given)
    assert [(one.order_id, one.value, one.note) for one in taken] == [
        (order.row["id"], "1.5", note) for order, note in zip(given, notes, strict=True)
    ]


def test_a_formula_is_refused_in_our_own_file_too() -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        for place, title in enumerate(COLUMNS):
            sheet.write_string(0, place, title)
        sheet.write_formula(1, 5, "=1+1", value="2")
    with pytest.raises(ImportRefused, match="单元格中是公式"):
        read_entries(target.getvalue(), [])


def test_nobody_fills_or_sees_what_another_body_delivers(office: Office) -> None:
    city = office.city
    city.begin("data_collection", "U39", "D01")
    item, lines = office.entry(), sent(lines_of(city, {PM: "52"}))
    place = f"{city.last.id}/{city.demo.units['市环保局']}"
    for login in ("stat.liaison", "u20.liaison"):
        assert office.post(login, f"/data/items/{item}/import", **lines).status_code == 404
        assert office.get(login, f"/data/items/{item}/template.xlsx").status_code == 404
        assert office.get(login, f"/data/{place}").status_code == 404
        assert (
            office.get(login, f"/api/v1/cycles/{city.last.id}/data/{place.split('/')[1]}").status_code == 404
        )
        assert "市环保局" not in office.get(login, "/data").text
        assert office.get(login, f"/office/data?cycle={city.last.id}").status_code == 403
    assert office.post("office.staff", f"/data/items/{item}/import", **lines).status_code == 403


def test_the_office_starts_the_collection_and_sees_who_has_not_delivered(office: Office) -> None:
    city, year = office.city, office.city.last.id
    path = f"/office/data?cycle={year}"
    assert "发起数据采集" in office.get("office.staff", path).text
    form = {"cycle": year, "process": "data_collection"}
    assert office.post("u39.liaison", "/office/data", data=form).status_code in (403, 404)
    assert office.post("office.staff", "/office/data", data=form).status_code == 303
    assert office.post("office.staff", "/office/data", data=form).status_code == 409
    city.engine.drain()
    city.enter("u39.liaison", {PM: "52"})
    rows = {
        row["name"]: row for row in office.get("office.staff", f"/api/v1/cycles/{year}/data").json()["items"]
    }
    assert (rows["市环保局"]["missing"], rows["市环保局"]["reported"]) == (0, 9)
    assert rows["市统计局"]["missing"] == rows["市统计局"]["asked"] > 13
    page = office.get("office.staff", path).text
    assert "发起数据采集" not in page and "没有报齐" in page


def test_recognised_figures_can_be_corrected_until_they_are_locked(office: Office) -> None:
    city = office.city
    city.begin("data_collection", "U39")
    unit = city.demo.units["市环保局"]
    place = f"/data/{city.last.id}/{unit}"
    assert office.post("u39.liaison", f"{place}/correct", data={"source": "self"}).status_code == 409
    city.deliver("u39", {PM: "52"})
    assert office.post("office.staff", f"{place}/correct", data={"source": "self"}).status_code == 403
    assert "申请更正" in office.get("u39.liaison", place).text
    assert office.post("u39.liaison", f"{place}/correct", data={"source": "self"}).status_code == 303
    city.engine.drain()
    city.deliver("u39", {PM: "51"})
    city.until(2019, 2, 1)
    values = office.get("u39.liaison", f"/api/v1/cycles/{city.last.id}/data/{unit}").json()["items"]
    assert ("51", "已锁定") in {(row["value"], row["state"]) for row in values}
    locked = office.post(
        "u39.liaison", f"/api/v1/cycles/{city.last.id}/data/{unit}/correct", json={"source": "self"}
    )
    assert (locked.status_code, locked.json()["code"]) == (409, "locked")
