"""Whose account an administrator may reset or shut: the three administrators keep out of each other's.

A one-time password opens an account, so whoever may reset an account can become its holder. The accounts of
the three administrators (系统管理员, 安全管理员, 审计员) are therefore reset by nobody on a page, only by a
command at the server (`bihuan reset-password`); otherwise the security administrator could be all three.
"""

from datetime import date

from sqlalchemy import Connection, or_, select
from sqlmodel import col

from engine.people.acts import act_to_appoint
from engine.people.administering import may_over_account, require_over_account
from engine.people.persons import Person
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.tables import Membership, RightGrant

_KEPT_APART = {
    "manage_rights": "这是管理员的帐号，由安全管理员停用或启用。",
    "manage_people": "这个帐号由系统管理员重置或停用。",
}
_AT_THE_SERVER = (
    "三员分立：管理员的密码谁也不能在页面上重置，请由管理服务器的人运行 bihuan reset-password；审计员看得到。"
)


def act_over(connection: Connection, user_id: str, *, on: date) -> str:
    """The act needed to shut an account: "manage_rights" while its holder is an administrator, or will be
    one; else "manage_people"."""
    query = (
        select(col(RightGrant.act))
        .join(Membership, col(Membership.post_key) == col(RightGrant.post_key))
        .where(col(Membership.user_id) == user_id)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= on))
    )
    return act_to_appoint(connection.execute(query).scalars())


def may_govern(connection: Connection, person: Person, user_id: str, *, on: date) -> bool:
    """Whether the person may shut the account: another's, with the act needed at every seat of it."""
    act = act_over(connection, user_id, on=on)
    return user_id != person.id and may_over_account(connection, person, act, user_id, on=on)


def may_reset(connection: Connection, person: Person, user_id: str, *, on: date) -> bool:
    """Whether the person may give the account a one-time password: never an administrator's."""
    ordinary = act_over(connection, user_id, on=on) == "manage_people"
    return ordinary and may_govern(connection, person, user_id, on=on)


def check_may_govern(connection: Connection, person: Person, user_id: str, *, on: date) -> None:
    """Refuse `person` to shut or reopen the account `user_id`.

    Raises PeopleRefused("own_account") for one's own, NotAllowed when the act needed is not granted, or not
    at every unit where the account has a seat.
    """
    _check_not_own(person, user_id)
    act = act_over(connection, user_id, on=on)
    if not person.rights_to(act):
        raise NotAllowed(act, _KEPT_APART[act])
    require_over_account(connection, person, act, user_id, on=on)


def check_may_reset(connection: Connection, person: Person, user_id: str, *, on: date) -> None:
    """Refuse `person` to give the account `user_id` a one-time password.

    Raises as `check_may_govern`, and NotAllowed for the account of one of the three administrators.
    """
    _check_not_own(person, user_id)
    if act_over(connection, user_id, on=on) == "manage_rights":
        raise NotAllowed("manage_rights", _AT_THE_SERVER)
    check_may_govern(connection, person, user_id, on=on)


def _check_not_own(person: Person, user_id: str) -> None:
    if user_id == person.id:
        raise PeopleRefused(
            "own_account", "不能停用或重置自己的帐号。", hint="改密码请到“我的帐户”。", user_id=user_id
        )
