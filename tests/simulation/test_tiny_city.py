"""A virtual city of five units works its year: what people did, what came of it, the arithmetic by hand."""

from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.audit.chain import broken_chains
from processes.evaluation.grading.sealing import faults_of
from tests.simulation.by_hand import zhangjiajie
from tests.simulation.conftest import ORDER, Worked, work

pytestmark = pytest.mark.xdist_group("simulation")
SCHEMA = {
    *("unit", "group", "components", "total_exact", "total", "rank", "zone", "grade", "promoted", "rules"),
}


def test_the_year_ends_with_nothing_stuck_and_every_step_known(worked: Worked) -> None:
    said = worked.said
    assert (said["profile"], said["year"], said["seed"]) == ("zhangjiajie_2009", 2009, 7)
    assert (said["stuck_instances"], said["open_incidents"], said["audit_ok"]) == (0, 0, True)
    assert (said["stuck"], said["incidents"], said["given_up"]) == ([], [], [])
    assert said["refused_answers"] == {}, "an answer that its form's check did not take"
    assert said["fallback_answers"] == {}, "a step that nobody taught the city"
    assert said["instances"] == scalar(worked, "select count(*) from instance")
    assert said["work_items"] == scalar(worked, "select count(distinct item_id) from work_event")
    assert scalar(worked, "select count(*) from work_item") == 0
    assert scalar(worked, "select count(*) from timer") == 0


def test_every_stage_was_worked_by_people_with_rights(worked: Worked) -> None:
    ran = {row[0] for row in rows(worked, "select distinct process_key from instance")}
    assert ran >= {
        *("annual_cycle", "plan_setting", "unit_targets", "plan_review", "unit_decomposition"),
        *("monthly_monitor", "unit_progress", "improvement_notice", "opinion_intake", "key_rectification"),
        *("survey", "data_collection", "target_assessment", "composite_grading", "assessment_complaint"),
        *("feedback_publicity", "score_appeal", "accountability"),
    }
    sql = (
        "select count(*) from work_event e where e.person_id is not null and e.verb = 'complete' "
        "and e.unit_id is not null and not exists (select 1 from membership m "
        "where m.user_id = e.person_id and m.unit_id = e.unit_id and m.post_key = e.post_key)"
    )
    assert scalar(worked, sql) == 0, "somebody did what lies at another's desk"
    assert scalar(worked, "select count(*) from work_event where verb = 'return_to'") > 0


def test_audit_and_snapshots_verify_by_the_verifiers_themselves(worked: Worked) -> None:
    with worked.database.read() as connection:
        assert broken_chains(connection) == []
        snapshots = list(connection.execute(text("select id from snapshot")).scalars())
        assert len(snapshots) >= 2, "the year's, and the one after an appeal"
        assert [fault for one in snapshots for fault in faults_of(connection, one)] == []


def test_each_total_can_be_computed_by_hand_from_its_components(worked: Worked) -> None:
    """指标考核 60%, 公众评议 30%, 内部评估 10%, of 1000; 加分减分 up to 50 each."""
    units = worked.said["units"]
    assert len(units) == 5
    for unit in units:
        assert set(unit) == SCHEMA
        assert zhangjiajie(unit["components"]) == Decimal(unit["total"]), unit["unit"]


def test_grades_and_ranks_follow_from_the_totals_by_hand(worked: Worked) -> None:
    """A quarter of all units, rounded up, are 优秀; who is vetoed is not, and the next takes the seat."""
    units = worked.said["units"]
    by_total = sorted(units, key=lambda unit: Decimal(unit["total_exact"]), reverse=True)
    assert [unit["rank"] for unit in by_total] == list(range(1, len(units) + 1))
    eligible = [unit["unit"] for unit in by_total if not unit["components"]["veto"]]
    best = set(eligible[: ceil(len(units) / 4)])
    assert {unit["unit"] for unit in units if unit["grade"] == "优秀"} == best
    assert {unit["grade"] for unit in units} == {"优秀", "合格"}
    [vetoed] = [unit for unit in units if unit["components"]["veto"]]
    assert vetoed["grade"] == "合格"


def test_the_story_of_each_character_happens(worked: Worked) -> None:
    frauds = "select count(*) from verification where result = 'fraud'"
    assert scalar(worked, frauds) >= 1
    rulings = rows(worked, "select outcome from appeal_act where kind = 'ruled' order by done_at, outcome")
    assert sorted(row[0] for row in rulings) == ["dismissed", "upheld"]
    late = "select count(*) from work_event where verb = 'complete' and happened_at > due_at"
    assert scalar(worked, late) > 0
    assert scalar(worked, "select count(*) from progress_light where light = '红'") > 0
    assert scalar(worked, "select count(*) from opinion where source = 'public'") == 5


def test_a_sheet_of_the_survey_spends_one_code_and_lies_with_nobody(worked: Worked) -> None:
    spent = scalar(worked, "select count(*) from spent_code")
    assert 50 < spent < scalar(worked, "select count(*) from issued_code")
    assert scalar(worked, "select count(*) from ballot") == 5 * spent, "each sheet judges every unit"
    forms = rows(worked, "select content_text from work_text where kind = 'form'")
    units = {row[0] for row in rows(worked, "select subject_id from ballot")}
    assert units and not any(f'"{one}":"1"' in str(row[0]) for row in forms for one in units)


def test_the_report_stands_alone_and_tells_the_results(worked: Worked) -> None:
    page = worked.page
    for unit in worked.said["units"]:
        assert unit["unit"] in page and str(unit["total"]) in page
    assert "优秀名额：单位数的 25%，向上取整（默认）" in page
    assert "自报数据弄虚作假" in page and "一票否决" in page
    assert "http" not in page.replace("http-equiv", "") and "<script" not in page and "src=" not in page


def test_the_same_seed_on_postgresql_gives_the_same_units(
    worked: Worked, empty_postgresql: str, tmp_path: Path
) -> None:
    said = work(tmp_path, empty_postgresql, *ORDER)
    assert said["units"] == worked.said["units"]
    for name in ("instances", "work_items", "stuck_instances", "open_incidents", "audit_ok"):
        assert said[name] == worked.said[name], name


def scalar(worked: Worked, sql: str) -> Any:
    with worked.database.read() as connection:
        return connection.execute(text(sql)).scalar()


def rows(worked: Worked, sql: str) -> list[Any]:
    with worked.database.read() as connection:
        return list(connection.execute(text(sql)))
