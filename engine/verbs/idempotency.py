"""Requests with an Idempotency-Key: the same request again gets the first answer, and does nothing."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from engine.people.persons import Person
from engine.store import Queries
from engine.verbs.refusals import Repeated
from engine.verbs.visit import Request

QUERIES = Queries(Path(__file__).with_name("idempotency.sql"))
TAKEN = "这个 Idempotency-Key 已用于另一个请求。"
TAKEN_HINT = "每个请求请使用新的键。"


def remembered(
    connection: Connection, person: Person, item_id: str, verb: str, request: Request
) -> dict[str, Any] | None:
    """The answer that this request got before, or None. Raises `Repeated` for another request's key."""
    if not request.idempotency_key:
        return None
    row = QUERIES.row(connection, "answer", person_id=person.id, key=request.idempotency_key)
    if row is None:
        return None
    if row["request_digest"] != _digest(item_id, verb, request):
        raise Repeated(TAKEN, hint=TAKEN_HINT)
    return cast(dict[str, Any], orjson.loads(row["answer_text"]))


def remember(
    connection: Connection,
    person: Person,
    item_id: str,
    verb: str,
    request: Request,
    answer: dict[str, object],
    *,
    at: datetime,
) -> None:
    """Keep the answer in the request's own transaction.

    Raises `Repeated` when another request with this key was just answered; all of this one is undone.
    """
    if not request.idempotency_key:
        return
    row = {
        "person_id": person.id,
        "key": request.idempotency_key,
        "request_digest": _digest(item_id, verb, request),
        "answer_text": orjson.dumps(answer).decode(),
        "answered_at": at,
    }
    if QUERIES.run(connection, "remember", **row) != 1:
        raise Repeated(TAKEN, hint=TAKEN_HINT)


def _digest(item_id: str, verb: str, request: Request) -> str:
    content = {**request.__dict__, "files": sorted(request.files), "item": item_id, "verb": verb}
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
