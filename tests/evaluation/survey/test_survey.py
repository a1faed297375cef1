"""A survey from its design to the recorded score, on both databases."""

from decimal import Decimal

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
