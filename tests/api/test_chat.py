"""Short messages against real servers on this machine: what a bot refuses with 200 was not taken."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from pydantic import ValidationError

from api.outgoing.noticing import notice_rules
from api.outgoing.resting import Resting, StillAway
from api.outgoing.senders import senders_of
from api.settings import Settings
from engine.runtime.outbox import Letter, Sender, Unsent
from tests.api.test_outgoing import serving

KEY = "0123456789abcdef0123456789abcdef"


class Bot(ThreadingHTTPServer):
    """A bot's server: gives the answers in turn, keeps what was posted where."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers = list(answers)
        self.posts: list[tuple[str, Any]] = []


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        bot = self.server
        assert isinstance(bot, Bot)
        body = self.rfile.read(int(self.headers["content-length"]))
        bot.posts.append((self.path, json.loads(body)))
        status, said = bot.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def chatting(bot: Bot, url: str) -> Iterator[Sender]:
    """The sender of a channel named `way`; `{port}` in its address is the bot's."""
    with serving(bot) as port:
        way = {"name": "试用", "url": url.replace("{port}", str(port))}
        yield senders_of(Settings(notice_channels={"way": way}, send_timeout_seconds=5))["chat"]


def letter(recipient: str) -> Letter:
    return Letter("chat", recipient, "新任务：汇总年度目标", subject="新任务", channel="way", id="1")


@pytest.mark.parametrize(
    ("plugin", "attribute", "url", "refusal", "said"),
    [
        (NotifyWeComBot, "wecombot", "wecombot://{address}", {"errcode": 93000, "errmsg": "invalid"}, "text"),
        (NotifyDingTalk, "dingtalk", "dingtalk://{address}", {"errcode": 310000, "errmsg": "no"}, "text"),
        (NotifyFeishu, "feishu", "feishu://{address}", {"code": 19001, "msg": "param invalid"}, "content"),
    ],
)
def test_a_bot_that_answers_200_and_a_code_has_not_taken_the_message(
    plugin: Any, attribute: str, url: str, refusal: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot((200, refusal), (503, {}), (200, {"errcode": 0, "code": 0}))
    with chatting(bot, url) as send:
        here = f"http://127.0.0.1:{bot.server_address[1]}/{{key}}"
        monkeypatch.setattr(
            plugin, "notify_url", here if attribute == "wecombot" else here.replace("key", "token")
        )
        with pytest.raises(Unsent, match=str(next(iter(refusal.values())))):
            send(letter(KEY))
        with pytest.raises(Unsent, match="HTTP 503"):
            send(letter(KEY))
        send(letter(KEY))
    paths = {path.strip("/") for path, _body in bot.posts}
    assert paths == {KEY}, "each person has a bot of their own"
    assert "新任务：汇总年度目标" in json.dumps(bot.posts[-1][1][said], ensure_ascii=False)


def test_a_gateway_of_the_city_gets_the_telephone_in_the_path_and_nobody_there_is_said() -> None:
    bot = Bot((200, {}))
    with chatting(bot, "json://127.0.0.1:{port}/send/{phone}") as send:
        send(letter("+86 138/../x"))
    ((path, body),) = bot.posts
    assert path == "/send/+86%20138%2F..%2Fx", "no person's telephone leads to another path"
    assert body["message"] == "新任务：汇总年度目标"
    with pytest.raises(Unsent, match="没有连上"):
        send(letter("138"))


def test_a_webhook_channel_goes_out_signed_with_the_person_named() -> None:
    bot = Bot((200, {}))
    with serving(bot) as port:
        hook = {"url": f"http://127.0.0.1:{port}/in", "secret": "sixteen characters or more"}
        settings = Settings(
            webhooks={"gateway": hook},
            notice_channels={"way": {"name": "短信", "url": "webhook://gateway/{login}"}},
        )
        senders_of(settings)["chat"](letter("zhang.ling"))
    ((_path, body),) = bot.posts
    assert body["event"] == "notice"
    assert body["data"] == {"to": "zhang.ling", "subject": "新任务", "text": "新任务：汇总年度目标"}


@pytest.mark.parametrize(
    "url",
    [
        "wecombot://key-of-a-group",  # everybody would read everything
        "json://{address}/x",  # a person would choose the host
        "jsons://a.example/{phone}/{login}",
        "file:///etc/{login}",
        "jsons://a.example/{password}",
    ],
)
def test_a_channel_that_reaches_others_than_one_person_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(notice_channels={"way": {"name": "x", "url": url}})


def test_the_rules_name_the_channels_and_no_secret() -> None:
    way = {"name": "企业微信", "url": "wecombot://{address}"}
    settings = Settings(mail_host="mail.example", notice_channels={"way": way})
    rules = notice_rules(settings)
    assert [(one.key, one.name, one.field, one.own) for one in rules.channels.values()] == [
        ("mail", "邮件", "email", True),
        ("way", "企业微信", "address", True),
    ]
    assert "wecombot" not in repr(settings)


def test_behind_a_way_that_hangs_the_next_letters_do_not_wait() -> None:
    times = iter([0.0, 20.0, 20.0, 21.0, 60.0, 60.0])
    tried: list[str] = []

    def hang(one: Letter) -> None:
        tried.append(one.id)
        raise TimeoutError("nobody")

    sender = Resting(hang, now=lambda: next(times))
    with pytest.raises(TimeoutError):
        sender(letter("a"))
    with pytest.raises(StillAway, match="nobody"):
        sender(letter("b"))
    with pytest.raises(TimeoutError):
        sender(letter("c"))
    assert len(tried) == 2
