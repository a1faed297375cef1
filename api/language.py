"""Interface language by gettext. The source language is Chinese: a msgid is what Chinese readers see.

`_("…")` in code and templates; the language of a request stands in a context variable.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "English"}
COOKIE = "bihuan_language"
_LOCALE = Path(__file__).parent / "locale"
_current: ContextVar[str] = ContextVar("language", default="zh")


@cache
def _translations(language: str) -> NullTranslations:
    catalogue = _catalogue(language)
    if not catalogue.exists():
        return NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _catalogue(language: str) -> Path:
    return _LOCALE / language / "LC_MESSAGES" / "messages.po"


def offered_languages() -> Mapping[str, str]:
    """The languages that the pages can be read in: Chinese, and those that have a catalogue."""
    return {key: name for key, name in LANGUAGES.items() if key == "zh" or _catalogue(key).exists()}


def current_language() -> str:
    """The language of the request being answered."""
    return _current.get()


def gettext(message: str) -> str:
    """`message` in the language of the request."""
    return _translations(_current.get()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of a message that fits `number`."""
    return _translations(_current.get()).ngettext(singular, plural, number)


class Language:
    """Takes the language from its cookie, else the installation's."""

    def __init__(self, app: ASGIApp, *, default: str) -> None:
        self.app = app
        self.default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _current.set(self._of(Headers(scope=scope).get("cookie", "")))
        await self.app(scope, receive, send)

    def _of(self, cookie: str) -> str:
        try:
            chosen = SimpleCookie(cookie).get(COOKIE)
        except CookieError:
            chosen = None
        return chosen.value if chosen is not None and chosen.value in LANGUAGES else self.default
