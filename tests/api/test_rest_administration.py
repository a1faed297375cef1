"""Administering people, units, divisions and the calendar by REST: by the rules of the pages."""

from datetime import timedelta
from io import BytesIO

import xlsxwriter
from fastapi.testclient import TestClient
from httpx import Response

from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.processes.city import City

API = "/api/v1"


@ON_SQLITE
def test_an_account_is_opened_changed_put_on_posts_and_shut(city: City, visit: Browse) -> None:
    admin, unit = visit("admin.system"), city.demo.units["市旅委"]
    made = admin.post(
        f"{API}/people", json={"login": "li.si", "name": "李四", "unit_id": unit, "post": "liaison"}
    )
    assert made.status_code == 201, made.text
    one = f"{API}/people/{made.json()['id']}"
    entered = visit("").post("/login", data={"login": "li.si", "password": made.json()["one_time_password"]})
    assert entered.headers["location"] == "/password"
    taken = admin.post(
        f"{API}/people", json={"login": "li.si", "name": "李思", "unit_id": unit, "post": "liaison"}
    )
    assert (taken.status_code, taken.json()["code"]) == (422, "login_taken")
    assert [error["field"] for error in taken.json()["errors"]] == ["login"]
    changed = admin.patch(one, json={"phone": "87654321"}).json()
    assert (changed["name"], changed["phone"], changed["must_change_password"]) == ("李四", "87654321", True)
    assert [held["post"] for held in changed["posts"]] == ["liaison"]
    held = admin.post(f"{one}/posts", json={"unit_id": unit, "post": "deputy", "until_on": "2018-06-30"})
    assert (held.status_code, held.json()["until_on"], held.json()["primary"]) == (201, "2018-06-30", False)
    assert admin.post(f"{one}/posts/{held.json()['id']}/end").status_code == 204
    assert admin.post(f"{one}/posts/{city.people['u20.head']}/end").status_code == 404
    assert len(admin.post(f"{one}/reset").json()["one_time_password"]) >= 10
    assert admin.put(f"{one}/active", json={"active": False}).json()["active"] is False
    (found,) = admin.get(f"{API}/people", params={"search": "李四"}).json()["items"]
    assert (found["active"], found["seats"][0]) == (False, "市旅委 · 联络员")


@ON_SQLITE
def test_whom_the_pages_keep_apart_rest_keeps_apart(city: City, visit: Browse) -> None:
    system, guard = visit("admin.system"), city.people["admin.security"]
    assert system.post(f"{API}/people/{guard}/reset").status_code == 403
    assert system.put(f"{API}/people/{guard}/active", json={"active": False}).status_code == 403
    own = f"{API}/people/{city.people['admin.system']}"
    assert system.post(f"{own}/reset").json()["code"] == "own_account"
    (seat,) = system.get(own).json()["posts"]
    office = seat["unit_id"]
    refused = system.post(f"{own}/posts", json={"unit_id": office, "post": "office.staff"})
    assert (refused.status_code, refused.json()["code"]) == (422, "own_post")
    person = f"{API}/people/{city.people['u20.liaison']}"
    assert system.post(f"{person}/posts", json={"unit_id": office, "post": "admin.audit"}).status_code == 403
    assert visit("office.staff").patch(person, json={"name": "别人"}).status_code in (403, 404)


def test_lists_are_read_to_their_end_without_gap_or_repeat(city: City, visit: Browse) -> None:
    admin = visit("admin.system")
    assert len(_all(admin, "/people", limit=150)) == len(set(_all(admin, "/people", limit=200))) > 150
    units = _all(admin, "/units", limit=40)
    assert len(units) == len(set(units)) > 40
    assert set(city.demo.units.values()) <= set(units)


@ON_SQLITE
def test_a_unit_is_added_renamed_and_found_by_its_names(city: City, visit: Browse) -> None:
    admin, above = visit("admin.system"), city.demo.assessor_id
    sent = {
        "code": "U90",
        "name": "市大数据局",
        "kind": "municipal",
        "parent_id": above,
        "aliases": ["数据局"],
    }
    made = admin.post(f"{API}/units", json=sent)
    assert made.status_code == 201, made.text
    unit = f"{API}/units/{made.json()['id']}"
    again = admin.post(f"{API}/units", json=sent)
    assert (again.status_code, again.json()["code"]) == (422, "code_taken")
    renamed = admin.patch(unit, json={"name": "市数字局"})
    assert renamed.status_code == 200, renamed.text
    assert {(one["alias"], one["kind"]) for one in renamed.json()["aliases"]} == {
        ("市数字局", "name"), ("市大数据局", "former"), ("数据局", "other"),
    }  # fmt: skip
    more = admin.post(f"{unit}/aliases", json={"alias": "大数据"}).json()
    ids = {one["alias"]: one["id"] for one in more["aliases"]}
    assert admin.delete(f"{unit}/aliases/{ids['大数据']}").status_code == 204
    assert admin.delete(f"{unit}/aliases/{ids['大数据']}").status_code == 404
    assert admin.delete(f"{unit}/aliases/{ids['市数字局']}").json()["code"] == "alias_is_name"
    taken = admin.post(f"{unit}/aliases", json={"alias": "市旅委"})
    assert (taken.status_code, taken.json()["code"]) == (422, "name_taken")
    assert "大数据" not in {one["alias"] for one in admin.get(unit).json()["aliases"]}


def test_the_tree_is_read_and_changed_but_never_becomes_a_circle(city: City, visit: Browse) -> None:
    admin, unit = visit("admin.system"), city.demo.units["市旅委"]
    tree = admin.get(f"{API}/units/{unit}/tree").json()["items"]
    assert tree[0]["id"] == unit
    assert {one["kind"] for one in tree[1:]} == {"division"}
    assert {one["parent_id"] for one in tree[1:]} == {unit}
    circle = admin.patch(f"{API}/units/{unit}", json={"parent_id": tree[1]["id"]})
    assert circle.status_code == 422
    other = city.demo.units["市环保局"]
    assert admin.patch(f"{API}/units/{unit}", json={"parent_id": other}).json()["parent_id"] == other
    assert unit in {one["id"] for one in admin.get(f"{API}/units/{other}/tree").json()["items"]}


@ON_SQLITE
def test_a_division_is_made_filled_emptied_and_ended(city: City, visit: Browse) -> None:
    admin, unit = visit("admin.system"), city.demo.units["市旅委"]
    path = f"{API}/units/{unit}/divisions"
    made = admin.post(path, json={"name": "智慧旅游处"})
    assert (made.status_code, made.json()["full_name"], made.json()["people"]) == (
        201,
        "市旅委智慧旅游处",
        [],
    )
    division = f"{path}/{made.json()['id']}"
    assert admin.post(path, json={"name": "智慧旅游处"}).status_code == 422
    assert admin.patch(division, json={"name": "数字旅游处"}).json()["name"] == "数字旅游处"
    filled = admin.post(f"{division}/people", json={"user_id": city.people["u20.liaison"]})
    (seat,) = filled.json()["people"]
    assert (filled.status_code, seat["user_id"]) == (201, city.people["u20.liaison"])
    stranger = admin.post(f"{division}/people", json={"user_id": city.people["u39.liaison"]})
    assert stranger.status_code == 422
    assert admin.post(f"{division}/people/{seat['id']}/end").status_code == 204
    assert admin.post(f"{division}/end").status_code == 204
    assert visit("u20.liaison").post(f"{division}/end").status_code in (403, 404)
    city.clock.advance(timedelta(days=3))
    again = admin.post(f"{division}/end")
    assert (again.status_code, again.json()["code"]) == (422, "division_ended")
    acts = visit("admin.audit").get(f"{API}/audit").json()["items"]
    assert [one["act"] for one in acts if one["subject"] == "市旅委数字旅游处"] == ["end_unit"]
    assert {one["note"] for one in acts if one["act"] == "appoint"} == {"市旅委数字旅游处 · 责任处室"}
    (ended,) = [one for one in admin.get(path).json()["items"] if one["id"] == made.json()["id"]]
    assert ended["valid_until_on"] == "2018-01-31"


def test_an_import_names_every_wrong_cell_and_then_does_all_of_it(city: City, visit: Browse) -> None:
    admin = visit("admin.system")
    template = admin.get(f"{API}/people/import/template.xlsx")
    assert template.content.startswith(b"PK")
    before = len(_all(admin, "/people", limit=200))
    wrong = _import(
        admin, ["daoru", "导入人", "市旅委", "liaison"], ["daoru2", "第二人", "没有的单位", "liaison"]
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "import_refused")
    assert [error["field"] for error in wrong.json()["errors"]] == ["人员.3.单位"]
    assert len(_all(admin, "/people", limit=200)) == before
    done = _import(admin, ["daoru", "导入人", "市旅委", "liaison"]).json()
    assert [(one["login"], one["name"]) for one in done["people_added"]] == [("daoru", "导入人")]
    assert done["appointments"] == 1
    again = _import(admin, ["daoru", "导入人", "市旅委", "liaison"]).json()
    assert (again["people_added"], again["appointments"]) == ([], 0)


def test_a_day_is_changed_by_who_keeps_the_calendar_and_everybody_reads_it(visit: Browse) -> None:
    admin, liaison = visit("admin.system"), visit("u20.liaison")
    before = liaison.get(f"{API}/calendar/2018").json()
    assert (before["known"], len(before["working_days"])) == (True, 12)
    day = f"{API}/calendar/days/2018-05-12"
    assert liaison.put(day, json={"kind": "workday"}).status_code == 403
    assert admin.put(day, json={"kind": "workday", "name": "防汛"}).status_code == 204
    after = liaison.get(f"{API}/calendar/2018").json()
    assert {"on": "2018-05-12", "works": True, "name": "防汛"} in after["days"]
    assert after["working_days"][4] == before["working_days"][4] + 1
    assert admin.put(day, json={"kind": "weekday"}).status_code == 204
    assert liaison.get(f"{API}/calendar/2018").json() == before
    assert admin.get(f"{API}/calendar/1999").status_code == 404
    assert admin.put(f"{API}/calendar/days/nonsense", json={"kind": "workday"}).status_code in (404, 422)
    assert admin.post(f"{API}/calendar/2031/holidays").json()["known"] is False
    assert admin.post(f"{API}/calendar/2031/confirm").json()["known"] is True


@ON_SQLITE
def test_the_posts_say_what_they_may_do_and_how_many_hold_them(visit: Browse) -> None:
    posts = {one["key"]: one for one in visit("admin.security").get(f"{API}/posts").json()["items"]}
    assert posts["office.staff"]["holders"] == 1
    assert posts["division"]["holders"] > 40
    assert "manage_people" in {grant["act"] for grant in posts["admin.system"]["grants"]}


def test_what_administrators_did_is_read_page_by_page_by_the_auditor_alone(city: City, visit: Browse) -> None:
    admin, person = visit("admin.system"), f"{API}/people/{city.people['u20.liaison']}"
    for phone in ("81111111", "82222222", "83333333"):
        assert admin.patch(person, json={"phone": phone}).status_code == 200
    auditor = visit("admin.audit")
    first = auditor.get(f"{API}/audit", params={"limit": 2}).json()
    assert [one["act"] for one in first["items"]] == ["change", "change"]
    assert {one["actor_id"] for one in first["items"]} == {city.people["admin.system"]}
    assert first["broken"] is None
    second = auditor.get(f"{API}/audit", params={"limit": 2, "after": first["next"]}).json()
    assert second["items"][0]["number"] == first["items"][1]["number"] - 1
    assert admin.get(f"{API}/audit").status_code == 403


def _all(client: TestClient, path: str, *, limit: int) -> list[str]:
    found, after = [], ""
    while after is not None:
        answer = client.get(f"{API}{path}", params={"limit": limit, "after": after}).json()
        found += [one["id"] for one in answer["items"]]
        after = answer["next"]
    return found


def _import(client: TestClient, *lines: list[str]) -> Response:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("人员")
        for number, line in enumerate([["登录名", "姓名", "单位", "岗位"], *lines]):
            sheet.write_row(number, 0, line)
    answer: Response = client.post(f"{API}/people/import", files={"file": ("people.xlsx", target.getvalue())})
    return answer
