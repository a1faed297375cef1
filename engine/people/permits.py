"""What each line of an import may do: the same rights, asked at the same things, as on the pages."""

from datetime import date

from sqlalchemy import Connection

from engine.people.acts import act_to_appoint
from engine.people.administering import (
    may_over_account,
    place_under,
    require_fill,
    sees_account,
    unit_thing,
)
from engine.people.persons import Person
from engine.people.posts import list_posts
from engine.people.refusals import NotAllowed, PeopleRefused
from engine.people.rights import may
from engine.people.tables import Unit, UserAccount

_ACT = "manage_people"


class Permits:
    """Asks for `person`; for None (a command at the server, a demonstration city) everything is allowed.

    Units and accounts that this import made itself are the importer's.
    """

    def __init__(self, connection: Connection, person: Person | None, on: date) -> None:
        self._connection, self._person, self._on = connection, person, on
        self._added: set[str] = set()
        self._posts = {post.key: post for post in list_posts(connection)} if person else {}

    def change_unit(self, unit: Unit) -> None:
        """Raises NotAllowed."""
        if self._person is None or unit.id in self._added:
            return
        if not may(self._person, _ACT, unit_thing(unit)):
            raise NotAllowed(_ACT, f"单位“{unit.name}”不在您的管理范围内。")

    def add_unit_under(self, parent_id: str) -> None:
        """Raises NotAllowed."""
        if self._person is None or parent_id in self._added:
            return
        if not may(self._person, _ACT, place_under(self._connection, parent_id)):
            raise NotAllowed(_ACT, "您不能在这个上级单位之下新增单位。")

    def added(self, made_id: str) -> None:
        """Note a unit or an account that this import made."""
        self._added.add(made_id)

    def know_account(self, user: UserAccount) -> None:
        """Raises PeopleRefused: a log-in of somebody else's people is taken, and no more is told."""
        if self._person is None or user.id in self._added:
            return
        if sees_account(self._connection, self._person, user.id, on=self._on):
            return
        raise PeopleRefused(
            "login_taken", f"登录名“{user.login}”已被使用。", hint="请换一个登录名。", field="login"
        )

    def change_account(self, user: UserAccount) -> None:
        """Raises NotAllowed."""
        if self._person is None or user.id in self._added:
            return
        if not may_over_account(self._connection, self._person, _ACT, user.id, on=self._on):
            raise NotAllowed(_ACT, f"“{user.name}”还有您管理范围以外的任职，电话和邮箱不能由您修改。")

    def fill(self, user_id: str, unit: Unit, post_key: str) -> None:
        """Raises NotAllowed for a unit or post out of reach, PeopleRefused for a post for oneself."""
        if self._person is None:
            return
        if user_id == self._person.id:
            raise PeopleRefused("own_post", "不能任命自己，请由另一位管理员办理。", user_id=user_id)
        post = self._posts[post_key]
        ordinary = act_to_appoint(grant.act for grant in post.grants) == _ACT and post.seat == "unit"
        if not (ordinary and unit.id in self._added):
            require_fill(self._connection, self._person, post, unit.id)
