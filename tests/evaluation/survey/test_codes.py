"""Codes: once only, for the open window only, and not to be guessed; sheets sent twice count once."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from processes.evaluation.ballots import casting
from processes.evaluation.ballots.proofs import new_sheet
from processes.evaluation.survey.answering import SheetRefused
from tests.evaluation.survey.city import SurveyCity
from tests.evaluation.survey.desk import site

UNIT, OTHER = "市旅委", "市环保局"


@pytest.fixture
def open_city(city: SurveyCity) -> SurveyCity:
    """The city with its survey open."""
    return opened(city)


@pytest.fixture
def sqlite_open(sqlite_city: SurveyCity) -> SurveyCity:
    """The same on SQLite only."""
    return opened(sqlite_city)


def opened(city: SurveyCity) -> SurveyCity:
    city.begin_survey([UNIT, OTHER])
    city.plan_survey([("市民代表", 60, 20), ("企业代表", 40, 20)])
    city.codes(1, 1), city.codes(2, 1)
    city.open_survey()
    return city


def ballots(city: SurveyCity) -> int:
    return int(city.scalar("select count(*) from ballot"))


def test_a_code_is_taken_once(open_city: SurveyCity) -> None:
    [code] = open_city.codes(1, 1)
    open_city.answer(code, {UNIT: "1", OTHER: "unknown"})
    with pytest.raises(SheetRefused, match="已经用过") as refused:
        open_city.answer(code, {UNIT: "5"})
    assert refused.value.code == "used"
    assert ballots(open_city) == 2


def test_the_same_sheet_sent_again_counts_once(open_city: SurveyCity) -> None:
    [code] = open_city.codes(1, 1)
    sheet = open_city.answer(code, {UNIT: "1"}, opinions=[("", "再快一点")])
    open_city.answer(code.lower().replace("-", " "), {UNIT: "1"}, secret=sheet, opinions=[("", "再快一点")])
    assert ballots(open_city) == 1
    assert open_city.scalar("select count(*) from survey_opinion") == 1


def test_a_sheet_that_broke_after_its_code_was_spent_is_neither_lost_nor_doubled(
    open_city: SurveyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    [code] = open_city.codes(1, 1)
    sheet = new_sheet()

    def broken(*_: object) -> None:
        raise OperationalError("insert into ballot values ('secret')", {}, Exception("disk full"))

    with monkeypatch.context() as patched:
        patched.setattr(casting, "_store", broken)
        with pytest.raises(SheetRefused, match="再按一次") as refused:
            open_city.answer(code, {UNIT: "2"}, secret=sheet)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert ballots(open_city) == 0
    open_city.answer(code, {UNIT: "2"}, secret=sheet)
    open_city.answer(code, {UNIT: "2"}, secret=sheet)
    assert ballots(open_city) == 1
    assert open_city.scalar("select count(*) from spent_code") == 1


def test_two_people_with_one_code_are_one_answer(sqlite_open: SurveyCity) -> None:
    [code] = sqlite_open.codes(1, 1)
    sqlite_open.answer(code, {UNIT: "1"}, secret=new_sheet())
    with pytest.raises(SheetRefused):
        sqlite_open.answer(code, {UNIT: "1"}, secret=new_sheet())


@pytest.mark.parametrize(
    ("marks", "more", "code"),
    [
        ({}, {}, "empty"),
        ({UNIT: "6"}, {}, "mark"),
        ({UNIT: "0"}, {}, "mark"),
        ({"市发改委": "1"}, {}, "mark"),
        ({}, {"opinions": [("", "长" * 501)]}, "long"),
        ({}, {"opinions": [("no-such-unit", "好")]}, "mark"),
        ({UNIT: "1"}, {"secret": "short"}, "broken"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused_and_its_code_stays_good(
    sqlite_open: SurveyCity, marks: dict[str, str], more: dict[str, object], code: str
) -> None:
    [printed] = sqlite_open.codes(1, 1)
    with pytest.raises(SheetRefused) as refused:
        sqlite_open.answer(printed, marks, **more)
    assert refused.value.code == code
    sqlite_open.answer(printed, {UNIT: "1"})
    assert ballots(sqlite_open) == 1


def test_before_the_first_day_and_after_the_last_nothing_is_taken(sqlite_city: SurveyCity) -> None:
    city = sqlite_city
    city.begin_survey([UNIT])
    city.plan_survey([("市民代表", 100, 20)])
    [code] = city.codes(1, 1)
    with pytest.raises(SheetRefused, match="2018-12-01 以后") as early:
        city.answer(code, {UNIT: "1"})
    assert early.value.code == "early"
    city.open_survey()
    city.at(date(2018, 12, 31), hour=23)
    city.answer(code, {UNIT: "1"})
    [late] = city.codes(1, 1)
    city.close_survey()
    with pytest.raises(SheetRefused, match="截止") as closed:
        city.answer(late, {UNIT: "1"})
    assert closed.value.code == "closed"
    assert ballots(city) == 1


def test_wrong_codes_are_limited_and_right_ones_are_not(sqlite_open: SurveyCity, tmp_path: Path) -> None:
    wrong = {"code": "AAAA-BBBB-CCCC-DDDD"}
    good = sqlite_open.codes(1, 8)
    with site(sqlite_open, tmp_path, public_codes_per_hour=3) as desk:
        for code in good[:5]:
            assert desk.send(code, desk.open_sheet(code)["sheet"], {UNIT: "1"}).status_code == 204
        for _ in range(3):
            assert desk.client.post("/public/survey", data=wrong).status_code == 404
        assert desk.client.post("/public/survey", data=wrong).status_code == 429
        refused = desk.client.post("/api/v1/public/survey/questionnaire", json={"code": good[5]})
        assert refused.status_code == 429


def test_the_layers_code_sheets_must_be_made_before_they_are_said_to_be_handed_out(
    sqlite_city: SurveyCity,
) -> None:
    from engine.verbs.refusals import Invalid

    sqlite_city.begin_survey([UNIT])
    sqlite_city.plan_survey([("市民代表", 60, 20), ("企业代表", 40, 20)])
    sqlite_city.codes(1, 1)
    with pytest.raises(Invalid) as refused:
        sqlite_city.complete("survey.staff", "hand_out_codes")
    assert "企业代表" in refused.value.errors[0].message


def test_codes_are_found_in_capitals_and_small_letters_with_and_without_dashes(
    sqlite_open: SurveyCity,
) -> None:
    codes = sqlite_open.codes(2, 3)
    for code, typed in zip(
        codes, (codes[0].lower(), codes[1].replace("-", ""), f" {codes[2]} "), strict=True
    ):
        assert code
        sqlite_open.answer(typed, {UNIT: "1"})
    assert sqlite_open.scalar("select count(*) from ballot where layer = 2") == 3
