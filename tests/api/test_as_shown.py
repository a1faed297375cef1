"""Two administrators have the same page open: the second is told, loses no word, and changes nothing."""

import html
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.routes import ROUTERS
from engine.people.divisions import add_division
from engine.people.posts import Grant, PostSpec, define_posts
from engine.runtime.engine import Engine
from engine.runtime.notices.rules import Channel, NoticeRules
from tests.api.conftest import Browse
from tests.api.test_people_pages import _administrator
from tests.engine.runtime.world import World

SENTENCE = "您打开这一页以后，别人改过这里，您的修改没有保存。"


@pytest.fixture
def world(world: World) -> World:
    """The world, with mail: without a channel there is nothing to choose."""
    rules = NoticeRules(channels={"mail": Channel("mail", "邮件", "mail", "email")})
    setup = world.engine.setup
    world.engine = Engine(world.engine.database, clock=world.clock, bindings=setup.bindings, notices=rules)
    return world


@dataclass(frozen=True)
class Form:
    """A form that changes what is there: its page, where it is sent, what the first and the second say."""

    page: str
    action: str
    first: Mapping[str, str]
    second: Mapping[str, str]
    kept: str
    """What of the second's words must stand on the page of the refusal."""


GUARDED: Mapping[str, Form] = {
    "/people/{user_id}": Form(
        "/people/{ling}", "/people/{ling}", {"name": "张玲", "phone": "13900000001", "email": ""},
        {"name": "张玲", "phone": "13900000002", "email": ""}, "13900000002",
    ),
    "/units/{unit_id}": Form(
        "/units/{U1}", "/units/{U1}", {"name": "市旅游委员会", "short_name": "旅游委", "alias": ""},
        {"name": "市旅游局", "short_name": "旅委", "alias": ""}, "市旅游局",
    ),
    "/units/{unit_id}/divisions/{division_id}": Form(
        "/units/{U1}/divisions", "/units/{U1}/divisions/{division}",
        {"name": "综合处"}, {"name": "规划处"}, "规划处",
    ),
    "/calendar/days": Form(
        "/calendar?year=2018", "/calendar/days", {"day": "2018-03-05", "kind": "holiday", "name": "停电"},
        {"day": "2018-03-05", "kind": "holiday", "name": "防汛演练"}, "防汛演练",
    ),
    "/phrases/{phrase_id}": Form(
        "/phrases", "/phrases/{phrase}", {"content": "同意上报。", "does": "reword"},
        {"content": "同意，请尽快。", "does": "reword"}, "同意，请尽快。",
    ),
    "/account/notices": Form(
        "/account/notices", "/account/notices",
        {"digest_time": "08:00", "quiet_from": "22:00", "quiet_until": "07:00"},
        {"digest_time": "09:30", "quiet_from": "", "quiet_until": ""}, "09:30",
    ),
}  # fmt: skip
"""By route. The expert's form is in tests/innovation/test_pages.py: it needs a year of contests."""
ELSEWHERE = {"/innovation/cycles/{cycle_id}/experts/{user_id}"}

FREE = {
    r"/tasks/.*|/instances/.*|/signing|/data/items/.*": "verbs carry the version of what their page showed",
    r"/comments/.*": "one's own words; every wording is kept",
    r".*/(end|revoke|retire|forget|delete|undo|erase|withdraw|reset|active)":
        "says outright what is to be so; twice is once",
    r".*/(start|plan|begin|freeze|feedback|scheme|selection)|/monitoring|/office/data|/office/cycles":
        "done once, or refused",
    r"/people/new|/people/import|/units/new|/units/\{unit_id\}/divisions|.*/posts|.*/people|/stand-in|/phrases|/account/tokens"
    r"|/account/signatures|/surveys/\{survey_id\}/codes|/innovation/objections|/targets/.*|/data/.*correct":
        "brings something new and changes nothing that was there",
    r"/account/notices/addresses/.*|/password|/login|/logout|/language|/notifications/read|/inbox/filters|/ballots/.*":
        "one's own, and the page says all of it",
    r"/calendar/years": "adds published days, or says that they are complete",
    r"/office/incidents/.*|/office/leaving/.*|/processes/.*|/designer/.*|/office/grading/.*|/snapshots/.*|/office/remind"
    r"|/people/channels/test": "an order with a preview and rules of its own",
}  # fmt: skip
"""Forms that need no mark, and why not."""


def routes() -> set[str]:
    every = [route for router in ROUTERS for route in router.routes]
    found = {one.path for one in every if isinstance(one, APIRoute) and "POST" in (one.methods or ())}
    return {path for path in found if not path.startswith(("/api", "/public"))}


def test_every_form_says_what_it_showed_or_why_it_need_not() -> None:
    left = {
        path
        for path in routes() - set(GUARDED) - ELSEWHERE
        if not any(re.fullmatch(free, path) for free in FREE)
    }
    assert not left, "a new form: guard it by parts.shown and check_as_shown, or say why not"
    assert {*GUARDED, *ELSEWHERE} <= routes()


def shown(client: TestClient, page: str, action: str) -> str:
    text = client.get(page).text
    form = text[text.index(f'action="{action}"') :]
    found = re.search(r'name="shown" value="([^"]*)"', form[: form.index("</form>")])
    assert found is not None, f"{page}: the form says what it shows"
    return html.unescape(found[1])


def places(world: World, client: TestClient) -> dict[str, str]:
    grants = tuple(Grant(act, "assessor") for act in ("manage_people", "edit_calendar", "manage_divisions"))
    spec = PostSpec("admin.system", "系统管理员", seat="assessor", separation="system", grants=grants)
    with world.engine.database.write() as connection:
        define_posts(connection, [spec])
        division = add_division(connection, world.units["U1"], "办公室")
    said = client.post("/phrases", data={"owner": world.people["mi"], "use": "opinion", "content": "同意。"})
    assert said.status_code == 303
    phrase = str(world.scalar("select id from phrase"))
    return {**world.people, **world.units, "division": division.id, "phrase": phrase}


@pytest.mark.parametrize("route", GUARDED)
def test_the_second_of_two_is_told_and_keeps_the_words(world: World, browse: Browse, route: str) -> None:
    form, first = GUARDED[route], _administrator(world, browse)
    where = places(world, first)
    page, action = form.page.format(**where), form.action.format(**where)
    second = browse("mi")
    mark = shown(second, page, action)
    assert first.post(action, data={**form.first, "shown": mark}).status_code == 303
    after = shown(first, page, action)
    assert after != mark
    refused = second.post(
        action, data={**form.second, "shown": mark}, headers={"referer": f"http://testserver{page}"}
    )
    text = html.unescape(refused.text)
    assert refused.status_code == 409 and SENTENCE in text
    kept = text[text.index('id="kept"') :]
    assert form.kept in kept
    drawn = html.unescape(first.get(page).text)
    named = re.findall("<dt>(.*?)</dt>", kept)
    unknown = [one for one in named if one not in drawn and one != "内容"]
    assert unknown == [], "called as on its page: a person's name stood under 名称, a kind of day as holiday"
    assert f'href="{page.partition("?")[0]}"' in text, "the way to what is there now"
    assert shown(first, page, action) == after, "nothing was changed"
    assert second.post(action, data={**form.second, "shown": after}).status_code == 303
    assert shown(first, page, action) != after


def test_of_two_at_once_one_is_told(world: World, browse: Browse) -> None:
    """Each read what was there before the other had written, and wrote over it."""
    clients = [_administrator(world, browse), browse("mi")]
    page, barrier = f"/people/{world.people['ling']}", Barrier(2)
    mark = shown(clients[0], page, page)

    def send(number: int) -> int:
        barrier.wait()
        data = {"name": "张玲", "phone": f"1390000000{number}", "email": "", "shown": mark}
        return int(clients[number].post(page, data=data).status_code)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(send, range(2))) == [303, 409]
