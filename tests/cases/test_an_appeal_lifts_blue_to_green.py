"""申诉: 88.51 and blue; 95.2 should read 97.5; others than before review it; 90.00 and green."""

from sqlalchemy import text

from tests.cases.city import page
from tests.evaluation.grading.test_refusals import refused
from tests.evaluation.grading.work import grades
from tests.feedback.appealing import admit, file, review, rule
from tests.planning.city import City, Said

YEAR = 2010
LINES = "分数线：绿区 90 分以上，蓝区 75 分以上，黄区 60 分以上，其余红区（默认值：方案依据的文件没有写明）。"
SURVEY = "与组内最好相比，差距最大的是“社会公众满意度调查”比组内最好低 9.5，少得 2.38 分"
FINDING = {"value": "97.5", "finding": "漏计的一项应计入"}


def snapshots(city: City) -> list[Said]:
    """The year's snapshots, the oldest first."""
    found = city.desk("office.head").read(f"/cycles/{city.cycle_id(YEAR)}/grading")["snapshots"]
    return sorted(found, key=lambda one: int(one["number"]))


def who_scored(city: City) -> list[str]:
    """The names of all who took part in the grading so far."""
    rows = city.rows(
        "select distinct p.name from work_event e join user_account p on p.id = e.person_id "
        "join instance i on i.id = e.instance_id where i.process_key = 'composite_grading'"
    )
    return [row["name"] for row in rows]


def test_an_upheld_appeal_lifts_a_bureau_from_blue_to_green(graded: City) -> None:
    city = graded
    sheet = f"/units/{city.unit_id('甲局')}/score"
    shown = city.desk("a1.liaison").task("read_sheet")["form"]["data"]
    assert (shown["total"], shown["grade"], shown["zone"], shown["rank"]) == ("88.51", "良", "蓝", 2)
    assert shown["lines"] == LINES
    assert shown["advice"] == f"{SURVEY}；其次是“电子系统评估”比组内最好低 0.8，少得 0.52 分。"
    electronic = shown["parts"][0]
    assert (electronic["value"], electronic["top"], electronic["gap"]) == ("95.2", "96", "0.8")
    own = page(city, "a1.head", sheet)
    assert "88.51" in own and "蓝区" in own and LINES in own and shown["advice"] in own
    before = city.desk("a1.head").read(f"/units/{city.unit_id('甲局')}/score-sheet")
    assert (before["total"], before["total_exact"], before["lines"]) == ("88.51", "88.505", [LINES])

    file(city)
    admit(city)
    scored = who_scored(city)
    assert scored, "several people took part in the grading"
    appoint(city, "office.reviewer", "appeal.reviewer")
    said = refused(city.desk("office.reviewer"), "review", outcome="uphold", fields=FINDING)
    assert "请由没有参加过的人复核" in said["finding"]
    review(city)
    shown = city.desk("committee.secretary").task("rule")["form"]["data"]
    assert [(row["unit"], row["before"], row["after"]) for row in shown["rows"]] == [
        ("甲局", "88.51 分，第 2 名，良，蓝区", "90.00 分，第 1 名，优，绿区"),
        ("乙局", "89.03 分，第 1 名，良，蓝区", "89.03 分，第 2 名，良，蓝区"),
    ]
    assert grades(city)["甲局"] == ("88.51", "良", "蓝", 2), "nothing changes before the ruling"
    rule(city)

    assert grades(city) == {
        "甲局": ("90.00", "优", "绿", 1),
        "乙局": ("89.03", "良", "蓝", 2),
        "丙局": ("80.00", "良", "蓝", 3),
        "丁区政府": ("90.00", "优", "绿", 1),
    }
    own = page(city, "a1.head", sheet)
    assert f"{SURVEY}。" in own, "the corrected mark is the best of the group now"
    for piece in ("90.00", "绿区", "第 1 名", "97.5", "以前：95.2", "认为应为 97.5"):
        assert piece in own, piece
    reviewers = city.rows(
        "select distinct p.name from appeal_act a join user_account p on p.id = a.by_person "
        "where a.kind in ('reviewed', 'rechecked')"
    )
    assert len(reviewers) == 2, "one reviews, another confirms"
    assert not {row["name"] for row in reviewers} & set(scored)


def test_both_snapshots_are_kept_and_verify(graded: City) -> None:
    city = graded
    first = snapshots(city)
    file(city)
    admit(city)
    review(city)
    rule(city)
    sealed = snapshots(city)
    assert [one["purpose"] for one in sealed] == ["calculated", "decided", "trial", "decided"]
    assert [one["digest"] for one in sealed[:2]] == [one["digest"] for one in first]
    head = city.desk("office.head")
    for one in sealed:
        answer = head.post(f"/snapshots/{one['id']}/verification", {})
        assert answer.json() == {"verified": True, "faults": []}
        assert one["digest"] in page(city, "office.head", f"/snapshots/{one['id']}")
    totals = [_total(city, one["id"], "甲局") for one in (sealed[1], sealed[3])]
    assert totals == ["88.51", "90.00"]
    scores = city.rows(
        "select s.value, o.value as before, s.method from score s join score o on o.id = s.replaces_id"
    )
    assert [(str(row["value"]), str(row["before"]), row["method"]) for row in scores] == [
        ("97.5", "95.2", "appeal")
    ]


def _total(city: City, snapshot_id: str, unit: str) -> str:
    """What a snapshot says of a unit, on its page."""
    shown = page(city, "office.head", f"/snapshots/{snapshot_id}")
    row = next(part for part in shown.split("<tr") if f">{unit}<" in part)
    return next(one for one in ("88.51", "90.00") if one in row)


def appoint(city: City, login: str, post: str) -> None:
    """Put somebody on a further post, as the administrators may do by mistake."""
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                "insert into membership (id, user_id, unit_id, home_id, post_key, from_on, is_primary) "
                "select 'further', u.id, m.unit_id, m.home_id, :post, m.from_on, false from user_account u "
                "join membership m on m.user_id = u.id where u.login = :login"
            ),
            {"login": login, "post": post},
        )
