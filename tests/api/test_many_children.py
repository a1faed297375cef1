"""An instance with many children, or a long history, is shown a page at a time."""

import re

import pytest

from api import story
from engine.verbs.showing.view import view
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.test_fan_out import begin, calling, complete, open_items
from tests.engine.runtime.world import World, in_a_row, user

API = "/api/v1"


def test_children_come_page_by_page_the_running_ones_first(world: World, browse: Browse) -> None:
    parent = begin(world, calling(), 7)
    world.engine.drain()
    for code in ("0", "3", "4"):
        complete(world, parent, code, value="1")
    office = browse("kao")
    address = f"{API}/instances/{parent}/children"
    pages, after = [], ""
    while after is not None:
        answer = office.get(address, params={"limit": 2, "after": after}).json()
        pages.append([(one["status"], one["open_items"]) for one in answer["items"]])
        shown, after = answer["items"], answer["next"]
        assert len({one["id"] for one in shown}) == len(shown)
    running, over = ("running", 1), ("completed", 0)
    assert pages == [[running, running], [running, running], [over, over], [over]]
    assert len(office.get(address).json()["items"]) == 7
    for wrong in ("nonsense", "running.x.y", "running.1.", ".."):
        assert office.get(address, params={"after": wrong}).status_code == 422
    assert browse("tou2").get(address).status_code == 404
    second = office.get(address, params={"limit": 2}).json()["next"]
    page = office.get(f"/instances/{parent}", params={"after": second}).text
    assert len(re.findall(r'<tr><td><a href="/instances/', page)) == 5
    assert 'rel="next"' not in page


@ON_SQLITE
def test_a_long_history_is_read_backwards_on_the_page_and_forwards_by_programs(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [user(f"step{number}", "unit.liaison", name=f"第{number}步") for number in range(5)]
    world.deploy(planning=in_a_row(*steps))
    instance = world.start()
    for number in range(5):
        world.complete("ling", f"step{number}", fields={"value": "1"})
    monkeypatch.setattr(story, "MOST_EVENTS", 2)
    office, seen, address = browse("kao"), [], f"/instances/{instance}"
    while address:
        page = office.get(address).text
        told = page.split('<ol class="history">')[1].split("</ol>")[0]
        seen.append(re.findall(r"第\d步", told))
        older = re.search(r'rel="prev" href="([^"]+)"', page)
        address = older[1] if older else ""
    assert seen == [["第4步", "第3步"], ["第2步", "第1步"], ["第0步"]]
    history, steps_told, after = f"{API}/instances/{instance}/history", [], ""
    while after is not None:
        answer = office.get(history, params={"limit": 2, "after": after}).json()
        steps_told.append([one["step"] for one in answer["items"]])
        after = answer["next"]
    assert steps_told == [["第0步", "第1步"], ["第2步", "第3步"], ["第4步"]]
    assert office.get(history, params={"after": "nonsense"}).status_code == 422


@ON_SQLITE
def test_a_child_that_shares_a_long_list_is_shown_and_answered_like_any_other(
    world: World, browse: Browse
) -> None:
    """The list lies in a row of its own and is read for the page alone."""
    parent = begin(world, calling(propagate=True), 40)
    world.engine.drain()
    assert world.scalar("select count(*) from shared_value") == 1
    assert "子流程里另有 20 项正在办理" in browse("kao").get(f"/instances/{parent}").text
    liaison, item = browse("ling"), open_items(world, parent)["7"]
    assert liaison.get(f"/tasks/{item}").status_code == 200
    shown = liaison.get(f"{API}/work-items/{item}").json()
    assert shown["outcomes"]
    sent = {"version": 1, "outcome": "submit", "fields": {"value": "7"}}
    assert liaison.post(f"{API}/work-items/{item}/complete", json=sent).status_code == 200
    form = view(world.engine, world.person("ling"), open_items(world, parent)["8"]).form
    assert form is not None and form.stored["units"][39]["code"] == "39"
