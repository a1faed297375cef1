"""What an entry of an instance's chain covers, so that nobody changes it unseen: the rows that its step added
to the history, whole; the words and forms that they name; and what the instance was told.

Words and forms enter as digests of their own, salted, so that they can be erased: the digest stays in their
place and the chain still holds, and nobody finds a short opinion again by trying. A column that is null or
empty is as if it were not there, so a table may be given further ones later.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from os import urandom
from pathlib import Path

from sqlalchemy import Connection

from engine.store import Queries, Row
from engine.store.texts import json_text
from engine.store.types import instant_text

QUERIES = Queries(Path(__file__).with_name("covering.sql"))
SALT_BYTES = 8
ERASED = "#"
"""What was told begins so once it has been erased; its digest follows. No JSON begins so."""


def salt() -> str:
    """Something that nobody guesses."""
    return urandom(SALT_BYTES).hex()


def digest_of_words(row: Row) -> str:
    """The digest of a row of `work_text`; of one that was erased, the digest that stands in its place."""
    if row.get("content_text") is None:
        return str(row.get("digest") or "")
    return hashed("sha256", f"{row['salt']}{row['content_text']}".encode())


def digest_of_told(told_text: str) -> str:
    """The digest of what an instance was told in one step, or the one that stands in its place."""
    if told_text.startswith(ERASED):
        return told_text.removeprefix(ERASED)
    return hashed("sha256", told_text.encode())


def hashed(algorithm: str, data: bytes) -> str:
    """The hash of `data`, as hexadecimal text."""
    hashing = _begun(algorithm).copy()
    hashing.update(data)
    return hashing.hexdigest()


@cache
def _begun(algorithm: str) -> "hashlib._Hash":
    """A hash of nothing yet, to be copied: to look an algorithm up takes longer than to hash an entry."""
    return hashlib.new(algorithm)


def covered(events: Iterable[Row], words: Mapping[str, str], told_text: str) -> dict[str, object]:
    """What is hashed for an entry: rows of `work_event`, the digests of their words by id, what was told."""
    rows = [_plain(event) for event in events]
    named = {one: words.get(one, "") for row in rows for one in _words_named(row)}
    return {"events": rows, "words": named, "told": digest_of_told(told_text) if told_text else ""}


def named_by(events: Sequence[Row]) -> set[str]:
    """The ids of the words and forms that rows of the history name."""
    return {one for event in events for one in _words_named(event)}


def read_words(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The digests of words and forms that lie in the database."""
    if not ids:
        return {}
    rows = QUERIES.rows(connection, "words", ids=json_text(sorted(ids)))
    return {row["id"]: digest_of_words(row) for row in rows}


def _words_named(row: Row) -> list[str]:
    return [str(row[name]) for name in ("text_id", "submission_id") if row.get(name)]


def _plain(row: Row) -> Row:
    return {
        name: value if type(value) is str else _said(value)  # nearly all are texts
        for name, value in row.items()
        if value is not None and value != ""
    }


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
