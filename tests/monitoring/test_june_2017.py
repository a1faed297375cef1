"""June 2017 of 市建委: 28,000 dwellings of 62,176 are yellow; corrected to 27,900 they are red."""

from tests.monitoring.city import HOUSING, MonitoringCity

DWELLINGS = "城镇保障性安居工程竣工"


def test_yellow_then_corrected_red_and_a_draft_notice_waits_at_the_office(city: MonitoringCity) -> None:
    city.begin(HOUSING)
    city.hand_in(HOUSING, {DWELLINGS: 28000})
    assert (DWELLINGS, "黄", "偏差 -9.93%") in city.lights(HOUSING)
    city.explain(HOUSING)
    assert "confirm_notice" not in city.elements("office.staff")
    city.correct(HOUSING, DWELLINGS, 27900)
    city.complete("office.reviewer", "confirm_correction", outcome="approve")
    both = [light for light in city.lights(HOUSING) if light[0] == DWELLINGS]
    assert both == [(DWELLINGS, "黄", "偏差 -9.93%"), (DWELLINGS, "红", "偏差 -10.25%")]
    assert city.elements("office.staff") == ["confirm_notice"]
    draft = city.form("office.staff", "confirm_notice")
    assert draft["level"] == "绩效改进通知单"
    assert "偏差 -10.25%" in draft["issues"][0]["text"]
    assert city.scalar("select count(*) from incident") == 0
