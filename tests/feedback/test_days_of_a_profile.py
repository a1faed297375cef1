"""The days of grading and feedback in a profile: each has a value, a name, and where it comes from."""

import pytest

from processes.cycle.profile import load_profile
from processes.cycle.results_section import results_faults

GOOD = {"value": 10, "label": "申诉", "assumption": True}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({**GOOD, "value": 0}, "大于 0 的天数"),
        ({**GOOD, "value": "10"}, "大于 0 的天数"),
        ({"value": 10, "label": "申诉"}, "没有出处"),
        ({"value": 10, "assumption": True}, "label"),
        (None, "label"),
    ],
)
def test_a_day_without_value_name_or_source_is_a_fault(entry: object, said: str) -> None:
    content = load_profile("shenzhen_2010").content
    assert list(results_faults(content)) == []
    wrong = {**content, "feedback": {**content["feedback"], "appealWorkingDays": entry}}
    [(place, sentence)] = results_faults(wrong)
    assert place == ("feedback", "appealWorkingDays")
    assert said in sentence


def test_a_missing_section_and_a_name_that_is_not_known_are_faults() -> None:
    content = load_profile("shenzhen_2010").content
    assert [place for place, _said in results_faults({**content, "grading": None})] == [("grading",)]
    more = {**content, "grading": {**content["grading"], "days": GOOD}}
    assert [place for place, _said in results_faults(more)] == [("grading", "days")]
