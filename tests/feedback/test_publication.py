"""公示与发布: objections while the results lie open, publication, and what follows from the grades."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.evaluation.grading.test_refusals import refused
from tests.feedback.appealing import admit, file, review, rule
from tests.planning.city import City


def confirm_all(city: City) -> None:
    """The staffed units confirm; the others let the term pass."""
    for code in ("a1", "a2"):
        desk = city.desk(f"{code}.liaison")
        if "read_sheet" in desk.waiting():
            desk.complete("read_sheet", outcome="confirm")
    city.at(city.clock.now().date() + timedelta(days=25))


def public(city: City, path: str = "current") -> Any:
    """What the portal's REST call answers."""
    return city.client.get(f"/api/v1/public/results/{path}")


def test_results_lie_open_are_answered_and_published(graded: City) -> None:
    city = graded
    assert public(city).status_code == 404
    confirm_all(city)
    shown = public(city).json()
    assert (shown["open"], shown["published_at"]) == (True, None)
    assert [(row["unit"], row["total"], row["grade"]) for row in shown["units"]][:2] == [
        ("丁区政府", "90.00", "优"),
        ("乙局", "89.03", "良"),
    ]
    path = f"/api/v1/public/results/{shown['id']}/objections"
    assert city.client.post(path, json={"text": "请公布各项得分"}).status_code == 201
    assert city.client.post(path, json={"text": "请公布", "unit_id": "x"}).status_code == 422
    page = city.client.get("/public/results", headers={"accept": "text/html"})
    page = city.client.get(page.headers["location"], headers={"accept": "text/html"})
    assert "88.51" in page.text
    assert "请公布各项得分" not in page.text  # only what the office has answered shows
    city.at(city.clock.now().date() + timedelta(days=9))
    assert city.client.post(path, json={"text": "太晚了"}).status_code == 422
    staff = city.desk("office.staff")
    [row] = staff.task("answer_objections")["form"]["data"]["objections"]
    answered = {**row, "adopted": "no", "answer": "各项得分已发各单位"}
    staff.complete("answer_objections", fields={"objections": [answered]})
    city.settle()
    shown = public(city).json()
    assert shown["published_at"] is not None
    assert [one["answer"] for one in shown["objections"]] == ["各项得分已发各单位"]
    ratios = city.rows(
        "select u.name, c.note from civil_ratio c join unit u on u.id = c.unit_id order by u.code"
    )
    assert [(row["name"], row["note"]) for row in ratios] == [
        ("甲局", "不变"),
        ("乙局", "不变"),
        ("丙局", "不变"),
        ("丁区政府", "当年优"),
    ]
    told = city.rows(
        "select u.name, n.post_key, n.params_json from notification n join unit u on u.id = n.unit_id "
        "where n.kind = 'feedback.published' order by u.code, n.post_key"
    )
    assert [(row["name"], row["post_key"]) for row in told if row["name"] in ("甲局", "乙局")] == [
        (name, post) for name in ("甲局", "乙局") for post in ("head", "liaison")
    ]
    unstaffed = [row for row in told if row["post_key"] == "office.staff"]
    assert len(unstaffed) == len(told) - 4 == 2, "the office hears for 丙局 and 丁区政府, where nobody is"
    assert all(("丙局" in str(row)) != ("丁区政府" in str(row)) for row in unstaffed)
    assert city.scalar("select status from instance where process_key = 'feedback_publicity'") == "completed"
    assert city.scalar("select count(*) from incident") == 0


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_a_simulated_year_is_never_published(graded: City) -> None:
    city = graded
    with city.engine.database.write() as connection:
        root = "(select id from instance where process_key = 'feedback_publicity')"
        row = connection.execute(
            text(f"select value_text from variable where name = 'cycle' and instance_id = {root}")
        ).one()
        simulated = row.value_text.replace('"formal"', '"simulation"')
        assert simulated != row.value_text
        connection.execute(
            text(f"update variable set value_text = :v where name = 'cycle' and instance_id = {root}"),
            {"v": simulated},
        )
    confirm_all(city)
    assert public(city).status_code == 404
    assert city.scalar("select status from instance where process_key = 'feedback_publicity'") == "completed"
    assert city.scalar("select count(*) from result_notice") == 0


def test_nothing_is_published_while_an_appeal_is_open(graded: City) -> None:
    city = graded
    file(city)
    confirm_all(city)
    assert public(city).status_code == 404
    admit(city)
    review(city)
    rule(city)
    totals = {row["unit"]: row["total"] for row in public(city).json()["units"]}
    assert totals["甲局"] == "90.00"


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_an_upheld_objection_is_reviewed_and_corrected_before_anything_is_published(graded: City) -> None:
    city = graded
    confirm_all(city)
    path = f"/api/v1/public/results/{public(city).json()['id']}/objections"
    assert city.client.post(path, json={"text": "甲局电子评估漏计一项"}).status_code == 201
    city.at(city.clock.now().date() + timedelta(days=9))
    staff = city.desk("office.staff")
    [row] = staff.task("answer_objections")["form"]["data"]["objections"]
    upheld = {**row, "adopted": "yes", "answer": "经核实漏计，已转独立复核"}
    assert set(refused(staff, "answer_objections", fields={"objections": [upheld]})) == {
        "objections.0.unit",
        "objections.0.component",
    }
    named = {**upheld, "unit": city.unit_id("甲局"), "component": "electronic"}
    same = {**named, "claimed": "95.2"}
    assert set(refused(staff, "answer_objections", fields={"objections": [same]})) == {"objections.0.claimed"}
    staff.complete("answer_objections", fields={"objections": [{**named, "claimed": "97.5"}]})
    city.settle()
    assert public(city).json()["published_at"] is None
    admit(city)
    review(city)
    rule(city)
    shown = public(city).json()
    assert shown["published_at"] is not None
    assert {one["unit"]: one["total"] for one in shown["units"]}["甲局"] == "90.00"
    sheet = city.desk("a1.head").read(f"/units/{city.unit_id('甲局')}/score-sheet")
    assert [one["text"] for one in sheet["appeals"]] == ["公示意见：甲局电子评估漏计一项"]
    assert city.scalar("select count(*) from incident") == 0
