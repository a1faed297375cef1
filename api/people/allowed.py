"""Who may open the pages of people, and what of them: a thing out of sight is 404, one in sight may be 403.

The rule is engine.people's (`administering`, `standing`); this module only turns it into answers.
`require` asks whether the person has such a right at all, `seen_unit` and `seen_account` whether this unit or
account is within sight, `engine.people.rights.require` and `require_over_account` whether it may be changed.
"""

from datetime import date

from sqlalchemy import Connection

from api.errors import Trouble
from api.language import gettext as _
from api.shell import can
from engine.people.administering import (
    SEE_PEOPLE,
    SEE_UNITS,
    may_any,
    may_fill_somewhere,
    require_fill,
    sees_account,
    unit_thing,
)
from engine.people.persons import Person
from engine.people.posts import PostSpec, list_posts
from engine.people.refusals import PeopleRefused
from engine.people.rights import Thing
from engine.people.rights import require as require_at
from engine.people.tables import Unit, UserAccount
from engine.people.units import read_unit
from engine.people.users import read_user

LOOK = SEE_PEOPLE
LOOK_AT_UNITS = SEE_UNITS


def require(person: Person, *acts: str) -> None:
    """Raises Trouble(403) when no post of the person grants one of `acts` anywhere."""
    if not can(person, *acts):
        raise Trouble(403, "not_allowed")


def require_any_at(person: Person, acts: tuple[str, ...], thing: Thing) -> None:
    """Raises NotAllowed unless the person may do one of `acts` to `thing`."""
    if not may_any(person, acts, thing):
        require_at(person, acts[0], thing)


def seen_unit(connection: Connection, person: Person, unit_id: str) -> Unit:
    """The unit. Raises Trouble(404) when there is none, or not for this person."""
    try:
        unit = read_unit(connection, unit_id)
    except PeopleRefused as missing:
        raise Trouble(404, "not_found") from missing
    if not may_any(person, SEE_UNITS, unit_thing(unit)):
        raise Trouble(404, "not_found")
    return unit


def named_unit(connection: Connection, person: Person, unit_id: str) -> Unit:
    """A unit that a form names. Raises PeopleRefused, the same for one that is not there or out of sight."""
    unit = read_unit(connection, unit_id)
    if not may_any(person, SEE_UNITS, unit_thing(unit)):
        raise PeopleRefused("unit_missing", "没有这个单位。", unit_id=unit_id)
    return unit


def seen_account(connection: Connection, person: Person, user_id: str, *, on: date) -> UserAccount:
    """The account. Raises Trouble(404) when there is none, or not for this person."""
    try:
        user = read_user(connection, user_id)
    except PeopleRefused as missing:
        raise Trouble(404, "not_found") from missing
    if not sees_account(connection, person, user_id, on=on):
        raise Trouble(404, "not_found")
    return user


def fillable(connection: Connection, person: Person) -> dict[str, str]:
    """The posts that the person may fill and vacate somewhere: key and name, highest rank first."""
    return {
        post.key: post.name for post in list_posts(connection) if may_fill_somewhere(connection, person, post)
    }


def check_not_oneself(person: Person, user_id: str) -> None:
    """Raises PeopleRefused: nobody gives a post to themselves."""
    if user_id == person.id:
        raise PeopleRefused("own_post", _("不能任命自己，请由另一位管理员办理。"), user_id=user_id)


def check_may_appoint(connection: Connection, person: Person, post_key: str, unit_id: str) -> None:
    """Raises NotAllowed for a post that the person may not fill at the unit, PeopleRefused for a unit out of
    sight; an unknown post is refused elsewhere."""
    named_unit(connection, person, unit_id)
    post = post_of(connection, post_key)
    if post is not None:
        require_fill(connection, person, post, unit_id)


def post_of(connection: Connection, post_key: str) -> PostSpec | None:
    """The post with this key."""
    return next((post for post in list_posts(connection) if post.key == post_key), None)
