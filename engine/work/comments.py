"""Comments on an instance (评论): said beside the verbs, no token moves. Wordings are kept, or erased.

Whoever may see the instance reads them. `say` and `reword` stand in `engine.verbs.others.commenting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.ids import new_id
from engine.store import Queries, Row, insert_rows
from engine.work.items import erase_text, text_row, write_texts

QUERIES = Queries(Path(__file__).with_name("comments.sql"))
MOST_LENGTH = 2000


@dataclass(frozen=True)
class Said:
    """A comment in its newest wording; `text` is None once it has been erased. `mentioned` are names.

    `wordings` counts how often it was worded; more than one: it was edited at `edited_at`.
    """

    id: str
    person_id: str
    person_name: str
    written_at: datetime
    text: str | None
    mentioned: tuple[str, ...]
    wordings: int
    edited_at: datetime
    erased_at: datetime | None
    erased_by: str


@dataclass(frozen=True)
class Wording:
    """One wording of a comment."""

    number: int
    text: str | None
    written_at: datetime


def comments_of(connection: Connection, instance_id: str) -> list[Said]:
    """Every comment of an instance, oldest first. One statement."""
    rows = QUERIES.rows(connection, "comments_of", instance_id=instance_id)
    return [
        Said(
            id=row["id"],
            person_id=row["person_id"],
            person_name=row["person_name"],
            written_at=row["written_at"],
            text=row["text"],
            mentioned=tuple(one["name"] for one in row["mentioned_json"]),
            wordings=row["number"],
            edited_at=row["edited_at"],
            erased_at=row["erased_at"],
            erased_by=row["erased_by"],
        )
        for row in rows
    ]


def wordings_of(connection: Connection, comment_id: str) -> list[Wording]:
    """Every wording of a comment, the first one first."""
    rows = QUERIES.rows(connection, "wordings", comment_id=comment_id)
    return [Wording(row["number"], row["text"], row["written_at"]) for row in rows]


def read_comment(connection: Connection, comment_id: str) -> Row | None:
    """A comment's row with its instance's assessor, or None."""
    return QUERIES.row(connection, "comment", id=comment_id)


def lock_comment(connection: Connection, comment_id: str) -> Row | None:
    """A comment's row, held until the transaction ends; or None."""
    return QUERIES.row(connection, "lock_comment", id=comment_id)


def write_comment(
    connection: Connection, *, cycle_id: str, instance_id: str, person_id: str, person_name: str, at: datetime
) -> str:
    """A new comment without words; its id."""
    comment_id = new_id()
    row = {
        "id": comment_id,
        "cycle_id": cycle_id,
        "instance_id": instance_id,
        "person_id": person_id,
        "person_name": person_name,
        "written_at": at,
        "erased_by": "",
    }
    insert_rows(connection, "comment", [row])
    return comment_id


def write_wording(
    connection: Connection, comment: Row, text: str, mentioned: Sequence[Row], *, number: int, at: datetime
) -> None:
    """One more wording of a comment (its columns by name); the earlier ones stay."""
    words = text_row(
        cycle_id=comment["cycle_id"], instance_id=comment["instance_id"], kind="comment", content=text
    )
    write_texts(connection, [words])
    row = {
        "id": new_id(),
        "comment_id": comment["id"],
        "number": number,
        "text_id": words["id"],
        "mentioned_json": list(mentioned),
        "written_at": at,
    }
    insert_rows(connection, "comment_version", [row])


def erase(connection: Connection, comment_id: str, *, by: str, at: datetime) -> bool:
    """Take the words of a comment away, in every wording; its row stays. False: it was erased."""
    if QUERIES.run(connection, "erase", id=comment_id, at=at, by=by) != 1:
        return False
    for row in QUERIES.rows(connection, "wordings", comment_id=comment_id):
        erase_text(connection, row["text_id"], at=at)
    return True


def whom_to_mention(connection: Connection, instance_id: str) -> list[Row]:
    """Who took part in an instance: id, name, login; offered behind an @."""
    ids = {"instance_id": instance_id, "instance_id2": instance_id, "instance_id3": instance_id}
    return QUERIES.rows(connection, "named_on", **ids)
