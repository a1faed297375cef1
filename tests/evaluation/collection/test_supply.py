"""A body's figures from the order to the lock, and what happens to them on the way."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.verbs.refusals import Invalid, NotVisible
from engine.verbs.showing.view import view
from processes.evaluation.collection.ledger import DataLocked, intact, lock, put_datum
from processes.evaluation.collection.orders import Ordered, orders_of
from tests.evaluation.city import City, entered

PM, DAYS = "细颗粒物(PM2.5)年均浓度", "市区日空气质量优良天数"


def equal(row: dict[str, Any]) -> dict[str, Any]:
    return {"result": "equal"}


def standing(city: City, measure: str) -> Ordered:
    """Where a figure of 市环保局 stands."""
    with city.engine.database.read() as connection:
        orders = orders_of(connection, cycle_id=city.last.id, unit_id=city.demo.units["市环保局"])
    [found] = [order for order in orders if order.measure.row["name"] == measure]
    return found


def entered_and_checked(city: City, **values: str) -> None:
    city.begin("data_collection", "U39")
    city.enter("u39.liaison", {PM: "52", DAYS: "271", **values})
    city.complete("u39.head", "check_data", outcome="approve")


def test_self_reported_figures_are_verified_recognised_and_locked_on_the_day(turn_sqlite: City) -> None:
    city = turn_sqlite
    entered_and_checked(city)
    assert {row["method"] for row in city.form("office.reviewer", "verify_data")["rows"]} == {"工作底单核验"}
    city.verify("pass", equal)
    city.complete("data.statistics", "recognise", outcome="approve")
    assert standing(city, PM).state == "已认定"
    city.until(2019, 1, 31, 23)
    assert standing(city, PM).state == "已认定", "open until the end of the lock's day"
    city.until(2019, 2, 1, 0)
    order = standing(city, PM)
    assert order.datum is not None
    assert (order.state, order.datum["value"]) == ("已锁定", Decimal(52))
    assert {row["status"] for row in city.rows("select status from instance")} == {"completed"}
    with city.engine.database.read() as connection:
        assert intact(connection, city.last.id) == []


def test_a_locked_figure_refuses_every_change(turn_sqlite: City) -> None:
    city = turn_sqlite
    entered_and_checked(city)
    city.verify("pass", equal)
    city.complete("data.statistics", "recognise", outcome="approve")
    city.until(2019, 2, 1)
    order = standing(city, PM)
    with city.engine.database.write() as connection, pytest.raises(DataLocked):
        step: Any = type("Step", (), {"connection": connection, "at": city.clock.now(), "person_id": None})
        put_datum(step, order.row, order.datum, value=Decimal(40), note="")
    with pytest.raises(DBAPIError, match="never changed"), city.engine.database.write() as connection:
        connection.execute(text("update datum set value = '40' where status = 'locked'"))
    assert order.datum is not None
    lock(step, order.row, order.datum)
    assert city.scalar("select count(*) from datum where status = 'locked'") == 9, (
        "a second lock adds nothing"
    )
    assert standing(city, PM).datum == order.datum


def test_figures_from_another_bureau_need_no_verification(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("data_collection", "D01")
    form = city.form("stat.liaison", "enter_data")
    assert {row["about"] for row in form["rows"]} == {"上城区"}
    assert {row["target"].split()[0] for row in form["rows"]} == {"KPI01", "KPI12"}
    city.complete("stat.liaison", "enter_data", fields=entered(form, {}))
    city.complete("stat.head", "check_data", outcome="approve")
    assert city.elements("data.statistics") == ["recognise"]
    assert city.elements("office.reviewer") == []


def test_a_body_sees_only_its_own_orders(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("data_collection", "U39", "D01")
    item = city.item("stat.liaison", "enter_data")
    for login in ("u39.liaison", "u20.liaison"):
        with pytest.raises(NotVisible):
            view(city.engine, city.person(login), item.item_id)
    assert {row["about"] for row in city.form("u39.liaison", "enter_data")["rows"]} == {"市环保局"}


def test_a_figure_is_given_or_said_to_be_missing_in_words(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("data_collection", "U39")
    form = city.form("u39.liaison", "enter_data")
    good = entered(form, {PM: "52"})
    silent = {**good, "rows": [{**row, "note": ""} for row in good["rows"]]}
    both = {**good, "rows": [{**row, "none": True, "note": "停测"} for row in good["rows"]]}
    for fields, field, said in ((silent, "rows.1.value", "写明原因"), (both, "rows.0.value", "不要再填")):
        with pytest.raises(Invalid) as refused:
            city.complete("u39.liaison", "enter_data", fields=fields)
        assert any(error.field == field and said in error.message for error in refused.value.errors)
    assert city.scalar("select count(*) from datum") == 0


def test_the_head_returns_the_figures_and_they_come_again(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("data_collection", "U39")
    city.enter("u39.liaison", {PM: "52"})
    city.complete("u39.head", "check_data", outcome="return", opinion="PM2.5 请核对")
    assert city.item("u39.liaison", "enter_data").round == 2
    city.enter("u39.liaison", {PM: "53"})
    values = [
        row["value"] for row in city.rows("select value from datum where value is not null order by id")
    ]
    assert values == ["52", "53"], "the first figure stays in the ledger, replaced"
    assert standing(city, PM).as_row()["value"] == "53"


def test_an_unequal_figure_goes_back_to_the_unit_alone(turn_sqlite: City) -> None:
    city = turn_sqlite
    entered_and_checked(city)
    found = {"result": "unequal", "found": "54", "basis": "监测站年报 54"}
    city.verify("correct", lambda row: found if row["name"] == PM else equal(row))
    form = city.form("u39.liaison", "correct_data")
    assert [(row["name"], row["finding"]) for row in form["rows"]] == [(PM, "核实为 54：监测站年报 54")]
    city.enter("u39.liaison", {PM: "54"}, element="correct_data")
    assert [row["said"] for row in city.form("office.reviewer", "verify_data")["rows"]] == ["54μg/m³"]
    city.verify("pass", equal)
    assert city.elements("data.statistics") == ["recognise"]
    assert {standing(city, name).state for name in (PM, DAYS)} == {"已认定"}


def test_fraud_withdraws_the_figure_and_tells_supervision(turn_sqlite: City) -> None:
    city = turn_sqlite
    entered_and_checked(city)
    fraud = {"result": "fraud", "basis": "监测数据被篡改"}
    city.verify("fraud", lambda row: fraud if row["name"] == PM else equal(row))
    assert (standing(city, PM).state, standing(city, DAYS).state) == ("已作废", "已认定")
    [notice] = city.rows("select post_key, params_json from notification where kind = 'collection.fraud'")
    told = json.loads(notice["params_json"])
    assert (notice["post_key"], "市环保局自报的“KPI08" in told["notice"]) == ("supervision", True)
    [message] = city.rows("select name, correlation_key from message where name = 'data_fraud'")
    assert message["correlation_key"] == city.demo.units["市环保局"]
    city.complete("data.statistics", "recognise", outcome="approve")
    city.until(2019, 2, 1)
    assert (standing(city, PM).state, standing(city, DAYS).state) == ("已作废", "已锁定")


def test_the_outcome_says_what_the_lines_say(turn_sqlite: City) -> None:
    city = turn_sqlite
    entered_and_checked(city)
    with pytest.raises(Invalid) as refused:
        city.verify("pass", lambda row: {"result": "fraud", "basis": "篡改"})
    assert [error.code for error in refused.value.errors] == ["outcome"]
    assert city.scalar("select count(*) from verification") == 0


def test_nothing_is_collected_twice(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("data_collection", "U39")
    with pytest.raises(Exception, match="已经"):
        city.begin("data_collection", "U39")
