"""张家界市2009年: 49 units, a quota of 13; a vetoed unit's place goes to the next."""

from collections import Counter

from processes.evaluation.grading.sealing import faults_of
from tests.evaluation.grading.work import grade, grades
from tests.planning.city import City


def test_thirteen_of_forty_nine_are_excellent_and_a_veto_bars(zhangjiajie: City) -> None:
    city = zhangjiajie
    grade(city, 2009)
    found = grades(city)
    assert Counter(one[1] for one in found.values()) == {"优秀": 13, "合格": 36}
    excellent = {name for name, one in found.items() if one[1] == "优秀"}
    assert excellent == {f"第{number:02d}局" for number in range(1, 15) if number != 3}
    assert found["第03局"] == ("975.00", "合格", None, 3)
    rows = city.rows("select u.name from grade g join unit u on u.id = g.unit_id where g.vetoed")
    assert [row["name"] for row in rows] == ["第03局"]
    with city.engine.database.read() as connection:
        for row in city.rows("select id from snapshot"):
            assert faults_of(connection, row["id"]) == []
    shown = city.client.get(
        f"/office/grading?cycle={city.cycle_id(2009)}",
        headers={**city.desk("office.staff").headers, "accept": "text/html"},
    ).text
    assert shown.count("<tr data-row>") == 49 + 2  # the grades, and the two snapshots
    assert "一票否决" in shown
