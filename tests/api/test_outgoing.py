"""Mail and webhooks against real servers on this machine, which refuse the first times."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import ValidationError

from api.outgoing.senders import senders_of
from api.outgoing.webhook import signature
from api.settings import Settings
from engine.runtime.engine import Engine
from engine.store import Database
from tests.engine.runtime.test_incidents import hurry, open_ones
from tests.engine.runtime.world import World, build_world, in_a_row, service

SECRET = "sixteen characters or more"
INPUTS = (
    '<zeebe:input source="= to" target="to" /><zeebe:input source="公示开始" target="subject" />'
    '<zeebe:input source="请登录查看。" target="text" />'
)
HOOK = (
    '<zeebe:input source="dashboard" target="channel" /><zeebe:input source="plan.issued" target="event" />'
    '<zeebe:input source="= {unit: unit.code, figure: 1.50}" target="data" />'
)


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that answers 451 to the first mails and keeps the others."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, refusing: int) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.refusing, self.seen, self.kept = refusing, list[bytes](), list[bytes]()


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = self.server
        assert isinstance(box, Mailbox)
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                data = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.seen.append(data)
                if len(box.seen) <= box.refusing:
                    self._say("451 come back later")
                    continue
                box.kept.append(data)
            self._say("221 bye" if verb == b"QUIT" else "250 good")

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


class Listener(ThreadingHTTPServer):
    """A web server that answers 503, then with a redirect, and keeps the third post."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Http)
        self.posts: list[tuple[dict[str, str], bytes]] = []


class _Http(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        listener = self.server
        assert isinstance(listener, Listener)
        body = self.rfile.read(int(self.headers["content-length"]))
        listener.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response({1: 503, 2: 307}.get(len(listener.posts), 204))
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def serving(server: Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def world_sending(database: Database, **settings: Any) -> World:
    world = build_world(database)
    given = Settings(send_timeout_seconds=5, **settings)
    world.engine = Engine(
        database,
        clock=world.clock,
        bindings=world.engine.setup.bindings,
        senders=senders_of(given),
        send_attempts=given.send_attempts,
    )
    return world


def test_a_mail_reaches_a_server_that_refused_it_first_under_one_message_id(database: Database) -> None:
    box = Mailbox(refusing=1)
    with serving(box) as port:
        world = world_sending(
            database, mail_host="127.0.0.1", mail_port=port, mail_from="闭环 <b@hz.example>"
        )
        world.deploy(planning=in_a_row(service("tell", "bihuan:mail", inputs=INPUTS)))
        world.start(to="ling@hz.example")
        hurry(world)
    (mail,) = box.kept
    first, second = (message_from_bytes(one) for one in box.seen)
    letter = world.scalar("select id from outbox")
    assert first["Message-ID"] == second["Message-ID"] == f"<{letter}@hz.example>"
    assert (second["To"], second["Auto-Submitted"]) == ("ling@hz.example", "auto-generated")
    assert str(make_header(decode_header(second["Subject"]))) == "公示开始"
    payload = message_from_bytes(mail).get_payload(decode=True)
    assert isinstance(payload, bytes) and payload.decode().strip() == "请登录查看。"
    assert open_ones(world) == []


def test_a_webhook_is_signed_repeats_its_key_and_follows_no_redirect(database: Database) -> None:
    listener = Listener()
    with serving(listener) as port:
        hook = {"url": f"http://127.0.0.1:{port}/hook", "secret": SECRET}
        world = world_sending(database, webhooks={"dashboard": hook})
        world.deploy(planning=in_a_row(service("tell", "bihuan:webhook", inputs=HOOK)))
        instance = world.start()
        hurry(world)
    assert len(listener.posts) == 3, "503, a redirect that is not followed, and taken"
    keys = {headers["idempotency-key"] for headers, _body in listener.posts}
    assert keys == {world.scalar("select id from outbox")}
    assert len({body for _headers, body in listener.posts}) == 1
    headers, body = listener.posts[-1]
    assert headers["bihuan-signature"] == signature(SECRET, headers["bihuan-timestamp"], body)
    assert headers["bihuan-signature"] != signature(
        "another secret of length", headers["bihuan-timestamp"], body
    )
    assert (headers["bihuan-event"], headers["bihuan-attempt"]) == ("plan.issued", "3")
    said = json.loads(body)
    assert (said["id"], said["event"], said["instance_id"]) == (*keys, "plan.issued", instance)
    assert said["data"] == {"unit": "U1", "figure": "1.50"}
    assert world.scalar("select count(*) from outbox where sent_at is null") == 0


def test_a_channel_that_is_not_set_up_is_an_incident_that_names_it(database: Database) -> None:
    hook = {"url": "http://127.0.0.1:9/hook", "secret": SECRET}
    world = world_sending(database, webhooks={"other": hook}, send_attempts=1)
    world.deploy(planning=in_a_row(service("tell", "bihuan:webhook", inputs=HOOK)))
    world.start()
    (found,) = open_ones(world)
    assert found["message"] == "对方没有收下：设置里没有名为 dashboard 的网络回调"


@pytest.mark.parametrize(
    "hook", [{"url": "file:///etc/passwd", "secret": SECRET}, {"url": "https://a.example", "secret": "short"}]
)
def test_a_webhook_without_a_safe_address_and_secret_is_refused(hook: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(webhooks={"dashboard": hook})
