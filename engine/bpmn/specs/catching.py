"""Events that wait for a time, a message, a signal or a condition, in the flow or listening for others."""

from typing import TYPE_CHECKING

from engine.bpmn.due import NotATimer, due_of
from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.library import TaskState
from engine.bpmn.model import EventDefinition
from engine.bpmn.script import LONGEST_KEY, as_key
from engine.bpmn.specs.element import ElementSpec, text_of
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.due import Due
    from engine.bpmn.tokens import Token, Tokens


LISTENING = ("timer", "message", "signal", "conditional")
"""Kinds of events that begin to wait with what they stand on or beside."""


class CatchEvent(ElementSpec):
    """An intermediate catching event: a timer, a message, a signal or a condition in the flow."""

    def enter(self, token: "Token") -> bool:
        """Begin to wait; what for is worked out once, now."""
        super().enter(token)
        subscribe(token)
        token._set_state(TaskState.WAITING)
        return False

    def wait(self, token: "Token") -> Wait | None:
        """A timer, a message or a signal."""
        return wait_for(token) if token.state == TaskState.WAITING else None

    def listens_for(self, token: "Token") -> bool:
        """Behind an event-based gateway it listens for the gateway."""
        return bool(token.parent.element.kind == "eventBasedGateway")


def again(token: "Token") -> None:
    """A cycle in the flow: before the token goes on, another one begins to wait for the next time."""
    services = token.workflow.services
    due = token.due.next(now=services.now(), zone=services.zone) if token.due is not None else None
    if due is not None:
        waiting = token.workflow.add(token.element.id, token.parent, state=TaskState.WAITING)
        waiting.due = due
        token.workflow.note_entered(waiting)


def arm(tokens: "Tokens", element: str, owner: "Token", *, due: "Due | None" = None) -> "Token":
    """Let the event `element` listen on behalf of `owner`; `due` continues a cycle."""
    listener = tokens.add(element, owner, state=TaskState.WAITING)
    if due is not None:
        listener.due = due
    else:
        subscribe(listener)
    return listener


def subscribe(token: "Token") -> None:
    """Work out when, or which message with which key, and keep it in the token."""
    event = token.element.event
    if event is not None and event.kind == "timer":
        token.due = _due(token, event)
    elif event is not None and event.kind == "message":
        token.message = _message(token, event)
    elif event is not None and event.kind == "signal":
        token.signal = signal_name(token)
    elif event is not None and event.kind == "conditional":
        token.was_true, token.workflow.judged = False, None


def listen_on(listener: "Token") -> None:
    """An event that does not interrupt has come, and is listened for further.

    A timer's next time is another listener's. Message, signal and condition keep theirs: what was sent
    while it listened comes to it, however many are on their way; a condition must have been false in between.
    """
    if listener.due is None:
        return
    tokens, owner = listener.workflow, listener.parent
    due = listener.due.next(now=tokens.services.now(), zone=tokens.services.zone)
    tokens.retire(listener)
    if due is not None:
        arm(tokens, listener.element.id, owner, due=due)


def _due(token: "Token", event: EventDefinition) -> "Due":
    services = token.workflow.services
    text = event.timer_value or ""
    value = token.workflow.value_of(text, token)
    try:
        return due_of(event.timer_kind or "duration", value, now=services.now(), zone=services.zone)
    except NotATimer as error:
        raise ExpressionFailed(
            f"计时“{text}”不是日期、时长或周期", element=token.element.id, text=text
        ) from error


def _message(token: "Token", event: EventDefinition) -> tuple[str, str]:
    source = token.workflow.process.source
    declared = source.messages.get(event.ref or "")
    name = text_of(event.name or (declared.name if declared else ""), token, what="消息名")
    text = event.correlation_key or (declared.correlation_key if declared else None) or ""
    key = as_key(token.workflow.value_of(text, token))
    if key is None:
        raise ExpressionFailed(f"消息“{name}”的关联键“{text}”没有值", element=token.element.id, text=text)
    if len(key) > LONGEST_KEY:
        raise ExpressionFailed(
            f"消息“{name}”的关联键“{text}”超过 {LONGEST_KEY} 个字", element=token.element.id, text=text
        )
    return name, key


def signal_name(token: "Token") -> str:
    """The name of the signal that the token's event waits for or throws; FEEL when it begins with `=`."""
    event, source = token.element.event, token.workflow.process.source
    name = (event.name or source.signals.get(event.ref or "")) if event is not None else None
    return text_of(name or "", token, what="信号名")


def wait_for(token: "Token") -> Wait | None:
    """The wait of a token that has subscribed; None for what the instance itself sees (a condition)."""
    owner = token.parent if token.listens else token
    event = token.element.event
    beside = token.element.attached_to is not None or token.element.kind == "startEvent"
    interrupting = event is None or event.cancel_activity or not beside
    if token.due is not None:
        return Wait(
            key=token.id,
            token=owner.id,
            element=token.element.id,
            kind="timer",
            due_at=token.due.at,
            repeat=token.due.repeat,
            interrupting=interrupting,
        )
    if token.signal is not None:
        return Wait(
            key=token.id,
            token=owner.id,
            element=token.element.id,
            kind="signal",
            signal=token.signal,
            interrupting=interrupting,
        )
    if token.message is None:
        return None
    name, key = token.message
    return Wait(
        key=token.id,
        token=owner.id,
        element=token.element.id,
        kind="message",
        message=name,
        correlation_key=key,
        interrupting=interrupting,
    )
