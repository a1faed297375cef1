"""P05: who approves depends on what is changed; an approved change is a new version, a refused one none."""

from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from processes.adjusting.asking import ChangeRefused
from processes.adjusting.challenges import standing_facts
from tests.adjusting.city import AIR, ChangeCity, freeze
from tests.adjusting.test_challenges import declared
from tests.monitoring.city import HOUSING

DWELLINGS = "KPI13"
MAY = "2017-05-10"


def asked(city: ChangeCity, unit: str, code: str, **changes: Any) -> str:
    """An application that the unit's head has signed; the case."""
    case = city.adjust(unit, code)
    fill(city, city.login(unit, "liaison"), **changes)
    city.fill_in(city.login(unit, "head"), "sign_adjustment", outcome="approve")
    return case


def fill(city: ChangeCity, login: str, **changes: Any) -> None:
    """填写调整申请: the first figure changes to `value`."""
    form = city.form(login, "ask_adjustment")
    value, rows = changes.pop("value", None), form["figures"]
    if value is not None:
        rows = [{**rows[0], "value": value}, *rows[1:]]
    fields = {**form, **WHY, **changes, "figures": rows}
    city.complete(login, "ask_adjustment", fields=fields, files=PAPERS)


PAPERS = frozenset({"paper"})
WHY: dict[str, Any] = {
    "cause": "objective",
    "ground": "congress",
    "paper": "市人大〔2017〕8号",
    "reason": "拆迁进度调整",
    "files": ["paper"],
}
DECIDED: dict[str, Any] = {
    "meeting": "市政府第 5 次常务会议",
    "decided_on": "2017-05-08",
    "document_number": "杭政函〔2017〕21号",
    "minutes": ["paper"],
    "result": "passed",
    "effective_on": MAY,
}


def registered(city: ChangeCity, element: str, **changes: Any) -> None:
    """登记决定 by the committee's secretary."""
    form = city.form("committee.secretary", element)
    fields = {**form, **DECIDED, **changes}
    city.act("committee.secretary", "register_for", element, fields=fields, files=PAPERS)


def figures(city: ChangeCity, unit: str, code: str) -> list[str]:
    rows = city.rows(
        "select value from target_measure where target_id = :id order by position",
        id=city.target(unit, code),
    )
    return [str(row["value"]) for row in rows]


def test_a_key_indicator_is_adjusted_by_the_government_under_its_number(city: ChangeCity) -> None:
    case = asked(city, HOUSING, DWELLINGS, value="60000")
    card = city.form("office.reviewer", "review_adjustment")
    assert card["route"] == "涉及关键指标，报市委市政府批准"
    assert card["changes"][0] == {
        "id": "0",
        "what": "年度目标",
        "before": "62176套",
        "after": "60000套",
    }
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    assert city.elements("committee.secretary") == ["government_decides"]
    registered(city, "government_decides")
    assert figures(city, HOUSING, DWELLINGS) == ["60000"]
    assert city.acts(case) == ["stated", "signed", "reviewed", "approved", "applied"]
    version = city.rows(
        "select number, basis, basis_on from target_version where target_id = :id order by number desc",
        id=city.target(HOUSING, DWELLINGS),
    )[0]
    assert (version["number"], version["basis"]) == (2, "杭政函〔2017〕21号")
    [fact] = city.rows("select effective_on, version_before, version_number from adjustment_fact")
    assert (str(fact["effective_on"]), fact["version_before"], fact["version_number"]) == (MAY, 1, 2)
    assert city.scalar("select count(*) from incident") == 0


def test_a_key_indicator_is_not_adjusted_without_a_decision_from_above(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    city.adjust(HOUSING, DWELLINGS)
    login = city.login(HOUSING, "liaison")
    with pytest.raises(Invalid) as refused:
        fill(city, login, value="60000", ground="other", paper="")
    assert {error.field: error.code for error in refused.value.errors} == {"ground": "not_allowed"}
    with pytest.raises(Invalid) as refused:
        fill(city, login, paper="")
    assert {error.field: error.code for error in refused.value.errors} == {
        "reason": "unchanged",
        "paper": "missing",
    }
    with pytest.raises(Invalid) as refused:
        fill(city, login, value="")
    assert "figures.0.value" in {error.field for error in refused.value.errors}


def test_milestones_alone_are_approved_by_the_head_of_the_office(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    city.adjust(HOUSING, DWELLINGS)
    login = city.login(HOUSING, "liaison")
    form = city.form(login, "ask_adjustment")
    rows = [{**form["figures"][0], "month_6": "31000"}, *form["figures"][1:]]
    fields = {**form, **WHY, "ground": "other", "paper": "", "figures": rows}
    city.complete(login, "ask_adjustment", fields=fields, files=PAPERS)
    city.fill_in(city.login(HOUSING, "head"), "sign_adjustment", outcome="approve")
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    assert city.form("office.head", "office_decides")["document_number"] == "杭考评办调〔2017〕1号"
    with pytest.raises(Invalid) as refused:
        city.fill_in("office.head", "office_decides", outcome="approve", effective_on="2018-01-01")
    assert [error.code for error in refused.value.errors] == ["other_year"]
    city.fill_in("office.head", "office_decides", outcome="approve")
    assert figures(city, HOUSING, DWELLINGS) == ["62176"]
    [point] = city.rows("select month, value from milestone where value = '31000'")
    assert point["month"] == 6
    assert city.scalar("select number from document where kind = 'adjustment'") == "杭考评办调〔2017〕1号"


def test_a_special_target_is_heard_by_its_lead_bureau_and_decided_by_the_committee(
    sqlite_city: ChangeCity,
) -> None:
    city = sqlite_city
    [row] = city.rows(
        "select t.code, u.name from target t join unit u on u.id = t.unit_id "
        "where t.kind = 'special' and t.cycle_id = :cycle and t.code = 'ST03' and u.name = '市科委'",
        cycle=city.cycle.id,
    )
    case = asked(city, row["name"], row["code"], text="分三年推进", ground="other", paper="")
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    lead = next(login for login in city.people if "lead_advises" in city.elements(login))
    with pytest.raises(Invalid):
        city.fill_in(lead, "lead_advises", outcome="disagree")
    city.fill_in(lead, "lead_advises", outcome="disagree", remark="不应推迟")
    assert "不同意：不应推迟" in city.form("committee.secretary", "committee_decides")["lead_opinion"]
    registered(city, "committee_decides", result="refused", remark="按原目标执行")
    assert city.acts(case) == ["stated", "signed", "reviewed", "advised", "refused"]
    assert city.scalar("select count(*) from target_version where number > 1") == 0


def test_a_refusal_leaves_the_version_and_a_second_application_may_follow(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    first = asked(city, HOUSING, DWELLINGS, value="60000")
    with pytest.raises(ChangeRefused, match="正在办理"):
        city.adjust(HOUSING, DWELLINGS)
    with pytest.raises(Invalid):
        city.fill_in("office.reviewer", "review_adjustment", outcome="refuse")
    city.fill_in("office.reviewer", "review_adjustment", outcome="refuse", remark="依据不足")
    assert city.acts(first) == ["stated", "signed", "refused"]
    assert figures(city, HOUSING, DWELLINGS) == ["62176"]
    second = city.adjust(HOUSING, DWELLINGS)
    city.withdraw(second)
    assert city.acts(second) == ["withdrawn"]
    assert "ask_adjustment" not in city.elements(city.login(HOUSING, "liaison"))
    with pytest.raises(ChangeRefused, match="已经办结"):
        city.withdraw(second)


def test_the_office_adjusts_what_came_from_above_without_the_units_signature(
    sqlite_city: ChangeCity,
) -> None:
    city = sqlite_city
    case = city.adjust(HOUSING, DWELLINGS, asker="office")
    fill(city, "office.staff", value="63000", cause="above", ground="superior")
    assert city.elements(city.login(HOUSING, "head")) == []
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    registered(city, "government_decides")
    assert figures(city, HOUSING, DWELLINGS) == ["63000"]
    assert city.acts(case)[-1] == "applied"


def test_the_freeze_stops_what_is_under_way_and_what_would_begin(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    case = asked(city, HOUSING, DWELLINGS, value="60000")
    freeze(city)
    assert city.acts(case)[-1] == "frozen"
    assert city.elements("office.reviewer") == []
    with pytest.raises(ChangeRefused, match="冻结"):
        city.adjust(AIR, "KPI08")
    with pytest.raises(ChangeRefused, match="冻结"):
        city.declare(AIR, "KPI08")


def test_a_target_raised_as_far_as_its_challenge_is_none_any_more(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    challenge = declared(city)
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    city.fill_in("office.reviewer", "review_challenge", outcome="approve")
    asked(city, AIR, "KPI08", value="44")
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    registered(city, "government_decides")
    assert city.acts(challenge)[-1] == "lapsed"
    with city.engine.database.read() as connection:
        assert standing_facts(connection, cycle_id=city.cycle.id) == {}
