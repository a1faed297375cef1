"""@ in a comment: whom it names. A name is a person's, or a login; it ends where neither can go on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.people.persons import Person, person_of
from engine.people.refusals import PeopleRefused
from engine.store import Row
from engine.work import history
from engine.work.comments import QUERIES

_NAMED = re.compile(r"(?<![\w.])[@＠]([\w·.-]{1,60})")
MOST_NAMED = 20


@dataclass(frozen=True)
class Mentioned:
    """Somebody whom a comment names."""

    id: str
    name: str


class Unmentionable(Exception):
    """Names that mean nobody who may see the instance, or more than one person."""

    def __init__(self, names: Sequence[str], unclear: Sequence[str]) -> None:
        said = []
        if names:
            said.append(f"没有叫“{'”“'.join(names)}”、又能看这个流程的人")
        if unclear:
            said.append(f"“{'”“'.join(unclear)}”不止一人，请写登录名")
        super().__init__("；".join(said) + "；@ 后面写姓名或登录名，再空一格。")


def names_in(text: str) -> list[str]:
    """What stands behind each @, each once."""
    found = [one.rstrip(".-·") for one in _NAMED.findall(text)]
    return list(dict.fromkeys(name for name in found if name))[:MOST_NAMED]


def mentioned_in(connection: Connection, text: str, instance_id: str, *, on: date) -> list[Mentioned]:
    """Everybody whom a comment on an instance names. Raises Unmentionable.

    Who may not see the instance is told apart from nobody: the sentence is the same.
    """
    found: list[Mentioned] = []
    nobody: list[str] = []
    unclear: list[str] = []
    for name in names_in(text):
        people = [row for row in _people(connection, name) if _sees(connection, row["id"], instance_id, on)]
        if len(people) == 1:
            found.append(Mentioned(people[0]["id"], people[0]["name"]))
        else:
            (unclear if people else nobody).append(name)
    if nobody or unclear:
        raise Unmentionable(nobody, unclear)
    return list(dict.fromkeys(found))


def _people(connection: Connection, name: str) -> list[Row]:
    rows = QUERIES.rows(connection, "people_named", name=name, login=name.lower())
    by_login = [row for row in rows if row["login"] == name.lower()]
    return by_login or rows


def _sees(connection: Connection, person_id: str, instance_id: str, on: date) -> bool:
    try:
        person: Person = person_of(connection, person_id, on=on)
    except PeopleRefused:
        return False
    return history.may_see(connection, person, instance_id)
