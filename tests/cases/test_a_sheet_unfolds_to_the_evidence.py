"""A score sheet unfolds: grade, component, target, rule, figure, evidence; every step is the real one."""

from datetime import date
from decimal import Decimal

import pytest

from tests.cases.city import attach, page
from tests.cases.test_two_years_on_one_desk import LIAISON, PM, Both, import_all, recognise
from tests.cases.test_two_years_on_one_desk import turn_of_2018 as turn_of_2018
from tests.evaluation.grading.work import approve, check, deliberate, start
from tests.planning.city import City
from tests.planning.unit_work import same

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
PDF = b"%PDF-1.4\n%%EOF\n"


def report(city: City) -> None:
    """The unit's own report: 0.9 everywhere, with a paper for the first target; signed."""
    city.desk("office.staff").complete("note_exemption", change=same)
    city.settle()
    desk = city.desk(LIAISON)
    task = desk.task("self_report")
    rows = [{**row, "text": "按计划完成", "achievement": "0.9"} for row in task["form"]["data"]["rows"]]
    rows[0]["evidence"] = [attach(city, LIAISON, task["id"], "rows.0.evidence", PDF, "总结.pdf")]
    words = "全年各项工作按计划推进，主要指标好于上年，公众满意。" * 2
    desk.act("complete", task, fields={"rows": rows, "report": words})
    city.settle()
    shown = city.desk("u39.deputy").task("deputy_signs")["form"]["data"]["rows"]
    assert [row["papers"] for row in shown] == ["1 件", "0 件", "0 件", "0 件"]
    for post, step in (("deputy", "deputy_signs"), ("head", "head_signs")):
        city.desk(f"u39.{post}").complete(step, outcome="approve")
        city.settle()


def assess(both: Both) -> None:
    """市环保局 delivers PM2.5 with a paper, is assessed, and everything else of the year is imported."""
    city, turn = both
    for process in ("data_collection", "target_assessment"):
        turn.begin(process, "U39")
    report(city)
    desk = city.desk(LIAISON)
    task = desk.task("enter_data")
    paper = attach(city, LIAISON, task["id"], "files", PDF, "监测年报.pdf")
    rows = [
        {**row, "value": "52", "none": False}
        if row["name"] == PM
        else {**row, "value": None, "none": True, "note": "本年未统计"}
        for row in task["form"]["data"]["rows"]
    ]
    desk.act("complete", task, fields={"rows": rows, "files": [paper]})
    city.settle()
    recognise(city)
    city.at(date(2019, 2, 1))
    turn.group_scores(found="0.95")
    turn.complete("assess.leader", "leader_review", outcome="approve")
    import_all(city, city.cycle_id(2018), but=("市环保局", "目标考核"))
    start(city, 2018, "composite_grading")
    check(city)
    deliberate(city)
    approve(city)


def test_from_the_grade_to_the_paper(turn_of_2018: Both) -> None:
    city, _turn = turn_of_2018
    assess(turn_of_2018)
    unit = city.unit_id("市环保局")
    sheet = city.desk("u39.head").read(f"/units/{unit}/score-sheet")
    [targets] = [part for part in sheet["parts"] if part["key"] == "targets"]
    mean = (Decimal(49) / Decimal(52) + 3 * Decimal("0.8")) / 4
    assert abs(Decimal(targets["exact"]) - 95 * mean) < Decimal("1e-20")
    assert targets["value"] == str((95 * mean).quantize(Decimal("0.0001")))
    whole, *of_targets = targets["scores"]
    assert (whole["title"], len(of_targets)) == ("", 4)
    [pm] = [one for one in of_targets if "PM2.5" in one["title"] or one["title"].startswith("KPI08")]
    assert (pm["value"], pm["asked"]) == ("0.9423", "权重 10，实现程度 0.9423，绩效测度 0.9423")
    assert [rule.split("：")[1] for rule in pm["rules"]] == ["越低越好", "一般目标"]
    [figure] = [one for one in pm["figures"] if one["name"] == PM]
    assert (figure["period"], figure["value"], figure["unit"]) == ("2018", "52", "μg/m³")
    [proof] = figure["evidence"]
    own = city.desk("u39.head")
    assert city.client.get(f"/files/{proof['file_id']}", headers=own.headers).content == PDF
    assert [one["title"] for one in of_targets if one["evidence"]] == [of_targets[0]["title"]]
    shown = page(city, "u39.head", f"/units/{unit}/score")
    for piece in (
        pm["title"],
        "0.9423 / 1",
        "命中的规则",
        f"2018 {PM}：52μg/m³",
        "监测年报.pdf",  # a paper is called as it was handed in
        f"/files/{proof['file_id']}",
    ):
        assert piece in shown, piece
    stranger = city.desk("u20.head")
    assert stranger.get(f"/units/{unit}/score-sheet").status_code == 404
