"""目标制定: whole runs on the demonstration city, through the same door as people."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from engine.verbs.refusals import Invalid
from processes.cycle.reading import CYCLES, cycle_of
from processes.planning import queries
from tests.processes.city import City
from tests.processes.meetings import consult, decide

ENVIRONMENT = "u39"


def test_assigned_targets_reach_the_liaison_filled_and_locked(city: City) -> None:
    city.start("U20")
    rows = city.form("u20.liaison", "assign_divisions")["targets"]
    shown = {row["code"]: row["requirement"] for row in rows}
    assert shown["KPI24"] == "境外游客入境游人数增长 4%；旅游外汇收入增长 8%"
    assert shown["KPI04"] == "等待市政府下达"


def test_a_locked_figure_stays_whatever_is_sent(city: City) -> None:
    city.start("U39")
    city.complete("u39.liaison", "assign_divisions", fields=city.form("u39.liaison", "assign_divisions"))
    data = city.form("u39.division", "fill_targets")
    measures = [{**row, "value": "99"} for row in data["measures"]]
    targets = [{**row, "responsible": "李四", "measures": "治气"} for row in data["targets"]]
    city.complete("u39.division", "fill_targets", fields={**data, "measures": measures, "targets": targets})
    values = {row["name"]: row["value"] for row in city.form("u39.liaison", "collate_targets")["measures"]}
    assert values["细颗粒物(PM2.5)年均浓度"] == "49"


def test_a_wrong_year_end_milestone_goes_through_returns_and_comes_straight_back(city: City) -> None:
    city.start("U39")
    city.prepare(ENVIRONMENT)
    city.act(
        f"{ENVIRONMENT}.deputy", "return_to", "deputy_review", target="collate_targets", opinion="补节点"
    )
    pm = _milestones(city, june="55", year_end="51")
    city.complete(f"{ENVIRONMENT}.liaison", "collate_targets", fields=pm)
    city.complete(f"{ENVIRONMENT}.deputy", "deputy_review", outcome="approve")
    review = city.form(f"{ENVIRONMENT}.head", "head_signs")
    assert "年末节点 51 与年度目标 49 不一致" in "".join(review["warnings"])
    city.act(
        f"{ENVIRONMENT}.head",
        "return_to",
        "head_signs",
        target="collate_targets",
        straight_back=True,
        opinion="年末应为49",
    )
    kept = city.form(f"{ENVIRONMENT}.liaison", "collate_targets")
    assert next(row["measures"] for row in kept["targets"]) == "按季度推进"
    assert _pm(kept)["month_12"] == "51"
    city.complete(
        f"{ENVIRONMENT}.liaison", "collate_targets", fields=_milestones(city, june="55", year_end="49")
    )
    assert city.elements(f"{ENVIRONMENT}.head") == ["head_signs"]
    assert city.elements(f"{ENVIRONMENT}.deputy") == []
    city.complete(f"{ENVIRONMENT}.head", "head_signs", outcome="approve")
    stored = city.rows(
        "select m.month, m.value from milestone m join target_measure t on t.id = m.measure_id "
        "where t.name like '%PM2.5%' order by m.month"
    )
    assert [(row["month"], Decimal(row["value"])) for row in stored] == [(6, Decimal(55)), (12, Decimal(49))]


def test_each_division_fills_in_its_own_share(city: City) -> None:
    city.start("U39")
    shown = city.form("u39.liaison", "assign_divisions")
    ids = {option["label"]: option["value"] for option in shown["division_options"]}
    chosen = {"KPI08": "大气环境处", "KPI09": "大气环境处", "KPI10": "水环境处"}
    rows = [{**row, "division": ids[chosen.get(row["code"], "生态处")]} for row in shown["targets"]]
    city.complete("u39.liaison", "assign_divisions", fields={**shown, "targets": rows})
    shares = {}
    for login in ("u39.division2", "u39.division3", "u39.division4"):
        form = city.form(login, "fill_targets")
        shares[form["division_name"]] = [row["code"] for row in form["targets"]]
    assert shares == {"大气环境处": ["KPI08", "KPI09"], "水环境处": ["KPI10"], "生态处": ["ST08"]}
    assert city.elements("u39.division") == []


def test_weights_that_do_not_add_up_come_back_with_the_sentence(city: City) -> None:
    city.start("U01")
    one = {
        "title": "纪检监察信息化",
        "text": "建成平台",
        "weight": "60",
        "responsible": "王五",
        "measures": "分步",
    }
    city.prepare("u01", functions=[one])
    shown = city.form("u01.liaison", "collate_targets")
    assert shown["problems"] == ["职能指标权重合计为 60，应为 100"]
    [kept] = shown["functions"]
    city.complete(
        "u01.liaison", "collate_targets", fields={**shown, "functions": [{**kept, "weight": "100"}]}
    )
    assert city.elements("u01.deputy") == ["deputy_review"]


def test_an_objection_goes_to_the_office_and_its_answer_makes_a_version(city: City) -> None:
    city.start("U39")
    _object(city, "280 天与实际不符")
    assert city.elements("u39.deputy") == []
    shown = city.form("office.reviewer", "decide_objections")
    [objection] = shown["objections"]
    assert objection["text"] == "280 天与实际不符"
    decided = [{**objection, "decision": "accept", "answer": "按 275 天核定"}]
    figures = [{**row, "value": "275"} for row in shown["measures"]]
    city.complete(
        "office.reviewer",
        "decide_objections",
        outcome="approve",
        fields={"objections": decided, "measures": figures},
    )
    assert city.elements("u39.deputy") == ["deputy_review"]
    versions = city.rows(
        "select v.number, v.basis from target_version v join target t on t.id = v.target_id "
        "where t.code = 'KPI09' and t.cycle_id = :cycle order by v.number",
        cycle=city.cycle.id,
    )
    assert [row["number"] for row in versions] == [1, 2]
    assert versions[1]["basis"] == "异议核定"


def test_a_kept_figure_cannot_be_changed_with_the_answer(city: City) -> None:
    city.start("U39")
    _object(city, "做不到")
    shown = city.form("office.reviewer", "decide_objections")
    decided = [{**shown["objections"][0], "decision": "keep", "answer": "维持"}]
    figures = [{**row, "value": "1"} for row in shown["measures"]]
    with pytest.raises(Invalid) as refused:
        city.complete(
            "office.reviewer",
            "decide_objections",
            outcome="approve",
            fields={"objections": decided, "measures": figures},
        )
    assert [error.field for error in refused.value.errors] == ["measures.0.value"]


@pytest.mark.parametrize(
    ("written", "due"),
    [("2018-03-09", "2018-03-09"), ("2018-03-10", "2018-03-12"), ("2018-04-05", "2018-04-08")],
)
def test_a_report_date_on_a_day_off_moves_to_the_next_working_day(city: City, written: str, due: str) -> None:
    """Of 2019 it is a Saturday. 8 April 2018, a Sunday, was worked for Qingming, the 5th to the 7th."""
    with city.engine.database.write() as connection:
        calendar = dict(cycle_of(connection, city.cycle.id)["calendar"])
        calendar["plan_report_due"] = {**calendar["plan_report_due"], "on": written}
        connection.execute(update(CYCLES).where(CYCLES.c.id == city.cycle.id).values(calendar=calendar))
    city.start("U20")
    assert [str(row.due_on) for row in city.inbox("u20.liaison")] == [due]


@pytest.mark.parametrize(
    ("value", "where"),
    [("unchanged", ("objections.0.decision", "unchanged")), ("", ("measures.0.value", "empty"))],
)
def test_an_objection_is_not_accepted_without_a_new_figure(
    city: City, value: str, where: tuple[str, str]
) -> None:
    """It was stored as accepted, and the figure that the unit objected to stayed, without a version."""
    city.start("U39")
    _object(city, "280 天与实际不符")
    shown = city.form("office.reviewer", "decide_objections")
    decided = [{**shown["objections"][0], "decision": "accept", "answer": "同意"}]
    figures = shown["measures"] if value else [{**row, "value": value} for row in shown["measures"]]
    fields = {"objections": decided, "measures": figures}
    with pytest.raises(Invalid) as refused:
        city.complete("office.reviewer", "decide_objections", outcome="approve", fields=fields)
    assert [(error.field, error.code) for error in refused.value.errors] == [where]
    assert city.elements("office.reviewer") == ["decide_objections"]


def test_the_office_returns_a_unit_and_only_that_one_works_again(city: City) -> None:
    city.start("U20", "U39")
    city.report("u20")
    city.report("u39")
    city.claim("office.reviewer", "office_review", unit="市旅委")
    city.complete("office.reviewer", "office_review", outcome="return", opinion="举措太空")
    assert city.elements("u20.liaison") == ["collate_targets"]
    assert city.elements("u39.liaison") == []
    states = {row["name"]: row["state"] for row in _overview(city)}
    assert (states["市旅委"], states["市环保局"]) == ("returned", "reported")


def test_a_year_is_set_from_arrival_to_the_document(city: City) -> None:
    instance = city.start("U13", "U20", "U39")
    for code in ("u13", "u20", "u39"):
        city.report(code)
    for name in ("市发改委", "市旅委", "市环保局"):
        city.pass_office(name)
    consult(city)
    for body in ("finance", "legal", "reform"):
        city.complete(f"review.{body}", f"{body}_review", outcome="approve")
    assert city.elements("committee.secretary") == ["committee_decides"]
    decide(city, "committee_decides", refused={})
    decide(city, "government_decides", refused={"市旅委": "入境游目标偏低"})
    assert city.elements("committee.secretary") == []
    assert city.elements("u20.liaison") == ["assign_divisions"]
    assert city.elements("u39.liaison") == []
    city.report("u20")
    city.pass_office("市旅委")
    again = city.form("committee.secretary", "committee_decides")
    assert [row["name"] for row in again["results"]] == ["市旅委"]
    decide(city, "committee_decides", refused={})
    decide(city, "government_decides", refused={})
    document = city.form("office.staff", "prepare_document")
    assert document["number"] == "杭考评办〔2018〕1号"
    assert document["units"] == 3
    city.complete("office.staff", "prepare_document", fields=document)
    assert city.scalar("select status from instance where id = :id", id=instance) == "completed"
    states = {row["name"]: row["state"] for row in _overview(city)}
    assert {states[name] for name in ("市发改委", "市旅委", "市环保局")} == {"issued"}
    assert city.scalar("select count(*) from work_item") == 0
    assert city.scalar("select count(*) from incident") == 0
    told = city.rows("select kind, unit_id from notification where kind = 'planning.issued'")
    assert len(told) == 6


def test_a_return_in_joint_review_closes_the_other_reviews_and_makes_one_round(city: City) -> None:
    city.start("U20", "U39")
    for code in ("u20", "u39"):
        city.report(code)
    for name in ("市旅委", "市环保局"):
        city.pass_office(name)
    city.complete("review.finance", "finance_review", outcome="approve")
    shown = city.form("review.legal", "legal_review")
    assert shown["body"] == "法制办"
    assert [row["name"] for row in shown["units"]] == ["市旅委", "市环保局"]
    unit = next(option["value"] for option in shown["unit_options"] if option["label"] == "市旅委")
    city.complete(
        "review.legal",
        "legal_review",
        outcome="return",
        opinion="依据不足",
        fields={"remarks": [{"unit": unit, "text": "缺少法规依据"}]},
    )
    assert city.elements("review.reform") == []
    returned = city.form("office.staff", "forward_opinions")
    assert [(row["name"], row["opinions"]) for row in returned["units"]] == [
        ("市旅委", "法制办：缺少法规依据")
    ]
    city.complete("office.staff", "forward_opinions", fields=returned)
    assert city.form("u20.liaison", "assign_divisions")["remark"] == "法制办：缺少法规依据"
    assert city.elements("u39.liaison") == []
    city.report("u20")
    city.pass_office("市旅委")
    for body in ("finance", "legal", "reform"):
        assert city.elements(f"review.{body}") == [f"{body}_review"]


def test_returning_without_naming_a_unit_is_refused(city: City) -> None:
    city.start("U20")
    city.report("u20")
    city.pass_office("市旅委")
    with pytest.raises(Invalid) as refused:
        city.complete(
            "review.legal", "legal_review", outcome="return", opinion="不行", fields={"remarks": []}
        )
    assert [error.field for error in refused.value.errors] == ["remarks"]


def _pm(data: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return next(row for row in data["measures"] if "PM2.5" in row["name"])


def _milestones(city: City, *, june: str, year_end: str) -> dict[str, object]:
    data = city.form(f"{ENVIRONMENT}.liaison", "collate_targets")
    measures = [
        {**row, "month_6": june, "month_12": year_end} if "PM2.5" in row["name"] else row
        for row in data["measures"]
    ]
    return {**data, "measures": measures}


def _object(city: City, reason: str) -> None:
    city.complete("u39.liaison", "assign_divisions", fields=city.form("u39.liaison", "assign_divisions"))
    data = city.form("u39.division", "fill_targets")
    targets = [{**row, "responsible": "张三", "measures": "推进"} for row in data["targets"]]
    city.complete("u39.division", "fill_targets", fields={**data, "targets": targets})
    data = city.form("u39.liaison", "collate_targets")
    targets = [{**row, "objection": reason} if row["code"] == "KPI09" else row for row in data["targets"]]
    city.complete("u39.liaison", "collate_targets", fields={**data, "targets": targets})


def _overview(city: City) -> list[dict[str, object]]:
    with city.engine.database.read() as connection:
        return queries.office_overview(connection, city.cycle.id)
