"""A profile is checked when it is loaded: every fault with its sentence, file and line."""

import pytest

from processes.cycle.profile import ProfileRefused, load_profile, read_profile
from tests.processes.city import ROOT

TEXT = (ROOT / "processes/profiles/hangzhou_13fyp.yaml").read_text("utf-8")


def line_of(part: str, text: str = TEXT) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in f"\n{line}")


def faults(old: str, new: str) -> list[tuple[int, str]]:
    assert old in TEXT
    with pytest.raises(ProfileRefused) as refused:
        read_profile(TEXT.replace(old, new, 1).encode(), file="city.yaml")
    assert all(fault.file == "city.yaml" for fault in refused.value.faults)
    return [(fault.line, fault.message) for fault in refused.value.faults]


def test_the_profile_that_ships_is_sound() -> None:
    profile = load_profile("hangzhou_13fyp")
    assert profile.days("consultationWorkingDays") == 10
    assert profile.calendar_of(2018)["plan_report_due"] == {
        "on": "2018-03-09",
        "label": "单位报送年度目标截止",
        "labelEn": "Units report their targets",
        "assumption": True,
    }
    assert profile.calendar_of(2018)["data_lock"]["on"] == "2019-01-31"


def test_too_small_an_external_share_is_refused() -> None:
    found = faults("social: {weight: 50,", "social: {weight: 25,")
    assert (line_of("externalMin"), "外部评估所占比例为 25%，不得低于 30%") in found


def test_too_small_a_survey_share_is_refused() -> None:
    found = faults("survey: true,", "survey: false,")
    assert found == [(line_of("surveyMin"), "满意度调查所占比例为 0%，不得低于 15%")]


def test_parts_that_do_not_add_up_are_refused() -> None:
    assert faults("targets: {weight: 45,", "targets: {weight: 44,") == [
        (line_of("\ncomposition:"), "各部分权重合计为 99，应为 100")
    ]


def test_dates_out_of_order_are_refused() -> None:
    assert faults("date: 03-23", "date: 03-01") == [
        (line_of("plan_review_due"), "“plan_review_due”早于“plan_report_due”")
    ]


def test_a_broken_date_is_refused_where_it_stands() -> None:
    assert faults("date: 03-09", "date: 02-30")[0] == (
        line_of("plan_report_due"),
        "“plan_report_due”应写出 date（月-日）和 label（名称）",
    )


def test_working_days_must_be_a_number() -> None:
    [(line, message)] = faults("remindWorkingDays: {value: 5,", "remindWorkingDays: {value: five,")
    assert (line, "remindWorkingDays" in message) == (line_of("remindWorkingDays"), True)


def test_a_date_that_the_year_begins_a_stage_by_is_missed() -> None:
    for name in ("survey_begins", "innovation_opens", "leaders_result"):
        assert faults(f"  {name}: ", f"  x_{name}: ") == [
            (line_of("\ncalendar:"), f"日历缺少“{name}”：年度总流程要用")
        ]


def test_months_of_monitoring_are_months() -> None:
    for wrong in ("[]", "[0]", "[13]", "all"):
        [(line, message)] = faults(
            "months: {value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],", f"months: {{value: {wrong},"
        )
        assert (line, message) == (line_of("months: {value"), "“months”应当是1 到 12 的月份，至少一个")


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(ProfileRefused) as refused:
        read_profile(b"key: a\ntitle: [\n", file="city.yaml")
    assert "YAML" in refused.value.faults[0].message


def test_milestone_months_are_months_in_order() -> None:
    for wrong in ("[12, 6]", "[6, 6]", "[0]", "[13]", "[六]", "6", "[true]"):
        assert faults("milestoneMonths: [6, 12]", f"milestoneMonths: {wrong}") == [
            (line_of("milestoneMonths"), "“milestoneMonths”应写为从小到大的月份，例如 [6, 12]")
        ]
