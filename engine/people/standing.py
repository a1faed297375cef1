"""Whose account an administrator may reset or shut: the three administrators keep out of each other's.

A one-time password opens an account, so whoever may reset an account can become its holder.
"""

from datetime import date

from sqlalchemy import Connection, or_, select
from sqlmodel import col

from engine.people.acts import act_to_appoint
from engine.people.persons import Person
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.tables import Membership, RightGrant

_KEPT_APART = {
    "manage_rights": "这是管理员的帐号，由安全管理员重置或停用。",
    "manage_people": "这个帐号由系统管理员重置或停用。",
}


def act_over(connection: Connection, user_id: str, *, on: date) -> str:
    """The act needed to reset or shut an account: "manage_rights" while its holder is an administrator,
    or will be one; else "manage_people"."""
    query = (
        select(col(RightGrant.act))
        .join(Membership, col(Membership.post_key) == col(RightGrant.post_key))
        .where(col(Membership.user_id) == user_id)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) >= on))
    )
    return act_to_appoint(connection.execute(query).scalars())


def check_may_govern(connection: Connection, person: Person, user_id: str, *, on: date) -> None:
    """Refuse `person` to reset or shut the account `user_id`.

    Raises PeopleRefused("own_account") for one's own, NotAllowed when the act needed is not granted.
    """
    if user_id == person.id:
        raise PeopleRefused(
            "own_account", "不能停用或重置自己的帐号。", hint="改密码请到“我的帐户”。", user_id=user_id
        )
    act = act_over(connection, user_id, on=on)
    if not person.rights_to(act):
        raise NotAllowed(act, _KEPT_APART[act])
