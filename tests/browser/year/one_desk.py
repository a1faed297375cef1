"""Everybody at one browser, one after the other: forty people need not start forty browsers."""

from dataclasses import dataclass, field
from typing import Any, cast

from playwright.sync_api import StorageStateCookie

from tests.browser.planning.people import People, Person


@dataclass
class OneDesk(People):
    """People who come one at a time. Each logs in once, as everybody does, and keeps a session of their own.

    `sessions` are the cookies of those who are not at the browser now, by their place.
    """

    sessions: dict[str, list[StorageStateCookie]] = field(default_factory=dict)
    _place: str = ""

    def on(self, device: dict[str, Any], login: str, *, place: str = "desk") -> Person:
        """The person sits down; whoever sat there takes the session along."""
        key = f"{login}@{place}"
        if key == self._place:
            return self.known[key]
        if not self._place:
            self._place = key
            return super().on(device, login, place=place)
        now = self.known[self._place]
        self.sessions[self._place] = now.context.storage_state()["cookies"]
        now.context.clear_cookies()
        self._place = key
        if key in self.known:
            now.context.add_cookies(cast(Any, self.sessions[key]))
        else:
            self.known[key] = Person(self.site, now.context, now.page, login, now.troubles)
            self.known[key].log_in()
        return self.known[key]
