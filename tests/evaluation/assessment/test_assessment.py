"""A unit's targets from the self-assessment to the score ledger."""

import json
from decimal import Decimal

import pytest

from engine.verbs.refusals import Invalid
from processes.cycle.reading import scheme_of
from processes.evaluation.assessment.opening import drawn_from
from processes.evaluation.grading.marks import components_of, counting_scores
from tests.evaluation.city import City

PM = "细颗粒物(PM2.5)年均浓度"


def test_a_years_targets_go_from_the_entry_to_the_score_ledger_after_the_lock(turn: City) -> None:
    city = turn
    city.begin("data_collection", "U39")
    city.begin("target_assessment", "U39")
    city.engine.start("plan_setting", cycle=city.cycle, variables={"unitCodes": ["U39"]})
    city.engine.drain()
    city.self_assess("u39")
    city.until(2019, 1, 20)
    tasks = {(row.element_id, row.year) for row in city.inbox("u39.liaison")}
    assert tasks == {("enter_data", 2018), ("assign_divisions", 2019)}
    city.deliver("u39", {PM: "52"})
    city.until(2019, 1, 31, 23)
    assert city.scalar("select count(*) from target_result") == 0, "not graded before the data lock"
    assert city.elements("assess.group") == []
    city.until(2019, 2, 1, 9)
    [result] = city.rows("select achievement, rules from target_result where way = 'auto'")
    assert Decimal(result["achievement"]).quantize(Decimal("0.0001")) == Decimal("0.9423")
    city.group_scores(found="0.95")
    assert city.elements("assess.second") == []
    city.complete("assess.leader", "leader_review", outcome="approve")
    with city.engine.database.read() as connection:
        scores = counting_scores(connection, city.last.id, unit_id=city.demo.units["市环保局"])
        [component] = [c for c in components_of(scheme_of(connection, city.last.id)) if c.key == "targets"]
    [whole] = [row for row in scores if row["target_id"] is None]
    assert (whole["component"], whole["of"]) == ("targets", component.best)
    # 0.95 of the mean of PM2.5's 49/52 and three targets at 0.8, all of one weight
    mean = (Decimal(49) / Decimal(52) + 3 * Decimal("0.8")) / 4
    assert abs(whole["value"] - 95 * mean) < Decimal("1e-20")
    [pm] = [row for row in scores if row["method"] == "auto" and row["target_id"]]
    assert {rule["id"] for rule in pm["rules_json"]} >= {"achieved_down", "measured"}
    assert pm["inputs_json"]["weight"] == "10" and pm["decision_version_id"]
    assert city.scalar("select count(*) from incident") == 0


def scored(city: City, *, good: bool = False) -> None:
    """Everything up to the group's desk, on the day after the lock."""
    city.begin("data_collection", "U39")
    city.begin("target_assessment", "U39")
    city.deliver("u39", {PM: "52"})
    city.self_assess("u39", good=good)
    city.until(2019, 2, 1)


def test_an_exempt_unit_skips_the_check_on_the_spot(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city, good=True)
    assert city.elements("assess.group") == []
    ways = [row["way"] for row in city.form("assess.leader", "leader_review")["rows"]]
    assert ways == ["自动计分", "采用自评", "采用自评", "采用自评"]
    city.complete("assess.leader", "leader_review", outcome="approve")
    assert city.scalar("select count(*) from score where target_id is null") == 1


def test_an_exempt_unit_whose_word_the_leader_doubts_is_judged_by_the_group(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city, good=True)
    city.complete("assess.leader", "leader_review", outcome="return", opinion="自评偏高，请考核")
    assert len(city.form("assess.group", "group_scores")["rows"]) == 3
    city.group_scores()
    ways = [row["way"] for row in city.form("assess.leader", "leader_review")["rows"]]
    assert ways == ["自动计分", "考核组", "考核组", "考核组"]


def test_a_second_reviewer_decides_where_the_check_is_too_far_off(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city)
    city.group_scores(found="0.7")
    assert city.elements("assess.leader") == []
    form = city.form("assess.second", "second_review")
    assert [(row["auto"], row["found"], row["why"]) for row in form["rows"]] == [
        ("0.9423", "0.7", "现场核对监测日报")
    ]
    rows = [{**row, "achievement": "0.75", "basis": "两组数据重新核对"} for row in form["rows"]]
    city.complete("assess.second", "second_review", fields={**form, "rows": rows}, opinion="以站点年报为准")
    [pm] = [row for row in city.form("assess.leader", "leader_review")["rows"] if PM in row["title"]]
    assert (pm["achievement"], pm["way"], pm["basis"]) == ("0.75", "复评", "两组数据重新核对")


def test_what_is_within_the_threshold_needs_no_second_reviewer(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city)
    city.group_scores(found="0.99")
    assert (city.elements("assess.second"), city.elements("assess.leader")) == ([], ["leader_review"])


def test_the_draw_can_be_made_again_from_its_seed(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city)
    [draw] = city.rows("select seed, pool, drawn from random_draw")
    pool, drawn = json.loads(draw["pool"]), json.loads(draw["drawn"])
    assert (pool, drawn) == (["KPI08"], ["KPI08"])
    assert drawn_from(pool, seed=draw["seed"], size=1) == drawn
    many = [f"KPI{number:02d}" for number in range(1, 26)]
    first, second = (drawn_from(many, seed=seed, size=5) for seed in ("a", "b"))
    assert first != second and len(set(first)) == 5 and drawn_from(many, seed="a", size=5) == first


def test_the_leader_sends_it_back_and_the_newest_scores_count(turn_sqlite: City) -> None:
    city = turn_sqlite
    scored(city)
    city.group_scores()
    city.complete("assess.leader", "leader_review", outcome="return", opinion="依据不足")
    form = city.form("assess.group", "group_scores")
    assert {row["achievement"] for row in form["rows"]} == {"0.8"}, "what was said stands in the form"
    rows = [{**row, "achievement": "0.85", "basis": "补充现场照片"} for row in form["rows"]]
    city.complete("assess.group", "group_scores", fields={**form, "rows": rows})
    shown = city.form("assess.leader", "leader_review")["rows"]
    assert {row["achievement"] for row in shown if row["way"] == "考核组"} == {"0.85"}


def test_special_targets_of_others_are_scored_by_the_bureau_that_leads(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("target_assessment", "U37")
    city.self_assess("u37")
    city.until(2019, 2, 1)
    leads = [row["login"] for row in leads_of(city)]
    assert leads, "this unit has a special target that another leads"
    login = leads[0]
    form = city.form(f"{login}.liaison", "score_special")
    rows = [{**row, "achievement": "0.6", "basis": "季度督查"} for row in form["rows"]]
    city.complete(f"{login}.liaison", "score_special", fields={**form, "rows": rows})
    city.complete(f"{login}.head", "sign_special", outcome="approve")
    found = city.rows("select way, achievement, by_unit_id from target_result where way = 'lead'")
    assert {Decimal(row["achievement"]) for row in found} == {Decimal("0.6")}


def leads_of(city: City) -> list[dict[str, str]]:
    sql = (
        "select lower(unit.code) as login from work_item join unit on unit.id = work_item.unit_id "
        "where work_item.element_id = 'score_special'"
    )
    return [dict(row) for row in city.rows(sql)]


def test_an_empty_report_is_refused(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("target_assessment", "U39")
    city.complete("office.staff", "note_exemption", fields=city.form("office.staff", "note_exemption"))
    form = city.form("u39.liaison", "self_report")
    rows = [{**row, "text": "略"} for row in form["rows"]]
    with pytest.raises(Invalid) as refused:
        city.complete("u39.liaison", "self_report", fields={**form, "rows": rows, "report": "全部完成"})
    said = {error.field: error.code for error in refused.value.errors}
    assert said == {
        "report": "short",
        **{f"rows.{n}.text": "empty" for n in range(4)},
        **{f"rows.{n}.achievement": "missing" for n in range(4)},
    }


def test_an_exemption_needs_a_basis(turn_sqlite: City) -> None:
    city = turn_sqlite
    city.begin("target_assessment", "U39")
    form = city.form("office.staff", "note_exemption")
    with pytest.raises(Invalid) as refused:
        city.complete("office.staff", "note_exemption", fields={**form, "system_good": True})
    assert [error.field for error in refused.value.errors] == ["basis"]
