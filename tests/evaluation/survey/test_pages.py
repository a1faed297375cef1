"""The pages of the survey, as people without JavaScript use them."""

import re
from datetime import date
from pathlib import Path

from tests.evaluation.survey.city import SurveyCity
from tests.evaluation.survey.desk import Site, site
from tests.evaluation.survey.test_leaders import begin, logins, turn

UNIT, OTHER = "市旅委", "市环保局"
HTML = {"accept": "text/html"}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def open_survey(city: SurveyCity) -> None:
    city.begin_survey([UNIT, OTHER])
    city.plan_survey([("市民代表", 60, 30), ("企业代表", 40, 30)])


def item_of(city: SurveyCity, login: str, element: str) -> str:
    return city.item(login, element).item_id


def test_a_citizen_types_a_code_answers_and_is_thanked(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    open_survey(city)
    [code] = city.codes(1, 1)
    city.codes(2, 1)
    city.open_survey()
    with site(city, tmp_path) as desk:
        client = desk.client
        assert "答题码" in client.get("/public/survey", headers=HTML).text
        sheet = client.post("/public/survey", data={"code": code.lower()}, headers=HTML)
        assert sheet.status_code == 200
        assert sheet.headers["cache-control"] == "no-store"
        assert sheet.text.count('type="radio"') == 2 * 6
        assert "<script" not in sheet.text.split("<form", 1)[1].split("</form>", 1)[0]
        mark = f"mark.{city.demo.units[UNIT]}"
        form = {"code": hidden(sheet.text, "code"), "sheet": hidden(sheet.text, "sheet")}
        empty = client.post("/public/survey/answers", data=form, headers=HTML)
        assert empty.status_code == 422
        assert "还没有作答" in empty.text
        assert hidden(empty.text, "sheet") == form["sheet"], "the same sheet comes back"
        wrong = client.post("/public/survey/answers", data={**form, mark: "9"}, headers=HTML)
        assert wrong.status_code == 422
        words = {"about.0": city.demo.units[OTHER], "opinion.0": "河道要再清"}
        done = client.post("/public/survey/answers", data={**form, mark: "2", **words}, headers=HTML)
        assert done.status_code == 200
        assert "答卷已经收到" in done.text
        used = client.post("/public/survey", data={"code": code}, headers=HTML)
        assert used.status_code == 409
        assert "已经用过了" in used.text
    assert city.rows("select unit_id, text from survey_opinion") == [
        {"unit_id": city.demo.units[OTHER], "text": "河道要再清"}
    ]


def test_statistics_prints_codes_once_and_never_more_than_planned(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    city = sqlite_city
    open_survey(city)
    with site(city, tmp_path) as desk:
        staff = {**desk.log_in("survey.staff"), **HTML}
        task = desk.client.get(f"/tasks/{item_of(city, 'survey.staff', 'hand_out_codes')}", headers=staff)
        assert f'href="/surveys/{city.survey_id}"' in task.text
        order = {"layer": "1", "many": "3"}
        sheet = desk.client.post(f"/surveys/{city.survey_id}/codes", data=order, headers=staff)
        codes = re.findall(r"<code>([A-Z2-9-]{19})</code>", sheet.text)
        assert len(set(codes)) == 3
        page = desk.client.get(f"/surveys/{city.survey_id}", headers=staff).text
        assert not any(code in page for code in codes)
        too_many = desk.client.post(
            f"/surveys/{city.survey_id}/codes", data={"layer": "1", "many": "28"}, headers=staff
        )
        assert too_many.status_code == 422
        assert "还可以生成 27 个" in too_many.text
        nowhere = desk.client.post(
            f"/surveys/{city.survey_id}/codes", data={"layer": "7", "many": "1"}, headers=staff
        )
        assert nowhere.status_code == 422


def test_who_may_not_organise_makes_no_codes_and_strangers_see_nothing(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    city = sqlite_city
    open_survey(city)
    address, order = f"/api/v1/surveys/{city.survey_id}", {"layer": 1, "many": 1}
    with site(city, tmp_path) as desk:
        for login, status in {"office.reviewer": 403, "u13.division": 404, "admin.audit": 404}.items():
            headers = desk.log_in(login)
            answer = desk.client.post(f"{address}/codes", json=order, headers=headers)
            assert answer.status_code == status, login
            if status == 404:
                assert desk.client.get(address, headers=headers).status_code == 404, login
        assert desk.client.post(f"{address}/codes", json=order).status_code == 401
    assert city.scalar("select count(*) from issued_code") == 0


def test_the_office_starts_both_from_the_page_once_a_year(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    with site(city, tmp_path) as desk:
        office = {**desk.log_in("office.staff"), **HTML}
        page = desk.client.get(f"/surveys?cycle={city.cycle.id}", headers=office).text
        assert "发起满意度调查" in page
        assert "发起领导考评" in page
        for process in ("survey", "leader_evaluation"):
            form = {"cycle": city.cycle.id, "process": process}
            assert desk.client.post("/surveys/start", data=form, headers=office).status_code == 303
            assert desk.client.post("/surveys/start", data=form, headers=office).status_code == 409
        other = {"cycle": city.cycle.id, "process": "plan_setting"}
        assert desk.client.post("/surveys/start", data=other, headers=office).status_code == 422
        page = desk.client.get(f"/surveys?cycle={city.cycle.id}", headers=office).text
        assert 'value="survey"' not in page
        assert 'href="/surveys"' in page
        unit = {**desk.log_in("u20.liaison"), **HTML}
        assert 'href="/surveys"' not in desk.client.get("/inbox", headers=unit).text  # it may not open it
        staff = desk.log_in("survey.staff")
        form = {"cycle": city.cycle.id, "process": "survey"}
        assert desk.client.post("/surveys/start", data=form, headers=staff).status_code == 403
        city.engine.drain()
        assert "设计中" in desk.client.get(f"/surveys?cycle={city.cycle.id}", headers=office).text
    assert city.scalar("select count(*) from survey_unit") == city.scalar(
        "select count(*) from unit where assessed and assessor_id = :id", id=city.demo.assessor_id
    )


def test_results_are_shown_down_to_the_layer_and_small_ones_not(
    sqlite_city: SurveyCity, tmp_path: Path
) -> None:
    city = sqlite_city
    open_survey(city)
    city.codes(1, 1), city.codes(2, 1)
    city.open_survey()
    city.fill_layer(1, UNIT, (6, 1, 0, 0, 0))
    city.fill_layer(2, UNIT, (0, 0, 7, 0, 0))
    city.fill_layer(1, OTHER, (0, 0, 0, 0, 3))
    city.close_survey()
    with site(city, tmp_path) as desk:
        reader = desk.log_in("office.head")
        told = desk.client.get(f"/api/v1/surveys/{city.survey_id}", headers=reader).json()
        results = {unit["name"]: {row["layer"]: row for row in unit["results"]} for unit in told["units"]}
        assert results[UNIT][1]["counts"] == [6, 1, 0, 0, 0]
        assert results[OTHER][0] == {
            "layer": 0, "shown": False, "counts": None, "unknown": None,
            "rate": None, "score": None, "passed": None,
        }  # fmt: skip
        page = desk.client.get(f"/surveys/{city.survey_id}", headers={**reader, **HTML}).text
        assert "少于 5 份，不显示" in page
        assert "满意率 100.00%" in page
        assert [layer["spent"] for layer in told["layers"]] == [10, 7]


def test_a_leader_votes_on_a_page_that_the_task_leads_to(sqlite_city: SurveyCity, tmp_path: Path) -> None:
    city = sqlite_city
    begin(city, {login: [UNIT, OTHER] for login in logins()[:6]})
    own = turn(city, "city.leader")
    with site(city, tmp_path) as desk:
        leader = {**desk.log_in("city.leader"), **HTML}
        task = desk.client.get(f"/tasks/{item_of(city, 'city.leader', 'cast_ballot')}", headers=leader)
        assert f'href="/ballots/{own}"' in task.text
        sent = paper(desk, own, leader)
        first = f"mark.{city.demo.units[UNIT]}"
        half = desk.client.post(f"/ballots/{own}", data={**sent, first: "4"}, headers=leader)
        assert half.status_code == 422
        assert "请给“市环保局”打分" in half.text
        assert hidden(half.text, "sheet") == sent["sheet"]
        second = f"mark.{city.demo.units[OTHER]}"
        done = desk.client.post(
            f"/ballots/{own}", data={**sent, first: "4", second: "unknown"}, headers=leader
        )
        assert done.status_code == 303
        assert "已投" in desk.client.get(f"/ballots/{own}", headers=leader).text
    assert city.elements("city.leader") == []
    assert sorted(row["mark"] for row in city.rows("select mark from ballot")) == ["4", "unknown"]
    assert city.clock.now().date() == date(2018, 11, 1)


def paper(desk: Site, own: str, headers: dict[str, str]) -> dict[str, str]:
    page = desk.client.get(f"/ballots/{own}", headers=headers).text
    return {"sheet": hidden(page, "sheet")}
