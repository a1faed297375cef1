"""通知设置: what pages and programs do with one's own wishes; the same function for both."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.as_shown import check_as_shown
from api.errors import Trouble
from api.house import House
from api.language import gettext as _
from engine.people.holding import hold
from engine.people.persons import Person
from engine.people.tables import UserAccount
from engine.runtime.notices import addresses
from engine.runtime.notices.addresses import AddressRefused, OwnAddress
from engine.runtime.notices.people import Reachable, reachable
from engine.runtime.notices.rules import Channel, Habit
from engine.runtime.notices.wishes import Wishes, WrongWish, wishes_of, write_wishes


@dataclass(frozen=True)
class Way:
    """One channel as its person sees it: where it reaches them (keys in part), and their own address."""

    channel: Channel
    reaches: str
    own: OwnAddress | None


@dataclass(frozen=True)
class Own:
    """One's wishes and ways."""

    wishes: Wishes
    ways: tuple[Way, ...]


def own_wishes(house: House, person: Person) -> Own:
    """What holds for a person."""
    rules = house.engine.setup.notices
    with house.database.read() as connection:
        wishes = wishes_of(connection, person.id, rules)
        me = reachable(connection, [person.id], on=house.today, usual=rules.habit).get(person.id)
        own = addresses.own_addresses(connection, person.id)
    ways = tuple(_way(channel, me, own.get(channel.key)) for channel in rules.channels.values())
    return Own(wishes, ways)


def _way(channel: Channel, me: Reachable | None, own: OwnAddress | None) -> Way:
    reaches = me.reached(channel) if me else ""
    return Way(channel, addresses.shown(reaches, channel.key) if channel.own else reaches, own)


def marked(wishes: Wishes) -> tuple[object, ...]:
    """What a page shows of one's wishes, for its mark."""
    return (wishes.habit.__dict__, sorted((*key, how) for key, how in wishes.chosen.items()))


def keep_wishes(
    house: House,
    person: Person,
    chosen: Mapping[tuple[str, str], str],
    habit: Habit | None,
    *,
    shown: str | None = None,
) -> None:
    """Keep one's wishes in place of the earlier ones; `shown` is the mark of the page's form.

    Raises Trouble(409, 422).
    """
    channels = house.engine.setup.notices.channels
    for _kind, channel in chosen:
        channel_of(house, channel, among=channels)
    try:
        with house.database.write() as connection:
            hold(connection, UserAccount, person.id)
            check_as_shown(shown, *marked(wishes_of(connection, person.id, house.engine.setup.notices)))
            write_wishes(connection, person.id, chosen, habit)
    except WrongWish as wrong:
        errors = [{"field": wrong.field, "code": wrong.code, "message": wrong.message}]
        raise Trouble(422, wrong.code, wrong.message, errors=errors) from wrong


def channel_of(house: House, key: str, *, among: Mapping[str, Channel] | None = None) -> Channel:
    """A channel that is set up. Raises Trouble(404)."""
    found = (among or house.engine.setup.notices.channels).get(key)
    if found is None:
        raise Trouble(404, "not_found", _("没有这个通知渠道。"))
    return found


def want(house: House, person: Person, channel: str, address: str) -> None:
    """Let a code be sent to an address of one's own. Raises Trouble(404, 422)."""
    way = channel_of(house, channel)
    try:
        with house.database.write() as connection:
            addresses.want_address(house.engine.setup, connection, person.id, way, address)
    except AddressRefused as refused:
        errors = [{"field": "address", "code": refused.code, "message": refused.message}]
        raise Trouble(422, refused.code, refused.message, errors=errors) from refused


def confirm(house: House, person: Person, channel: str, code: str) -> None:
    """The code has come back. Raises Trouble(404, 422)."""
    channel_of(house, channel)
    with house.database.write() as connection:
        fine = addresses.confirm_address(connection, person.id, channel, code)
    if not fine:
        message = _("验证码不对或已过期；输错 5 次要重新发送。")
        errors = [{"field": "code", "code": "wrong_code", "message": message}]
        raise Trouble(422, "wrong_code", message, errors=errors)


def forget(house: House, person: Person, channel: str) -> None:
    """Take one's own address back. Raises Trouble(404)."""
    channel_of(house, channel)
    with house.database.write() as connection:
        addresses.forget_address(connection, person.id, channel)
