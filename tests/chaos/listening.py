"""An open page as a browser keeps one: it listens for news, and notes what it heard and when."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Queue

import httpx
import orjson


@dataclass(frozen=True)
class Heard:
    """One event: its name, the numbers it brought, and when (`time.monotonic`)."""

    name: str
    counts: dict[str, int]
    at: float


class Page(threading.Thread):
    """Listens until the server ends it, or `close`."""

    def __init__(self, address: str, cookies: httpx.Cookies, *, last_event_id: str = "") -> None:
        super().__init__(daemon=True)
        self.heard: Queue[Heard] = Queue()
        headers = {"accept": "text/event-stream"} | (
            {"last-event-id": last_event_id} if last_event_id else {}
        )
        timeout = httpx.Timeout(30, connect=5)
        self._web = httpx.Client(cookies=cookies, headers=headers, timeout=timeout, trust_env=False)
        self._address = address
        self._socket: socket.socket | None = None
        self.start()

    def run(self) -> None:
        """Read what comes; the connection's end is an event too, "gone"."""
        with suppress(httpx.HTTPError, RuntimeError), self._web.stream("GET", self._address) as answer:
            self._socket = answer.extensions["network_stream"].get_extra_info("socket")
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self.heard.put(Heard(name, orjson.loads(line[6:]), time.monotonic()))
        self.heard.put(Heard("gone", {}, time.monotonic()))

    def until(self, **counts: int) -> Heard:
        """Wait for news of these numbers."""
        while True:
            event = self.next()
            assert event.name == "news", event
            if counts.items() <= event.counts.items():
                return event

    def next(self) -> Heard:
        """What is heard next."""
        try:
            return self.heard.get(timeout=30)
        except Empty:
            raise AssertionError("nothing is heard") from None

    def close(self) -> None:
        """The tab is closed, whatever is being read of it."""
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self._web.close()
