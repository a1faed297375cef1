"""Many log-ins at once, and many failures from one address: refused at once, and nobody else waits."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from tests.api.conftest import PASSWORD, Browse
from tests.databases import ON_SQLITE


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Few failures are enough."""
    return settings.model_copy(update={"failed_log_ins_per_hour": 3})


def test_a_flood_of_log_ins_is_refused_while_others_go_on_working(browse: Browse) -> None:
    inside, outside = browse("ling"), browse("")
    passwords = inside.app.state.house.passwords  # type: ignore[attr-defined]
    with ExitStack() as taken:
        for _ in range(passwords.rules.at_once + passwords.rules.waiting):
            taken.enter_context(passwords.place())
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda number: _attempt(outside, f"nobody{number}"), range(60)))
            assert inside.get("/inbox").status_code == 200
    assert [status for status, _ in answers] == [429] * 60
    assert all("现在登录的人太多" in text for _, text in answers)
    assert outside.post("/login", data={"login": "tou", "password": PASSWORD}).status_code == 303


@ON_SQLITE
def test_an_address_that_failed_too_often_is_refused_for_an_hour(browse: Browse) -> None:
    inside, outside = browse("ling"), browse("")
    assert [_attempt(outside, f"nobody{number}")[0] for number in range(4)] == [401, 401, 401, 429]
    right = outside.post("/login", data={"login": "ling", "password": PASSWORD})
    assert right.status_code == 429
    assert inside.get("/inbox").status_code == 200


def _attempt(client: TestClient, login: str) -> tuple[int, str]:
    answer = client.post("/login", data={"login": login, "password": "falsch"})
    return answer.status_code, answer.text
