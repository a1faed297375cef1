"""年度总流程 as drawn, played with tokens alone: no database, no stages, only who waits for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine.bpmn.execution import Execution, Services, Wait, compile_process
from engine.bpmn.reader import read_model
from processes.cycle.calendar_step import month_of
from processes.cycle.profile import load_profile
from tests.processes.city import ROOT

FILE = Path(ROOT) / "processes/cycle/annual_cycle.bpmn"
PROCESS = compile_process(read_model(FILE.read_bytes(), file=FILE.name), "annual_cycle")
ALL = {"innovation": True, "survey": True, "leaders": True, "issued": False}


@dataclass
class Play:
    """The diagram on one day after another; `begin` by the calendar of a scheme."""

    execution: Execution

    def waits(self) -> dict[str, Wait]:
        return {wait.element: wait for wait in self.execution.waits().values()}

    def waiting(self, *kinds: str) -> set[str]:
        return {name for name, wait in self.waits().items() if wait.kind in kinds}

    def fire(self, element: str) -> None:
        """A date has come."""
        self.execution.fire(self.waits()[element].key)
        self.execution.run()

    def end(self, element: str) -> None:
        """What a call activity called is over."""
        wait = self.waits()[element]
        self.execution.finish_children(wait.token, [{} for _ in wait.children or [{}]])
        self.execution.run()

    def done(self, element: str, **variables: Any) -> None:
        """A task, or a program, has done its part."""
        self.execution.complete(self.waits()[element].token, variables)
        self.execution.run()


def begin(has: Mapping[str, bool] = ALL, *, run_mode: str = "formal", on: date = date(2018, 1, 5)) -> Play:
    """A confirmed year."""
    calendar = load_profile("hangzhou_13fyp").calendar_of(2018)
    services = Services(
        now=lambda: datetime(2018, 1, 5, tzinfo=UTC),
        functions={"today": lambda: on, "add working days": lambda day, _n: day, "post": lambda _u, key: key},
    )
    cycle = {"id": "c", "year": 2018, "runMode": run_mode}
    execution = Execution.start(
        PROCESS, variables={"cycle": cycle, "assessor": {"id": "a"}}, services=services
    )
    execution.run()
    play = Play(execution)
    assert play.waiting("user") == {"confirm_calendar"}
    play.done(
        "confirm_calendar",
        dates={name: date.fromisoformat(entry["on"]) for name, entry in calendar.items()},
        months=[month_of(2018, number) for number in (1, 6, 12)],
        has=dict(has),
    )
    return play


def test_every_branch_waits_for_its_own_date() -> None:
    play = begin()
    assert play.waiting("timer") == {
        *("mid_term_day", "planning_day", "innovation_day", "survey_day", "leaders_day", "dispatch_day")
    }
    due = {name: wait.due_at for name, wait in play.waits().items() if wait.kind == "timer"}
    assert due["planning_day"] == datetime(2018, 1, 31, 16, tzinfo=UTC), "1 February begins in the city"
    assert due["survey_day"] == datetime(2018, 10, 31, 16, tzinfo=UTC)


def test_grading_waits_for_every_component_and_the_lock_and_for_nothing_else() -> None:
    play = begin()
    play.fire("planning_day")
    play.end("plan_targets")
    play.fire("year_end")
    for day, stage in (
        ("innovation_day", "review_innovation"),
        ("survey_day", "survey_public"),
        ("leaders_day", "leaders_evaluate"),
    ):
        play.fire(day)
        assert stage in play.waits()
    for stage in ("assess_targets", "survey_public", "collect_data", "leaders_evaluate"):
        assert "lock_day" not in play.waits()
        play.end(stage)
    assert "lock_day" not in play.waits(), "innovation is still open"
    play.end("review_innovation")
    assert play.waits()["lock_day"].due_at == datetime(2019, 1, 31, 16, tzinfo=UTC)
    play.fire("lock_day")
    assert "grade_year" in play.waits()
    assert {"monitor_months", "mid_term_day", "dispatch_day"} <= play.waits().keys(), "nobody waits for these"


def test_a_scheme_without_the_three_parts_goes_straight_on() -> None:
    play = begin({**ALL, "innovation": False, "survey": False, "leaders": False})
    assert play.waiting("timer") == {"mid_term_day", "planning_day", "dispatch_day"}
    play.fire("planning_day")
    play.end("plan_targets")
    play.fire("year_end")
    play.end("collect_data")
    play.end("assess_targets")
    assert "lock_day" in play.waits()


def test_months_that_were_over_before_the_issue_are_not_monitored() -> None:
    play = begin(on=date(2018, 4, 27))
    play.fire("planning_day")
    play.end("plan_targets")
    children = play.waits()["monitor_months"].children
    assert children is not None
    assert [child["month"]["period"] for child in children] == ["2018-06", "2018-12"]


def test_issued_targets_are_not_set_again() -> None:
    play = begin({**ALL, "issued": True})
    play.fire("planning_day")
    assert "plan_targets" not in play.waits()
    assert {"monitor_months", "year_end"} <= play.waits().keys()


def graded(run_mode: str) -> Play:
    play = begin({**ALL, "innovation": False, "survey": False, "leaders": False}, run_mode=run_mode)
    for day in ("planning_day", "dispatch_day", "mid_term_day"):
        play.fire(day)
    play.end("plan_targets")
    play.fire("year_end")
    for stage in ("collect_data", "assess_targets", "monitor_months", "rectify_opinions"):
        play.end(stage)
    play.done("register_mid_term")
    play.fire("lock_day")
    play.end("grade_year")
    play.end("feed_back")
    return play


def test_the_report_does_not_wait_for_the_rectification_of_low_grades() -> None:
    play = graded("formal")
    assert play.waiting("user", "children") == {"report_year", "hold_to_account"}
    play.done("report_year")
    play.done("close_year")
    play.done("report_sent")
    assert not play.execution.ended
    play.end("hold_to_account")
    assert play.execution.ended


def test_a_simulated_year_is_not_reported() -> None:
    play = graded("simulation")
    assert play.waiting("user", "children") == {"hold_to_account"}
    play.end("hold_to_account")
    assert play.execution.ended


def test_freezing_tells_everybody_and_stops_nothing_of_the_year() -> None:
    play = begin()
    before = play.waiting("timer")
    wait = play.waits()["on_frozen_signal"]
    play.execution.receive(wait.key, {"reason": "数据已锁定"})
    play.execution.run()
    assert "on_frozen_tell" in play.waits()
    assert play.waiting("timer") == before
