"""退回后直达: the short way back skips people, never the city's own checks."""

import pytest

from tests.planning.city import City
from tests.planning.unit_work import assign, collate, fill, function, objecting, shared, with_functions


@pytest.fixture
def returned(city: City) -> City:
    """The head of 市环保局 has sent its targets back to the liaison, to come straight back."""
    assign(city, "u39")
    city.settle()
    fill(city, "u39")
    city.settle()
    collate(city, "u39")
    city.desk("u39.deputy").complete("deputy_review", outcome="approve", opinion="同意")
    head = city.desk("u39.head")
    head.act("return_to", head.task("head_signs"), target="collate_targets", opinion="再核对")
    return city


def test_wrong_weights_do_not_reach_the_head_by_the_short_way(returned: City) -> None:
    city, liaison = returned, returned.desk("u39.liaison")
    collate(city, "u39", with_functions(("监测能力建设", "70")))
    assert city.desk("u39.head").waiting() == []
    shown = liaison.task("collate_targets")
    assert shown["form"]["data"]["problems"] == ["职能指标权重合计为 70，应为 100"]
    [kept] = shown["form"]["data"]["functions"]
    both = [{**kept, "weight": "70"}, function("信息公开", "30")]
    liaison.complete("collate_targets", change=lambda data: {**shared(data), "functions": both})
    assert city.desk("u39.deputy").waiting() == []
    assert city.desk("u39.head").waiting() == ["head_signs"]


def test_a_new_objection_goes_to_the_office_before_the_head_signs(returned: City) -> None:
    city = returned
    collate(city, "u39", objecting({"KPI09": "280 天与监测数不符"}))
    assert city.desk("u39.head").waiting() == []
    assert city.desk("office.reviewer").waiting() == ["decide_objections"]
    assert city.scalar("select count(*) from incident") == 0
