"""A forged figure: withdrawn, judged by supervision, worth nothing, and a flag for accountability."""

from decimal import Decimal
from typing import Any

import pytest

from engine.verbs.refusals import Invalid
from processes.accountability.flags import flags_of, flags_said, waiting_flags
from tests.evaluation.city import City

PM = "细颗粒物(PM2.5)年均浓度"


def forge(city: City) -> None:
    """市环保局 reports a figure that verification finds forged."""
    city.begin("data_collection", "U39")
    city.begin("target_assessment", "U39")
    city.self_assess("u39")
    city.enter("u39.liaison", {PM: "42"})
    city.complete("u39.head", "check_data", outcome="approve")
    forged = {"result": "fraud", "basis": "监测数据被篡改"}
    city.verify("fraud", lambda row: forged if row["name"] == PM else {"result": "equal"})
    city.complete("data.statistics", "recognise", outcome="approve")


def judge(city: City, outcome: str, **said: Any) -> None:
    form = city.form("supervision", "judge_fraud")
    city.complete(
        "supervision", "judge_fraud", outcome=outcome, fields={**form, "text": "查阅原始记录", **said}
    )


def test_a_forged_figure_scores_nothing_and_waits_for_accountability(turn_sqlite: City) -> None:
    city = turn_sqlite
    forge(city)
    with city.engine.database.read() as connection:
        assert waiting_flags(connection, city.last.id) == []  # supervision has not found it true yet
        assert flags_said(connection, city.last.id) == ""
    with pytest.raises(Invalid) as refused:
        judge(city, "confirm")
    assert [error.field for error in refused.value.errors] == ["violation"]
    judge(city, "confirm", violation="serious", person=True)
    city.until(2019, 2, 1)
    [result] = city.rows("select achievement, basis from target_result where way = 'auto'")
    assert Decimal(result["achievement"]) == 0
    assert "弄虚作假，得零分" in result["basis"]
    with city.engine.database.read() as connection:
        [flag] = waiting_flags(connection, city.last.id)
        said = flags_said(connection, city.last.id)
    assert said == "问责线索，定级时请一并考虑：市环保局：数据弄虚作假（监察认定情节较重）"
    assert (flag["unit_name"], flag["violation"], bool(flag["person"])) == ("市环保局", "serious", True)
    assert "自报的“KPI08" in flag["reason"]
    told = city.rows(
        "select post_key from notification where kind = 'accountability.fraud' order by post_key"
    )
    assert [row["post_key"] for row in told] == ["head", "office.head"]
    assert city.scalar("select count(*) from incident") == 0


def test_what_supervision_does_not_find_true_is_judged_by_the_group(turn_sqlite: City) -> None:
    city = turn_sqlite
    forge(city)
    judge(city, "dismiss")
    city.until(2019, 2, 1)
    assert city.scalar("select count(*) from target_result where way = 'auto'") == 0
    assert any("PM2.5" in row["title"] for row in city.form("assess.group", "group_scores")["rows"])
    with city.engine.database.read() as connection:
        assert waiting_flags(connection, city.last.id) == []
        assert [flag["founded"] for flag in flags_of(connection, city.last.id)] == [False]
