"""申诉: the mark is corrected, the group is graded anew, and both snapshots still verify."""

from processes.evaluation.grading.sealing import faults_of
from tests.evaluation.grading.work import grades
from tests.feedback.appealing import admit, file, review, rule
from tests.planning.city import City


def test_an_upheld_appeal_lifts_a_bureau_from_blue_to_green(graded: City) -> None:
    city = graded
    shown = city.desk("a1.liaison").task("read_sheet")["form"]["data"]
    assert (shown["total"], shown["grade"], shown["zone"], shown["rank"]) == ("88.51", "良", "蓝", 2)
    electronic = shown["parts"][0]
    assert (electronic["value"], electronic["top"], electronic["gap"]) == ("95.2", "96", "0.8")
    file(city)
    admit(city)
    review(city)
    shown = city.desk("committee.secretary").task("rule")["form"]["data"]
    assert shown["rows"] == [
        {
            "group": "局",
            "unit": "甲局",
            "before": "88.51 分，第 2 名，良，蓝区",
            "after": "90.00 分，第 1 名，优，绿区",
        },
        {
            "group": "局",
            "unit": "乙局",
            "before": "89.03 分，第 1 名，良，蓝区",
            "after": "89.03 分，第 2 名，良，蓝区",
        },
    ]
    assert grades(city)["甲局"] == ("88.51", "良", "蓝", 2)  # nothing changes before the ruling
    rule(city)
    assert grades(city) == {
        "甲局": ("90.00", "优", "绿", 1),
        "乙局": ("89.03", "良", "蓝", 2),
        "丙局": ("80.00", "良", "蓝", 3),
        "丁区政府": ("90.00", "优", "绿", 1),
    }
    snapshots = city.rows("select id, purpose from snapshot order by number")
    assert [row["purpose"] for row in snapshots] == ["calculated", "decided", "trial", "decided"]
    with city.engine.database.read() as connection:
        assert [faults_of(connection, row["id"]) for row in snapshots] == [[]] * 4
    scores = city.rows(
        "select s.value, o.value as before, s.method from score s join score o on o.id = s.replaces_id"
    )
    assert [(str(row["value"]), str(row["before"]), row["method"]) for row in scores] == [
        ("97.5", "95.2", "appeal")
    ]
