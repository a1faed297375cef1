"""The open pages that one server tells of news: who watches, from where, and when it is over."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from engine.work.inbox import Tab

HEARTBEAT_SECONDS = 20.0
"""A line that says nothing, so often: proxies keep the connection, and a lost one is noticed."""
MOST_OF_ONE = 8
"""Pages of one person on one server; with one more, the oldest is told to rest."""
EARLIEST_MILLISECONDS, SPREAD_MILLISECONDS = 2000, 6000
"""When a page whose connection was cut comes back, each at another moment: a server that goes has many."""

News = dict[str, int | list[str]]
"""Numbers by list, and under "gone" the rows of the page that are in its list no more."""


@dataclass(eq=False)
class Stream:
    """One open page: whose, by which session, and for which places (person, `unit#post`) it listens.

    Until the first look `places` is None, and all news may be for it. `shown` are the items (ids) that stand
    on the page, in the list `tab`.
    """

    person_id: str
    session_id: str
    tab: Tab = "mine"
    shown: tuple[str, ...] = ()
    places: frozenset[str] | None = None
    over: bool = False
    cut_off: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is news for it, or it is over."""
        self._news.set()

    def end(self) -> None:
        """Say goodbye: the page does not come back by itself."""
        self.over = True
        self.wake()

    def cut(self) -> None:
        """End without a word: the page comes back by itself, to this server or to another."""
        self.cut_off = True
        self.wake()

    async def told(self, look: Callable[[], Awaitable[News | None]]) -> AsyncIterator[bytes]:
        """What goes over the wire: what there is now, then again whenever there is news.

        It is always the whole of it, so whoever comes back has missed nothing. None from `look`: the session
        is over.
        """
        yield f"retry: {EARLIEST_MILLISECONDS + secrets.randbelow(SPREAD_MILLISECONDS)}\n\n".encode()
        self.wake()
        while not self.cut_off:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), HEARTBEAT_SECONDS)
            if self.cut_off:
                return
            if self._news.is_set() and not self.over:
                self._news.clear()
                news = await look()
                if news is not None:
                    yield b"event: news\ndata: " + orjson.dumps(news) + b"\n\n"
                    continue
                self.over = True
            if self.over:
                yield b"event: over\ndata: {}\n\n"
                return
            yield b": still here\n\n"


class Streams:
    """All open pages of one server; touched by its event loop alone."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._open: list[Stream] = []

    def __len__(self) -> int:
        return len(self._open)

    def add(self, stream: Stream) -> bool:
        """Let a page listen; False when the server has as many as it takes."""
        mine = [one for one in self._open if one.person_id == stream.person_id and not one.over]
        if len(mine) >= MOST_OF_ONE:
            mine[0].end()
        elif len(self._open) >= self.most:
            return False
        self._open.append(stream)
        return True

    def remove(self, stream: Stream) -> None:
        """The page is gone."""
        with suppress(ValueError):
            self._open.remove(stream)

    def tell(self, places: Collection[str]) -> None:
        """Wake the pages that listen for one of `places`."""
        for stream in self._open:
            if stream.places is None or not stream.places.isdisjoint(places):
                stream.wake()

    @property
    def sessions(self) -> frozenset[str]:
        """The sessions by which pages listen."""
        return frozenset(stream.session_id for stream in self._open)

    def keep_only(self, sessions: Collection[str]) -> None:
        """End the pages whose sessions are over."""
        for stream in self._open:
            if stream.session_id not in sessions:
                stream.end()

    def tell_changed(self, posts: Mapping[str, Collection[str]]) -> None:
        """Wake the pages of those who hold a new post (`unit#post`) or stand in for somebody new."""
        for stream in self._open:
            if stream.places is not None and not stream.places.issuperset(posts.get(stream.person_id, ())):
                stream.wake()

    @property
    def people(self) -> frozenset[str]:
        """Those whose pages are open."""
        return frozenset(stream.person_id for stream in self._open)

    def cut_all(self) -> None:
        """The server stops: nobody waits for it, all look for another."""
        for stream in self._open:
            stream.cut()
