"""分办 to several divisions: each gets its own targets in its own inbox; the liaison waits for all."""

from collections.abc import Callable

import pytest

from tests.planning.city import City, Said
from tests.planning.unit_work import shared

UNIT = "市环保局"
CHOSEN = {"KPI08": "大气环境处", "KPI09": "大气环境处", "KPI10": "水环境处", "ST08": "水环境处"}
AIR, WATER = "u39.division2", "u39.division3"


@pytest.fixture
def city(small_city: City) -> City:
    """Planning has begun for three units; 市环保局 has four divisions with a person each."""
    return small_city


def ids_of(data: Said) -> dict[str, str]:
    """The offered divisions by name."""
    return {option["label"]: option["value"] for option in data["division_options"]}


def person_of(data: Said, division: str) -> str:
    """The one person offered for a division."""
    [found] = [one["value"] for one in data["person_options"] if one["label"].endswith(f"（{division}）")]
    return str(found)


def divide(chosen: dict[str, str], *functions: Said) -> Callable[[Said], Said]:
    """分办 by division names, with function indicators (their division by name too)."""

    def change(data: Said) -> Said:
        ids = ids_of(data)
        rows = [{**row, "division": ids[chosen[row["code"]]]} for row in data["targets"]]
        added = [{**one, "division": ids[one["division"]]} for one in functions]
        return {**data, "targets": rows, "functions": added}

    return change


def divided(city: City, *functions: Said) -> None:
    """市环保局's targets are with two of its divisions."""
    city.desk("u39.liaison").complete("assign_divisions", change=divide(CHOSEN, *functions))
    city.settle()


def test_each_division_gets_its_own_rows_and_the_liaison_waits_for_all(city: City) -> None:
    divided(city)
    liaison, air, water = (city.desk(login) for login in ("u39.liaison", AIR, WATER))
    assert city.desk("u39.division").waiting() == city.desk("u39.division4").waiting() == []
    rows = {desk.login: desk.task("fill_targets")["form"]["data"]["targets"] for desk in (air, water)}
    assert {login: [row["code"] for row in found] for login, found in rows.items()} == {
        AIR: ["KPI08", "KPI09"],
        WATER: ["KPI10", "ST08"],
    }
    air.complete("fill_targets", change=shared)
    city.settle()
    assert liaison.waiting() == []
    water.complete("fill_targets", change=shared)
    city.settle()
    told = {row["code"]: row["filled"] for row in liaison.task("collate_targets")["form"]["data"]["targets"]}
    names = {
        login: city.scalar("select name from user_account where login = :l", l=login)
        for login in (AIR, WATER)
    }
    day = city.clock.now().date().isoformat()
    assert told["KPI08"] == f"大气环境处，{names[AIR]} 于 {day} 填报"
    assert told["ST08"] == f"水环境处，{names[WATER]} 于 {day} 填报"


def test_a_sister_division_neither_sees_nor_does_the_task(city: City) -> None:
    divided(city)
    task = city.desk(AIR).task("fill_targets")
    body: Said = {"version": task["version"], "fields": shared(task["form"]["data"])}
    for login in (WATER, "u39.division", "u20.division"):
        sister = city.desk(login)
        assert sister.get(f"/work-items/{task['id']}").status_code == 404
        for verb in ("complete", "save_draft", "urge", "claim"):
            assert sister.attempt(task["id"], verb, body).status_code == 404, verb
        assert sister.get(f"/instances/{task['instance_id']}").status_code == 404
    assert city.desk(AIR).waiting() == ["fill_targets"]


def test_a_division_cannot_write_into_its_sisters_rows(city: City) -> None:
    divided(city)
    theirs = city.desk(WATER).task("fill_targets")["form"]["data"]["targets"]

    def smuggle(data: Said) -> Said:
        filled = shared(data)
        return {**filled, "targets": [*filled["targets"], *[{**row, "measures": "代填"} for row in theirs]]}

    task = city.desk(AIR).task("fill_targets")
    fields = smuggle(task["form"]["data"])
    city.desk(AIR).attempt(task["id"], "complete", {"version": task["version"], "fields": fields})
    assert city.scalar("select count(*) from target where measures = '代填'") == 0


def test_a_division_reads_only_its_own_targets_on_their_page(city: City) -> None:
    divided(city)
    air = city.desk(AIR)
    unit, own = city.unit_id(UNIT), city.unit_id(f"{UNIT}大气环境处")
    assert air.get(f"/units/{unit}/targets").status_code == 404
    assert [row["code"] for row in air.read(f"/units/{own}/targets")["items"]] == ["KPI08", "KPI09"]
    assert city.desk(WATER).get(f"/units/{own}/targets").status_code == 404


def test_the_person_in_charge_comes_from_the_division_or_is_written(city: City) -> None:
    liaison = city.desk("u39.liaison")
    data = liaison.task("assign_divisions")["form"]["data"]
    person = person_of(data, "大气环境处")

    def change(given: Said) -> Said:
        rows = divide(CHOSEN)(given)["targets"]
        named = [
            {**row, "person": person} if row["code"] == "KPI08" else {**row, "other": "吴工"} for row in rows
        ]
        return {**given, "targets": named}

    liaison.complete("assign_divisions", change=change)
    city.settle()
    rows = {row["code"]: row for row in city.desk(AIR).task("fill_targets")["form"]["data"]["targets"]}
    name = city.scalar("select name from user_account where login = :login", login=AIR)
    assert (rows["KPI08"]["responsible"], rows["KPI09"]["responsible"]) == (name, "吴工")


@pytest.mark.parametrize("hostile", ["sister unit", "its unit", "nothing", "person of another"])
def test_what_is_not_offered_cannot_be_chosen(city: City, hostile: str) -> None:
    liaison = city.desk("u39.liaison")
    task = liaison.task("assign_divisions")
    data = divide(CHOSEN)(task["form"]["data"])
    others = city.desk("u20.liaison").task("assign_divisions")["form"]["data"]
    bad = {
        "sister unit": {"division": ids_of(others)["规划发展处"]},
        "its unit": {"division": city.unit_id(UNIT)},
        "nothing": {"division": "x"},
        "person of another": {"person": person_of(data, "水环境处")},
    }[hostile]
    rows = [{**data["targets"][0], **bad}, *data["targets"][1:]]
    answer = liaison.attempt(
        task["id"], "complete", {"version": task["version"], "fields": {**data, "targets": rows}}
    )
    assert answer.status_code == 422, answer.text
    field = "person" if hostile.startswith("person") else "division"
    assert [error["field"] for error in answer.json()["errors"]] == [f"targets.0.{field}"]
    assert liaison.waiting() == ["assign_divisions"]


def test_a_division_that_ended_is_not_offered_and_an_open_form_cannot_choose_it(city: City) -> None:
    liaison, office = city.desk("u39.liaison"), city.desk("office.staff")
    before = liaison.task("assign_divisions")
    unit = city.unit_id(UNIT)
    ended = ids_of(before["form"]["data"])["水环境处"]
    assert office.post(f"/units/{unit}/divisions/{ended}/end", {}).status_code == 204
    city.settle()
    assert "水环境处" not in ids_of(liaison.task("assign_divisions")["form"]["data"])
    stale = {"version": before["version"], "fields": divide(CHOSEN)(before["form"]["data"])}
    answer = liaison.attempt(before["id"], "complete", stale)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {
        f"targets.{index}.division"
        for index, row in enumerate(before["form"]["data"]["targets"])
        if CHOSEN[row["code"]] == "水环境处"
    }


def test_a_unit_without_divisions_is_filled_in_by_its_liaison(city: City) -> None:
    liaison, office, unit = city.desk("u39.liaison"), city.desk("office.staff"), city.unit_id(UNIT)
    for division in office.read(f"/units/{unit}/divisions")["items"]:
        assert office.post(f"/units/{unit}/divisions/{division['id']}/end", {}).status_code == 204
    city.settle()
    data = liaison.task("assign_divisions")["form"]["data"]
    assert (data["divided"], list(ids_of(data))) == (False, ["联络员直接填报（不分处室）"])
    liaison.complete("assign_divisions", change=lambda given: given)
    assert liaison.waiting() == ["collate_targets"]
    liaison.complete("collate_targets", change=shared)
    assert city.desk("u39.deputy").waiting() == ["deputy_review"]


def test_function_indicators_go_to_divisions_too(city: City) -> None:
    divided(city, {"title": "水质监测能力", "division": "水环境处"})
    assert city.desk(AIR).task("fill_targets")["form"]["data"]["functions"] == []

    def fill(data: Said) -> Said:
        [row] = data["functions"]
        said = {
            "text": "新增监测点",
            "value": "12",
            "unit": "个",
            "responsible": "郑工",
            "measures": "分两批",
        }
        return {**shared(data), "functions": [{**row, **said, "title": "改名"}]}

    city.desk(WATER).complete("fill_targets", change=fill)
    city.desk(AIR).complete("fill_targets", change=shared)
    city.settle()
    [row] = city.desk("u39.liaison").task("collate_targets")["form"]["data"]["functions"]
    assert (row["title"], row["text"], row["value"], row["unit"]) == (
        "水质监测能力",
        "新增监测点",
        "12",
        "个",
    )
    assert row["filled"].startswith("水环境处，")


def test_who_may_change_divisions_is_asked_at_the_unit(city: City) -> None:
    unit, other = city.unit_id(UNIT), city.unit_id("市旅委")
    name = {"name": "法规处"}
    for login, status in (("u39.liaison", 403), ("u39.division", 404), ("u20.head", 404), ("designer", 404)):
        assert city.desk(login).post(f"/units/{unit}/divisions", name).status_code == status, login
    admin, office = city.desk("admin.system"), city.desk("office.staff")
    assert admin.post(f"/units/{unit}/divisions", name).status_code == 201
    assert office.post(f"/units/{unit}/divisions", name).status_code == 422
    own = office.read(f"/units/{unit}/divisions")["items"][0]
    assert office.post(f"/units/{other}/divisions/{own['id']}/end", {}).status_code == 404
    stranger = city.scalar("select id from user_account where login = 'u20.head'")
    put = office.post(f"/units/{unit}/divisions/{own['id']}/people", {"user_id": stranger})
    assert (put.status_code, put.json()["code"]) == (422, "not_of_unit")


def test_somebody_put_into_a_division_gets_its_work_at_once(city: City) -> None:
    divided(city)
    unit, office = city.unit_id(UNIT), city.desk("office.staff")
    air = next(one for one in office.read(f"/units/{unit}/divisions")["items"] if one["name"] == "大气环境处")
    deputy = city.scalar("select id from user_account where login = 'u39.deputy'")
    put = office.post(f"/units/{unit}/divisions/{air['id']}/people", {"user_id": deputy})
    assert put.status_code == 201, put.text
    city.settle()
    city.desk("u39.deputy").complete("fill_targets", change=shared)
    assert city.desk(AIR).waiting() == []
