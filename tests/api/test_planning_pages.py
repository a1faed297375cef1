"""Planning as the office, the units and the public see it, on the demonstration city."""

import re
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text

from processes.planning.queries import TargetHistory, unit_year
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.planning.unit_work import function
from tests.processes.city import City


@ON_SQLITE
def test_a_unit_reads_its_locked_targets_and_not_those_of_last_year_that_were_not_given(
    city: City, visit: Browse
) -> None:
    unit = city.demo.units["市旅委"]
    liaison = visit("u20.liaison")
    this_year = liaison.get(f"/units/{unit}/targets").text
    assert "KPI24" in this_year
    assert "4%" in this_year
    assert "8%" in this_year
    assert "已锁定" in this_year
    last_year = liaison.get(f"/units/{unit}/targets", params={"cycle": city.demo.cycles[2017]}).text
    assert "KPI24" not in last_year


@ON_SQLITE
def test_another_units_targets_are_not_shown(city: City, visit: Browse) -> None:
    liaison = visit("u20.liaison")
    other = city.demo.units["市环保局"]
    assert liaison.get(f"/units/{other}/targets").status_code == 404
    assert liaison.get(f"/api/v1/units/{other}/targets").status_code == 404
    assert liaison.get(f"/api/v1/units/{city.demo.units['市旅委']}/targets").status_code == 200
    assert liaison.get("/office").status_code == 403
    assert liaison.get("/targets").status_code == 403


def test_the_office_assigns_a_value_and_the_unit_gets_version_two_and_a_task(
    city: City, visit: Browse
) -> None:
    office, unit = visit("office.staff"), city.demo.units["市发改委"]
    pending = office.get("/targets").text
    assert "有效投资" in pending
    listed = office.get(f"/api/v1/units/{unit}/targets").json()["items"]
    target = next(one for one in listed if one["code"] == "KPI03")
    assert (target["pending"], target["scorable"], len(target["versions"])) == (True, False, 1)
    (measure,) = target["measures"]
    path, name = f"/targets/{target['id']}/assign", f"figure-{measure['id']}"
    assert measure["value"] is None
    wrong = office.post(path, data={name: "viel", "document": "浙发改〔2018〕12 号"})
    assert wrong.status_code == 422
    assert "请填写数字" in wrong.text
    for no_number in ("NaN", "Infinity", "-inf"):
        told = office.post(path, data={name: no_number, "document": "x"})
        assert (told.status_code, f"“{no_number}”不是一个数" in told.text) == (422, True)
    assert "浙发改〔2018〕12 号" in wrong.text
    nothing = office.post(path, data={name: "4500", "document": " "})
    assert nothing.status_code == 422
    assert 'value="4500"' in nothing.text
    assert visit("u13.liaison").post(path, data={name: "1", "document": "x"}).status_code == 403
    stranger = visit("u39.liaison")
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data={name: "1", "document": "x"}).status_code == 404
    done = office.post(path, data={name: "4500", "document": "浙发改〔2018〕12 号"})
    assert done.status_code == 303
    city.engine.drain()
    listed = office.get(f"/api/v1/units/{unit}/targets").json()["items"]
    target = next(one for one in listed if one["code"] == "KPI03")
    assert [version["number"] for version in target["versions"]] == [1, 2]
    assert target["measures"][0]["value"] == "4500"
    assert target["pending"] is False
    task = visit("u13.liaison").get("/inbox").text
    assert "市发改委" in task


@ON_SQLITE
def test_a_target_that_has_its_value_can_be_assigned_again_from_the_units_page(
    city: City, visit: Browse
) -> None:
    """Once it had a value it left 待下达, and no page led to a second assignment."""
    office, unit = visit("office.staff"), city.demo.units["市发改委"]
    address = f"/units/{unit}/targets"
    target = _named(office, unit, "KPI03")
    path, (measure,) = f"/targets/{target['id']}/assign", target["measures"]
    tasks: list[str] = []
    for value, document, button in (("4500", "第一次", "下达数值"), ("4800", "第二次", "再次下达")):
        assert re.search(rf'href="{path}">.*{button}</a>', office.get(address).text)
        office.post(path, data={f"figure-{measure['id']}": value, "document": document})
        city.engine.drain()
        tasks.append(city.item("u13.liaison", "confirm_assigned").item_id)
    closed = visit("u13.liaison").get(f"/tasks/{tasks[0]}").text
    assert "此任务已由系统关闭：已有更新的下达。" in closed
    assert f'href="/tasks/{tasks[1]}">办理新的任务' in closed
    assert path not in office.get("/targets").text
    assert "再次下达" in office.get("/targets").text
    assert path in office.get(address).text
    assert path not in visit("u13.liaison").get(address).text
    again = _named(office, unit, "KPI03")
    assert (again["measures"][0]["value"], len(again["versions"])) == ("4800", 3)


@ON_SQLITE
def test_a_closed_year_takes_no_value_from_above(city: City, visit: Browse) -> None:
    office, unit = visit("office.staff"), city.demo.units["市发改委"]
    target = _named(office, unit, "KPI03")
    with city.engine.database.write() as connection:
        connection.execute(text("update cycle set state = 'closed'"))
    path, (measure,) = f"/targets/{target['id']}/assign", target["measures"]
    assert path not in office.get(f"/units/{unit}/targets").text
    refused = office.post(path, data={f"figure-{measure['id']}": "1", "document": "x"})
    assert (refused.status_code, "年度已经结束" in refused.text) == (422, True)


@ON_SQLITE
def test_opening_the_next_year_leaves_every_page_on_the_year_that_runs(city: City, visit: Browse) -> None:
    """新建 2019 年度 turned the overview and every unit's targets to the empty new year."""
    city.start("U20")
    office, liaison, unit = visit("office.staff"), visit("u20.liaison"), city.demo.units["市旅委"]
    assert office.post("/api/v1/cycles", json={"year": 2019}).status_code == 201
    assert "2018 年度总览" in office.get("/office").text
    assert "2018 年度" in office.get("/targets").text
    assert "市旅委 2018 年度目标" in liaison.get(f"/units/{unit}/targets").text
    codes = [one["code"] for one in liaison.get(f"/api/v1/units/{unit}/targets").json()["items"]]
    assert "KPI24" in codes
    city.clock.advance(timedelta(days=400))
    assert "2019 年度总览" in office.get("/office").text


@ON_SQLITE
def test_the_divisions_page_is_found_and_leads_back_only_where_its_reader_may_go(
    city: City, visit: Browse
) -> None:
    """Its way back was 404 for the system administrator, and the liaison found no way there."""
    unit = city.demo.units["市环保局"]
    divisions, targets = f"/units/{unit}/divisions", f"/units/{unit}/targets"
    liaison, admin = visit("u39.liaison"), visit("admin.system")
    assert f'href="{divisions}"' in liaison.get(targets).text
    assert f'href="{targets}"' in liaison.get(divisions).text
    for page in (divisions, f"/units/{unit}"):
        assert f'href="{targets}"' not in admin.get(page).text
    assert f'href="/units/{unit}"' in admin.get(divisions).text
    assert admin.get(f"/units/{unit}").status_code == 200


@ON_SQLITE
def test_a_function_indicator_shows_its_weight_and_what_its_first_version_said(
    city: City, visit: Browse
) -> None:
    """The page never showed a weight, and version 1 of a function indicator was an empty line."""
    city.start("U20")
    unit = city.demo.units["市旅委"]
    words = {"value": "", "unit": "", "month_6": "", "month_12": ""}
    city.report("u20", functions=[{**function("旅游标准化", "100"), **words}])
    (one,) = _functions(city, unit)
    section = visit("u20.liaison").get(f"/units/{unit}/targets").text.split(f'id="t-{one.target.id}"')[1]
    now, first = section.split("</section>")[0].split("<strong>第 1 版")
    assert re.search(r"权重</dt><dd[^>]*>100</dd>", now)
    assert "权重：100" in first
    assert one.versions[0]["text"] in first


def _functions(city: City, unit: str) -> list[TargetHistory]:
    with city.engine.database.read() as connection:
        year = unit_year(connection, cycle_id=city.cycle.id, unit_id=unit)
    return [one for one in year if one.target.row["kind"] == "function"]


def _named(office: TestClient, unit: str, code: str) -> dict[str, Any]:
    listed = office.get(f"/api/v1/units/{unit}/targets").json()["items"]
    found: dict[str, Any] = next(one for one in listed if one["code"] == code)
    return found


def test_the_overview_says_who_is_late_and_reminds_them_once_a_day(city: City, visit: Browse) -> None:
    city.start("U20", "U39")
    office = visit("office.staff")
    page = office.get("/office").text
    assert "市旅委" in page
    assert "都在期限内" in page
    city.clock.advance(timedelta(days=60))
    page = office.get("/office").text
    assert "谁逾期了" in page
    sent = office.post("/office/remind", data={"cycle": city.demo.cycles[2018], "all_late": "yes"})
    told = office.get(sent.headers["location"]).text
    assert re.search(r"已催办 \d+ 项", told)
    assert "今天已催办" in told
    again = office.post("/office/remind", data={"cycle": city.demo.cycles[2018], "all_late": "yes"})
    assert "已催办 0 项" in office.get(again.headers["location"]).text
    liaison = visit("u20.liaison")
    notices = liaison.get("/notifications").text
    assert "王建国催办：" in notices
    assert "· 未读" in notices
    liaison.post("/notifications/read")
    assert "· 未读" not in liaison.get("/notifications").text


@ON_SQLITE
def test_a_review_sent_back_without_naming_a_unit_comes_back_with_the_sentence_beside_the_list(
    city: City, visit: Browse
) -> None:
    city.start("U20")
    city.report("u20")
    city.pass_office("市旅委")
    city.engine.drain()
    legal, item = visit("review.legal"), city.item("review.legal", "legal_review")
    typed = {"version": str(item.lock_version), "opinion": "依据不足"}
    asked = legal.post(f"/tasks/{item.item_id}/sending-back", data=typed)
    assert "依据不足" in legal.get(asked.headers["location"]).text
    where = {**typed, "where": "outcome:return"}
    answer = legal.post(f"/tasks/{item.item_id}/return_to", data=where)
    assert answer.status_code == 422
    assert "退回时请写明单位和意见" in answer.text
    assert "依据不足" in answer.text
    assert city.item("review.legal", "legal_review").item_id == item.item_id
    overview = visit("office.staff").get("/office").text
    assert "全市层面的工作" in overview
    assert "法制办审核" in overview


def test_the_public_speaks_without_an_account_and_only_while_it_is_asked(city: City, visit: Browse) -> None:
    consultation = _open_consultation(city)
    citizen = visit("")
    page = citizen.get("/public/consultations")
    assert page.status_code == 303
    address = page.headers["location"]
    assert "市旅委" in citizen.get(address).text
    said = {"text": "<i>游客</i>厕所要多一些", "name": "老王", "unit_id": city.demo.units["市旅委"]}
    thanks = citizen.post(address, data=said)
    assert "谢谢" in citizen.get(thanks.headers["location"]).text
    (row,) = city.rows("select name, text, unit_id from consultation_comment")
    assert row["text"] == "<i>游客</i>厕所要多一些"
    assert "老王" not in citizen.get(address).text, "unanswered comments are not shown"
    long = citizen.post(address, data={"text": "字" * 2001})
    assert long.status_code == 422
    assert "不能超过 2000 字" in long.text
    assert citizen.post(address, data={"text": "x" * 70_000}).status_code == 413
    robot = citizen.post(address, data={"text": "kaufen", "website": "http://spam"})
    assert robot.status_code == 303
    assert city.scalar("select count(*) from consultation_comment") == 1
    assert citizen.get("/public/consultations/nonsense").status_code == 404
    city.clock.advance(timedelta(days=60))
    late = citizen.post(address, data={"text": "zu spät"})
    assert late.status_code == 422
    assert "公示期已结束" in late.text
    assert consultation in address


@ON_SQLITE
def test_one_address_may_not_flood_the_consultation(city: City, visit: Browse) -> None:
    _open_consultation(city)
    citizen = visit("")
    address = citizen.get("/public/consultations").headers["location"]
    answers = [citizen.post(address, data={"text": f"意见 {n}"}).status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2


def _open_consultation(city: City) -> str:
    from engine.ids import new_id
    from engine.store import insert_rows
    from processes.planning.steps import open_plans

    row = {
        "id": new_id(),
        "cycle_id": city.demo.cycles[2018],
        "opened_at": city.clock.now(),
        "closes_on": (city.clock.now() + timedelta(days=15)).date(),
        "state": "open",
        "instance_id": new_id(),
    }
    with city.engine.database.write() as connection:
        open_plans(connection, city.demo.cycles[2018], [city.demo.units["市旅委"]])
        insert_rows(connection, "consultation", [row])
    return str(row["id"])


def test_who_reviews_all_units_finds_each_ones_targets(city: City, visit: Browse) -> None:
    finance = visit("review.finance")
    listed = finance.get("/plans")
    assert listed.status_code == 200
    assert "市旅委" in listed.text
    unit = city.demo.units["市旅委"]
    assert f"/units/{unit}/targets" in listed.text
    assert "旅游外汇收入" in finance.get(f"/units/{unit}/targets").text


@ON_SQLITE
def test_who_has_one_unit_does_not_see_the_list_of_all(visit: Browse) -> None:
    assert visit("u20.head").get("/plans").status_code == 403
    assert visit("admin.system").get("/plans").status_code == 403


@ON_SQLITE
def test_the_return_page_preselects_whose_figures_a_leader_wants_changed(city: City, visit: Browse) -> None:
    city.start("U20")
    city.prepare("u20")
    city.complete("u20.deputy", "deputy_review", outcome="approve")
    item = city.item("u20.head", "head_signs")
    page = visit("u20.head").get(f"/tasks/{item.item_id}/return_to").text
    assert re.findall(r'value="step:(\w+)" required( checked)?', page)[:2] == [
        ("collate_targets", " checked"),
        ("deputy_review", ""),
    ]
