"""Short messages to one person, by Apprise: WeCom, DingTalk, Feishu, a gateway of the city, or a webhook.

The bots of WeCom, DingTalk and Feishu answer 200 also when they refuse, with a code in the body; Apprise
looks at the status alone. So their answers are heard here: what was refused was not taken, and is sent again.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import orjson

from api.outgoing.channels import HOOK, NoticeChannel
from api.outgoing.webhook import Unwanted
from engine.runtime.outbox import Letter, Sender

LONGEST = 1500
"""Characters of one message: the bots take 2,048 bytes at least."""
_heard = threading.local()


@dataclass(frozen=True)
class Chats:
    """Sends to the channel that the letter names. Raises `LookupError`, `Unwanted`."""

    channels: Mapping[str, NoticeChannel]
    webhooks: Sender | None
    timeout: float

    def __call__(self, letter: Letter) -> None:
        channel = self.channels.get(letter.channel)
        if channel is None:
            raise LookupError(f"设置里没有名为 {letter.channel} 的通知渠道")
        url = channel.url.get_secret_value().replace("{" + channel.field + "}", quote(letter.recipient, ""))
        if channel.scheme == HOOK:
            self._by_webhook(letter, url)
        else:
            self._by_apprise(letter, channel, url)

    def _by_webhook(self, letter: Letter, url: str) -> None:
        if self.webhooks is None:
            raise LookupError("设置里没有网络回调")
        name = url.partition("://")[2].partition("/")[0]
        said = {"to": letter.recipient, "subject": letter.subject, "text": letter.content}
        self.webhooks(replace(letter, channel=name, subject="notice", content=orjson.dumps(said).decode()))

    def _by_apprise(self, letter: Letter, channel: NoticeChannel, url: str) -> None:
        way = _way(url, self.timeout)
        if way is None:
            raise LookupError(f"通知渠道“{channel.name}”的地址不能用")
        _heard.answer = None
        # Some bots show no title, so the text always says all of it.
        taken = way.notify(body=letter.content[:LONGEST], title="")
        refused = _refused(getattr(_heard, "answer", None))
        if not taken or refused:
            raise Unwanted(f"{channel.name}：{refused or '没有连上'}")


def _way(url: str, timeout: float) -> Any:
    """Apprise's notifier for an address, or None. It is loaded when the first message goes out."""
    import apprise

    _listen()
    asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY, app_id="Bihuan")
    way = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if way is not None:
        way.socket_connect_timeout = way.socket_read_timeout = timeout
        way.request_rate_per_sec = 0
        way.redirects = False
    return way


def _refused(answer: Any) -> str:
    """What the other side says against it; empty when it took the message."""
    if answer is None:
        return ""
    if not 200 <= answer.status_code < 300:
        return f"HTTP {answer.status_code}"
    try:
        said = orjson.loads(answer.content or b"{}")
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(said, dict):
        return ""
    for code, words in (("errcode", "errmsg"), ("code", "msg"), ("StatusCode", "StatusMessage")):
        if isinstance(said.get(code), int) and said[code] != 0:
            return f"{said[code]} {str(said.get(words, ''))[:200]}"
    return ""


class _Listening:
    """`requests` as a bot's plug-in uses it, with an ear at the answer."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *given: Any, **named: Any) -> Any:
        _heard.answer = self._requests.post(*given, **named)
        return _heard.answer

    def request(self, *given: Any, **named: Any) -> Any:
        _heard.answer = self._requests.request(*given, **named)
        return _heard.answer


def _listen() -> None:
    from apprise.plugins import custom_json, dingtalk, feishu, wecombot

    for plugin in (custom_json, dingtalk, feishu, wecombot):
        if not isinstance(plugin.requests, _Listening):
            plugin.requests = _Listening(plugin.requests)  # type: ignore[attr-defined]
