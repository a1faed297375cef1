"""代理: what a person does about their own stand-in, the same for the page and REST."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlmodel import col

from api.errors import Trouble
from api.house import House
from engine.people.divisions import people_of
from engine.people.kinds import DIVISION
from engine.people.persons import Person
from engine.people.refusals import PeopleRefused
from engine.people.stand_ins import Rule, end_stand_in, rules_of, set_stand_in
from engine.people.tables import Post, Unit
from engine.people.units import read_unit


@dataclass(frozen=True)
class Absence:
    """Who stands in, from when until when; `post` as `<unit id>#<post key>`, "" for all posts.

    `processes` are keys of processes; without any, the work of every process is meant.
    """

    stand_in_id: str
    from_on: date
    until_on: date
    post: str = ""
    processes: Sequence[str] = ()


def begin(house: House, person: Person, wanted: Absence) -> Rule:
    """Name one's own stand-in. Days that are over cannot be given away. Raises PeopleRefused."""
    from_on = max(wanted.from_on, house.today)
    with house.database.write() as connection:
        if wanted.stand_in_id not in dict(colleagues(connection, person, on=from_on)):
            raise PeopleRefused(
                "stand_in_elsewhere",
                "代理人须是本单位的同事，并在代理开始时任职。",
                hint="跨单位的替换请由管理员任命。",
                field="stand_in_id",
            )
        _check_processes(house, connection, wanted.processes)
        made = set_stand_in(
            connection,
            user_id=person.id,
            stand_in_id=wanted.stand_in_id,
            from_on=from_on,
            until_on=wanted.until_on,
            posts=[wanted.post] if wanted.post else [],
            processes=list(dict.fromkeys(wanted.processes)),
        )
        return next(rule for rule in rules_of(connection, person.id) if rule.id == made.id)


def _check_processes(house: House, connection: Connection, wanted: Sequence[str]) -> None:
    known = dict(processes_of(house, connection))
    for key in wanted:
        if key not in known:
            raise PeopleRefused(
                "process_unknown", f"没有“{key}”这个流程。", hint="请从列出的流程中选择。", field="processes"
            )


def processes_of(house: House, connection: Connection) -> list[tuple[str, str]]:
    """Key and name of each process of which a stand-in may be given the work."""
    return [(row["key"], row["name"]) for row in house.engine.definitions.listed(connection, "process")]


def end(house: House, person: Person, rule_id: str) -> None:
    """Take one of one's own rules back: from now on it counts no more. Raises Trouble(404)."""
    with house.database.write() as connection:
        if rule_id not in [rule.id for rule in rules_of(connection, person.id, on=house.today)]:
            raise Trouble(404, "not_found")
        end_stand_in(connection, rule_id, on=house.today)


def colleagues(connection: Connection, person: Person, *, on: date) -> list[tuple[str, str]]:
    """Id and name of those who sit in the person's units, their divisions included."""
    found: dict[str, str] = {}
    for home in dict.fromkeys(held.home_id for held in person.memberships):
        unit = read_unit(connection, home)
        whole = unit.parent_id if unit.kind == DIVISION and unit.parent_id else unit.id
        found |= people_of(connection, whole, on=on)
    return [(user_id, name) for user_id, name in found.items() if user_id != person.id]


def own_posts(connection: Connection, person: Person) -> list[tuple[str, str]]:
    """Reference and name of each post that the person holds."""
    at = [held.unit_id for held in person.memberships]
    named = connection.execute(select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(at)))
    units = {row[0]: row[1] for row in named}
    posts = {row[0]: row[1] for row in connection.execute(select(col(Post.key), col(Post.name)))}
    return [
        (f"{held.unit_id}#{held.post_key}", f"{units[held.unit_id]} · {posts[held.post_key]}")
        for held in person.memberships
    ]
