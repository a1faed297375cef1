"""Log-in, sessions, lock-out, tokens: who gets in, and who does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from engine.clock import VirtualClock
from engine.people.login import reset_password
from engine.people.passwords import Passwords
from tests.api.conftest import PASSWORD, Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World


@ON_SQLITE
def test_a_page_asks_for_log_in_and_comes_back_to_itself(browse: Browse) -> None:
    nobody = browse("")
    asked = nobody.get("/inbox?tab=done")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/login?next=%2Finbox%3Ftab%3Ddone"
    data = {"login": "ling", "password": PASSWORD, "next": "/inbox?tab=done"}
    assert nobody.post("/login", data=data).headers["location"] == "/inbox?tab=done"
    assert nobody.get("/inbox").status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_log_in_leads_to_no_other_site(browse: Browse, address: str) -> None:
    data = {"login": "ling", "password": PASSWORD, "next": address}
    assert browse("").post("/login", data=data).headers["location"] == "/inbox"


@ON_SQLITE
def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browse: Browse) -> None:
    answer = browse("").post("/login", data={"login": "ling", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@ON_SQLITE
def test_a_wrong_password_and_an_unknown_login_sound_the_same_and_keep_the_login(browse: Browse) -> None:
    wrong = browse("").post("/login", data={"login": "ling", "password": "falsch"})
    unknown = browse("").post("/login", data={"login": "niemand", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("ling", "niemand") == unknown.text
    assert 'value="ling"' in wrong.text
    assert "falsch" not in wrong.text


@ON_SQLITE
def test_after_repeated_failures_even_the_right_password_is_refused_for_a_while(browse: Browse) -> None:
    client = browse("")
    clock = _stop_clock(client)
    for _ in range(3):
        client.post("/login", data={"login": "ling", "password": "falsch"})
    right = {"login": "ling", "password": PASSWORD}
    assert client.post("/login", data=right).status_code == 401
    clock.advance(timedelta(minutes=16))
    assert client.post("/login", data=right).status_code == 303


def test_a_session_ends_when_it_is_not_used(browse: Browse) -> None:
    client = browse("")
    clock = _stop_clock(client)
    client.post("/login", data={"login": "ling", "password": PASSWORD})
    assert client.get("/inbox").status_code == 200
    clock.advance(timedelta(hours=13))
    assert client.get("/inbox").status_code == 303


@ON_SQLITE
def test_logging_out_everywhere_ends_the_session_on_the_other_machine(browse: Browse) -> None:
    desk, phone = browse("ling"), browse("ling")
    assert phone.get("/inbox").status_code == 200
    assert desk.post("/account/sessions/end", data={"sure": ""}).status_code == 422
    assert desk.get("/inbox").status_code == 200
    assert desk.post("/account/sessions/end", data={"sure": "yes"}).status_code == 303
    assert phone.get("/inbox").status_code == 303
    assert desk.get("/inbox").status_code == 303


@ON_SQLITE
def test_a_one_time_password_must_be_changed_before_anything_else(
    world: World, browse: Browse, settings: Settings
) -> None:
    with world.engine.database.write() as connection:
        secret = reset_password(connection, world.people["ling"], passwords=Passwords())
    client = browse("")
    assert (
        client.post("/login", data={"login": "ling", "password": secret}).headers["location"] == "/password"
    )
    assert client.get("/inbox").headers["location"] == "/password"
    assert client.get("/api/v1/me").status_code == 403
    short = {"current": secret, "new": "kurz", "again": "kurz"}
    assert "至少要有" in client.post("/password", data=short).text
    new = {"current": secret, "new": "新密码要长一些 42", "again": "新密码要长一些 42"}
    assert client.post("/password", data=new).status_code == 303
    assert client.get("/inbox").status_code == 200


def test_a_token_is_shown_once_works_as_bearer_and_stops_when_revoked(browse: Browse) -> None:
    owner, program = browse("ling"), browse("")
    page = owner.post("/account/tokens", data={"name": "报送程序", "days": "30"}).text
    token = page.split('<code class="user-select-all fs-3">')[1].split("<")[0]
    assert token not in owner.get("/account").text
    bearer = {"authorization": f"Bearer {token}"}
    me = program.get("/api/v1/me", headers=bearer).json()
    assert me["name"] == "张玲"
    token_id = owner.get("/api/v1/tokens").json()["items"][0]["id"]
    assert browse("tou").post(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert owner.post(f"/account/tokens/{token_id}/revoke").status_code == 303
    assert program.get("/api/v1/me", headers=bearer).status_code == 401


@ON_SQLITE
def test_tokens_end_with_a_new_password_and_with_logging_out_everywhere(browse: Browse) -> None:
    owner, program = browse("ling"), browse("")
    new = "新密码要长一些 42"
    ends = [
        ("/password", {"current": PASSWORD, "new": new, "again": new}),
        ("/account/sessions/end", {"sure": "yes"}),
    ]
    for path, data in ends:
        bearer = _bearer(owner)
        assert program.get("/api/v1/me", headers=bearer).status_code == 200
        assert owner.post(path, data=data).status_code == 303
        assert program.get("/api/v1/me", headers=bearer).status_code == 401, path


@ON_SQLITE
def test_a_token_makes_no_further_tokens(browse: Browse) -> None:
    owner = browse("ling")
    sent = {"name": "noch eins", "days": 1}
    refused = browse("").post("/api/v1/tokens", json=sent, headers=_bearer(owner))
    assert refused.status_code == 403
    assert len(owner.get("/api/v1/tokens").json()["items"]) == 1


def _bearer(owner: TestClient) -> dict[str, str]:
    made = owner.post("/api/v1/tokens", json={"name": "报送程序", "days": 1})
    return {"authorization": f"Bearer {made.json()['token']}"}


def _stop_clock(client: TestClient) -> VirtualClock:
    clock = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC))
    app = client.app
    app.state.house = replace(app.state.house, security_clock=clock)  # type: ignore[attr-defined]
    return clock
