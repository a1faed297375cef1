"""常用意见: a person's own, a unit's, an assessor's for all its units, and the installation's for everybody.

Offered at once are one's own first, then those of the units where one holds a post, then everybody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

import orjson
from sqlalchemy import Connection

from engine.ids import new_id
from engine.people.persons import Person
from engine.people.rights import INSTALLATION, Thing, may
from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("phrases.sql"))
Use = Literal["opinion", "return"]
Scope = Literal["own", "unit", "all"]
USES: tuple[Use, ...] = get_args(Use)
MOST_LENGTH = 200
MOST_KEPT = 50
"""So many phrases an owner keeps."""
EVERYBODY = ""
"""The owner of the installation's phrases."""
DEFAULTS: dict[Use, tuple[str, ...]] = {
    "opinion": ("同意。", "已核对，同意。", "原则同意，请抓紧落实。"),
    "return": ("数据有误，请核对后重报。", "节点与年末目标不一致，请修改。", "举措不够具体，请补充。"),
}
"""What everybody is offered until the installation keeps phrases of its own."""


class RefusedPhrase(Exception):
    """A phrase that cannot be kept; the sentence says why."""


@dataclass(frozen=True)
class Phrase:
    """One phrase; `unit_name` is the unit's whose it is, "" for one's own and everybody's."""

    id: str
    scope: Scope
    owner_id: str
    use: Use
    content: str
    place: int
    unit_name: str = ""


def phrases_for(connection: Connection, person: Person) -> list[Phrase]:
    """Everything that a person is offered, and may see on the page of phrases. One statement."""
    ids = orjson.dumps(sorted(owners_of(person))).decode()
    found = [Phrase(**row) for row in QUERIES.rows(connection, "phrases", ids=ids)]
    kept = {one.use for one in found if one.scope == "all"}
    defaults = [
        Phrase("", "all", EVERYBODY, use, content, place)
        for use, contents in DEFAULTS.items()
        if use not in kept
        for place, content in enumerate(contents)
    ]
    return [*found, *defaults]


def owners_of(person: Person) -> frozenset[str]:
    """Whose phrases a person is offered: their own, of the units they work for, everybody's."""
    units = {
        unit for held in person.memberships for unit in (held.unit_id, held.home_id, held.assessor_id) if unit
    }
    return frozenset({person.id, EVERYBODY, *units})


def may_keep(person: Person, owner_id: str) -> bool:
    """Whether the person may change the phrases of an owner: themselves, a unit, everybody."""
    if "act_item" in person.withheld:
        return False
    if owner_id == person.id:
        return True
    if owner_id == EVERYBODY:
        return may(person, "manage_people", INSTALLATION) or may(person, "run_cycle", INSTALLATION)
    unit = Thing(unit_id=owner_id, assessor_id=owner_id)
    return may(person, "manage_divisions", Thing(unit_id=owner_id)) or may(person, "run_cycle", unit)


def add_phrase(
    connection: Connection,
    person: Person,
    *,
    scope: Scope,
    owner_id: str,
    use: Use,
    content: str,
    at: datetime,
) -> str:
    """Keep one more; its id. Raises RefusedPhrase. The caller has asked `may_keep`."""
    last = QUERIES.row(connection, "last_place", owner_id=owner_id)
    assert last is not None  # an aggregate always has a row
    if last["how_many"] >= MOST_KEPT:
        raise RefusedPhrase(f"最多保存 {MOST_KEPT} 条常用意见；请先删去几条。")
    row: Row = {
        "id": new_id(),
        "scope": scope,
        "owner_id": owner_id,
        "use": use,
        "content": checked(content),
        "place": last["last"] + 1,
        "created_by": person.id,
        "created_at": at,
    }
    insert_rows(connection, "phrase", [row])
    return str(row["id"])


def read_phrase(connection: Connection, phrase_id: str) -> Phrase | None:
    """A phrase by its id, or None."""
    row = QUERIES.row(connection, "phrase", id=phrase_id)
    return Phrase(**row) if row else None


def reword_phrase(connection: Connection, phrase: Phrase, content: str) -> None:
    """Change what a phrase says. Raises RefusedPhrase."""
    QUERIES.run(connection, "reword", id=phrase.id, content=checked(content))


def raise_phrase(connection: Connection, phrase: Phrase, beside: Sequence[Phrase]) -> None:
    """Put a phrase one place up among those of its owner and use; the first one stays."""
    mine = [one for one in beside if (one.owner_id, one.use) == (phrase.owner_id, phrase.use)]
    at = next((place for place, one in enumerate(mine) if one.id == phrase.id), 0)
    if at:
        above = mine[at - 1]
        QUERIES.run(connection, "put", id=phrase.id, place=above.place)
        QUERIES.run(connection, "put", id=above.id, place=phrase.place)


def remove_phrase(connection: Connection, phrase: Phrase) -> None:
    """Take a phrase away; opinions that were written with it stay as they are."""
    QUERIES.run(connection, "remove", id=phrase.id)


def checked(content: str) -> str:
    """The words as they are kept. Raises RefusedPhrase for none, and for too many."""
    words = " ".join(content.split())
    if not words:
        raise RefusedPhrase("请写一句话。")
    if len(words) > MOST_LENGTH:
        raise RefusedPhrase(f"一条常用意见最多 {MOST_LENGTH} 字，现有 {len(words)} 字。")
    return words
