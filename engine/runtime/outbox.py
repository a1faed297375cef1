"""The outbox: what leaves the house (mail, webhooks) is written in the step that sends it, and sent after it.

A letter exists exactly when the step does. It is sent at least once: outside every transaction, by a job that
is tried again with growing rests and at last becomes an incident. Its id is the idempotency key by which the
receiver knows a second copy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.feel import codec
from engine.ids import new_id
from engine.jobs import queue
from engine.jobs.queue import NewJob, QueuedJob, defer
from engine.runtime import ways
from engine.runtime.setup import Setup
from engine.runtime.steps.step import Step
from engine.store import Queries, Row, insert_rows
from engine.work.bindings import ServiceCall

QUERIES = Queries(Path(__file__).with_name("outbox.sql"))
SEND = "send"
"""The kind of the jobs that send."""
MAIL, WEBHOOK = "bihuan:mail", "bihuan:webhook"
"""The job types by which a diagram writes letters."""
STALE = timedelta(minutes=5)
"""A letter that somebody began to send so long ago is begun again: they are dead."""
MOST = 200
"""The most receivers of one mail."""


@dataclass(frozen=True)
class Letter:
    """One letter. `id` is the idempotency key; `content` a mail's text or a webhook's JSON."""

    kind: str
    recipient: str
    content: str
    subject: str = ""
    channel: str = ""
    id: str = ""
    cycle_id: str = ""
    instance_id: str | None = None
    element_id: str = ""
    created_at: datetime | None = None
    attempt: int = 1


Sender = Callable[[Letter], None]
"""Hands a letter to the world outside; raises when it was not taken."""


class NoSender(LookupError):
    """Nothing is set up that could send this kind of letter."""

    code = "no-sender"

    def __init__(self, kind: str) -> None:
        names = {"mail": "邮件", "webhook": "网络回调"}
        super().__init__(f"没有设置怎样发送{names.get(kind, kind)}，请系统管理员设置后重试")


class Unsent(Exception):
    """Why a letter did not go out: a sentence for people, and what the other side or the line said."""

    def __init__(self, sentence: str, original: str) -> None:
        super().__init__(sentence)
        self.original = original


class NotTaken(Exception):
    """The world outside did not take a letter: it is sent again later."""

    code = "not-taken"

    def __init__(self, failure: Exception) -> None:
        said = str(failure) or type(failure).__name__
        super().__init__(said if isinstance(failure, Unsent) else f"对方没有收下：{said}")


class WrongLetter(ValueError):
    """What the diagram gives is no letter."""

    code = "wrong-letter"


def put(
    setup: Setup,
    connection: Connection,
    letters: Sequence[Letter],
    *,
    attempts: int | None = None,
    assessor_id: str | None = None,
    once: bool = False,
) -> list[str]:
    """Write `letters` in this transaction, to be sent once it is committed; their ids.

    Each is tried so many times; `assessor_id` is whose office hears of those that no instance sends. `once`:
    one that is not taken is thrown away and is no incident; what is known of its way says why.
    """
    rows: list[Row] = [
        {
            "id": letter.id or new_id(),
            "cycle_id": letter.cycle_id,
            "instance_id": letter.instance_id,
            "element_id": letter.element_id,
            "kind": letter.kind,
            "channel": letter.channel,
            "recipient": letter.recipient,
            "subject": letter.subject,
            "content_text": letter.content,
            "created_at": setup.clock.now(),
            "attempts": 0,
        }
        for letter in letters
    ]
    insert_rows(connection, "outbox", rows)
    jobs = [
        NewJob(
            SEND,
            row["cycle_id"],
            row["instance_id"],
            payload={
                "letter_id": row["id"],
                "element_id": row["element_id"] or row["channel"],
                "assessor_id": assessor_id,
                "once": once,
            },
            max_attempts=attempts or setup.send_attempts,
        )
        for row in rows
    ]
    defer(connection, setup.queue, jobs)
    return [str(row["id"]) for row in rows]


def send(setup: Setup, job: QueuedJob) -> bool:
    """Send the letter of a job; False when it was sent, or another is sending it. Raises NoSender, NotTaken.

    No transaction is open while it is sent. Whoever dies between sending and noting it sends it twice, under
    the same key.
    """
    letter_id, now = str(job.payload["letter_id"]), datetime.now(UTC)
    with setup.database.write() as connection:
        row = QUERIES.row(connection, "claim", id=letter_id, now=now, stale=now - STALE)
        if row is None:
            return _leave(setup, connection, job, letter_id)
    sender = setup.senders.get(row["kind"])
    try:
        if sender is None:
            raise NoSender(row["kind"])
        sender(_letter(row))
    except Exception as failure:
        if _not_taken(setup, job, row, _why(failure)):
            return True
        if isinstance(failure, NoSender):
            raise
        raise NotTaken(failure) from failure
    with setup.database.write() as connection:
        queue.take(connection, job.id)
        QUERIES.run(connection, "sent", id=letter_id, now=setup.clock.now())
        ways.took(connection, ways.way_of(row["kind"], row["channel"]), at=setup.clock.now())
    return True


def _not_taken(setup: Setup, job: QueuedJob, row: Row, why: str) -> bool:
    """Give a letter back, to be tried again; True when it is not to be, and is gone."""
    over = bool(job.payload.get("once"))
    with setup.database.write() as connection:
        if over:
            queue.take(connection, job.id)
            QUERIES.run(connection, "throw_away", id=row["id"])
        else:
            QUERIES.run(connection, "give_back", id=row["id"], last_error=why)
        way = ways.way_of(row["kind"], row["channel"])
        ways.refused(connection, way, at=setup.clock.now(), why=why, recipient=row["recipient"])
    return over


def _why(failure: Exception) -> str:
    """What a list of letters says of a failed attempt: a sentence, and on further lines what was said."""
    said = str(failure) or type(failure).__name__
    return (f"{said}\n{failure.original}" if isinstance(failure, Unsent) else said)[:500]


def _leave(setup: Setup, connection: Connection, job: QueuedJob, letter_id: str) -> bool:
    """Somebody else has it: when they are done the job is over, else it is looked at again later."""
    letter = QUERIES.row(connection, "state", id=letter_id)
    if letter is None or letter["sent_at"] is not None:
        queue.take(connection, job.id)
    else:
        queue.postpone(connection, setup.queue, job.id)
    return False


def _letter(row: Row) -> Letter:
    return Letter(
        kind=row["kind"],
        recipient=row["recipient"],
        content=row["content_text"],
        subject=row["subject"],
        channel=row["channel"],
        id=row["id"],
        cycle_id=row["cycle_id"],
        instance_id=row["instance_id"],
        element_id=row["element_id"],
        created_at=row["created_at"],
        attempt=row["attempts"],
    )


def write_mail(setup: Setup, step: Step, call: ServiceCall) -> dict[str, Any]:
    """`bihuan:mail`: inputs `to` (an address or a list of them), `subject`, `text`; one letter a receiver."""
    addresses = _addresses(call.inputs.get("to"))
    subject, text = str(call.inputs.get("subject") or ""), str(call.inputs.get("text") or "")
    if not subject or "\n" in subject or "\r" in subject:
        raise WrongLetter("邮件要有一行标题（subject）")
    letters = [_of_step(step, call, "mail", address, text, subject=subject) for address in addresses]
    return {"letters": put(setup, step.connection, letters)}


def write_webhook(setup: Setup, step: Step, call: ServiceCall) -> dict[str, Any]:
    """`bihuan:webhook`: inputs `channel` (a name of the settings), `event`, `data` (any value)."""
    channel, event = str(call.inputs.get("channel") or ""), str(call.inputs.get("event") or "")
    if not channel or not event:
        raise WrongLetter("网络回调要有 channel（设置里的名称）和 event（事件名）")
    content = orjson.dumps(codec.to_json(call.inputs.get("data"))).decode()
    letter = _of_step(step, call, "webhook", channel, content, subject=event, channel=channel)
    return {"letters": put(setup, step.connection, [letter])}


WRITERS: Mapping[str, Callable[[Setup, Step, ServiceCall], dict[str, Any]]] = {
    MAIL: write_mail,
    WEBHOOK: write_webhook,
}
"""The job types that write letters."""


def _of_step(
    step: Step, call: ServiceCall, kind: str, recipient: str, content: str, *, subject: str, channel: str = ""
) -> Letter:
    return Letter(
        kind,
        recipient,
        content,
        subject=subject,
        channel=channel,
        cycle_id=step.row.cycle_id,
        instance_id=step.row.id,
        element_id=call.element_id,
    )


def _addresses(value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not found or len(found) > MOST:
        raise WrongLetter(f"邮件要有收件人（to）：一个地址或地址的列表，最多 {MOST} 个")
    for address in found:
        name, at, host = str(address).partition("@")
        if not (name and at and host) or any(sign.isspace() or sign in "<>,;" for sign in str(address)):
            raise WrongLetter(f"“{address}”不是邮件地址")
    return list(dict.fromkeys(str(address) for address in found))
