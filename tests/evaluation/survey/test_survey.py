"""A survey from its design to the recorded score, on both databases."""

import sqlite3
from decimal import Decimal

import pytest
from sqlalchemy import text

from engine.runtime.steps.starting import AlreadyStarted
from engine.store import database as store
from engine.verbs.refusals import Invalid
from processes.evaluation.ballots.proofs import fresh_key
from tests.evaluation.survey.city import F9_COUNTS, F9_WEIGHTS, SurveyCity

UNIT = "市旅委"


def test_three_layers_come_to_the_score_of_the_worked_example(city: SurveyCity) -> None:
    """F9: weights .5/.3/.2, layer scores 76.40, 83.90, 60.00, together 75.37."""
    city.begin_survey([UNIT])
    city.plan_survey([(f"第{n}层", weight, 100) for n, weight in enumerate(F9_WEIGHTS, 1)])
    city.codes(1, 1), city.codes(2, 1), city.codes(3, 1)
    city.open_survey()
    for layer, counts in enumerate(F9_COUNTS, 1):
        city.fill_layer(layer, UNIT, counts)
    city.close_survey()
    layers = [city.number(city.result(UNIT, layer)["score"]) for layer in (1, 2, 3)]
    assert layers == [Decimal("76.4"), Decimal("83.9"), Decimal("60")]
    assert city.number(city.result(UNIT)["score"]) == Decimal("75.37")
    shown = city.form("survey.staff", "review_results")
    assert shown["units"] == [
        {"name": UNIT, "valid": "300", "rate": "85.00%", "score": "75.37", "passed": "达标"}
    ]
    city.complete("survey.staff", "review_results", outcome="approve")
    [score] = city.rows("select * from score where component = 'social'")
    assert city.number(score["value"]) == Decimal("75.37")
    assert score["method"] == "survey"
    city.complete("office.staff", "write_report", fields={"report": "今年的满意度……"})
    assert city.scalar("select body from publication where kind = 'survey'") == "今年的满意度……"
    assert city.scalar("select count(*) from instance where status <> 'completed'") == 0


@pytest.mark.parametrize(
    ("counts", "unknown", "rate", "passed"),
    [
        ((120, 80, 40, 18, 12), 10, "88.89", True),
        ((60, 50, 30, 25, 15), 0, "77.78", False),
        ((85, 0, 0, 10, 5), 0, "85.00", True),
    ],
)
def test_rates_are_those_of_the_worked_examples(
    sqlite_city: SurveyCity, counts: tuple[int, ...], unknown: int, rate: str, passed: bool
) -> None:
    """F8, as a survey about one matter: the answers of one layer, put straight into the open box."""
    city = sqlite_city
    city.begin_survey([UNIT], surveyMode="item", surveyKey="垃圾分类", surveyTitle="垃圾分类专项测评")
    city.plan_survey([("市民代表", 100, 500)])
    city.codes(1, 1)
    city.open_survey()
    put_ballots(city, counts, unknown=unknown)
    city.close_survey()
    row = city.result(UNIT)
    assert city.number(row["rate"]) == Decimal(rate)
    assert bool(row["passed"]) is passed
    city.complete("survey.staff", "review_results", outcome="approve")
    assert city.scalar("select count(*) from score") == 0, "one matter does not count for the year"
    assert city.elements("office.staff") == []


def put_ballots(city: SurveyCity, counts: tuple[int, ...], *, unknown: int) -> None:
    """Ballots and spent codes as so many sheets leave them, in one go."""
    marks = [str(level) for level, many in enumerate(counts, 1) for _ in range(many)] + ["unknown"] * unknown
    city.codes(1, len(marks))
    with city.engine.database.write() as connection:
        connection.execute(
            text("insert into spent_code select digest, box_id, '' from issued_code limit :many"),
            {"many": len(marks)},
        )
        connection.execute(
            text("insert into ballot values (:key, :box, :unit, 1, :mark)"),
            [
                {"key": fresh_key(), "box": city.box_id, "unit": city.demo.units[UNIT], "mark": mark}
                for mark in marks
            ],
        )


def test_a_plan_that_is_returned_is_designed_again(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT, "市环保局"])
    form = city.form("survey.staff", "design_questionnaire")
    assert [row["class_key"] for row in form["units"]] == sorted(row["class_key"] for row in form["units"])
    city.complete("survey.staff", "design_questionnaire", fields=form)
    layers = [{"name": "市民代表", "sampling": "", "weight": "100", "quota": "30"}]
    city.complete("survey.staff", "plan_sampling", fields={"layers": layers})
    shown = city.form("office.reviewer", "approve_plan")
    assert (shown["unit_count"], shown["code_count"]) == (2, 30)
    city.complete("office.reviewer", "approve_plan", outcome="return", opinion="样本太少")
    form = city.form("survey.staff", "design_questionnaire")
    form["units"][0]["included"] = False
    city.complete("survey.staff", "design_questionnaire", fields=form)
    assert city.form("survey.staff", "plan_sampling")["layers"][0]["quota"] == "30"


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ([], "layers"),
        ([("甲", 60), ("乙", 30)], "layers"),
        ([("甲", 50), ("甲", 50)], "layers.1.name"),
    ],
)
def test_a_sampling_that_does_not_add_up_is_refused(
    sqlite_city: SurveyCity, layers: list[tuple[str, int]], field: str
) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    form = city.form("survey.staff", "design_questionnaire")
    city.complete("survey.staff", "design_questionnaire", fields=form)
    rows = [{"name": name, "sampling": "", "weight": str(weight), "quota": "5"} for name, weight in layers]
    with pytest.raises(Invalid) as refused:
        city.complete("survey.staff", "plan_sampling", fields={"layers": rows})
    assert [error.field for error in refused.value.errors] == [field]


def test_a_window_that_ends_before_it_begins_is_refused(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    form = city.form("survey.staff", "design_questionnaire")
    with pytest.raises(Invalid) as refused:
        fields = {**form, "opens_on": "2018-12-20", "closes_on": "2018-12-10"}
        city.complete("survey.staff", "design_questionnaire", fields=fields)
    assert [error.field for error in refused.value.errors] == ["closes_on"]


def test_the_year_is_surveyed_once(sqlite_city: SurveyCity) -> None:
    sqlite_city.begin_survey([UNIT])
    with pytest.raises(AlreadyStarted):
        sqlite_city.begin_survey([UNIT])


def test_results_may_be_counted_again_and_come_out_the_same(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, 20)])
    city.codes(1, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (3, 2, 1, 0, 0))
    city.close_survey()
    before = city.result(UNIT)
    city.complete("survey.staff", "review_results", outcome="recount", opinion="核对一遍")
    after = city.result(UNIT)
    assert {**after, "id": ""} == {**before, "id": ""}
    assert city.elements("survey.staff") == ["review_results"]


def test_more_answers_than_spent_codes_stop_the_count(sqlite_city: SurveyCity) -> None:
    """What nobody can have sent by the page: the count stops and says so, and nothing is recorded."""
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, 20)])
    city.codes(1, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (5, 0, 0, 0, 0))
    with city.engine.database.write() as connection:
        stuffed = {"key": fresh_key(), "box": city.box_id, "unit": city.demo.units[UNIT]}
        connection.execute(text("insert into ballot values (:key, :box, :unit, 1, '5')"), stuffed)
    city.close_survey()
    city.try_again()
    assert "多于用掉的答题码" in str(city.scalar("select message from incident"))
    assert city.scalar("select count(*) from survey_result") == 0


def test_a_closing_is_not_over_while_somebody_holds_the_old_file(
    sqlite_city: SurveyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that began before the closing still sees the old rows: the step waits and tries again."""
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, 20)])
    city.codes(1, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (5, 0, 0, 0, 0))
    monkeypatch.setattr(store, "BUSY_SECONDS", 0)  # the reader will not let go while the closing waits
    city.engine.database.close()
    reader = sqlite3.connect(str(city.engine.database.url.database), isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from ballot").fetchone()
    city.close_survey()
    assert city.scalar("select scrubbed from ballot_box where id = :id", id=city.box_id) == 0
    assert city.elements("survey.staff") == []
    reader.rollback()
    reader.close()
    city.try_again()
    assert city.scalar("select scrubbed from ballot_box where id = :id", id=city.box_id) == 1
    assert city.elements("survey.staff") == ["review_results"]
