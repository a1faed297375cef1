"""What somebody may see of people, units and posts: the same for pages and REST.

Who sees what is asked here, so that no caller can forget it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.house import House
from api.people.accounts import account
from api.people.allowed import LOOK, require
from api.people.naming_units import unit_of
from api.people.queries import QUERIES, PersonLine, people_page, read_units, seats_of, units_page
from engine.people.persons import Person
from engine.people.posts import PostSpec, list_posts
from engine.people.tables import Unit, UnitAlias, UserAccount
from engine.people.tree import descendants
from engine.people.units import aliases_of
from engine.store import Row

LONGEST_SEARCH = 60


@dataclass(frozen=True)
class SeenPerson:
    """An account with every post that its holder ever held."""

    user: UserAccount
    seats: Sequence[Row]


@dataclass(frozen=True)
class SeenUnit:
    """A unit with the names it is found by and who sits there today."""

    unit: Unit
    aliases: Sequence[UnitAlias]
    members: Sequence[Row]


def people_seen(
    house: House, person: Person, *, search: str = "", after: str = "", limit: int = 50
) -> tuple[list[PersonLine], str]:
    """One page of people by pinyin, and the cursor of the next or ''. Raises Trouble(403)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        return people_page(
            connection, search=search[:LONGEST_SEARCH], after=after[:300], on=house.today, limit=limit
        )


def person_seen(house: House, person: Person, user_id: str) -> SeenPerson:
    """One person. Raises Trouble(403, 404)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        user = account(connection, user_id)
        return SeenPerson(user, seats_of(connection, [user_id], on=None).get(user_id, []))


def units_seen(
    house: House, person: Person, *, search: str = "", after: str = "", limit: int = 500
) -> tuple[list[Row], str]:
    """One page of units by code, and the cursor of the next or ''. Raises Trouble(403)."""
    require(person, *LOOK, "run_cycle")
    with house.database.read() as connection:
        return units_page(
            connection, search=search[:LONGEST_SEARCH], after=after[:300], on=house.today, limit=limit
        )


def unit_seen(house: House, person: Person, unit_id: str) -> SeenUnit:
    """One unit: names and people. Raises Trouble(403, 404)."""
    require(person, *LOOK, "run_cycle")
    with house.database.read() as connection:
        return SeenUnit(
            unit_of(connection, unit_id),
            aliases_of(connection, unit_id),
            QUERIES.rows(connection, "members", unit_id=unit_id, on_day=house.today),
        )


def units_below(house: House, person: Person, unit_id: str) -> list[Unit]:
    """The unit and all under it, nearest first. Raises Trouble(403, 404)."""
    require(person, *LOOK, "run_cycle")
    with house.database.read() as connection:
        unit_of(connection, unit_id)
        return read_units(connection, descendants(connection, unit_id))


def posts_seen(house: House, person: Person) -> tuple[list[PostSpec], Mapping[str, int]]:
    """The posts that diagrams name, with how many people hold each today. Raises Trouble(403)."""
    require(person, *LOOK)
    with house.database.read() as connection:
        rows = QUERIES.rows(connection, "holders_by_post", on_day=house.today)
        return list_posts(connection), {row["post_key"]: int(row["people"]) for row in rows}
