"""Once around for 49 units by REST: from 下达 to published grades and a rectified complaint."""

from collections import Counter
from math import ceil
from pathlib import Path

import pytest

from processes.rectification.following import STATES
from processes.simulation.citizens import OVER
from tests.databases import Templates
from tests.rest_round.callers import REFUSED, answered
from tests.rest_round.conftest import UNITS, Round, round_of_49
from tests.rest_round.work import Worked, units_at_the_door, work_the_year

LOOP = {
    *(
        "annual_cycle",
        "plan_setting",
        "unit_targets",
        "division_targets",
        "plan_review",
        "public_consultation",
    ),
    *("unit_decomposition", "duty_assignment", "target_adjustment", "monthly_monitor", "unit_progress"),
    *("improvement_notice", "improvement_work", "datum_corrected", "data_supply", "fraud_found"),
    *("unit_assessment", "survey", "composite_grading", "feedback_publicity", "score_sheet", "score_appeal"),
    *("opinion_batch", "opinion_intake", "general_opinion", "key_rectification", "rectification_round"),
    *("assessment_complaint", "accountability", "accountability_case", "sanction_recommendation"),
    "ordered_rectification",
}
"""The processes of the loop that have tasks: every step that is reached is done by REST."""
QUOTA = ceil(UNITS / 4)
"""优秀 over all: a quarter, rounded up."""


@pytest.mark.parametrize("home", ["sqlite"])
def test_a_year_goes_round_for_49_units(home: str, templates: Templates, tmp_path: Path) -> None:
    with round_of_49(home, templates, tmp_path) as around:
        worked = work_the_year(around, units_each=3)
        the_year_went_well(around, worked)


@pytest.mark.proof
@pytest.mark.parametrize("home", ["sqlite", "postgresql"])
def test_every_single_task_of_a_year_goes_by_rest(home: str, templates: Templates, tmp_path: Path) -> None:
    with round_of_49(home, templates, tmp_path) as around:
        worked = work_the_year(around, units_each=None)
        acts = sum(worked.hands.acts.values()) - worked.hands.acts["claim"]
        assert worked.hands.done_by_rest == acts
        assert sum(worked.public.sheets_by_rest.values()) == worked.public.sheets
        the_year_went_well(around, worked)
    assert worked.outcome.units == units_at_the_door(templates, tmp_path / "door")


def the_year_went_well(around: Round, worked: Worked) -> None:
    """What holds of every round, however much of it went by REST."""
    nothing_was_left_behind(worked)
    everything_was_done_by_rest(worked)
    the_quota_holds(worked)
    the_office_sees_every_stage_done(around)
    the_public_reads_the_computed_grades(around, worked)
    the_seal_verifies(around)
    each_unit_reads_its_own_score_sheet(around, worked)
    citizens_followed_to_the_end(worked)


def nothing_was_left_behind(worked: Worked) -> None:
    assert worked.hands.given_up == {}
    assert worked.outcome.stuck == []
    assert worked.outcome.open_incidents == []
    assert worked.outcome.audit_faults == []
    assert len(worked.outcome.units) == UNITS


def everything_was_done_by_rest(worked: Worked) -> None:
    """Every step that anybody did, of every process of the loop; with strangers refused on the way."""
    steps = {step for step, whose in worked.hands.by_rest.items() if whose}
    assert steps == worked.hands.by_rest.keys()
    assert {process for process, _step in steps} == LOOP
    assert worked.hands.returned.total() > 0
    assert worked.hands.files > 0
    assert len(worked.hands.strangers) > 50
    assert set(worked.walls.held.values()) == {4}
    assert min(worked.public.sheets_by_rest.values()) > 0
    assert worked.public.comments > 0
    assert {"adjustment", "correction"} <= worked.asking.asked.keys()


def the_quota_holds(worked: Worked) -> None:
    """A quarter is 优秀, the best of those without a veto; everybody else is 合格."""
    units = worked.outcome.units
    assert Counter(one["grade"] for one in units) == {"优秀": QUOTA, "合格": UNITS - QUOTA}
    able = [one for one in units if not one["components"]["veto"]]
    best = sorted(able, key=lambda one: float(one["total_exact"]), reverse=True)[:QUOTA]
    assert {one["unit"] for one in best} == {one["unit"] for one in units if one["grade"] == "优秀"}
    assert len(able) == UNITS - 1, "one unit of the story is vetoed"


def the_office_sees_every_stage_done(around: Round) -> None:
    callers, cycle = around.callers, around.city.cycle_id
    year = answered(callers.get(callers.at("office.head"), f"/cycles/{cycle}/year"))
    assert {one["state"] for one in year["stages"]} == {"done", "absent"}
    assert answered(callers.get(callers.at("office.head"), f"/cycles/{cycle}/open-items"))["items"] == []


def the_public_reads_the_computed_grades(around: Round, worked: Worked) -> None:
    told = answered(around.callers.visit("GET", "/public/results/current"))
    assert told["published_at"] is not None
    shown = {one["unit"]: (one["group"], one["rank"], one["total"], one["grade"]) for one in told["units"]}
    assert shown == {
        one["unit"]: (one["group"], one["rank"], str(one["total"]), one["grade"])
        for one in worked.outcome.units
    }


def the_seal_verifies(around: Round) -> None:
    """The newest seal computes to the same again, by the office's own call."""
    callers, cycle = around.callers, around.city.cycle_id
    office = callers.at("office.head")
    seals = answered(callers.get(office, f"/cycles/{cycle}/grading"))["snapshots"]
    assert seals
    for seal in seals:
        assert answered(callers.post(office, f"/snapshots/{seal['id']}/verification")) == {
            "verified": True,
            "faults": [],
        }


def each_unit_reads_its_own_score_sheet(around: Round, worked: Worked) -> None:
    """Total and grade as published, and nobody else's sheet."""
    bodies = around.city.assessed
    computed = {one["unit"]: one for one in worked.outcome.units}
    for body, other in zip(bodies, [*bodies[1:], bodies[0]], strict=True):
        head = around.callers.of(body.id, "head")
        sheet = answered(around.callers.get(head, f"/units/{body.id}/score-sheet"))
        mine = computed[body.name]
        assert (sheet["unit"], sheet["total"], sheet["grade"]) == (body.name, mine["total"], mine["grade"])
        refused = around.callers.get(head, f"/units/{other.id}/score-sheet")
        assert refused.status_code in REFUSED, f"{body.name} → {other.name}"


def citizens_followed_to_the_end(worked: Worked) -> None:
    """Everybody who spoke was told an end by their code; one key issue went through promise and result."""
    public = worked.public
    assert len(public.codes) == 5
    ends = {number: public.follow(code) for number, code in public.codes.items()}
    assert [one["state"] for one in ends.values() if not one["state"].startswith(OVER)] == []
    solved = [number for number, one in ends.items() if one["judged"]]
    assert solved, "somebody said 已解决"
    assert [number for number in solved if STATES["answered"] in public.stories[number]]
    assert [one for one in ends.values() if one["state"].startswith(STATES["closed"])]
    complaint = public.follow(public.complaint)
    assert complaint["complaint"] is True
    assert complaint["answer"], complaint
    promises = answered(public.callers.visit("GET", "/public/promises"))["items"]
    assert [one for one in promises if one["state"].startswith(STATES["closed"])]
