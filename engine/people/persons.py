"""A person as the rights see them on one day: what they hold, what that grants, and for whom they stand in.

Three statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import Connection

from engine.people.acts import withheld
from engine.people.posts import Grant
from engine.people.queries import QUERIES
from engine.people.refusals import PeopleRefused
from engine.people.units import ASSESSOR
from engine.store import Row


@dataclass(frozen=True)
class HeldPost:
    """A post that a person holds: at which unit, for which cycle (None: always), and where they sit.

    `assessor_id` is the assessor to whom the post's unit belongs (itself, when it is one).
    """

    unit_id: str
    post_key: str
    cycle_id: str | None = None
    home_id: str = ""
    assessor_id: str = ""
    is_primary: bool = False


@dataclass(frozen=True)
class Right:
    """One right that a person has on one post: the act, how far it reaches, and in which cycle."""

    act: str
    reach: str
    unit_id: str
    assessor_id: str
    cycle_id: str | None = None


@dataclass(frozen=True)
class StandingIn:
    """代理: somebody whose work the person does meanwhile.

    `posts` are the posts it is for. `whole` says that it is for all of them and for what is assigned to
    the other in person. `processes` are process ids; empty means all.
    """

    user_id: str
    name: str
    posts: tuple[HeldPost, ...] = ()
    processes: frozenset[str] = frozenset()
    whole: bool = True
    since: date = date.min
    """The first day of it."""


@dataclass(frozen=True)
class Person:
    """Who acts. `below` gives, for a unit with rights that reach below it, every unit there."""

    id: str
    name: str
    login: str
    memberships: tuple[HeldPost, ...] = ()
    rights: tuple[Right, ...] = ()
    below: Mapping[str, frozenset[str]] = field(default_factory=dict)
    must_change_password: bool = False
    stands_in: tuple[StandingIn, ...] = ()

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Acts that the person must not do, whatever else would allow it (三员分立)."""
        return withheld(right.act for right in self.rights)

    def holds(self, post_key: str, *, unit_id: str | None = None) -> bool:
        """Whether the person holds a post, anywhere or at one unit."""
        return any(held.post_key == post_key and unit_id in (None, held.unit_id) for held in self.memberships)

    def rights_to(self, act: str) -> tuple[Right, ...]:
        """What the person's posts grant for `act`; empty when it is withheld."""
        return () if act in self.withheld else tuple(right for right in self.rights if right.act == act)


def person_of(connection: Connection, user_id: str, *, on: date) -> Person:
    """The person with what they hold on the civil date `on`.

    Raises PeopleRefused when there is no such account or it is inactive.
    """
    rows = QUERIES.rows(connection, "memberships_of", user_id=user_id, on_day=on)
    if not rows:
        raise PeopleRefused("user_missing", "没有这个用户，或者已经停用。", user_id=user_id)
    held = tuple(_held(row) for row in rows if row["membership_id"] is not None)
    granted: dict[str, list[Grant]] = {}
    below: dict[str, set[str]] = {}
    if held:
        for row in QUERIES.rows(connection, "grants_of", user_id=user_id, on_day=on):
            if row["kind"] == "below":
                below.setdefault(row["a"], set()).add(row["b"])
            else:
                granted.setdefault(row["a"], []).append(Grant(row["b"], row["c"], row["d"]))
    return Person(
        id=rows[0]["id"],
        name=rows[0]["name"],
        login=rows[0]["login"],
        memberships=held,
        rights=_rights(held, granted),
        below={top: frozenset(ids) for top, ids in below.items()},
        must_change_password=bool(rows[0]["must_change_password"]),
        stands_in=_stands_in(connection, user_id, on),
    )


def _stands_in(connection: Connection, user_id: str, on: date) -> tuple[StandingIn, ...]:
    days = {"on_day": on, "on_day2": on, "on_day3": on, "on_day4": on}
    rules: dict[str, list[Row]] = {}
    for row in QUERIES.rows(connection, "stood_in_for", user_id=user_id, **days):
        rules.setdefault(row["rule_id"], []).append(row)
    return tuple(_standing(rows) for rows in rules.values())


def _standing(rows: list[Row]) -> StandingIn:
    only = rows[0]["posts_json"] or []
    held = [_held(row) for row in rows if row["post_key"] is not None]
    return StandingIn(
        user_id=rows[0]["user_id"],
        name=rows[0]["name"],
        posts=tuple(post for post in held if not only or f"{post.unit_id}#{post.post_key}" in only),
        processes=frozenset(rows[0]["processes_json"] or []),
        whole=not only,
        since=rows[0]["from_on"],
    )


def _held(row: Row) -> HeldPost:
    return HeldPost(
        unit_id=row["unit_id"],
        post_key=row["post_key"],
        cycle_id=row["cycle_id"],
        home_id=row["home_id"],
        assessor_id=row["unit_id"] if row["unit_kind"] == ASSESSOR else row["assessor_id"],
        is_primary=bool(row["is_primary"]),
    )


def _rights(held: tuple[HeldPost, ...], granted: Mapping[str, list[Grant]]) -> tuple[Right, ...]:
    found: dict[Right, None] = {}
    for post in held:
        for grant in granted.get(post.post_key, ()):
            if grant.cycle_id and post.cycle_id and grant.cycle_id != post.cycle_id:
                continue
            cycle_id = grant.cycle_id or post.cycle_id
            found[Right(grant.act, grant.reach, post.unit_id, post.assessor_id, cycle_id)] = None
    return tuple(found)
