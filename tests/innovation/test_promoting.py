"""加分后晋档不挤占: the bonus brings a unit in, nobody goes out."""

from decimal import Decimal

from processes.cycle.profile import load_profile
from processes.evaluation.scheme import scheme_of
from processes.innovation.promoting import promotions

BEFORE = {"A": Decimal(93), "B": Decimal(92), "C": Decimal("91.5"), "D": Decimal(90)}


def two_seats() -> dict[str, object]:
    scheme = scheme_of(load_profile("hangzhou_13fyp").content)
    grades = {**scheme["grades"], "rounding": "fixed", "share": Decimal(2)}  # type: ignore[dict-item]
    return {**scheme, "grades": grades}


def test_c_comes_in_by_its_bonus_and_b_stays_in() -> None:
    places = promotions(BEFORE, {"C": Decimal(1), "D": Decimal(1)}, scheme=two_seats())
    assert {one.unit_id: one.place for one in places} == {
        "A": "holder",
        "B": "holder",
        "C": "promoted",
        "D": "none",
    }
    assert [one.unit_id for one in places if one.advances] == ["A", "B", "C"]


def test_without_a_bonus_only_the_seats_count() -> None:
    places = promotions(BEFORE, {}, scheme=two_seats())
    assert [one.unit_id for one in places if one.advances] == ["A", "B"]
