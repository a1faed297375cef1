"""What is decided is told to those concerned, in words; what is wrong goes back to who wrote it."""

import json
from typing import Any

from tests.adjusting.city import AIR, ChangeCity
from tests.adjusting.test_adjustments import DWELLINGS, asked, registered
from tests.adjusting.test_challenges import GOOD, PM, declared
from tests.monitoring.city import HOUSING


def told(city: ChangeCity, kind: str) -> dict[tuple[str, str], str]:
    """The notices of a kind: (unit, post) → words."""
    rows = city.rows(
        "select u.name, n.post_key, n.params_json from notification n join unit u on u.id = n.unit_id "
        "where n.kind = :kind order by n.id",
        kind=kind,
    )
    return {(row["name"], row["post_key"]): json.loads(row["params_json"])["notice"] for row in rows}


def test_an_adjusted_target_is_told_to_the_unit_the_office_and_broken_down_again(
    sqlite_city: ChangeCity,
) -> None:
    city = sqlite_city
    asked(city, HOUSING, DWELLINGS, value="60000")
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    registered(city, "government_decides")
    notices = told(city, "adjusting.adjusted")
    concerned = {(HOUSING, post) for post in ("liaison", "head", "deputy")} | {("杭州市", "office.staff")}
    assert notices.keys() == concerned
    words = notices[HOUSING, "head"]
    assert "第 2 版" in words and "自 2017-05-10 起执行" in words
    assert "62176套 → 60000套" in words and "杭政函〔2017〕21号" in words
    target = city.target(HOUSING, DWELLINGS)
    [message] = city.rows("select message_id from message where name = 'target.changed'")
    assert message["message_id"] == f"{target}/2"


def test_a_refusal_tells_the_reason(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    asked(city, HOUSING, DWELLINGS, value="60000")
    city.fill_in("office.reviewer", "review_adjustment", outcome="refuse", remark="依据不足")
    assert "依据不足" in told(city, "adjusting.adjustment")[HOUSING, "liaison"]


def test_the_head_sends_a_declaration_back_to_the_liaison(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    city.declare(AIR, PM)
    city.fill_in("u39.liaison", "declare", **GOOD)
    city.act("u39.head", "return_to", "sign_challenge", target="declare", opinion="挑战值再高一些")
    form: dict[str, Any] = city.form("u39.liaison", "declare")
    assert form["value"] == "45", "what was declared is still there"
    city.fill_in("u39.liaison", "declare", value="44")
    city.fill_in("u39.head", "sign_challenge", outcome="approve")
    assert city.form("data.statistics", "verify_benchmarks")["value"] == "44"


def test_the_office_sends_an_application_back(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    case = asked(city, HOUSING, DWELLINGS, value="60000")
    city.act("office.reviewer", "return_to", "review_adjustment", target="ask_adjustment", opinion="补充依据")
    form = city.form("u32.liaison", "ask_adjustment")
    assert (form["figures"][0]["value"], form["reason"]) == ("60000", "拆迁进度调整")
    assert city.acts(case) == ["stated", "signed"]


def test_a_challenge_that_is_taken_is_told(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    declared(city)
    city.fill_in("data.statistics", "verify_benchmarks", outcome="approve", finding="一致")
    city.fill_in("office.reviewer", "review_challenge", outcome="approve")
    assert "已列为 2017 年度挑战指标" in told(city, "adjusting.challenge")[AIR, "head"]
