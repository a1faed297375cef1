"""Who may not, what is over, what comes twice: each gets a clear answer and changes nothing."""

import pytest

from engine.ids import new_id
from tests.planning.city import City, Said
from tests.planning.unit_work import assign, collate, fill, lead, same


@pytest.fixture
def state(city: City) -> "Untouched":
    """What must stay as it is."""
    return Untouched(city)


class Untouched:
    """Counts of what a refused request could have changed."""

    def __init__(self, city: City) -> None:
        self._city = city
        city.desk("u20.liaison").task("assign_divisions")  # the first look marks the item as read
        self._before = self._now()

    def check(self) -> None:
        """Nothing was done."""
        assert self._now() == self._before

    def _now(self) -> list[object]:
        queries = (
            "select count(*) from work_event",
            "select count(*) from audit_entry",
            "select sum(lock_version) from work_item",
            "select count(*) from job",
        )
        return [self._city.scalar(query) for query in queries]


@pytest.mark.parametrize(
    "login", ["u39.liaison", "u39.head", "d01.liaison", "u20.division", "designer", "review.legal"]
)
def test_who_has_nothing_to_do_with_a_task_does_not_see_it(city: City, state: Untouched, login: str) -> None:
    task = city.desk("u20.liaison").task("assign_divisions")
    stranger = city.desk(login)
    body: Said = {"version": task["version"], "fields": task["form"]["data"]}
    assert stranger.get(f"/work-items/{task['id']}").status_code == 404
    for verb in ("complete", "claim", "unclaim", "return_to", "urge", "register_for", "save_draft"):
        answer = stranger.attempt(task["id"], verb, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), verb
    assert stranger.get(f"/instances/{task['instance_id']}").status_code == 404
    assert stranger.get(f"/instances/{task['instance_id']}/history").status_code == 404
    assert task["id"] not in [row["id"] for row in stranger.items()]
    state.check()


@pytest.mark.parametrize("login", ["u39.liaison", "u39.head", "designer", "admin.system"])
def test_another_units_targets_are_not_shown(city: City, login: str) -> None:
    answer = city.desk(login).get(f"/units/{city.unit_id('市旅委')}/targets")
    assert answer.status_code == 404


@pytest.mark.parametrize("login", ["u20.head", "u20.deputy", "office.staff", "supervision"])
def test_who_sees_a_task_but_does_not_hold_it_may_not_do_it(city: City, state: Untouched, login: str) -> None:
    task = city.desk("u20.liaison").task("assign_divisions")
    watcher = city.desk(login)
    shown = watcher.read(f"/work-items/{task['id']}")
    beside = {"urge", "urge_leader", *(["hand_over"] if login == "office.staff" else [])}
    assert set(shown["verbs"]) <= beside
    for verb in ("complete", "save_draft"):
        answer = watcher.attempt(
            task["id"], verb, {"version": task["version"], "fields": task["form"]["data"]}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), verb
    state.check()


def test_without_a_log_in_nothing_is_answered(city: City, state: Untouched) -> None:
    task = city.desk("u20.liaison").task("assign_divisions")
    for headers in ({}, {"authorization": "Bearer nonsense"}, {"cookie": "bihuan_session=nonsense"}):
        for path in ("/me", "/work-items", f"/work-items/{task['id']}", "/units", "/cycles"):
            answer = city.client.get(f"/api/v1{path}", headers=headers)
            assert answer.status_code == 401, path
        posted = city.client.post(
            f"/api/v1/work-items/{task['id']}/complete", json={"version": 1}, headers=headers
        )
        assert posted.status_code == 401
    state.check()


def test_a_program_works_with_a_token_until_it_is_revoked(city: City) -> None:
    liaison = city.desk("u20.liaison")
    made = liaison.post("/tokens", {"name": "报表", "days": 30})
    assert made.status_code == 201
    bearer = {"authorization": f"Bearer {made.json()['token']}"}
    rows = city.client.get("/api/v1/work-items", headers=bearer).json()["items"]
    assert [row["element"] for row in rows] == ["assign_divisions"]
    path = f"/api/v1/work-items/{rows[0]['id']}"
    data = city.client.get(path, headers=bearer).json()["form"]["data"]
    body = {"version": rows[0]["version"], "fields": data}
    assert city.client.post(f"{path}/complete", json=body, headers=bearer).status_code == 200
    [token] = liaison.read("/tokens")["items"]
    assert city.client.delete(f"/api/v1/tokens/{token['id']}", headers=liaison.headers).status_code == 204
    assert city.client.get("/api/v1/work-items", headers=bearer).status_code == 401


def test_a_closed_task_says_who_did_it(city: City) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    liaison.act("complete", task, fields=task["form"]["data"])
    name = liaison.read("/me")["name"]
    for answer in (
        liaison.get(f"/work-items/{task['id']}"),
        liaison.attempt(task["id"], "complete", {"version": task["version"]}),
        liaison.attempt(task["id"], "save_draft", {"version": task["version"]}),
        city.desk("office.staff").attempt(task["id"], "urge", {"version": task["version"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "closed")
        assert name in answer.json()["title"]
    assert city.desk("u39.liaison").get(f"/work-items/{task['id']}").status_code == 404


def test_a_submission_sent_twice_is_done_once(city: City) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    body = {"version": task["version"], "fields": task["form"]["data"]}
    key = {"idempotency-key": new_id()}
    first = liaison.attempt(task["id"], "complete", body, **key)
    again = liaison.attempt(task["id"], "complete", body, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = liaison.attempt(task["id"], "complete", {**body, "opinion": "另一件"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    without = liaison.attempt(task["id"], "complete", body)
    assert (without.status_code, without.json()["code"]) == (409, "closed")
    city.settle()
    assert city.scalar("select count(*) from work_event where item_id = :id", id=task["id"]) == 1
    assert city.desk("u20.division").waiting() == ["fill_targets"]


def test_a_page_that_is_out_of_date_is_refused(city: City, state: Untouched) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    body = {"version": task["version"] + 1, "fields": task["form"]["data"]}
    answer = liaison.attempt(task["id"], "complete", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    state.check()


def test_a_decision_of_a_body_is_registered_not_made_and_a_free_task_is_claimed_first(city: City) -> None:
    assign(city, "u20")
    city.settle()
    fill(city, "u20")
    city.settle()
    collate(city, "u20")
    lead(city, "u20")
    reviewer = city.desk("office.reviewer")
    free = reviewer.item("office_review", tab="claimable")
    early = reviewer.attempt(free["id"], "complete", {"version": free["version"], "outcome": "approve"})
    assert (early.status_code, early.json()["code"]) == (403, "not_allowed")
    reviewer.claim("office_review")
    task = reviewer.task("office_review")
    said: Said = {"version": task["version"], "outcome": "return", "opinion": " "}
    empty = reviewer.attempt(task["id"], "complete", said)
    assert [error["field"] for error in empty.json()["errors"]] == ["opinion"]
    unknown = reviewer.attempt(task["id"], "complete", {"version": task["version"], "outcome": "maybe"})
    assert [error["field"] for error in unknown.json()["errors"]] == ["outcome"]
    registered = reviewer.attempt(task["id"], "register_for", {"version": task["version"]})
    assert registered.status_code == 403
    assert reviewer.attempt(task["id"], "fly", {"version": task["version"]}).status_code == 404
    reviewer.act("unclaim", task)
    assert reviewer.waiting() == []
    reviewer.claim("office_review")
    reviewer.complete("office_review", outcome="approve")
    assert reviewer.waiting() == []


def test_what_is_missing_comes_back_by_field_with_the_draft_kept(city: City) -> None:
    assign(city, "u20")
    city.settle()
    division = city.desk("u20.division")
    task = division.task("fill_targets")
    draft = {"targets": [{**row, "measures": "半成品"} for row in task["form"]["data"]["targets"]]}
    division.act("save_draft", task, fields=draft)
    division.city.acts.pop()
    wrong = division.attempt(task["id"], "complete", {"version": task["version"], "fields": draft})
    assert wrong.status_code == 422
    fields = [error["field"] for error in wrong.json()["errors"]]
    assert fields == ["targets.0.responsible", "targets.1.responsible"]
    assert division.task("fill_targets")["draft"] == draft
    assert division.task("fill_targets")["form"]["data"]["targets"][0]["measures"] == ""
    fill(city, "u20")
    assert city.scalar("select count(*) from draft") == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": "eins"},
        {"version": 1, "fields": []},
        {"version": 1, "unknown": 1},
        {"version": 1, "fields": {"targets": "none"}, "outcome": "x" * 81},
    ],
)
def test_a_malformed_request_is_told_so(city: City, state: Untouched, body: Said) -> None:
    liaison = city.desk("u20.liaison")
    answer = liaison.attempt(liaison.item("assign_divisions")["id"], "complete", body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    state.check()


@pytest.mark.parametrize(
    "fields",
    [
        {"targets": "none"},
        {"targets": {"0": {}}},
        {"targets": [None, 1, "x", []]},
        {"targets": [{"id": {"a": 1}, "division": ["x"]}]},
        {"targets": [{"id": None}] * 3000},
        {"remark": {"deep": [[[[[]]]]]}},
    ],
)
def test_fields_of_any_shape_never_break_a_step(city: City, fields: Said) -> None:
    liaison = city.desk("u20.liaison")
    task = liaison.task("assign_divisions")
    answer = liaison.attempt(task["id"], "complete", {"version": task["version"], "fields": fields})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        liaison.complete("assign_divisions", change=same)
    city.settle()
    assert city.desk("u20.division").waiting() == ["fill_targets"]
    assert city.scalar("select count(*) from incident") == 0
