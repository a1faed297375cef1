"""What does not run straight: dropped proposals, statements, silence, a second failure, nobody concerned."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.clock import today
from tests.accountability.work import YEAR, accept, answer, begin, order, rectify
from tests.evaluation.grading.test_refusals import refused
from tests.evaluation.grading.work import meeting, start
from tests.planning.city import City

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
"""What the database does is told on both in the main path."""

OTHERS = ("诫勉谈话", "取消评先评优资格", "向市政府写出整改报告")


def states(city: City) -> dict[str, str]:
    """Where each measure stands."""
    return {row["measure"]: row["state"] for row in city.rows("select measure, state from case_measure")}


def acts(city: City) -> list[str]:
    """What was done, in order."""
    return [row["kind"] for row in city.rows("select kind from case_act order by made_at, id")]


def case_id(city: City, name: str = "甲局") -> str:
    sql = "select c.id from accountability_case c join unit u on u.id = c.unit_id where u.name = :name"
    return str(city.scalar(sql, name=name))


def flag(city: City, name: str, kind: str) -> None:
    """Another stage raised a flag about a unit."""
    with city.engine.database.write() as connection:
        connection.execute(
            text(
                "insert into accountability_flag (id, cycle_id, unit_id, kind, subject_id, reason, "
                "raised_at) values (:id, :cycle, :unit, :kind, :id, '改进通知的整改 2 次核查不合格', "
                "'2010-11-01T01:00:00.000000Z')"
            ),
            {"id": f"flag-{kind}", "cycle": city.cycle_id(YEAR), "unit": city.unit_id(name), "kind": kind},
        )


def test_nobody_is_concerned_and_it_ends_at_once(good_city: City) -> None:
    start(good_city, YEAR, "accountability")
    assert good_city.scalar("select status from instance where process_key = 'accountability'") == "completed"
    assert good_city.scalar("select count(*) from accountability_case") == 0
    shown = good_city.desk("office.head").read(f"/cycles/{good_city.cycle_id(YEAR)}/accountability")
    assert (shown["started"], shown["cases"], shown["may_start"]) == (True, [], False)


def test_a_flag_alone_leads_to_an_order(good_city: City) -> None:
    city = good_city
    flag(city, "乙局", "notice")
    begin(city)
    assert states(city) == {"责令限期整改": "kept"}
    accept(city, "a2")
    assert city.desk("office.staff").waiting() == ["draft_order"]
    shown = city.desk("office.staff").read(f"/cycles/{city.cycle_id(YEAR)}/accountability")
    [case] = shown["cases"]
    assert case["why"].endswith("改进通知再次核查不合格：改进通知的整改 2 次核查不合格")
    assert [one["case_id"] for one in shown["flags"]] == [case["id"]]


def test_a_simulated_year_issues_nothing(city: City) -> None:
    with city.engine.database.write() as connection:
        connection.execute(text("update cycle set run_mode = 'simulation'"))
    start(city, YEAR, "accountability")
    assert city.scalar("select status from instance where process_key = 'accountability'") == "completed"
    assert set(states(city).values()) == {"proposed"}
    assert city.desk("office.head").waiting() == []
    assert city.desk("a1.head").get(f"/accountability/{case_id(city)}").status_code == 404


def test_it_waits_until_nobody_can_appeal_any_more(city: City) -> None:
    start(city, YEAR, "feedback_publicity")
    staff, path = city.desk("office.staff"), f"/cycles/{city.cycle_id(YEAR)}"
    early = staff.post(f"{path}/start", {"process": "accountability"})
    assert (early.status_code, early.json()["code"]) == (409, "feedback_open")
    assert staff.read(f"{path}/accountability")["may_start"] is False


def test_it_is_started_once(city: City) -> None:
    start(city, YEAR, "accountability")
    again = city.desk("office.staff").post(
        f"/cycles/{city.cycle_id(YEAR)}/start", {"process": "accountability"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_started")


def test_what_the_office_drops_needs_a_reason_and_never_reaches_the_unit(city: City) -> None:
    start(city, YEAR, "accountability")
    head = city.desk("office.head")
    rows = head.task("confirm_cases")["form"]["data"]["measures"]
    silent = [{**row, "decision": "drop"} for row in rows]
    found = refused(head, "confirm_cases", outcome="approve", fields={"measures": silent})
    assert found["measures.0.reason"] == "请写明不采用的理由"
    dropped = [{**row, "reason": "已在年中处理"} for row in silent]
    head.complete("confirm_cases", outcome="approve", fields={"measures": dropped})
    city.settle()
    assert set(states(city).values()) == {"dropped"}
    assert city.scalar("select state from accountability_case") == "dropped"
    assert city.desk("a1.head").waiting() == []
    assert city.desk("a1.head").get(f"/accountability/{case_id(city)}").status_code == 404
    assert city.scalar("select status from instance where process_key = 'accountability'") == "completed"


def test_a_statement_is_weighed_and_may_end_the_matter(city: City) -> None:
    begin(city)
    head = city.desk("a1.head")
    assert set(refused(head, "state_case", outcome="state", fields={})) == {"statement"}
    head.complete("state_case", outcome="state", fields={"statement": "本年度机构改革，职能已划出"})
    city.settle()
    reviewer = city.desk("office.reviewer")
    data = reviewer.task("weigh_statement")["form"]["data"]
    assert data["statement"] == "本年度机构改革，职能已划出"
    rows = [{**row, "decision": "drop", "reason": "陈述属实"} for row in data["measures"]]
    fields = {"measures": rows, "opinion_text": "不作处理"}
    reviewer.complete("weigh_statement", outcome="approve", fields=fields)
    city.settle()
    assert acts(city) == ["confirmed", "stated", "weighed"]
    assert city.scalar("select state from accountability_case") == "dropped"
    told = city.rows(
        "select post_key from notification where kind = 'accountability.dropped' order by post_key"
    )
    assert [row["post_key"] for row in told] == ["head", "liaison"]
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 0


def test_a_statement_may_change_what_follows(city: City) -> None:
    begin(city)
    city.desk("a1.head").complete("state_case", outcome="state", fields={"statement": "部分属实"})
    city.settle()
    reviewer = city.desk("office.reviewer")
    rows = [
        row if row["measure"] == "通报批评" else {**row, "decision": "drop", "reason": "部分成立"}
        for row in reviewer.task("weigh_statement")["form"]["data"]["measures"]
    ]
    reviewer.complete("weigh_statement", outcome="approve", fields={"measures": rows, "opinion_text": "从轻"})
    city.settle()
    assert city.desk("office.staff").waiting() == ["draft_letter"]  # no order: its measures were dropped
    assert answer(city) == "通报批评"
    assert city.desk("supervision").waiting() == ["file_case"]


def test_who_says_nothing_in_time_has_no_objection(city: City) -> None:
    begin(city)
    item = city.desk("a1.head").task("state_case")
    city.at(today(city.clock) + timedelta(days=12))
    late = city.desk("a1.head").attempt(
        item["id"], "complete", {"version": item["version"], "outcome": "accept"}
    )
    assert late.status_code == 409
    assert acts(city) == ["confirmed", "silent", "begun"]
    assert "draft_order" in city.desk("office.staff").waiting()


def test_after_the_second_failure_a_recommendation_is_added(city: City) -> None:
    begin(city, drop=dict.fromkeys((*OTHERS, "通报批评"), "从轻"))
    accept(city)
    order(city)
    first = city.scalar("select deadline_on from accountability_case")
    rectify(city, outcome="fail")
    assert (
        city.desk("a1.liaison")
        .task("plan_rectification")["form"]["data"]["failed"]
        .startswith("上次验收不合格")
    )
    assert city.scalar("select deadline_on from accountability_case") >= first
    rectify(city, outcome="fail")
    assert city.desk("a1.liaison").waiting() == []
    [added] = city.rows("select measure, authority, basis from case_measure where measure like '建议追究%'")
    assert added == {
        "measure": "建议追究主要负责人责任",
        "authority": "市监察局",
        "basis": "限期整改 2 次验收不合格",
    }
    answer(city, decision="declined", remark="已在提醒谈话中处理")
    city.desk("supervision").complete("file_case")
    city.settle()
    assert states(city)["责令限期整改"] == "failed"
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 0
    assert city.scalar("select count(*) from incident") == 0


def test_papers_and_decisions_are_checked(city: City) -> None:
    begin(city, drop=dict.fromkeys(OTHERS[:2], "从轻"))
    accept(city)
    order(city)
    used = city.scalar("select number from document where kind = 'order'")
    staff, head = city.desk("office.staff"), city.desk("office.head")
    data = staff.task("draft_letter")["form"]["data"]
    staff.complete("draft_letter", fields={"title": data["title"], "body": data["body"]})
    city.settle()
    found = refused(head, "sign_letter", outcome="approve", fields={"number": used})
    assert found == {"number": "这个文号已经用过，请换一个。"}
    head.complete("sign_letter", outcome="approve", fields={"number": "深绩效办建〔2010〕9号"})
    city.settle()
    secretary = city.desk("committee.secretary")
    before = (today(city.clock) - timedelta(days=3)).isoformat()
    said = meeting(city, secretary, "register_answer", decision="declined", remark="")
    assert set(refused(secretary, "register_answer", "register_for", fields=said)) == {"remark"}
    early = {**said, "decision": "adopted", "decided_on": before}
    assert set(refused(secretary, "register_answer", "register_for", fields=early)) == {"decided_on"}


def test_a_unit_sees_its_own_case_alone_and_no_drafts(city: City) -> None:
    begin(city)
    accept(city)
    order(city)
    own = city.desk("a1.liaison").read(f"/accountability/{case_id(city)}")
    assert "drafted" not in [act["kind"] for act in own["acts"]]
    assert own["order"] == "深绩效办限〔2010〕1号"
    sheet = city.desk("a1.head").read(f"/units/{city.unit_id('甲局')}/score-sheet")
    assert sheet["case_id"] == case_id(city)
    assert city.desk("a2.head").get(f"/accountability/{case_id(city)}").status_code == 404
    assert city.desk("a2.head").get(f"/cycles/{city.cycle_id(YEAR)}/accountability").status_code == 403
    whole = city.desk("supervision").read(f"/accountability/{case_id(city)}")
    assert "drafted" in [act["kind"] for act in whole["acts"]]
    for login, status in (("office.staff", 200), ("a1.head", 200), ("a2.head", 404)):
        headers = {**city.desk(login).headers, "accept": "text/html"}
        page = city.client.get(f"/accountability/{case_id(city)}", headers=headers)
        assert (page.status_code, "责令限期整改" in page.text) == (status, status == 200), login
    listed = city.client.get(
        "/accountability", headers={**city.desk("office.staff").headers, "accept": "text/html"}
    )
    assert "甲局" in listed.text
