"""Where news comes from: one look at the database for all open pages of a server, while there are any.

On PostgreSQL the database rings (LISTEN); the look that follows, and one every few seconds in any case, finds
what rang unheard. On SQLite, and behind a transaction pool, it is looked twice a second.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from time import monotonic

import psycopg
import structlog
from psycopg import sql
from sqlalchemy import Connection

from api.house import House
from api.live.streams import Streams
from engine.runtime.notices import pulse
from engine.store import Queries
from engine.store.texts import json_text

log = structlog.get_logger(__name__)
QUERIES = Queries(Path(__file__).with_name("live.sql"))
LOOK_SECONDS = 0.5
LOOK_SECONDS_WHEN_RUNG = 5.0
PEOPLE_SECONDS = 15.0
"""How long a page of an ended session may hang on, told nothing, and one of a new post wait for it."""
PAUSE_AFTER_FAILURE_SECONDS = 5.0


class Source:
    """Feeds the open pages of one server."""

    def __init__(self, house: House, streams: Streams) -> None:
        self._house = house
        self._streams = streams
        self._seen: frozenset[str] = frozenset()
        self._task: asyncio.Task[None] | None = None
        self._rung: asyncio.Event | None = None

    def watch(self) -> None:
        """Look for news as long as a page is open. Called in the event loop for each new page."""
        if self._task is None or self._task.done() or self._task.get_loop() is not asyncio.get_running_loop():
            self._rung = asyncio.Event()
            self._task = asyncio.create_task(self._run(self._rung))

    async def _run(self, rung: asyncio.Event) -> None:
        self._seen = frozenset()  # what came just before the first page listened is told once more
        bell = asyncio.create_task(self._listen(rung)) if self._conninfo else None
        pause = LOOK_SECONDS_WHEN_RUNG if bell else LOOK_SECONDS
        checked = monotonic()
        try:
            while len(self._streams):
                rung.clear()
                try:
                    await self._look()
                    if monotonic() - checked >= PEOPLE_SECONDS:
                        checked = monotonic()
                        await self._check_people()
                except Exception as failure:  # the database is away for a moment; pages wait
                    log.warning("news cannot be read", error=type(failure).__name__)
                    await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), pause)
        finally:
            if bell is not None:
                bell.cancel()

    async def _look(self) -> None:
        pulses = await self._lately()
        fresh = pulses.keys() - self._seen
        self._seen = frozenset(pulses)
        places = frozenset().union(*(pulses[one] for one in fresh))
        if places:
            self._streams.tell(places)

    async def _lately(self) -> dict[str, frozenset[str]]:
        def read() -> dict[str, frozenset[str]]:
            with self._house.database.read() as connection:
                return pulse.lately(connection)

        return await asyncio.to_thread(read)

    async def _check_people(self) -> None:
        sessions, people = self._streams.sessions, self._streams.people

        def read() -> tuple[frozenset[str], dict[str, set[str]]]:
            with self._house.database.read() as connection:
                still = lasting(connection, sessions, now=self._house.security_clock.now())
                return still, posts_held(connection, people, on=self._house.today)

        still, posts = await asyncio.to_thread(read)
        self._streams.keep_only(still | (self._streams.sessions - sessions))
        self._streams.tell_changed(posts)

    @property
    def _conninfo(self) -> str:
        """Where the database rings; empty where nobody can listen."""
        settings = self._house.settings
        if self._house.database.dialect == "sqlite":
            return ""
        if settings.worker_database_url:
            url = settings.worker_database_url
        elif settings.transaction_pool:
            return ""
        else:
            url = self._house.database.url.render_as_string(hide_password=False)
        return url.replace("postgresql+psycopg://", "postgresql://", 1)

    async def _listen(self, rung: asyncio.Event) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as heard:
                    await heard.execute(sql.SQL("listen {}").format(sql.Identifier(pulse.DOORBELL)))
                    rung.set()  # for what rang before anybody listened
                    async for _ring in heard.notifies():
                        rung.set()
            except psycopg.Error as lost:
                log.info("bell is not heard", error=type(lost).__name__)
            await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)


def lasting(connection: Connection, sessions: Collection[str], *, now: datetime) -> frozenset[str]:
    """Which of these sessions (ids) still last."""
    rows = QUERIES.rows(connection, "sessions", ids=json_text(sorted(sessions)), now=now)
    return frozenset(row["id"] for row in rows)


def posts_held(connection: Connection, people: Collection[str], *, on: date) -> dict[str, set[str]]:
    """By person: the posts (`unit#post`) that they hold on a day, and for whom (ids) they stand in wholly."""
    days = {f"on_day{n}": on for n in range(1, 5)}
    found: dict[str, set[str]] = {}
    for row in QUERIES.rows(connection, "posts", ids=json_text(sorted(people)), **days):
        found.setdefault(row["id"], set()).add(row["place"])
    return found
