"""P04: a unit declares a challenge, statistics verify, D02 judges, the office takes it, the fact is kept."""

from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from processes.adjusting.asking import ChangeRefused
from processes.adjusting.challenges import standing_facts
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
