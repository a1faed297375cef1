"""通知渠道: the ways out of the house as the settings make them, how each fares, and a test to oneself.

Whoever keeps the people of a whole assessor sees them. Secrets stay in the settings: of an address the host
is shown, and what a failure says is shown without them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import orjson

from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from api.outgoing.channels import BOTS, HOOK, NoticeChannel
from api.people.recording import record
from api.settings import Settings
from engine.audit.administration import Subject
from engine.people.administering import assessor_thing
from engine.people.persons import Person
from engine.people.rights import may
from engine.runtime import ways
from engine.runtime.notices.people import reachable
from engine.runtime.notices.rules import MAIL
from engine.runtime.outbox import Letter, put
from engine.runtime.ways import Way, way_of

LEAST = 6
"""A part of an address shorter than this is no secret."""


@dataclass(frozen=True)
class Outlet:
    """One way as its page shows it. `where` is the place without secrets; empty key: it is not set up."""

    key: str
    name: str
    kind: str
    where: str = ""
    todo: bool = False
    state: Way = field(default_factory=partial(Way, ""))

    @property
    def failing(self) -> bool:
        """Whether the last that is known is a failure."""
        sent, failed = self.state.sent_at, self.state.failed_at
        return failed is not None and (sent is None or failed > sent)


def overseen(person: Person) -> str:
    """The assessor whose people the person keeps. Raises Trouble(403) for who keeps none as a whole."""
    for post in person.memberships:
        if post.assessor_id and may(person, "manage_people", assessor_thing(post.assessor_id)):
            return post.assessor_id
    raise Trouble(403, "not_allowed")


def outlets(house: House, person: Person) -> list[Outlet]:
    """Every way, those that are not set up too. Raises Trouble(403)."""
    overseen(person)
    with house.database.read() as connection:
        known = ways.ways(connection)
    secrets = sorted(_secrets(house.settings), key=len, reverse=True)
    return [
        Outlet(one.key, one.name, one.kind, one.where, one.todo, _without(known.get(one.key), secrets))
        for one in _drawn_up(house.settings)
    ]


def try_out(house: House, person: Person, key: str) -> str:
    """Send a test by one way to the person (a webhook gets an event `test`); its name. It is put on record.

    Raises Trouble(403, 404), and Trouble(422) for who has no address there.
    """
    assessor = overseen(person)
    found = next((one for one in _drawn_up(house.settings) if one.key == key and key), None)
    if found is None:
        raise Trouble(404, "not_found")
    with house.database.write() as connection:
        me = reachable(connection, [person.id], on=house.today, usual=house.engine.setup.notices.habit)
        kind, _between, channel = key.partition(":")
        text = _("这是“{name}”的测试，由{who}在通知渠道页面发出。收到了，说明这个渠道能用。").format(
            name=found.name, who=person.name
        )
        if kind == HOOK:
            said = orjson.dumps({"text": text, "by": person.login}).decode()
            letter = Letter(HOOK, channel, said, subject="test", channel=channel)
        else:
            rule = house.engine.setup.notices.channels.get(channel or MAIL)
            address = me[person.id].reached(rule) if rule and person.id in me else ""
            if rule is None or not address:
                message = _("您在“{name}”没有地址，请先在通知设置里填写，或请人补全帐号。").format(
                    name=found.name
                )
                raise Trouble(422, "no_address", message)
            letter = Letter(rule.letter, address, text, subject=_("闭环绩效测试"), channel=rule.key)
        put(house.engine.setup, connection, [letter], attempts=1, assessor_id=assessor, once=True)
        subject = Subject(key, found.name, unit_id=assessor, assessor_id=assessor)
        record(house, connection, person, "test_channel", subject)
    return found.name


def _drawn_up(settings: Settings) -> Iterator[Outlet]:
    """What the settings say, without how it fares: mail, bots, other channels, webhooks, the to-do centre."""
    mail = f"{settings.mail_host}:{settings.mail_port}"
    yield (
        Outlet(ways.MAIL, _("邮件"), _("邮件"), mail)
        if settings.mail_host
        else Outlet("", _("邮件"), _("邮件"))
    )
    names = {"wecombot": _("企业微信"), "dingtalk": _("钉钉"), "feishu": _("飞书")}
    for scheme in BOTS:
        if not any(one.scheme == scheme for one in settings.notice_channels.values()):
            yield Outlet("", names[scheme], _("机器人"))
    for key, channel in settings.notice_channels.items():
        kind = names.get(channel.scheme) or (_("网络回调") if channel.scheme == HOOK else _("网关"))
        yield Outlet(way_of("chat", key), channel.name, kind, _host(channel))
    for name, hook in settings.webhooks.items():
        todo = name == settings.todo_webhook
        where = urlsplit(hook.url).hostname or ""
        yield Outlet(way_of(HOOK, name), name, _("待办中心") if todo else _("网络回调"), where, todo)
    if not settings.webhooks:
        yield Outlet("", _("网络回调"), _("网络回调"))
    if not settings.todo_webhook:
        yield Outlet("", _("待办中心"), _("待办中心"))


def _host(channel: NoticeChannel) -> str:
    """Where a gateway stands; a bot's address is a secret as a whole."""
    if channel.scheme in BOTS:
        return ""
    return channel.url.get_secret_value().partition("://")[2].partition("/")[0].rpartition("@")[2]


def _secrets(settings: Settings) -> Iterator[str]:
    yield from filter(None, [settings.mail_password])
    for hook in settings.webhooks.values():
        yield hook.secret.get_secret_value()
        yield from _parts(hook.url)
    for channel in settings.notice_channels.values():
        yield from _parts(channel.url.get_secret_value(), whole=channel.scheme in BOTS)


def _parts(url: str, *, whole: bool = False) -> Iterator[str]:
    """The parts of an address that may be keys: all behind the host, of a bot's the host too."""
    rest = url.partition("://")[2]
    host, _slash, path = rest.partition("/")
    yield from (
        one for one in ([host] if whole else host.split("@")[:-1]) if len(one) >= LEAST and "{" not in one
    )
    for part in path.replace("?", "/").replace("&", "/").replace("=", "/").split("/"):
        if len(part) >= LEAST and "{" not in part:
            yield part


def _without(state: Way | None, secrets: list[str]) -> Way:
    if state is None:
        return Way("")
    said = state.last_error
    for secret in secrets:
        said = said.replace(secret, "…")
    return Way(state.key, state.sent_at, state.failed_at, said)
