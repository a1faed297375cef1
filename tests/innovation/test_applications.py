"""Applications that do not go through as they were sent."""

import pytest

from engine.store import Database
from engine.verbs.refusals import Invalid
from tests.innovation.contest import Contest, open_contest

pytestmark = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


@pytest.fixture
def contest(database: Database) -> Contest:
    made = open_contest(database)
    made.begin("U13", "U20")
    return made


def state(contest: Contest, code: str) -> str:
    """How the process of a unit's project stands."""
    sql = "select status from instance where subject_unit_id = :id and process_key = 'innovation_project'"
    return str(contest.city.scalar(sql, id=contest.unit_id(code)))


def test_the_formal_check_sends_an_application_back_with_its_reasons(contest: Contest) -> None:
    contest.apply("u20", blind_summary="市旅委的做法：把景区预约并到一个平台，全市通用。", cost=None)
    assert contest.city.elements("u20.liaison") == ["apply"]
    problems = contest.shown("u20.liaison", "apply")["problems"]
    assert problems == [
        "题目或匿名简介里出现了单位名称：市旅委，请删去",
        "请填写经费概算（没有经费写 0）：创新项目要认真进行成本核算",
    ]
    contest.apply("u20")
    contest.admit("u20")
    assert contest.city.scalar("select state from innovation_project") == "admitted"


def test_a_partner_that_refuses_returns_the_application(contest: Contest) -> None:
    partners = [contest.unit_id("u39"), contest.unit_id("u13")]
    contest.apply("u20", way="joint", partners=partners)
    contest.do("u39.head", "cosign", outcome="approve")
    assert contest.city.elements("u20.liaison") == []
    contest.do("u13.head", "cosign", outcome="refuse", opinion="职责不在我局")
    assert contest.city.elements("u20.liaison") == ["apply"]
    contest.apply("u20", way="joint", partners=partners[:1])
    contest.do("u39.head", "cosign", outcome="approve")
    contest.admit("u20")


def test_a_partner_that_does_not_sign_in_time_counts_as_no(contest: Contest) -> None:
    contest.apply("u20", way="joint", partners=[contest.unit_id("u39")])
    contest.pass_time(9)
    assert contest.city.elements("u39.head") == []
    assert contest.city.elements("u20.liaison") == ["apply"]


def test_one_that_applies_in_no_way_is_told_what_is_missing(contest: Contest) -> None:
    with pytest.raises(Invalid) as refused:
        contest.do(
            "u20.liaison", "apply", outcome="submit", **contest.application("u20", title="", topic=None)
        )
    assert {error.field for error in refused.value.errors} == {"title", "topic"}


def test_units_that_decline_or_are_late_end_and_without_projects_the_year_ends(contest: Contest) -> None:
    contest.do("u20.liaison", "apply", outcome="none")
    assert state(contest, "u20") == "completed"
    contest.pass_time(35)
    assert state(contest, "u13") == "completed"
    assert contest.city.elements("u13.liaison") == []
    assert contest.city.scalar("select count(*) from instance where status = 'running'") == 0


def test_an_application_may_be_refused_for_good(contest: Contest) -> None:
    contest.apply("u20")
    contest.do("office.staff", "admit", outcome="refuse", opinion="与去年的项目相同")
    assert contest.city.scalar("select state from innovation_project") == "refused"
    assert state(contest, "u20") == "completed"


def test_the_anonymous_report_may_not_name_the_unit(contest: Contest) -> None:
    contest.apply("u20")
    contest.admit("u20")
    contest.pass_time(270)
    with pytest.raises(Invalid) as refused:
        contest.do(
            "u20.liaison", "closing", report="完成", blind_report="市旅委办结时间从七天减到一天。", spent="1",
            files=[], blind_files=[],
        )  # fmt: skip
    assert [error.field for error in refused.value.errors] == ["blind_report"]
