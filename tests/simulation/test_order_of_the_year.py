"""The year of the virtual city went by its calendar: each stage once, after those that it needs."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from engine.runtime.definitions.versions import Definitions
from processes.cycle.year_reading import Stage, Year, annual_version, year_of
from tests.simulation.conftest import Worked

pytestmark = pytest.mark.xdist_group("simulation")
LOCKED = datetime(2010, 1, 31, 16, 0, tzinfo=UTC)
"""The end of 31 January 2010 in the city."""


@pytest.fixture
def year(worked: Worked) -> Year:
    """The year as its page reads it, on the last day of 2010."""
    definitions = Definitions()
    with worked.database.read() as connection:
        cycle = str(connection.execute(text("select id from cycle")).scalar_one())
        version = annual_version(connection, cycle)
        assert version is not None
        drawn = definitions.process(connection, version).drawn
        return year_of(connection, drawn, cycle, today=date(2010, 12, 31))


def stage(year: Year, key: str) -> Stage:
    return next(one for one in year.stages if one.id == key)


def began(year: Year, key: str) -> datetime:
    found = stage(year, key).began_at
    assert found is not None, key
    return found


def ended(year: Year, key: str) -> datetime:
    found = stage(year, key).ended_at
    assert found is not None, key
    return found


def test_every_stage_of_the_scheme_is_over_and_the_others_never_began(year: Year) -> None:
    states = {one.id: one.state for one in year.stages}
    absent = {key for key, state in states.items() if state == "absent"}
    assert absent == {"review_innovation", "leaders_evaluate"}, "Zhangjiajie has neither"
    assert {state for key, state in states.items() if key not in absent} == {"done"}
    assert (year.status, year.cycle["state"]) == ("completed", "closed")
    assert [one.id for one in year.stages if one.overdue or one.open or one.late] == []


def test_no_stage_began_before_its_day(year: Year) -> None:
    for key in ("plan_targets", "rectify_opinions", "survey_public", "collect_data", "assess_targets"):
        one = stage(year, key)
        assert one.planned_from is not None
        first = datetime(one.planned_from.year, one.planned_from.month, one.planned_from.day, tzinfo=UTC)
        assert (began(year, key) - first).total_seconds() >= -8 * 3600, key


def test_what_needs_another_stage_began_after_it_was_over(year: Year) -> None:
    assert began(year, "collect_data") >= ended(year, "plan_targets")
    assert began(year, "monitor_months") >= ended(year, "plan_targets")
    grading = began(year, "grade_year")
    assert grading >= LOCKED, "2009 is not graded before its data lock"
    assert grading >= max(ended(year, key) for key in ("collect_data", "assess_targets", "survey_public"))
    assert began(year, "feed_back") >= ended(year, "grade_year")
    assert began(year, "hold_to_account") >= ended(year, "feed_back")
    assert began(year, "report_year") >= ended(year, "feed_back")


def test_months_are_monitored_from_the_issue_of_the_targets_on_each_once(year: Year, worked: Worked) -> None:
    months = stage(year, "monitor_months").months
    assert [one.period for one in months] == [f"2009-{number:02d}" for number in range(1, 13)]
    issued = ended(year, "plan_targets").date()
    for one in months:
        assert one.state == ("skipped" if one.opens_on <= issued else "done"), one.period
    last = months[-1]
    assert last.state == "done"
    assert last.ended_at is not None
    assert last.ended_at.year == 2010, "December is reported in January"
    with worked.database.read() as connection:
        periods = connection.execute(
            text("select business_key from instance where process_key = 'monthly_monitor'")
        ).scalars()
        assert max(Counter(periods).values()) == 1


def test_everything_the_year_called_belongs_to_it(worked: Worked) -> None:
    with worked.database.read() as connection:
        loose = connection.execute(
            text(
                "select distinct process_key from instance where parent_id is null "
                "and process_key in ('plan_setting', 'monthly_monitor', 'survey', 'data_collection', "
                "'target_assessment', 'composite_grading', 'feedback_publicity', 'accountability')"
            )
        ).scalars()
        assert set(loose) == set()
        told = connection.execute(text("select count(*) from message where name = 'annual.report'")).scalar()
    assert told == 1, "the people's congress has the report"
