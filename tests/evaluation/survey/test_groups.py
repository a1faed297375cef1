"""Small groups: neither shown nor to be computed from what is shown."""

from itertools import product

from processes.evaluation.ballots.boxes import FEWEST
from processes.evaluation.survey.groups import shown_layers
from tests.evaluation.survey.city import SurveyCity

UNIT = "市旅委"


def test_large_layers_and_empty_ones_are_shown() -> None:
    assert shown_layers({1: 5, 2: 40, 3: 0}) == {1, 2, 3}


def test_with_a_small_layer_the_smallest_other_one_is_hidden_too() -> None:
    assert shown_layers({1: 4, 2: 40, 3: 9}) == {2}


def test_several_small_layers_together_may_be_large_enough() -> None:
    assert shown_layers({1: 3, 2: 4, 3: 9}) == {3}
    assert shown_layers({1: 1, 2: 1, 3: 9, 4: 30}) == {4}


def test_what_is_hidden_is_never_one_small_group() -> None:
    for sizes in product((0, 1, 4, 5, 9), repeat=4):
        valid = dict(enumerate(sizes, 1))
        hidden = [valid[layer] for layer in set(valid) - shown_layers(valid)]
        assert all(
            size >= FEWEST or size == 0 for layer, size in valid.items() if layer in shown_layers(valid)
        )
        filled = [size for size in sizes if size]
        if hidden and len(filled) > 1 and sum(filled) >= FEWEST:
            assert len(hidden) >= 2, sizes
            assert sum(hidden) >= FEWEST, sizes


def test_a_small_layer_is_in_no_result_that_is_stored(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 50, 60), ("企业代表", 30, 60), ("专家", 20, 60)])
    for layer in (1, 2, 3):
        city.codes(layer, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (20, 0, 0, 0, 0))
    city.fill_layer(2, UNIT, (0, 6, 0, 0, 0))
    city.fill_layer(3, UNIT, (0, 0, 0, 0, 2))
    city.close_survey()
    kept = {layer: city.result(UNIT, layer) for layer in (0, 1, 2, 3)}
    assert [layer for layer, row in kept.items() if row["shown"]] == [0, 1]
    for layer in (2, 3):
        assert {kept[layer][name] for name in ("counts", "unknown", "rate", "score", "passed")} <= {
            None,
            "null",
        }
    assert city.number(kept[0]["score"]) == 74, "all layers count for the score: .5*100 + .3*80 + .2*0"


def test_a_unit_with_fewer_than_five_answers_gets_no_result_and_no_score(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, 60)])
    city.codes(1, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (4, 0, 0, 0, 0), unknown=9)
    city.close_survey()
    [shown] = city.form("survey.staff", "review_results")["units"]
    assert shown["valid"] == "少于 5 份，不显示"
    city.complete("survey.staff", "review_results", outcome="approve")
    assert city.scalar("select count(*) from score") == 0
