"""`/notifications/stream`: what an open page is told of at once: one's own numbers and rows, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.errors import Trouble
from api.house import House, house_of
from api.live.source import Source, lasting
from api.live.streams import News, Stream, Streams
from api.security.session import watcher
from engine.ids import is_id
from engine.people.persons import Person, person_of
from engine.people.sessions import Visitor
from engine.work import inbox
from engine.work.inbox import Tab
from engine.work.notices import unread

router = APIRouter(include_in_schema=False)
MOST_SHOWN = 60
"""So many rows of a page are kept right; a list shows fifty."""
HEADERS = {"x-accel-buffering": "no"}
"""Proxies pass each line on as it comes."""


class Live:
    """The open pages of one server, and where their news comes from."""

    def __init__(self, house: House) -> None:
        self.streams = Streams(house.settings.live_pages)
        self.source = Source(house, self.streams)
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, stream: Stream) -> bool:
        """Let a page listen; False when there are too many."""
        self._loop = asyncio.get_running_loop()
        if not self.streams.add(stream):
            return False
        self.source.watch()
        return True

    def close(self) -> None:
        """The server stops, in whatever thread that is noticed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.streams.cut_all)


@router.get("/notifications/stream", name="stream")
async def stream_news(
    request: Request,
    tab: Tab = "mine",
    shown: Annotated[str, Query(max_length=MOST_SHOWN * 37)] = "",
    who: Visitor = Depends(watcher),
    house: House = Depends(house_of),
) -> Response:
    """Server-sent events: `news` with the numbers of one's open work and unread notices; `over`.

    A page that says which items it has `shown` of the list `tab` is told which of them are `gone` from it.
    """
    live: Live = request.app.state.live
    if not live.streams.most:
        return Response(status_code=204)  # the browser does not ask again
    ids = tuple(one for one in shown.split(",")[:MOST_SHOWN] if is_id(one))
    stream = Stream(who.user_id, who.session_id, tab, ids)

    async def look() -> News | None:
        seen = await asyncio.to_thread(seen_by, house, stream)
        stream.places, news = seen or (frozenset[str](), None)
        return news

    if not live.open(stream):
        raise Trouble(503, "unavailable")
    return _Told(stream.told(look), live.streams, stream)


class _Told(StreamingResponse):
    """An answer without end, until the page is gone."""

    def __init__(self, told: AsyncIterator[bytes], streams: Streams, stream: Stream) -> None:
        super().__init__(told, media_type="text/event-stream", headers=HEADERS)
        self._streams = streams
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.remove(self._stream)


def seen_by(house: House, stream: Stream) -> tuple[frozenset[str], News] | None:
    """For which places a page listens, and how much waits there for its person; None: the session is over.

    Asked each time, as rights are: who has left, or lost a post, is told nothing more of it.
    """
    with house.database.read() as connection:
        if not lasting(connection, [stream.session_id], now=house.security_clock.now()):
            return None
        person = person_of(connection, stream.person_id, on=house.today)
        news: News = {**inbox.counts(connection, person), "unread": unread(connection, person)}
        if stream.shown:
            there = {row.item_id for row in inbox.with_ids(connection, person, stream.shown, tab=stream.tab)}
            news["gone"] = [one for one in stream.shown if one not in there]
        return places_of(person).union(stream.shown), news


def places_of(person: Person) -> frozenset[str]:
    """The person and the posts that they hold, also as somebody's stand-in."""
    held = [*person.memberships, *(post for one in person.stands_in for post in one.posts)]
    others = (one.user_id for one in person.stands_in if one.whole)
    return frozenset([person.id, *others, *(f"{post.unit_id}#{post.post_key}" for post in held)])
