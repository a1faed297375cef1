"""A frozen year: corrections that wait before the office are dropped, new ones are refused."""

import pytest

from engine.runtime.events.signals import NewSignal
from processes.cycle.freezing import freeze
from processes.monitoring.correcting import CorrectionRefused
from tests.monitoring.city import HOUSING, MonitoringCity

DWELLINGS = "城镇保障性安居工程竣工"


def freeze_year(city: MonitoringCity) -> None:
    """What the office's act does: the fact, and the signal."""
    with city.engine.database.write() as connection:
        by = city.person("office.staff")
        freeze(connection, city.cycle.id, reason="年度数据不再改动", by=by, at=city.clock.now())
        city.engine.throw(connection, NewSignal(city.cycle.id, "cycle.frozen"))
    city.engine.drain()


def test_a_correction_that_waits_is_dropped_and_the_unit_is_told(city: MonitoringCity) -> None:
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    correction = city.correct(HOUSING, DWELLINGS, 30600)
    assert "confirm_correction" in city.elements("office.reviewer")
    freeze_year(city)
    assert "confirm_correction" not in city.elements("office.reviewer")
    [wish] = city.rows("select accepted, answer from datum_correction where id = :id", id=correction)
    assert (bool(wish["accepted"]), wish["answer"]) == (False, "年度已冻结，不再更正")
    assert city.scalar("select count(*) from instance where process_key = 'datum_corrected'") == 1
    status = city.scalar("select status from instance where process_key = 'datum_corrected'")
    assert status == "completed"
    told = city.rows("select params_json from notification where kind = 'monitoring.correction'")
    assert "2017 年度已冻结" in str(told)
    assert str(city.datum(HOUSING, DWELLINGS)["value"]).startswith("30500")


def test_a_correction_is_refused_with_who_froze_the_year_and_why(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    freeze_year(city)
    with pytest.raises(CorrectionRefused, match="年度数据不再改动"):
        city.correct(HOUSING, DWELLINGS, 30600)


def test_what_has_not_been_reported_yet_is_still_reported(sqlite_city: MonitoringCity) -> None:
    city = sqlite_city
    city.begin(HOUSING)
    freeze_year(city)
    city.hand_in(HOUSING, {DWELLINGS: 30500})
    assert str(city.datum(HOUSING, DWELLINGS)["value"]).startswith("30500")
