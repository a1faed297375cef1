"""Two requests in flight together: one wins, the other reads who did what, and keeps its words.

On PostgreSQL, where several transactions are under way at once: the test holds the instance's row until both
requests wait for it, then lets go.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.together.plays import PLAYS, Play
from tests.browser.together.reading import keeps, told
from tests.browser.together.town import Town

HOME = "postgresql"
WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)
BOTH_DO = {"save_draft", "mark_read"}
"""What may happen twice without being two things."""
UNRECORDED = {"follow", "unfollow"}
WHOSE = re.compile("张玲|郑一|钱考|王局|何秘|李联|您|选的人不在")
"""Whose act it was: by name, or one's own."""
TWICE = [verb for verb in PLAYS if verb not in BOTH_DO]


@contextmanager
def held(town: Town, instance: str, tabs: list[Page]) -> Iterator[None]:
    """The instance's row is let go when so many requests wait for it."""
    with town.world.engine.database.write() as connection:
        connection.execute(text("select id from instance where id = :id for update"), {"id": instance})
        yield
        for _ in range(200):
            if town.rows(WAITING)[0]["count"] >= len(tabs):
                return
            tabs[0].wait_for_timeout(20)
        raise AssertionError("the requests do not wait together")


def press(play: Play, page: Page) -> None:
    """Press without waiting for the answer."""
    play.pressed(page).evaluate("(button) => button.click()")


@pytest.mark.parametrize("verb", TWICE)
def test_in_two_tabs_at_once_a_verb_is_done_once(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    tabs = [town.tab(play.who, path), town.tab(play.who, path)]
    for page in tabs:
        expect(play.ready(page)).to_be_visible()
    before = town.said(instance)
    with held(town, instance, tabs):
        for page in tabs:
            press(play, page)
    sentences = [told(page) for page in tabs]
    late = [
        (page, said)
        for page, said in zip(tabs, sentences, strict=True)
        if page.locator("main [role=alert]").count() or "没有改动任何数据" in said
    ]
    assert len(late) == 1, sentences
    page, said = late[0]
    assert WHOSE.search(said), said
    keeps(page, verb)
    if verb not in UNRECORDED:
        assert (town.said(instance)[len(before) :]).count(verb) == 1


@pytest.mark.parametrize("verb", ["complete", "hand_over", "take_back"])
def test_when_the_office_ends_it_at_the_same_moment_one_of_them_wins(town: Town, verb: str) -> None:
    play, ending = PLAYS[verb], PLAYS["terminate"]
    instance, path = play.start(town)
    tabs = [town.tab(play.who, path), town.tab(ending.who, ending.path.format(instance=instance))]
    for page, one in zip(tabs, (play, ending), strict=True):
        expect(one.ready(page)).to_be_visible()
    with held(town, instance, tabs):
        for page, one in zip(tabs, (play, ending), strict=True):
            press(one, page)
    mine, office = (told(page) for page in tabs)
    if "“终止”已办妥" not in office:  # it had moved on: whoever has seen what is now ends it all the same
        assert "流程在您打开之后有过变动" in office and WHOSE.search(office), office
        keeps(tabs[1], "terminate")
        assert verb in town.said(instance)
        return
    if verb not in town.said(instance):
        assert "钱考终止" in mine, mine
        keeps(tabs[0], verb)


def test_of_two_who_claim_at_once_one_has_it_and_the_other_reads_who(town: Town) -> None:
    play = PLAYS["claim"]
    instance, path = play.start(town)
    names = {"ban1": "郑一", "ban2": "冯二"}
    tabs = {login: town.tab(login, path) for login in names}
    with held(town, instance, list(tabs.values())):
        for page in tabs.values():
            press(play, page)
    said = {login: told(page) for login, page in tabs.items()}
    [winner] = [login for login in names if "已认领，由您办理" in said[login]]
    [late] = set(names) - {winner}
    assert f"{names[winner]}认领" in said[late], said[late]
    expect(tabs[late].get_by_role("button", name="认领", exact=True)).to_have_count(0)


def test_two_who_sign_at_once_have_both_signed(town: Town) -> None:
    instance = town.begin("signing")
    tabs = [town.tab(login, f"/tasks/{town.item(instance, login)['id']}") for login in ("lu", "tou")]
    with held(town, instance, tabs):
        for page in tabs:
            page.get_by_role("button", name="同意", exact=True).evaluate("(button) => button.click()")
    for page in tabs:
        assert "已提交" in told(page)
    assert town.said(instance).count("complete") == 2
    assert town.world.status(instance) == "completed"
