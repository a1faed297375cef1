"""综合评定与定级: gaps, two persons, the committee, the city's leaders; sealed and graded."""

from processes.evaluation.grading.sealing import faults_of
from tests.evaluation.grading.work import approve, check, deliberate, fill_gaps, grades, start
from tests.planning.city import City


def test_a_year_is_graded_by_the_deployed_decisions(shenzhen: City) -> None:
    city = shenzhen
    start(city, 2010, "composite_grading")
    assert fill_gaps(city, "90") == ["丁区政府：电子民调系统测评"]
    check(city)
    deliberate(city)
    assert grades(city) == {}
    approve(city)
    assert grades(city) == {
        "甲局": ("88.51", "良", "蓝", 2),
        "乙局": ("89.03", "良", "蓝", 1),
        "丙局": ("80.00", "良", "蓝", 3),
        "丁区政府": ("90.00", "优", "绿", 1),
    }
    snapshots = city.rows("select id, number, purpose, algorithm from snapshot order by number")
    assert [(row["number"], row["purpose"]) for row in snapshots] == [(1, "calculated"), (2, "decided")]
    with city.engine.database.read() as connection:
        assert [faults_of(connection, row["id"]) for row in snapshots] == [[], []]
