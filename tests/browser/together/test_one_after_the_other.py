"""A acts, B's open page is stale, B acts: one sentence says who did what, and nothing that B typed is lost.

On SQLite: nothing here differs between the homes.
"""

import pytest
from playwright.sync_api import expect

from engine.verbs.tokens.standing import stand
from tests.browser.together.plays import PLAYS
from tests.browser.together.reading import keeps, told
from tests.browser.together.town import Town

HOME = "sqlite"
STILL = {"copy_to", "follow", "unfollow"}
"""What may be done with a matter that is over, or stands still."""
BY_PRESSING = [verb for verb in PLAYS if verb not in {"mark_read", "answer", *STILL}]
"""已阅 happens by opening a page: there is nothing to be late with. Who was asked has a test below."""
RUNS = [
    "answer",
    *(verb for verb in BY_PRESSING if verb not in {"reopen", "save_draft", "terminate", "void"}),
]
"""What needs an instance that runs; a draft is kept, and the office may end what stands still."""


def other_than(login: str) -> tuple[str, str]:
    """Somebody else of the office: log-in and name."""
    return ("ban1", "郑一") if login == "kao" else ("kao", "钱考")


@pytest.mark.parametrize("verb", BY_PRESSING)
def test_who_is_late_reads_who_has_ended_it_and_keeps_the_words(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    expect(play.ready(page)).to_be_visible()
    login, name = other_than(play.who)
    how = "reopen" if verb == "reopen" else "terminate"
    town.upon(login, how, instance, opinion="任务取消", target="fill" if verb == "reopen" else "")
    before = town.said(instance)
    play.press(page)
    sentence = told(page)
    assert name in sentence and ("恢复办理" if verb == "reopen" else "终止") in sentence, sentence
    keeps(page, verb)
    assert town.said(instance) == before


@pytest.mark.parametrize("verb", RUNS)
def test_while_it_stands_still_the_words_wait_on_the_page(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    expect(play.ready(page)).to_be_visible()
    login, name = other_than(play.who)
    engine, person = town.world.engine, town.world.person(login)
    stand(engine, person, instance, "suspend", reason="等省里的文件")
    before = town.said(instance)
    play.press(page)
    sentence = told(page)
    assert f"由{name}挂起（等省里的文件）" in sentence, sentence
    keeps(page, verb)
    assert town.said(instance) == before


@pytest.mark.parametrize("verb", sorted(STILL))
def test_who_has_a_part_in_it_copies_and_follows_what_is_over(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    expect(play.ready(page)).to_be_visible()
    town.upon("kao", "terminate", instance, opinion="任务取消")
    play.press(page)
    expect(page.get_by_role("status").first).to_contain_text(f"“{play.act}”已办妥")


def test_who_was_only_asked_sees_nothing_more_but_keeps_the_words(town: Town) -> None:
    """With the asking ends the sight of another unit's matter; the notice said who ended it."""
    play = PLAYS["answer"]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    play.ready(page)
    town.upon("kao", "terminate", instance, opinion="任务取消")
    play.press(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这项任务，或者您无权查看。")
    keeps(page, "answer")
    page.goto("/notifications")
    expect(page.locator("main")).to_contain_text("任务取消")
