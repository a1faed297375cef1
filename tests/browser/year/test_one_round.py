"""Once around for three units: from the calendar and 下达 to published grades and a rectified complaint."""

from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from api.commands.simulate import Papers
from processes.simulation.answers.book import Book
from processes.simulation.changes import Changes
from processes.simulation.city import moment
from processes.simulation.desk import Desk
from processes.simulation.leaders import Ballots
from processes.simulation.marks import OutsideMarks
from processes.simulation.outcome import Outcome, outcome_of
from processes.simulation.running import STAGES
from processes.simulation.year import Year
from tests.browser.chromium import each
from tests.browser.planning.people import People
from tests.browser.year.citizens import Public
from tests.browser.year.conftest import YEAR, Round
from tests.browser.year.hands import BALLOT, Hands, kinds

LOOP = {
    *("annual_cycle", "plan_setting", "unit_targets", "plan_review", "unit_decomposition", "monthly_monitor"),
    *("unit_progress", "data_supply", "unit_assessment", "survey", "leader_ballot", "composite_grading"),
    *("feedback_publicity", "score_sheet", "opinion_intake", "general_opinion", "key_rectification"),
    *("rectification_round", "innovation_review", "innovation_project", "innovation_expert_review"),
}
"""The processes of which every step that is reached is done at a browser at least once."""
POSTS = {
    *("liaison", "division", "deputy", "head", "office.staff", "office.reviewer", "office.head"),
    *("review.finance", "review.legal", "review.reform", "committee.secretary", "data.statistics"),
    *("assess.group", "assess.leader", "survey.staff", "supervision"),
}


def test_a_year_goes_round_for_three_units(round_of_three: Round, people: People, tmp_path: Path) -> None:
    hands, public, outcome = work_the_year(round_of_three, people, tmp_path)
    assert outcome.stuck == []
    assert hands.given_up == {}
    assert outcome.open_incidents == []
    assert kinds(hands.by_hand) >= LOOP
    assert hands.posts >= POSTS
    assert {"expert", "city"} <= {
        login.rstrip("0123456789").split(".")[0] for login in hands.by_hand.values()
    }
    the_year_is_over(people)
    the_public_sees_the_grades(public, outcome.units)
    a_citizen_sees_what_became_of_it(public)
    a_head_sees_the_score_sheet(people, hands, outcome.units)


def work_the_year(round_of_three: Round, people: People, folder: Path) -> tuple[Hands, Public, Outcome]:
    """Everybody works until the year is over."""
    site, city, chance = round_of_three.site, round_of_three.city, round_of_three.chance
    book = Book(*(stage.ANSWERS for stage in STAGES))
    papers = Papers(site.engine, folder)
    hands = Hands(site.engine, city, chance, book, papers.keep, people=people)
    year = Year(site.engine, site.clock, Desk(city), hands)
    public = Public(site.engine, city, chance, year.plan, people=people)
    changes = Changes(site.engine, city, chance, year.plan)
    year.listen = public.listen
    hands.before = {
        BALLOT: Ballots(site.engine).cast,
        ("survey", "hand_out_codes"): public.hand_out_codes,
    }
    hands.after = {("unit_targets", "office_review"): changes.reviewed}
    staff = hands.person(city.holders[city.assessor_id, "office.staff"][0])
    marks = OutsideMarks(site.engine, city, chance)
    year.plan(moment(date(YEAR + 1, 1, 10), 9), "marks", lambda: marks.bring(staff))
    public.begin()
    changes.begin()
    the_office_begins_the_year(people)
    year.run()
    with site.engine.database.read() as connection:
        return hands, public, outcome_of(connection, city)


def the_office_begins_the_year(people: People) -> None:
    """开始年度, on the year's own page."""
    head = people["office.head"]
    head.go("/office/year")
    head.page.get_by_role("button", name="开始年度").click()
    expect(head.page.get_by_text("年度日历还没有确认。")).to_be_visible()


def the_year_is_over(people: People) -> None:
    """The timeline says of every stage that it is done, or that this year has none."""
    page = people["office.head"].page
    people["office.head"].go("/office/year")
    expect(page.locator("table.year-table")).to_be_visible()
    said = page.locator("table.year-table tbody tr[id] td:nth-child(2)").all_inner_texts()
    assert len(said) > 10
    assert [one for one in said if not one.startswith(("已办结", "本年度没有这一项"))] == []


def the_public_sees_the_grades(public: Public, units: list[dict[str, Any]]) -> None:
    """Without logging in: each unit's total and grade, as they were computed."""
    page = public.follow()
    page.goto(f"{page.url.partition('/public')[0]}/public/results")
    expect(page.get_by_text("结果已发布")).to_be_visible()
    rows = [row.locator("td").all_inner_texts() for row in each(page.locator("tr[data-row]"))]
    assert sorted((row[0], row[3], row[-1]) for row in rows) == sorted(
        (one["unit"], str(one["total"]), one["grade"]) for one in units
    )


def a_citizen_sees_what_became_of_it(public: Public) -> None:
    """By the code that was given months ago: answered, judged, closed."""
    page = public.follow()
    expect(page.locator("[data-answer]")).to_be_visible()
    expect(page.get_by_text("您的评价：已解决")).to_be_visible()
    page.goto(f"{page.url.partition('/public')[0]}/public/promises")
    done = page.locator("tr[data-row]", has_text="%").filter(has_text="达标").filter(has_not_text="未达标")
    expect(done.first).to_be_visible()


def a_head_sees_the_score_sheet(people: People, hands: Hands, units: list[dict[str, Any]]) -> None:
    """The unit's own head finds the same total and grade, with what they come from."""
    body = hands.city.assessed[0]
    mine = next(one for one in units if one["unit"] == body.name)
    head = people[f"{body.code.lower()}.head"]
    head.go(f"/units/{body.id}/score")
    expect(head.page.locator("main")).to_contain_text(str(mine["total"]))
    expect(head.page.locator("main")).to_contain_text(mine["grade"])
