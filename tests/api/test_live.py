"""An open page is told of what is new for its reader, and of nothing else, until its session ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.house import House, make_house
from api.inbox.notice_pages import read_by
from api.live import source, streams
from api.live.stream_pages import Live, seen_by
from api.live.streams import Stream, Streams
from api.settings import Settings
from engine.people.memberships import appoint, end_membership
from engine.people.sessions import end_sessions
from engine.runtime.notices import pulse
from engine.verbs.door import act
from engine.verbs.instance_door import act_upon
from engine.verbs.visit import Request
from engine.work import inbox
from tests.api.conftest import Browse
from tests.databases import ON_SQLITE
from tests.engine.runtime.world import World, in_a_row, user

SHARED = user("gather", "assessor.office.staff", groups='= post(assessor, "office.staff")')
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


def watch(
    live: Live,
    house: House,
    person_id: str,
    session_id: str,
    *,
    tab: inbox.Tab = "mine",
    shown: tuple[str, ...] = (),
) -> tuple[Stream, Any]:
    """An open page of a person (with items of a list shown on it), and its wire."""
    stream = Stream(person_id, session_id, tab, shown)

    async def look() -> Any:
        seen = await asyncio.to_thread(seen_by, house, stream)
        stream.places, counts = seen or (frozenset(), None)
        return counts

    assert live.open(stream)
    return stream, stream.told(look)


def session_of(world: World, browse: Browse, login: str) -> str:
    """The person logs in; the session's id."""
    browse(login)
    found = "select id from login_session where user_id = :id order by created_at desc"
    return str(world.scalar(found, id=world.people[login]))


async def until(wire: AsyncIterator[bytes], **counts: Any) -> None:
    """Wait for news of these numbers; what came before may be told once more."""
    said: Any = {}
    while not counts.items() <= said.items():
        name, said = await asyncio.wait_for(next_news(wire), 20)
        assert name == "news"


async def ended(wire: AsyncIterator[bytes]) -> list[bytes]:
    """What is still said until nothing more comes, without news and heartbeats."""
    said = [line async for line in wire]
    return [line for line in said if not line.startswith((b"event: news", b":"))]


def test_new_work_reaches_the_open_page_of_who_has_it_and_of_nobody_else(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    world.deploy(planning=TWO_STEPS)
    house = make_house(settings, world.engine)
    sessions = [session_of(world, browse, login) for login in ("ling", "ling2")]

    async def story() -> None:
        live = Live(house)
        mine, wire = watch(live, house, world.people["ling"], sessions[0])
        other, others_wire = watch(live, house, world.people["ling2"], sessions[1])
        said, counts = await next_news(wire)
        assert (said, counts["mine"], counts["unread"]) == ("news", 0, 0)
        assert (await next_news(others_wire))[1]["mine"] == 0
        await asyncio.to_thread(world.start)
        await until(wire, mine=1)
        assert not other._news.is_set(), "another's news wakes nobody"
        await asyncio.to_thread(live.close)  # a server that stops says so from another thread
        assert await asyncio.wait_for(ended(wire), 20) == [], "no goodbye: the page looks for another server"
        for stream in (mine, other):
            live.streams.remove(stream)

    run(story())


def test_what_a_colleague_takes_on_leaves_the_open_pages_of_the_others(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    world.deploy(planning=in_a_row(SHARED, user("sign", "unit.head", form_id="review")))
    house = make_house(settings, world.engine)
    sessions = [session_of(world, browse, login) for login in ("ban1", "ban2")]
    world.start()
    with world.engine.database.read() as connection:
        (item,) = inbox.claimable(connection, world.person("ban1")).items

    async def story() -> None:
        live = Live(house)
        first, _ = watch(live, house, world.people["ban1"], sessions[0])
        second, wire = watch(live, house, world.people["ban2"], sessions[1])
        await until(wire, claimable=1)
        taken = Request(version=item.lock_version)
        await asyncio.to_thread(act, world.engine, world.person("ban1"), item.item_id, "claim", taken)
        await until(wire, claimable=0)
        for stream in (first, second):
            live.streams.remove(stream)

    run(story())


def test_a_row_that_a_colleague_takes_on_is_named_on_the_open_page_until_it_is_given_back(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the number was right: the row stayed, and whoever clicked it found it taken."""
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    world.deploy(planning=in_a_row(SHARED, user("sign", "unit.head", form_id="review")))
    house = make_house(settings, world.engine)
    session = session_of(world, browse, "ban2")
    for _ in range(2):
        world.start()
    with world.engine.database.read() as connection:
        first, second = inbox.claimable(connection, world.person("ban1")).items
    ids = (first.item_id, second.item_id)

    def by_ban1(verb: str, version: int) -> None:
        act(world.engine, world.person("ban1"), first.item_id, verb, Request(version=version))

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ban2"], session, tab="claimable", shown=ids)
        await until(wire, claimable=2, gone=[])
        await asyncio.to_thread(by_ban1, "claim", first.lock_version)
        await until(wire, claimable=1, gone=[first.item_id])
        await asyncio.to_thread(by_ban1, "unclaim", first.lock_version + 1)
        await until(wire, claimable=2, gone=[])
        live.streams.remove(stream)

    run(story())


def test_a_row_that_the_office_ends_is_named_to_whom_it_was_assigned_in_person(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act names the office and no post of theirs; the task itself says whose open page it concerns."""
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    world.deploy(planning=in_a_row(user("fill", "unit.liaison", verbs="hand_over")))
    house = make_house(settings, world.engine)
    session = session_of(world, browse, "lu")
    instance = world.start()
    world.act("ling", "hand_over", people=(world.people["lu"],), opinion="请代办")
    item = world.item("lu")

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["lu"], session, shown=(item.item_id, "no-such-item"))
        await until(wire, mine=1, gone=["no-such-item"])
        ended = Request(opinion="不再需要")
        await asyncio.to_thread(act_upon, world.engine, world.person("kao"), instance, "terminate", ended)
        await until(wire, mine=0, gone=[item.item_id, "no-such-item"])
        with world.engine.database.read() as connection:
            assert item.item_id in frozenset().union(*pulse.lately(connection).values())
        live.streams.remove(stream)

    run(story())


def test_what_is_read_on_one_page_is_read_on_the_others(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    world.deploy(planning=TWO_STEPS)
    house = make_house(settings, world.engine)
    session = session_of(world, browse, "ling")
    world.start()
    item = world.item("ling")
    urged = Request(version=item.lock_version, opinion="请尽快")
    act(world.engine, world.person("kao"), item.item_id, "urge", urged)

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ling"], session)
        await until(wire, unread=1)
        await asyncio.to_thread(read_by, house, world.person("ling"))
        await until(wire, unread=0)
        live.streams.remove(stream)

    run(story())


def test_who_joins_a_post_or_leaves_it_sees_so_on_the_open_page(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    monkeypatch.setattr(source, "PEOPLE_SECONDS", 0.0)
    world.deploy(planning=TWO_STEPS)
    house = make_house(settings, world.engine)
    session = session_of(world, browse, "ling2")
    world.start()

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ling2"], session)
        await until(wire, mine=0)
        with world.engine.database.write() as connection:
            made = appoint(
                connection,
                user_id=world.people["ling2"],
                unit_id=world.units["U1"],
                post_key="liaison",
                from_on=date(2018, 3, 1),
            )
        await until(wire, mine=1)
        with world.engine.database.read() as connection:
            held = source.posts_held(connection, [stream.person_id], on=house.today)[stream.person_id]
        assert stream.places is not None
        assert stream.places >= held, "who holds what they held is not woken again and again"
        with world.engine.database.write() as connection:
            end_membership(connection, made.id, until_on=date(2018, 3, 1))
        world.clock.advance(timedelta(days=1))
        await asyncio.to_thread(world.start)
        stream.wake()
        await until(wire, mine=0)
        live.streams.remove(stream)

    run(story())


def test_a_page_is_told_until_its_session_ends_and_keeps_none_alive(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(source, "LOOK_SECONDS_WHEN_RUNG", 0.02)
    monkeypatch.setattr(source, "PEOPLE_SECONDS", 0.0)
    session = session_of(world, browse, "ling")
    house = make_house(settings, world.engine)

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ling"], session)
        assert (await next_news(wire))[0] == "news"
        assert not stream.over
        with world.engine.database.write() as connection:
            end_sessions(connection, world.people["ling"])
        assert await asyncio.wait_for(ended(wire), 20) == [b"event: over\ndata: {}\n\n"]
        live.streams.remove(stream)

    run(story())


def test_who_has_logged_out_is_told_nothing_more_though_the_page_still_hangs_there(
    world: World, settings: Settings, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LOOK_SECONDS", 0.02)
    world.deploy(planning=TWO_STEPS)
    session = session_of(world, browse, "ling")
    house = make_house(settings, world.engine)

    async def story() -> None:
        live = Live(house)
        stream, wire = watch(live, house, world.people["ling"], session)
        await until(wire, mine=0)
        with world.engine.database.write() as connection:
            end_sessions(connection, world.people["ling"])
        await asyncio.to_thread(world.start)
        assert await asyncio.wait_for(next_news(wire), 20) == ("over", {}), "not how much work has come"
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

    async def look() -> streams.News:
        return {}

    async def story() -> None:
        wire = Stream("a", "s").told(look)
        lines = [await anext(wire) for _ in range(3)]
        assert 2000 <= int(lines.pop(0).removeprefix(b"retry: ")) <= 8000
        assert lines == [b"event: news\ndata: {}\n\n", b": still here\n\n"]

    run(story())
