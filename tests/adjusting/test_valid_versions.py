"""Monitoring and assessment take the version that was valid at their date, however late they look."""

from datetime import date

from processes.adjusting.validity import end_of, valid_at
from processes.planning.reading import target_of
from processes.planning.versions import exact_text
from tests.adjusting.city import ChangeCity
from tests.adjusting.test_adjustments import DWELLINGS, asked, registered
from tests.monitoring.city import HOUSING

MEASURE = "城镇保障性安居工程竣工"


def goals(city: ChangeCity, *days: date) -> list[str | None]:
    """The yearly figure as it read on each day."""
    with city.engine.database.read() as connection:
        target = target_of(connection, city.target(HOUSING, DWELLINGS))
        assert target is not None
        return [exact_text(valid_at(connection, [target], day)[0].measures[0].value) for day in days]


def adjusted(city: ChangeCity, value: str, day: str) -> None:
    """The government lets the target read `value` from a day on."""
    asked(city, HOUSING, DWELLINGS, value=value)
    city.fill_in("office.reviewer", "review_adjustment", outcome="approve")
    registered(city, "government_decides", effective_on=day)


def test_an_adjustment_counts_from_its_day(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    adjusted(city, "60000", "2017-06-15")
    assert goals(city, date(2017, 6, 14), date(2017, 6, 15)) == ["62176", "60000"]
    adjusted(city, "58000", "2017-10-01")
    assert goals(city, date(2017, 5, 31), date(2017, 9, 30), end_of("2017")) == ["62176", "60000", "58000"]
    # One that counts from an earlier day than its predecessor takes that one's place from there on.
    adjusted(city, "57000", "2017-08-01")
    assert goals(city, date(2017, 7, 31), date(2017, 8, 1), date(2017, 12, 31)) == [
        "60000",
        "57000",
        "57000",
    ]


def test_a_month_before_the_adjustment_is_judged_by_the_old_version(sqlite_city: ChangeCity) -> None:
    city = sqlite_city
    adjusted(city, "60000", "2017-06-15")
    city.until(date(2017, 6, 20))
    for period in ("2017-05", "2017-06"):
        city.begin(HOUSING, period=period)
        login = city.login(HOUSING, "liaison")
        city.hand_in(HOUSING, {MEASURE: 30000})
        if "explain_light" in city.elements(login):
            city.explain(HOUSING)
    rows = city.rows(
        "select l.period, l.target_value, l.target_version from progress_light l "
        "join target_measure m on m.id = l.measure where m.name = :name order by l.period",
        name=MEASURE,
    )
    assert [(row["period"], str(row["target_value"]), row["target_version"]) for row in rows] == [
        ("2017-05", "62176", 1),
        ("2017-06", "60000", 2),
    ]
