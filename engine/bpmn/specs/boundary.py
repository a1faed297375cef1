"""Boundary events: they listen while their activity runs, and take over or run beside it."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.library import TaskState
from engine.bpmn.model import Element
from engine.bpmn.specs.catching import listen_on, wait_for
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class BoundaryEvent(ElementSpec):
    """While it waits the token is a listener below its activity; once fired it is an event in the flow."""

    def wait(self, token: "Token") -> Wait | None:
        """The timer or message it listens for."""
        return wait_for(token) if token.state == TaskState.WAITING else None

    def listens_for(self, token: "Token") -> bool:
        """Always, while it waits."""
        return True


def happened(listener: "Token", variables: dict[str, Any]) -> None:
    """The listener's event came: cancel the activity at once, or run beside it and listen on."""
    tokens, activity, element = listener.workflow, listener.parent, listener.element
    if element.event is None or element.event.cancel_activity:
        take_over(activity, element, variables)
        return
    listen_on(listener)
    tokens.resume(element.id, activity.parent, variables)


def take_over(activity: "Token", boundary: Element, variables: dict[str, Any]) -> None:
    """Cancel the activity with all that runs inside, and go on at its boundary event."""
    tokens, scope = activity.workflow, activity.parent
    tokens.cancel_token(activity)
    tokens.resume(boundary.id, scope, variables)
