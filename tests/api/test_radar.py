"""The chart of a score sheet: points of a circle, in percent of each full mark."""

import pytest

from api.office.radar import Radar, radar_of


def part(label: str, exact: str, *, mean: str = "50", top: str = "100", best: str = "100") -> dict[str, str]:
    return {"label": label, "exact": exact, "mean": mean, "top": top, "best": best}


def chart(*marks: str, best: str = "100") -> Radar:
    found = radar_of([part(f"第{n}项", mark, best=best) for n, mark in enumerate(marks, 1)])
    assert found is not None
    return found


def test_the_first_axis_points_up_and_the_others_go_round_like_a_clock() -> None:
    found = chart("100", "50", "100", "0")
    assert found.own == "0.0,-100.0 50.0,0.0 0.0,100.0 0.0,0.0"
    assert found.mean == "0.0,-50.0 50.0,0.0 0.0,50.0 -50.0,0.0"
    assert [axis.anchor for axis in found.axes] == ["middle", "start", "middle", "end"]


def test_points_are_shares_of_the_full_mark_and_stay_inside() -> None:
    assert chart("4", "4", "4", "8", best="5").own == "0.0,-80.0 80.0,0.0 0.0,80.0 -100.0,0.0"


@pytest.mark.parametrize("unfit", [{"best": ""}, {"mean": ""}])
def test_what_has_no_full_mark_is_no_axis_and_two_axes_are_no_chart(unfit: dict[str, str]) -> None:
    three = [part("甲", "80"), part("乙", "80"), {**part("加分", "3"), **unfit}]
    assert radar_of(three) is None
