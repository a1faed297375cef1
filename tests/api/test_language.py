"""Chinese is the source language; a catalogue adds another; without one it is not offered."""

from pathlib import Path

import pytest

import api.language as language
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE


def test_a_catalogue_in_the_locale_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "待办"\nmsgstr "To do"\n'
    (folder / "messages.po").write_text(text, "utf-8")
    monkeypatch.setattr(language, "_LOCALE", tmp_path)
    language._translations.cache_clear()
    token = language._current.set("en")
    try:
        assert language.gettext("待办") == "To do"
        assert language.gettext("没有译") == "没有译"
        assert set(language.offered_languages()) == {"zh", "en"}
    finally:
        language._current.reset(token)
        language._translations.cache_clear()


@ON_SQLITE
def test_the_page_says_its_language_and_offers_only_what_it_has(browse: Browse) -> None:
    page = browse("").get("/login").text
    assert '<html lang="zh-CN"' in page
    assert "English" not in page
