"""年度日程: who sees it, what it says before the year begins, while it runs, and of what is late."""

import html
import re
from datetime import date

import pytest

from tests.cases.city import page, send
from tests.cycle.beginning import YEAR, begin, confirm, year_of
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


def test_the_office_leaders_and_supervision_see_the_year_and_others_do_not(city: City) -> None:
    for login in ("office.staff", "office.reviewer", "city.leader", "supervision", "committee.secretary"):
        assert "2018 年度日程" in page(city, login, "/office/year")
        assert "年度日程" in page(city, login, "/inbox"), "it stands in the navigation"
    cycle = city.cycle_id(YEAR)
    for login in ("u39.liaison", "u39.head", "admin.system", "admin.audit", "expert1"):
        page(city, login, "/office/year", status=403)
        page(city, login, f"/office/year?cycle={cycle}", status=403)
        assert city.desk(login).get(f"/cycles/{cycle}/year").status_code == 403
        assert "年度日程" not in page(city, login, "/inbox")
    for act in ("begin", "freeze", "scheme"):
        send(
            city,
            "city.leader",
            f"/office/year/{cycle}/{act}",
            status=403,
            data={"reason": "理由充分", "sure": "yes"},
        )
    assert city.scalar("select count(*) from year_act") == 0
    page(city, "office.staff", "/office/year?cycle=nowhere", status=404)


def test_before_it_begins_the_page_shows_the_scheme_s_dates_and_the_button(city: City) -> None:
    shown = page(city, "office.staff", "/office/year")
    assert "2018 年度总流程还没有开始。" in shown
    assert "2018-02-01 <span" in shown
    assert "开始年度" in shown
    assert "开始年度" not in page(city, "city.leader", "/office/year")
    send(city, "office.staff", f"/office/year/{city.cycle_id(YEAR)}/begin")
    shown = page(city, "office.staff", "/office/year?said=begun")
    assert "年度日历还没有确认。" in shown
    assert "开始年度</button>" not in shown
    assert city.desk("office.staff").waiting() == ["confirm_calendar"]


def test_late_stages_are_listed_with_what_they_wait_for(city: City) -> None:
    begin(city)
    confirm(city)
    city.at(date(2018, 2, 1))
    city.at(date(2018, 8, 1))
    year = year_of(city, "city.leader")
    assert {one["id"] for one in year["stages"] if one["overdue"]} == {"plan_targets", "register_mid_term"}
    plan = year["by_id"]["plan_targets"]
    assert (plan["state"], plan["began_at"][:10]) == ("running", "2018-02-01")
    assert plan["open"] > 40, "every unit sits over its targets"
    assert plan["late"] > 0
    shown = page(city, "city.leader", "/office/year")
    late = shown.split('id="late"')[1].split("</section>")[0]
    assert "年度目标制定</a>，应在 2018-04-27 以前办结，有" in late
    assert "登记年中评估</a>，应在 2018-07-31 以前办结" in late
    assert "等：年度目标制定" in shown


def test_a_stage_leads_only_where_the_reader_may_go(city: City) -> None:
    for login in ("office.staff", "assess.leader", "committee.secretary", "city.leader", "supervision"):
        shown = page(city, login, "/office/year")
        table = shown.split("year-table")[1].split("</table>")[0]
        for address in set(re.findall(r'href="(/[^"#]+)"', table)):
            page(city, login, html.unescape(address))


def test_two_years_stand_beside_each_other(city: City) -> None:
    shown = page(city, "office.staff", "/office/year")
    last = city.cycle_id(2017)
    assert f"/office/year?cycle={last}" in shown
    assert "2017 年度日程" in page(city, "office.staff", f"/office/year?cycle={last}")
