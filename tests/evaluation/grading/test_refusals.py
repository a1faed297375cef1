"""What is refused: the same person twice, changed marks, wrong files, somebody else's results, tampering."""

from io import BytesIO

import pytest
from sqlalchemy import text

from processes.evaluation.grading.sealing import faults_of
from tests.evaluation.grading.work import approve, check, deliberate, fill_gaps, grade, grades, meeting, start
from tests.planning.city import City, Desk, Said


def refused(desk: Desk, element: str, verb: str = "complete", **said: object) -> dict[str, str]:
    """Why a verb is refused: field and sentence."""
    task = desk.task(element)
    answer = desk.attempt(task["id"], verb, {"version": task["version"], **said})
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def give(city: City, content: str, *, year: int = 2010, login: str = "office.staff") -> tuple[int, Said]:
    """Import a CSV; the status and the answer."""
    answer = city.client.post(
        f"/api/v1/cycles/{city.cycle_id(year)}/marks",
        files={"file": ("分项.csv", BytesIO(content.encode()), "text/csv")},
        headers=city.desk(login).headers,
    )
    return answer.status_code, answer.json()


def test_a_file_with_one_wrong_line_is_not_taken_at_all(shenzhen: City) -> None:
    before = shenzhen.scalar("select count(*) from score")
    columns = "单位,电子系统评估,电子民调系统测评,依据"
    lines = ["丁区政府,91,90,民调报告", "无名局,90,90,民调报告", "甲局,101,九十,", "丁区政府,90,,民调报告"]
    status, said = give(shenzhen, "\n".join([columns, *lines]))
    assert status == 422
    told = [error["message"] for error in said["errors"]]
    assert len(told) == 5
    for piece in ("找不到单位“无名局”", "0 至 100", "“九十”不是数", "没有写依据", "第 2 行已经写过"):
        assert any(piece in one for one in told), (piece, told)
    assert shenzhen.scalar("select count(*) from score") == before
    assert give(shenzhen, "\n".join([columns, lines[0]])) == (200, {"units": 1, "marks": 2})
    rows = shenzhen.rows(
        "select s.value, s.basis, o.value as before from score s left join score o on o.id = s.replaces_id "
        "where s.basis = '民调报告' order by s.value"
    )
    assert [(str(row["value"]), row["before"] and str(row["before"])) for row in rows] == [
        ("90", None),
        ("91", "90"),
    ]


def test_only_the_office_imports_and_starts(shenzhen: City) -> None:
    line = "单位,电子系统评估,依据\n甲局,99,自己\n"
    assert give(shenzhen, line, login="a1.liaison")[0] == 403
    assert give(shenzhen, line, login="office.reviewer")[0] == 403
    path = f"/cycles/{shenzhen.cycle_id(2010)}/start"
    for process in ("composite_grading", "feedback_publicity"):
        assert shenzhen.desk("a1.head").post(path, {"process": process}).status_code == 403
    answer = shenzhen.desk("office.staff").post(path, {"process": "feedback_publicity"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_graded")
    start(shenzhen, 2010, "composite_grading")
    again = shenzhen.desk("office.staff").post(path, {"process": "composite_grading"})
    assert again.status_code == 409


def test_marks_that_change_after_the_calculation_are_not_passed(shenzhen: City) -> None:
    city, staff = shenzhen, shenzhen.desk("office.staff")
    start(city, 2010, "composite_grading")
    fill_gaps(city, "90")
    assert give(city, "单位,电子系统评估,依据\n甲局,99,更正函\n")[0] == 200
    assert refused(staff, "first_check", outcome="approve") == {
        "rows": "计算以后分项有改动：请退回，重新计算"
    }
    staff.complete("first_check", outcome="return", opinion="甲局有更正")
    city.settle()
    assert staff.task("enter_marks")["form"]["data"]["gaps"] == []
    staff.complete("enter_marks", fields={"gaps": []})
    city.settle()
    check(city)
    deliberate(city)
    approve(city)
    assert grades(city)["甲局"][0] == "90.98"


def test_the_committee_adjusts_with_a_reason_and_the_leaders_may_refuse(shenzhen: City) -> None:
    city, secretary = shenzhen, shenzhen.desk("committee.secretary")
    start(city, 2010, "composite_grading")
    fill_gaps(city, "90")
    check(city)
    shown = secretary.task("committee_deliberates")["form"]["data"]
    first = next(row for row in shown["rows"] if row["name"] == "乙局")
    said = {"unit": first["id"], "grade": "优", "reason": " "}
    fields = meeting(city, secretary, "committee_deliberates", adjustments=[said])
    assert set(refused(secretary, "committee_deliberates", "register_for", fields=fields)) == {
        "adjustments.0.reason"
    }
    deliberate(city, [{**said, "reason": "抗灾有功"}])
    fields = meeting(city, secretary, "leaders_approve", decision="refused", remark="")
    assert set(refused(secretary, "leaders_approve", "register_for", fields=fields)) == {"remark"}
    approve(city, "refused", "理由不充分")
    assert grades(city) == {}
    deliberate(city, [{**said, "reason": "抗灾有功，附事迹材料"}])
    approve(city)
    assert grades(city)["乙局"] == ("89.03", "优", "蓝", 1)
    row = city.rows("select computed_grade, reason from grade where computed_grade <> grade")
    assert [(one["computed_grade"], one["reason"]) for one in row] == [("良", "抗灾有功，附事迹材料")]


@pytest.mark.parametrize("what", ["content", "grade", "rules"])
def test_tampering_with_what_was_sealed_is_found(shenzhen: City, what: str, home: str) -> None:
    city = shenzhen
    start(city, 2010, "composite_grading")
    fill_gaps(city, "90")
    check(city)
    deliberate(city)
    approve(city)
    decided = city.scalar("select id from snapshot where purpose = 'decided'")
    with pytest.raises(Exception, match="never changed"), city.engine.database.write() as connection:
        connection.execute(text("update grade set grade = '优'"))
    with city.engine.database.write() as connection:
        unlock(connection, home, "snapshot", "grade", "definition_version")
        if what == "content":
            connection.execute(
                text("update snapshot set content_text = replace(content_text, '95.2', '99.2')")
            )
        elif what == "grade":
            connection.execute(text("update grade set grade = '优' where grade = '良'"))
        else:
            changed = text("update definition_version set content = :content where id = :id")
            row = connection.execute(
                text(
                    "select v.id, v.content from definition_version v join definition d "
                    "on d.id = v.definition_id where d.key = 'total_score'"
                )
            ).one()
            content = bytes(row.content).replace("合成".encode(), "合并".encode())
            assert content != bytes(row.content)
            connection.execute(changed, {"content": content, "id": row.id})
    with city.engine.database.read() as connection:
        faults = faults_of(connection, decided)
    assert faults, what
    said = {
        "content": "内容与摘要不符",
        "grade": "登记的等次与封存的不同",
        "rules": "与封存时不同",
    }[what]
    assert any(said in fault for fault in faults), faults


def unlock(connection: object, home: str, *tables: str) -> None:
    """Somebody with the database in hand takes the triggers away."""
    for table in tables:
        drops = (
            [f"drop trigger {table}_stays", f"drop trigger {table}_remains"]
            if home == "sqlite"
            else [f"drop trigger {table}_stays on {table}"]
        )
        for drop in drops:
            connection.execute(text(drop))  # type: ignore[attr-defined]


def test_results_are_seen_by_whom_they_concern(shenzhen: City) -> None:
    city = shenzhen
    assert city.desk("a1.liaison").get(f"/units/{city.unit_id('甲局')}/score-sheet").status_code == 404
    give(city, "单位,电子民调系统测评,依据\n丁区政府,90,民调报告\n")
    grade(city, 2010)
    mine, other = city.unit_id("甲局"), city.unit_id("乙局")
    sheet = city.desk("a1.liaison").read(f"/units/{mine}/score-sheet")
    assert (sheet["total"], sheet["total_exact"], sheet["grade"]) == ("88.51", "88.505", "良")
    [electronic] = [part for part in sheet["parts"] if part["key"] == "electronic"]
    assert electronic["scores"][0]["basis"] == "评估结果"
    assert {"zone", "grade"} <= {rule["decision"] for rule in sheet["rules"]}
    assert city.desk("a1.liaison").get(f"/units/{other}/score-sheet").status_code == 404
    assert city.desk("a1.liaison").get(f"/cycles/{city.cycle_id(2010)}/grading").status_code == 403
    snapshot = city.scalar("select id from snapshot where purpose = 'decided'")
    assert city.desk("a1.head").post(f"/snapshots/{snapshot}/verification", {}).status_code == 404
    told = city.desk("supervision").post(f"/snapshots/{snapshot}/verification", {}).json()
    assert told == {"verified": True, "faults": []}
    assert give(city, "单位,电子系统评估,依据\n甲局,99,更正函\n")[0] == 409


def test_the_two_who_check_are_different_persons(shenzhen: City) -> None:
    city = shenzhen
    appointed = "insert into membership (id, user_id, unit_id, home_id, post_key, from_on, is_primary) "
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                appointed + "select 'm2', u.id, m.unit_id, m.home_id, 'office.reviewer', m.from_on, false "
                "from user_account u join membership m on m.user_id = u.id where u.login = 'office.staff'"
            )
        )
    start(city, 2010, "composite_grading")
    fill_gaps(city, "90")
    staff = city.desk("office.staff")
    staff.complete("first_check", outcome="approve")
    city.settle()
    rows = city.rows("select id, lock_version from work_item where element_id = 'second_check'")
    said = {"version": rows[0]["lock_version"], "outcome": "approve"}
    answer = staff.attempt(rows[0]["id"], "complete", said)
    assert answer.status_code in (403, 404), answer.text
    assert "second_check" not in staff.waiting()
    city.desk("office.reviewer").complete("second_check", outcome="approve")
    city.settle()
    assert city.desk("committee.secretary").waiting() == ["committee_deliberates"]
