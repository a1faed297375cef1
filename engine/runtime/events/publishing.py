"""What a message throw event or send task publishes: its inputs, read as a message."""

from datetime import timedelta
from typing import Any

from engine.bpmn.due import NotATimer, due_of
from engine.bpmn.execution import Wait
from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.script import LONGEST_KEY, LONGEST_NAME, as_key
from engine.runtime.events.messages import NewMessage, publish
from engine.runtime.setup import Setup
from engine.runtime.steps.step import Step
from engine.work.bindings import ServiceCall

PUBLISH = "bihuan:publish"
"""The job type of message throw events and send tasks."""


class NotPublishable(ExecutionFailed):
    """An input of a throw event is nothing that a message can carry: the office sees which, and why."""

    code = "not-publishable"


def publish_what(setup: Setup, step: Step, wait: Wait, call: ServiceCall) -> dict[str, Any]:
    """Publish what the inputs of the throw event say; it gives no variables. Raises NotPublishable.

    `timeToLive` is a duration, as FEEL or as ISO 8601 text. Without a `messageId` each token that comes to
    the event publishes a message of its own, however often its job is tried.
    """
    given = call.inputs
    name = _text(wait, "messageName", given.get("messageName"), longest=LONGEST_NAME)
    if not name:
        raise NotPublishable("消息没有 messageName", element=wait.element)
    variables = given.get("variables") or {}
    if not isinstance(variables, dict):
        raise NotPublishable("消息的 variables 不是一组变量（context）", element=wait.element)
    own = f"{step.row.id}/{wait.token}/{call.round}/{wait.element}"[:LONGEST_NAME]
    message = NewMessage(
        cycle_id=step.row.cycle_id,
        name=name,
        correlation_key=_text(wait, "correlationKey", given.get("correlationKey"), longest=LONGEST_KEY),
        message_id=_text(wait, "messageId", given.get("messageId"), longest=LONGEST_NAME) or own,
        variables=variables,
        time_to_live=_lifetime(setup, wait, given.get("timeToLive")),
        surroundings={key: call.variables[key] for key in ("cycle", "assessor") if key in call.variables},
        sender=step.sent_by,
    )
    publish(setup, call.connection, message)
    return {}


def _text(wait: Wait, name: str, value: Any, *, longest: int) -> str:
    """As the receiver reads its key: a text or a number; "" where nothing is said."""
    text = as_key(value)
    if text is None and value not in (None, ""):
        raise NotPublishable(f"消息的 {name} 不是文字或数", element=wait.element)
    if text is not None and len(text) > longest:
        raise NotPublishable(f"消息的 {name} 超过 {longest} 个字", element=wait.element)
    return text or ""


def _lifetime(setup: Setup, wait: Wait, value: Any) -> timedelta:
    if value is None or value == "":
        return timedelta(0)
    now = setup.clock.now()
    try:
        return due_of("duration", value, now=now, zone=setup.zone).at - now
    except NotATimer as error:
        raise NotPublishable(f"消息的 timeToLive“{value}”不是时长", element=wait.element) from error
