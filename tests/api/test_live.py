"""An open page is told of what is new for its reader, and of nothing else, until its session ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.house import House, make_house
from api.live import source, streams
from api.live.stream_pages import Live, numbers
from api.live.streams import Stream, Streams
from api.settings import Settings
from engine.people.sessions import end_sessions
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

TWO_STEPS = in_a_row(user("fill", "unit.liaison"), user("sign", "unit.head", form_id="review"))


def run(story: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: in this one a browser of another test may have a loop that never ends."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story).result()


async def next_news(wire: AsyncIterator[bytes]) -> Any:
    """What the next event says; heartbeats are passed over."""
    async for line in wire:
        if line.startswith(b"event: "):
            name, _, data = line.decode().partition("\n")
            return name[7:], orjson.loads(data[6:])
    raise AssertionError("the stream has ended")


def watch(live: Live, house: House, person_id: str, session_id: str = "s") -> tuple[Stream, Any]:
    """An open page of a person, and its wire."""
    stream = Stream(person_id, session_id, numbers(house, person_id)[0])

    async def look() -> dict[str, int]:
        return (await asyncio.to_thread(numbers, house, person_id))[1]

    assert live.open(stream)
    return stream, stream.told(look)


def test_new_work_reaches_the_open_page_of_who_has_it_and_of_nobody_else(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    world.deploy(planning=TWO_STEPS)
    house = make_house(settings, world.engine)

    async def story() -> None:
        live = Live(house)
        mine, wire = watch(live, house, world.people["ling"])
        other, others_wire = watch(live, house, world.people["ling2"])
        said, counts = await next_news(wire)
        assert (said, counts["mine"], counts["unread"]) == ("news", 0, 0)
        assert (await next_news(others_wire))[1]["mine"] == 0
        await asyncio.to_thread(world.start)
        while (await asyncio.wait_for(next_news(wire), 20))[1]["mine"] != 1:
            """What came before it listened may be told once more."""
        assert not other._news.is_set(), "another's news wakes nobody"
        await asyncio.to_thread(live.close)  # a server that stops says so from another thread
        while (await asyncio.wait_for(next_news(wire), 20))[0] != "over":
            """News that came before is told first."""
        for stream in (mine, other):
            live.streams.remove(stream)

    run(story())


def test_a_page_is_told_until_its_session_ends_and_keeps_none_alive(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    monkeypatch.setattr(source, "SESSIONS_SECONDS", 0.0)
    browse("ling")
    session = world.scalar("select id from login_session")
    house = make_house(settings, world.engine)

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ling"], session)
        assert (await next_news(wire))[0] == "news"
        assert not stream.over
        with world.engine.database.write() as connection:
            end_sessions(connection, world.people["ling"])
        assert (await asyncio.wait_for(next_news(wire), 20))[0] == "over"
        live.streams.remove(stream)

    run(story())


@ON_SQLITE
def test_strangers_hear_nothing_and_a_server_without_live_pages_says_so(
    world: World, settings: Settings, browse: Browse
) -> None:
    assert browse("").get("/notifications/stream", headers={"accept": "text/event-stream"}).status_code in (
        303,
        401,
    )
    quiet = create_app(settings.model_copy(update={"live_pages": 0}), world.engine)
    with TestClient(quiet, follow_redirects=False) as client:
        client.cookies.update(browse("ling").cookies)
        assert client.get("/notifications/stream").status_code == 204


def test_a_page_too_many_lets_the_oldest_of_the_same_person_rest_and_refuses_others() -> None:
    async def story() -> None:
        open_ones = Streams(streams.MOST_OF_ONE + 1)
        mine = [Stream("a", "s") for _ in range(streams.MOST_OF_ONE)]
        assert all(open_ones.add(one) for one in mine)
        assert open_ones.add(Stream("b", "t"))
        assert not open_ones.add(Stream("c", "u")), "the server has as many as it takes"
        assert open_ones.add(Stream("a", "s"))
        assert [one.over for one in mine] == [True] + [False] * (streams.MOST_OF_ONE - 1)
        open_ones.keep_only({"t"})
        assert all(one.over for one in mine)

    run(story())


def test_a_quiet_page_gets_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.001)

    async def look() -> dict[str, int]:
        return {}

    async def story() -> None:
        wire = Stream("a", "s").told(look)
        lines = [await anext(wire) for _ in range(3)]
        assert lines == [b"retry: 5000\n\n", b"event: news\ndata: {}\n\n", b": still here\n\n"]

    run(story())
