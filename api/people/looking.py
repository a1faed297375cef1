"""What somebody may see of people, units and posts: the same for pages and REST.

Who sees what is asked here, so that no caller can forget it: lists are filtered in SQL, one person or unit
out of sight is 404. The rule is engine.people.administering's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.house import House
from api.people.allowed import LOOK, LOOK_AT_UNITS, require, seen_account, seen_unit
from api.people.queries import (
    PersonLine,
    holders_by_post,
    members_of,
    people_page,
    read_units,
    seats_of,
    units_page,
)
from engine.people.administering import (
    may_any,
    may_fill,
    may_over_account,
    unit_thing,
)
from engine.people.persons import Person
from engine.people.posts import PostSpec, list_posts
from engine.people.rights import may
from engine.people.standing import may_govern, may_reset
from engine.people.tables import Unit, UnitAlias, UserAccount
from engine.people.tree import descendants
from engine.people.units import aliases_of
from engine.store import Row

LONGEST_SEARCH = 60


@dataclass(frozen=True)
class SeenPerson:
    """An account with every post in sight that its holder ever held, and what may be done with it.

    A seat's row says besides whether the person who looks `may_end` it.
    """

    user: UserAccount
    seats: Sequence[Row]
    may_change: bool = False
    may_govern: bool = False
    may_reset: bool = False


@dataclass(frozen=True)
class SeenUnit:
    """A unit with the names it is found by and who sits there today."""

    unit: Unit
    aliases: Sequence[UnitAlias]
    members: Sequence[Row]
    may_change: bool = False


def people_seen(
    house: House, person: Person, *, search: str = "", after: str = "", limit: int = 50
) -> tuple[list[PersonLine], str]:
    """One page of people by pinyin, and the cursor of the next or ''. Raises Trouble(403)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        return people_page(
            connection,
            person,
            search=search[:LONGEST_SEARCH],
            after=after[:300],
            on=house.today,
            limit=limit,
        )


def person_seen(house: House, person: Person, user_id: str) -> SeenPerson:
    """One person. Raises Trouble(403, 404)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        user = seen_account(connection, person, user_id, on=house.today)
        posts = {post.key: post for post in list_posts(connection)}
        seats = seats_of(connection, person, [user_id], on=None).get(user_id, [])
        for seat in seats:
            lasts = seat["until_on"] is None or seat["until_on"] > house.today
            seat["may_end"] = lasts and may_fill(connection, person, posts[seat["post_key"]], seat["home_id"])
        return SeenPerson(
            user,
            seats,
            may_change=may_over_account(connection, person, "manage_people", user_id, on=house.today),
            may_govern=may_govern(connection, person, user_id, on=house.today),
            may_reset=may_reset(connection, person, user_id, on=house.today),
        )


def units_seen(
    house: House, person: Person, *, search: str = "", after: str = "", limit: int = 500
) -> tuple[list[Row], str]:
    """One page of units by code, and the cursor of the next or ''. Raises Trouble(403)."""
    require(person, *LOOK_AT_UNITS)
    with house.database.read() as connection:
        return units_page(
            connection,
            person,
            search=search[:LONGEST_SEARCH],
            after=after[:300],
            on=house.today,
            limit=limit,
        )


def unit_seen(house: House, person: Person, unit_id: str) -> SeenUnit:
    """One unit: names and people. Raises Trouble(403, 404)."""
    require(person, *LOOK_AT_UNITS)
    with house.database.read() as connection:
        unit = seen_unit(connection, person, unit_id)
        return SeenUnit(
            unit,
            aliases_of(connection, unit_id),
            members_of(connection, person, unit_id, on=house.today),
            may_change=may(person, "manage_people", unit_thing(unit)),
        )


def units_below(house: House, person: Person, unit_id: str) -> list[Unit]:
    """The unit and all under it, nearest first. Raises Trouble(403, 404)."""
    require(person, *LOOK_AT_UNITS)
    with house.database.read() as connection:
        seen_unit(connection, person, unit_id)
        units = read_units(connection, descendants(connection, unit_id))
        return [unit for unit in units if may_any(person, LOOK_AT_UNITS, unit_thing(unit))]


def posts_seen(house: House, person: Person) -> tuple[list[PostSpec], Mapping[str, int]]:
    """The posts that diagrams name, with how many people hold each today. Raises Trouble(403)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        return list_posts(connection), holders_by_post(connection, person, on=house.today)
