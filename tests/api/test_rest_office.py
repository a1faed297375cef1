"""The office by REST: following a year, reminding, mending, giving values; and the public's comments."""

from datetime import timedelta

from engine.ids import new_id
from engine.store import insert_rows
from processes.planning.steps import open_plans
from tests.api.conftest import PASSWORD, Browse
from tests.databases import ON_SQLITE
from tests.processes.city import City

API = "/api/v1"


def test_the_office_starts_a_year_once_follows_it_and_reminds_who_is_late(city: City, visit: Browse) -> None:
    office, cycle = visit("office.staff"), f"{API}/cycles/{city.demo.cycles[2018]}"
    assert office.get(f"{cycle}/overview").json()["may_plan"] is True
    city.start("U20", "U39")
    overview = office.get(f"{cycle}/overview").json()
    assert (overview["may_plan"], overview["next_year"], overview["cycle"]["year"]) == (False, 2019, 2018)
    open_now = {step["step"]: step["open"] for step in overview["steps"]}
    assert sum(open_now.values()) == len(office.get(f"{cycle}/open-items").json()["items"]) >= 2
    assert {"市旅委"} <= {unit["name"] for unit in overview["units"]}
    assert office.get(f"{cycle}/open-items", params={"late": True}).json()["items"] == []
    city.clock.advance(timedelta(days=60))
    late = office.get(f"{cycle}/open-items", params={"late": True}).json()["items"]
    assert {one["late"] for one in late} == {True}
    mine = next(one for one in late if one["subject"] == "市旅委")
    assert office.post(f"{cycle}/reminders", json={"items": [mine["id"]]}).json() == {
        "reminded": 1, "left_alone": 0,
    }  # fmt: skip
    rest = office.post(f"{cycle}/reminders", json={"all_late": True}).json()
    assert rest == {"reminded": len(late) - 1, "left_alone": 0}
    assert office.post(f"{cycle}/reminders", json={"all_late": True}).json()["reminded"] == 0
    twice = office.post(f"{cycle}/reminders", json={"items": [mine["id"]]}).json()
    assert twice == {"reminded": 0, "left_alone": 1}
    for unknown in ("zzz", "01a20298-ebd6-70b4-8eaf-ace555c1c5b6"):
        answer = office.post(f"{cycle}/reminders", json={"items": [mine["id"], unknown]})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), "nobody was urged silently"


@ON_SQLITE
def test_what_a_program_sends_wrong_is_told_in_chinese(city: City, visit: Browse) -> None:
    """The shapes answered in pydantic's English, and a bad cursor of the notices was taken for the end."""
    office = visit("office.staff")
    sent = office.post(f"{API}/cycles", json={"year": "x"})
    assert [(one["field"], one["message"]) for one in sent.json()["errors"]] == [("year", "这里应是整数。")]
    nothing = office.post(f"{API}/cycles", json={})
    assert [one["message"] for one in nothing.json()["errors"]] == ["这一项必须填写。"]
    many = office.get(f"{API}/notices", params={"limit": 9999})
    assert [one["message"] for one in many.json()["errors"]] == ["不能大于 200。"]
    strange = office.get(f"{API}/notices", params={"after": "zzz"})
    assert (strange.status_code, strange.json()["code"]) == (422, "bad_cursor")
    broken = office.post(f"{API}/cycles", content="{", headers={"content-type": "application/json"})
    assert [one["message"] for one in broken.json()["errors"]] == ["请求的内容不是 JSON，或 JSON 不完整。"]


def test_notices_are_read_page_by_page_and_marked_read(city: City, visit: Browse) -> None:
    city.start("U20")
    item = city.inbox("u20.liaison")[0]
    office, liaison = visit("office.staff"), visit("u20.liaison")
    unread = liaison.get(f"{API}/notices/unread").json()["count"]
    assert office.post(f"{API}/work-items/{item.item_id}/urge", json={"version": 1}).status_code == 200
    assert liaison.get(f"{API}/notices/unread").json()["count"] == unread + 1
    newest = liaison.get(f"{API}/notices", params={"limit": 1}).json()
    assert (newest["items"][0]["kind"], newest["items"][0]["unread"]) == ("urge", True)
    assert "催办" in newest["items"][0]["sentence"]
    found = list(newest["items"])
    while newest["next"]:
        newest = liaison.get(f"{API}/notices", params={"limit": 1, "after": newest["next"]}).json()
        found += newest["items"]
    everything = liaison.get(f"{API}/notices").json()
    assert [one["id"] for one in found] == [one["id"] for one in everything["items"]]
    assert liaison.post(f"{API}/notices/read").json()["count"] == unread + 1
    assert liaison.get(f"{API}/notices/unread").json()["count"] == 0
    assert {one["unread"] for one in liaison.get(f"{API}/notices").json()["items"]} == {False}


def test_the_next_year_is_opened_once(city: City, visit: Browse) -> None:
    office = visit("office.staff")
    made = office.post(f"{API}/cycles", json={"year": 2019})
    assert (made.status_code, made.json()["year"], made.json()["state"]) == (201, 2019, "planning")
    again = office.post(f"{API}/cycles", json={"year": 2019})
    assert (again.status_code, again.json()["code"]) == (409, "year")
    assert office.get(f"{API}/cycles").json()["items"][0]["id"] == made.json()["id"]
    assert visit("u20.head").post(f"{API}/cycles", json={"year": 2020}).status_code == 403


@ON_SQLITE
def test_a_value_that_was_waited_for_is_given_and_waits_no_more(city: City, visit: Browse) -> None:
    office = visit("office.staff")
    waiting = office.get(f"{API}/targets").json()["items"]
    target = next(one for one in waiting if one["code"] == "KPI03")
    (missing,) = target["missing"]
    one = f"{API}/targets/{target['id']}"
    assert office.get(one).json()["unit_id"] == city.demo.units["市发改委"] == target["unit_id"]
    wrong = office.post(f"{one}/assign", json={"figures": {missing["id"]: "viel"}, "document": "x"})
    assert [error["field"] for error in wrong.json()["errors"]] == [f"figures.{missing['id']}"]
    sent = {"figures": {missing["id"]: "4500"}, "document": "浙发改〔2018〕12 号"}
    assert office.post(f"{one}/assign", json=sent).status_code == 202
    city.engine.drain()
    left = {one["id"] for one in office.get(f"{API}/targets").json()["items"]}
    assert target["id"] not in left
    assert len(left) == len(waiting) - 1
    assert visit("u20.head").get(f"{API}/targets").status_code == 403


def test_what_has_stopped_is_listed_and_runs_on(city: City, visit: Browse) -> None:
    city.start("U20")
    item, office = city.inbox("u20.liaison")[0], visit("office.staff")
    incident = {
        "id": new_id(), "cycle_id": city.demo.cycles[2018], "assessor_id": city.demo.assessor_id,
        "instance_id": item.instance_id, "element_id": item.element_id, "kind": "diagram", "message": "停了",
        "raised_at": city.clock.now(), "resolution": "",
    }  # fmt: skip
    with city.engine.database.write() as connection:
        insert_rows(connection, "incident", [incident])
    listing = f"{API}/cycles/{city.demo.cycles[2018]}/incidents"
    (found,) = office.get(listing).json()["items"]
    assert (found["id"], found["message"], found["subject"]) == (incident["id"], "停了", "市旅委")
    retry = f"{API}/incidents/{found['id']}/retry"
    assert visit("u20.head").post(retry).status_code == 403
    assert office.post(retry).json()["open"] is False
    assert office.post(retry).status_code == 404
    assert office.get(listing).json()["items"] == []


@ON_SQLITE
def test_who_reviews_all_units_reads_their_plans(city: City, visit: Browse) -> None:
    city.start("U20")
    path = f"{API}/cycles/{city.demo.cycles[2018]}/plans"
    plans = visit("review.finance").get(path).json()["items"]
    assert {"市旅委"} <= {one["name"] for one in plans}
    assert visit("u20.head").get(path).status_code == 403


def test_the_public_comments_without_a_log_in_and_only_while_it_is_asked(city: City, visit: Browse) -> None:
    citizen, unit = visit(""), city.demo.units["市旅委"]
    current = f"{API}/public/consultations/current"
    assert citizen.get(current).json()["code"] == "not_found"
    row = {
        "id": new_id(), "cycle_id": city.demo.cycles[2018], "opened_at": city.clock.now(),
        "closes_on": (city.clock.now() + timedelta(days=15)).date(), "state": "open", "instance_id": new_id(),
    }  # fmt: skip
    with city.engine.database.write() as connection:
        open_plans(connection, city.demo.cycles[2018], [unit])
        insert_rows(connection, "consultation", [row])
    seen = citizen.get(current).json()
    assert (seen["id"], seen["year"], seen["open"], seen["comments"]) == (row["id"], 2018, True, [])
    (own,) = [one for one in seen["units"] if one["name"] == "市旅委"]
    assert len(own["targets"]) > 1
    path = f"{API}/public/consultations/{row['id']}/comments"
    taken = citizen.post(path, json={"text": "厕所要多一些", "name": "老王", "unit_id": unit})
    assert taken.status_code == 201
    (kept,) = city.rows("select id, text, name, unit_id from consultation_comment")
    assert (kept["id"], kept["text"], kept["unit_id"]) == (taken.json()["id"], "厕所要多一些", unit)
    assert citizen.get(current).json()["comments"] == [], "unanswered comments are not shown"
    long = citizen.post(path, json={"text": "字" * 2001})
    assert (long.status_code, long.json()["errors"][0]["field"]) == (422, "text")
    assert citizen.post(path, json={"text": "x" * 70_000}).status_code == 413
    answers = [citizen.post(path, json={"text": f"意见 {n}"}).status_code for n in range(10)]
    assert answers == [201] * 8 + [429] * 2
    city.clock.advance(timedelta(days=60))
    assert citizen.get(current).status_code == 404
    assert citizen.get(f"{API}/public/consultations/{row['id']}").json()["open"] is False


@ON_SQLITE
def test_ones_own_password_needs_oneself_and_ends_everything_else(visit: Browse) -> None:
    liaison, elsewhere = visit("u20.liaison"), visit("u20.liaison")
    sessions = liaison.get(f"{API}/me/sessions").json()["items"]
    assert sorted(one["current"] for one in sessions) == [False, True]
    token = liaison.post(f"{API}/tokens", json={"name": "t", "days": 1}).json()["token"]
    program = visit("")
    program.headers["authorization"] = f"Bearer {token}"
    new = "另一句记得住的话 2018"
    refused = program.put(f"{API}/me/password", json={"current": PASSWORD, "new": new})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    wrong = liaison.put(f"{API}/me/password", json={"current": "falsch", "new": new})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "current")
    assert liaison.put(f"{API}/me/password", json={"current": PASSWORD, "new": new}).status_code == 204
    assert liaison.get(f"{API}/me").status_code == 200
    assert elsewhere.get(f"{API}/me").status_code == 401
    assert program.get(f"{API}/me").status_code == 401
    assert liaison.post(f"{API}/me/sessions/end").status_code == 204
    assert liaison.get(f"{API}/me").status_code == 401


@ON_SQLITE
def test_a_program_downloads_a_diagram_and_reads_its_versions(visit: Browse) -> None:
    designer = visit("designer")
    (line,) = designer.get(f"{API}/processes/plan_setting").json()["items"]
    assert (line["version"], line["running"]) == (1, 0)
    file = visit("u20.liaison").get(f"{API}/definitions/{line['id']}/diagram")
    assert file.headers["content-type"] == "application/xml"
    assert b"plan_setting" in file.content
    assert designer.get(f"{API}/processes/nonsense").status_code == 404
