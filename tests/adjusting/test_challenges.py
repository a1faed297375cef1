"""P04: a unit declares a challenge, statistics verify, D02 judges, the office takes it, the fact is kept."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from processes.adjusting.allowed import UnitYear, no_challenge
from processes.adjusting.asking import ChangeRefused
from processes.adjusting.challenges import standing_facts
from processes.planning.reading import MeasureView, TargetView
from tests.adjusting.city import AIR, ChangeCity

PM = "KPI08"
GOOD: dict[str, Any] = {
    "value": "45",
    "benchmark": "深圳市",
    "benchmark_value": "46",
    "rank": 3,
    "rank_before": 8,
    "own_best": "50.5",
    "own_best_year": 2016,
    "grounds": "省环境监测中心公报",
}


def declared(city: ChangeCity, **changes: Any) -> str:
    """A declaration that its head has signed; the case."""
    case = city.declare(AIR, PM)
    city.fill_in("u39.liaison", "declare", **{**GOOD, **changes})
    city.fill_in("u39.head", "sign_challenge", outcome="approve")
    return case


def test_a_challenge_that_qualifies_is_taken_and_kept_as_a_fact(city: ChangeCity) -> None:
    case = declared(city)
    assert city.elements("data.statistics") == ["verify_benchmarks"]
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="与公报一致")
    form = city.form("office.reviewer", "review_challenge")
    assert form["qualified_because"] == "横向领先，纵向显著增长"
    city.fill_in("office.reviewer", "review_challenge", outcome="approve")
    assert city.acts(case) == ["stated", "signed", "verified", "accepted"]
    with city.engine.database.read() as connection:
        facts = standing_facts(connection, cycle_id=city.cycle.id)
    [fact] = facts.values()
    assert (fact["target_id"], str(fact["value"]), fact["is_key"]) == (city.target(AIR, PM), "45", False)
    assert city.scalar("select count(*) from incident") == 0


def test_what_statistics_find_decides_and_the_unit_may_supplement_once(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    case = declared(city)
    city.fill_in(
        "data.statistics", "verify_benchmarks", outcome="approve", own_best="46", finding="2015年已达46"
    )
    form = city.form("u39.liaison", "supplement")
    assert (form["problem"], form["finding"]) == ("与自身最佳相比增长不够", "2015年已达46")
    city.fill_in("u39.liaison", "supplement", outcome="again", value="42", own_best="46")
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="仍不够")
    assert "supplement" not in city.elements("u39.liaison")
    assert city.acts(case) == ["stated", "signed", "verified", "stated", "verified", "unqualified"]
    assert city.scalar("select count(*) from challenge_fact") == 0


def test_what_a_declaration_lacks_is_said_at_the_field(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    city.declare(AIR, PM)
    with pytest.raises(Invalid) as refused:
        city.fill_in("u39.liaison", "declare", **{**GOOD, "grounds": "", "own_best": None})
    assert {error.field for error in refused.value.errors} == {"grounds", "own_best"}
    with pytest.raises(Invalid) as refused:
        city.fill_in("u39.liaison", "declare", **{**GOOD, "value": "51"})
    assert {error.field: error.code for error in refused.value.errors} == {"value": "not_above"}


def test_a_supplement_is_as_complete_as_a_declaration(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    declared(city, own_best="46")
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    with pytest.raises(Invalid) as refused:
        city.fill_in("u39.liaison", "supplement", outcome="again", grounds="", own_best=None)
    assert {error.field: error.code for error in refused.value.errors} == {
        "grounds": "missing",
        "own_best": "missing",
    }


def test_one_challenge_at_a_time_and_none_beside_one_that_stands(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    first = declared(city)
    with pytest.raises(ChangeRefused, match="正在办理"):
        city.declare(AIR, PM)
    city.withdraw(first)
    assert city.acts(first) == ["stated", "signed", "withdrawn"]
    assert city.elements("data.statistics") == []
    declared(city)
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    with pytest.raises(Invalid):
        city.fill_in("office.reviewer", "review_challenge", outcome="refuse")
    city.fill_in("office.reviewer", "review_challenge", outcome="refuse", remark="去年已达到")
    with pytest.raises(ChangeRefused, match="已经申报 2 次"):
        city.declare(AIR, PM)


def test_a_challenge_is_declared_before_the_last_day_and_for_what_has_a_figure(
    sqlite_city: ChangeCity,
) -> None:
    city = sqlite_city
    [row] = city.rows(
        "select u.name, t.code from target t join unit u on u.id = t.unit_id where t.cycle_id = :cycle and "
        "not exists (select 1 from target_measure m where m.target_id = t.id) order by u.code limit 1",
        cycle=city.cycle.id,
    )
    with pytest.raises(ChangeRefused, match="没有数值"):
        city.declare(row["name"], row["code"])
    city.until(date(2017, 6, 1))
    with pytest.raises(ChangeRefused, match="2017-05-31 截止"):
        city.declare(AIR, PM)


def test_a_unit_may_give_up(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    case = declared(city, own_best="46")
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    city.fill_in("u39.liaison", "supplement", outcome="give_up", remark="把握不大")
    assert city.acts(case)[-1] == "given_up"
    assert city.scalar("select count(*) from incident") == 0


def taken(city: ChangeCity) -> str:
    """A challenge that the office has taken; the case."""
    case = declared(city)
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    city.fill_in("office.reviewer", "review_challenge", outcome="approve")
    return case


def test_the_committee_chooses_key_challenges_once_for_the_city(city: ChangeCity) -> None:
    with pytest.raises(ChangeRefused, match="没有可以选取的"):
        city.select_keys()
    case = taken(city)
    city.select_keys()
    with pytest.raises(ChangeRefused, match="正在选取"):
        city.select_keys()
    form = city.form("office.staff", "propose_keys")
    with pytest.raises(Invalid):
        city.complete("office.staff", "propose_keys", fields=form)
    [row] = form["rows"]
    assert (row["unit_name"], row["value"], row["proposed"]) == (AIR, "45μg/m³", False)
    city.complete("office.staff", "propose_keys", fields={"rows": [{**row, "proposed": True}]})
    form = city.form("committee.secretary", "register_keys")
    assert [row["decision"] for row in form["rows"]] == ["key"]
    said = {"meeting": "第 2 次会议", "decided_on": "2017-05-08", "document_number": "杭绩委纪要〔2017〕2号"}
    fields = {**form, **said, "minutes": ["paper"]}
    city.act(
        "committee.secretary", "register_for", "register_keys", fields=fields, files=frozenset({"paper"})
    )
    with city.engine.database.read() as connection:
        [fact] = standing_facts(connection, cycle_id=city.cycle.id).values()
    assert (fact["is_key"], fact["basis"]) == (True, "杭绩委纪要〔2017〕2号")
    assert city.acts(case)[-1] == "key"
    assert city.scalar("select count(*) from incident") == 0


@pytest.mark.parametrize(
    ("locked", "state", "plan", "told"),
    [
        (True, "draft", "reported", "还没有通过考评办审核"),
        (True, "draft", "passed", ""),
        (False, "draft", "passed", "职能指标下达以后"),
        (False, "issued", "issued", ""),
    ],
)
def test_when_a_target_may_be_challenged(locked: bool, state: str, plan: str, told: str) -> None:
    year = UnitYear({"rounds": Decimal(2)}, closes=date(2017, 5, 31), frozen="", plan_state=plan)
    measure = MeasureView({"value": Decimal(1)}, {})
    target = TargetView({"locked": locked, "state": state}, (measure,))
    said = no_challenge(year, target, [], today=date(2017, 5, 31))
    assert told in said and bool(said) == bool(told)


def test_a_city_without_challenges_takes_none() -> None:
    year = UnitYear(None, closes=None, frozen="", plan_state="issued")
    assert "没有挑战指标" in no_challenge(year, TargetView({}), [], today=date(2017, 5, 1))
