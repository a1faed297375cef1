"""Messages: published once by id, received by one, kept for a while when nobody waits yet.

A message is the same when name, correlation key and id are, as in Camunda 8: whoever sends one id to several
receivers sends several messages.
A catch event subscribes by (cycle, name, key), and one receiver has that place. Delivery is a job, so the
publisher's transaction never waits for the receiver's instance. Who publishes and who subscribes under one
key take turns, so that a message and its receiver never pass each other unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.bpmn.failures import ExecutionFailed
from engine.feel import codec
from engine.ids import new_id
from engine.jobs.queue import NewJob, QueuedJob, defer
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import read_context
from engine.runtime.steps.step import Step
from engine.store import Queries, Row
from engine.store.sql import Asked
from engine.store.turns import one_at_a_time

QUERIES = Queries(Path(__file__).with_name("messages.sql"))


@dataclass(frozen=True)
class NewMessage:
    """A message to publish. `time_to_live` is how long it waits for a receiver, on the cycle's clock."""

    cycle_id: str
    name: str
    correlation_key: str
    message_id: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    time_to_live: timedelta = timedelta(0)
    surroundings: Mapping[str, Any] = field(default_factory=dict)
    """What an instance that this message starts begins with (`Cycle.variables()`)."""
    sender: str = ""
    """The name of the person who is behind it; the task that it opens comes from them."""


class AlreadySubscribed(ExecutionFailed):
    """Another instance already waits for this message under this key: one message, one receiver."""

    code = "already-subscribed"

    def __init__(self, name: str, key: str, *, element: str) -> None:
        super().__init__(f"消息“{name}”（关联键 {key}） 已有一个流程在等待，不能再有第二个", element=element)


def publish(setup: Setup, connection: Connection, message: NewMessage) -> bool:
    """Publish in this transaction; False when it was published before: its id, under its name and key."""
    now = setup.clock.now()
    _in_turn(connection, message.cycle_id, message.name, message.correlation_key)
    message_row_id = new_id()
    new = QUERIES.ask(
        connection,
        "remember",
        id=message_row_id,
        cycle_id=message.cycle_id,
        name=message.name,
        correlation_key=message.correlation_key,
        message_id=message.message_id or message_row_id,
        variables_text=codec.dumps(dict(message.variables)),
        published_at=now,
        expires_at=now + message.time_to_live,
    )
    place = {"cycle_id": message.cycle_id, "name": message.name, "correlation_key": message.correlation_key}
    receiver = QUERIES.ask(connection, "receiver", **place)
    if new.row() is None:
        return False
    defer(connection, setup.queue, _deliveries(connection, message, message_row_id, receiver.row()))
    return True


def _deliveries(
    connection: Connection, message: NewMessage, message_row_id: str, receiver: Row | None
) -> list[NewJob]:
    if receiver is not None:
        place_of_it = (receiver["instance_id"], receiver["wait_key"])
        return [_delivery(message.cycle_id, *place_of_it, message_row_id, sender=message.sender)]
    return [
        NewJob(
            "start_by_message",
            message.cycle_id,
            payload={
                "message_id": message_row_id,
                "definition_version_id": start["definition_version_id"],
                "element_id": start["element_id"],
                "surroundings": codec.dumps(dict(message.surroundings)),
                "sender": message.sender,
            },
        )
        for start in QUERIES.rows(connection, "start_receiver", kind="message", name=message.name)
    ]


def subscribe(step: Step, key: str, wait: Wait) -> list[NewJob]:
    """Write the subscription of a new wait; a delivery at once when a message already waits for it."""
    name, correlation_key = wait.message or "", wait.correlation_key or ""
    place = {"cycle_id": step.row.cycle_id, "name": name, "correlation_key": correlation_key}
    _in_turn(step.connection, step.row.cycle_id, name, correlation_key)
    mine = {"instance_id": step.row.id, "wait_key": key, "element_id": wait.element}
    subscribed = QUERIES.ask(step.connection, "subscribe", id=new_id(), **place, **mine)
    waiting = QUERIES.ask(step.connection, "waiting", **place, now=step.at)
    if subscribed.row() is None:
        raise AlreadySubscribed(name, correlation_key, element=wait.element)
    return _kept(step, key, waiting.row())


def _in_turn(connection: Connection, cycle_id: str, name: str, key: str) -> None:
    one_at_a_time(connection, f"message {cycle_id} {name} {key}")


def _delivery(
    cycle_id: str, instance_id: str, wait_key: str, message_row_id: str, *, sender: str = ""
) -> NewJob:
    payload = {"message_id": message_row_id, "sender": sender}
    return NewJob("deliver", cycle_id, instance_id, wait_key, payload=payload)


def ask(connection: Connection, job: QueuedJob) -> Asked:
    """Ask for the message that a job delivers, and keep it from any other delivery until this one ends."""
    return QUERIES.ask(connection, "take", id=job.payload.get("message_id"))


def deliver(step: Step, wait_key: str, message: Row | None) -> bool:
    """Hand a message (as `ask` gives it) to the wait; False when either is gone.

    One that listens on is told of the next message that is kept for it.
    """
    if wait_key not in step.before or message is None:
        return False
    QUERIES.send(step.connection, "receive", id=message["id"], at=step.at)
    step.execution.receive(wait_key, read_context(message["variables_text"]))
    if wait_key in step.execution.waits():
        place = {name: message[name] for name in ("cycle_id", "name", "correlation_key")}
        waiting = QUERIES.row(step.connection, "waiting", **place, now=step.at)
        defer(step.connection, step.setup.queue, _kept(step, wait_key, waiting))
    return True


def _kept(step: Step, key: str, waiting: Row | None) -> list[NewJob]:
    return [_delivery(step.row.cycle_id, step.row.id, key, waiting["id"])] if waiting else []
