"""Saved filters: a list as a person wants to see it again, under a name; one a list may be where it begins.

Shared with those who hold a post at a unit, they use it too: it says what to look for, and shows each of them
what they may see themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.ids import new_id
from engine.people.persons import Person
from engine.store import Queries, Row, insert_rows

QUERIES = Queries(Path(__file__).with_name("saved_filters.sql"))
MOST = 30
"""So many filters a person keeps."""
LONGEST_NAME = 40


class FilterRefused(ValueError):
    """What cannot be saved: `code`, and a sentence for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Sharing:
    """With whom: the holders of one post at a unit, or of any (`post_key` None)."""

    unit_id: str
    post_key: str | None = None


@dataclass(frozen=True)
class Filter:
    """`asked` are the list's parameters by name; `owner_name` is who saved it, if another did."""

    id: str
    name: str
    tab: str
    asked: Mapping[str, str]
    is_default: bool
    sharing: Sharing | None
    owner_name: str


def filters_of(connection: Connection, person: Person) -> list[Filter]:
    """One's own filters by name, then those that others share with the person. One statement."""
    values: dict[str, object] = {"me": person.id}
    parts = ["f.person_id = :me"]
    for number, held in enumerate(person.memberships):
        unit, home, post = f":unit_{number}", f":home_{number}", f":post_{number}"
        parts.append(f"(f.unit_id = {unit} and (f.post_key is null or f.post_key = {post}))")
        parts.append(f"(f.unit_id = {home} and f.post_key is null)")
        values |= {unit[1:]: held.unit_id, home[1:]: held.home_id, post[1:]: held.post_key}
    rows = QUERIES.rows_where(connection, "filters", " or ".join(dict.fromkeys(parts)), **values)
    return [_filter(row, person) for row in rows]


def save_filter(
    connection: Connection,
    person: Person,
    *,
    name: str,
    tab: str,
    asked: Mapping[str, str],
    is_default: bool = False,
    sharing: Sharing | None = None,
    at: datetime,
) -> str:
    """Save under a name, in place of the person's filter of that name; its id.

    Raises FilterRefused without a name, for too many, and for sharing where the person does not sit.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise FilterRefused("filter_name", f"请给筛选起一个名称，最多 {LONGEST_NAME} 个字。")
    if sharing is not None and not may_share(person, sharing):
        raise FilterRefused("filter_sharing", "筛选只能共享给您任职的单位，或者您任职的岗位。")
    own = {row["name"]: row["id"] for row in QUERIES.rows(connection, "own", me=person.id)}
    if name not in own and len(own) >= MOST:
        raise FilterRefused("filter_many", f"您已保存 {MOST} 个筛选，请先删去不用的。")
    if is_default:
        QUERIES.run(connection, "no_default", me=person.id, tab=tab)
    row: Row = {
        "id": own.get(name) or new_id(),
        "person_id": person.id,
        "name": name,
        "tab": tab,
        "asked_json": dict(asked),
        "is_default": is_default,
        "unit_id": sharing.unit_id if sharing else None,
        "post_key": sharing.post_key if sharing else None,
        "saved_at": at,
    }
    QUERIES.run(connection, "forget", id=row["id"], me=person.id)
    insert_rows(connection, "saved_filter", [row])
    return str(row["id"])


def delete_filter(connection: Connection, person: Person, filter_id: str) -> bool:
    """Take back one's own filter, also from those it was shared with; False when there is none."""
    return QUERIES.run(connection, "forget", id=filter_id, me=person.id) == 1


def may_share(person: Person, sharing: Sharing) -> bool:
    """Whether the person sits there: a whole unit's, or the holders of the post that the person holds."""
    for held in person.memberships:
        if sharing.post_key is None and sharing.unit_id in (held.unit_id, held.home_id):
            return True
        if (held.unit_id, held.post_key) == (sharing.unit_id, sharing.post_key):
            return True
    return False


def _filter(row: Row, person: Person) -> Filter:
    mine = row["person_id"] == person.id
    return Filter(
        id=row["id"],
        name=row["name"],
        tab=row["tab"],
        asked=row["asked_json"],
        is_default=bool(row["is_default"]) and mine,
        sharing=Sharing(row["unit_id"], row["post_key"]) if row["unit_id"] else None,
        owner_name="" if mine else row["owner_name"],
    )
