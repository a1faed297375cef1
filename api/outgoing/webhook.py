"""Webhooks: a signed POST. What the receiver checks is in docs/administrator.md."""

import hashlib
import hmac
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from typing import IO

import orjson

from api.outgoing.channels import Webhook
from engine.runtime.outbox import Letter


class Unwanted(Exception):
    """The receiver answered with something else than 2xx."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC of `<timestamp>.<body>`: the time cannot be changed without the secret."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def body_of(letter: Letter) -> bytes:
    """The same bytes each time that the letter is sent."""
    created = letter.created_at.isoformat() if letter.created_at else None
    return orjson.dumps(
        {
            "id": letter.id,
            "event": letter.subject,
            "created_at": created,
            "cycle_id": letter.cycle_id,
            "instance_id": letter.instance_id,
            "element": letter.element_id,
            "data": orjson.loads(letter.content),
        }
    )


class _StaysHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like another: nothing is posted to where the settings do not say."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


@dataclass(frozen=True)
class Webhooks:
    """Posts to the webhook that the letter's channel names. Raises `LookupError`, `Unwanted`, `OSError`."""

    channels: Mapping[str, Webhook]
    timeout: float

    def __call__(self, letter: Letter) -> None:
        channel = self.channels.get(letter.channel)
        if channel is None:
            raise LookupError(f"设置里没有名为 {letter.channel} 的网络回调")
        body, timestamp = body_of(letter), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": letter.id,
            "Bihuan-Event": letter.subject.encode("ascii", "replace").decode(),
            "Bihuan-Attempt": str(letter.attempt),
            "Bihuan-Timestamp": timestamp,
            "Bihuan-Signature": signature(channel.secret.get_secret_value(), timestamp, body),
        }
        request = urllib.request.Request(channel.url, data=body, headers=headers, method="POST")  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StaysHere())
        answer: HTTPResponse = opener.open(request, timeout=self.timeout)
        with answer:
            if not 200 <= answer.status < 300:
                raise Unwanted(f"HTTP {answer.status}")
