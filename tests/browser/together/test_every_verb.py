"""Every verb at a browser: what it leads to is read first, then it is done, and the history says so.

On SQLite: nothing here differs between the homes.
"""

import pytest
from playwright.sync_api import expect

from engine.verbs.registry import INSTANCE_VERBS, VERBS
from tests.browser.together.plays import PLAYS, WHY
from tests.browser.together.reading import sound
from tests.browser.together.town import Town

HOME = "sqlite"
WITHOUT_HISTORY = {"save_draft", "mark_read", "follow", "unfollow"}
"""What moves nothing and is on no record of the matter."""


def test_every_verb_has_a_play() -> None:
    assert set(PLAYS) == {*VERBS, *INSTANCE_VERBS, "save_draft"}


@pytest.mark.parametrize("verb", PLAYS)
def test_a_verb_shows_its_effect_and_is_in_the_history(town: Town, verb: str) -> None:
    play = PLAYS[verb]
    instance, path = play.start(town)
    page = town.tab(play.who, path)
    told = play.ready(page)
    expect(told).to_contain_text(play.effect)
    sound(page)
    if play.act:
        play.press(page)
        expect(page.get_by_role("status").first).to_be_visible()
    if verb not in WITHOUT_HISTORY:
        assert verb in town.said(instance)
        page.goto(f"/instances/{instance}")
        line = page.locator(".history li", has_text=play.act).filter(has_text=play.words)
        expect(line.first).to_be_visible()


@pytest.mark.parametrize("verb", PLAYS)
def test_a_verb_is_refused_to_who_may_not(town: Town, verb: str) -> None:
    """They find no such button; what they send all the same is refused, and nothing has happened."""
    play = PLAYS[verb]
    instance, path = play.start(town)
    before = town.said(instance)
    page = town.tab(play.wrong, path)
    if play.act:
        expect(page.get_by_role("button", name=play.button or play.act, exact=True)).to_have_count(0)
    under = f"{path}/verbs/{verb}" if verb in INSTANCE_VERBS else f"{path}/{verb}"
    where = path if path.endswith(f"/{verb}") else under
    said: dict[str, str | float | bool] = {
        "version": "1",
        "who": "李联",
        "reason": WHY,
        "opinion": WHY,
        "sure": "yes",
        "where": "step:fill",
    }
    answer = page.context.request.post(where, form=said)
    assert 400 <= answer.status < 500, answer.status
    assert town.said(instance) == before
