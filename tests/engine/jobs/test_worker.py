"""A worker whose listener has fallen silent, though the database answers, listens anew."""

import asyncio
import threading
from typing import Any

import pytest
from procrastinate.manager import JobManager

from engine.jobs import worker
from engine.store import Database


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
def test_a_listener_that_hangs_is_given_up_and_another_takes_its_place(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(worker, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(worker, "LEAVE_SECONDS", 0.1)
    beat, beats, anew = JobManager.update_heartbeat, [], threading.Event()

    async def first_one_hangs(self: JobManager, worker_id: int) -> None:
        if not beats:
            beats.append(worker_id)
        if worker_id == beats[0]:
            await asyncio.Event().wait()
        await beat(self, worker_id)
        anew.set()

    monkeypatch.setattr(JobManager, "update_heartbeat", first_one_hangs)
    url = database.url.render_as_string(hide_password=False).replace("+psycopg", "", 1)
    ends: dict[str, Any] = {}
    # Signals reach the main thread only, which is the test's: what one would call is called by hand.
    monkeypatch.setattr(
        "asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler",
        lambda loop, number, end: ends.update(end=lambda: loop.call_soon_threadsafe(end)),
    )
    thread = threading.Thread(
        target=worker.run_worker, args=(database, url, lambda: 0), kwargs={"stop": lambda: None}
    )
    thread.start()
    heard = anew.wait(60)
    ends["end"]()
    thread.join(60)
    assert heard
    assert not thread.is_alive()
