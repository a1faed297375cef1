"""The dates of a profile's `calendar` by which the year's own process begins and judges its stages."""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.cycle.scoring_section import Place

ALWAYS = (
    *("opinions_dispatch", "rectification_result", "mid_term", "mid_term_due", "survey_begins"),
    *("survey_result", "year_end_checks", "data_lock", "assessment_result", "grading_due", "publish_due"),
    *("accountability_due", "annual_report_due"),
)
WITH_INNOVATION = ("innovation_opens", "innovation_closing", "innovation_result")
WITH_LEADERS = ("leaders_result",)


def year_faults(content: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What the calendar lacks: place and sentence. Whether its dates agree is said by `calendar_check`."""
    calendar, parts = content["calendar"], content.get("composition") or {}
    wanted = [*ALWAYS]
    if "innovation" in content:
        wanted += WITH_INNOVATION
    if "leaders" in parts:
        wanted += WITH_LEADERS
    for name in wanted:
        if name not in calendar:
            yield ("calendar",), f"日历缺少“{name}”：年度总流程要用"
