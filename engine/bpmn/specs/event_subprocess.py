"""Event subprocesses: they wait beside a scope, and begin when their start event happens.

While the scope runs, the start event is a listener below the scope's token. An interrupting one ends all
that runs in the scope and listens no more; the other runs beside it, as often as its event happens.
"""

from typing import TYPE_CHECKING, Any

from engine.bpmn.library import TaskState
from engine.bpmn.specs.catching import LISTENING, arm, listen_on, wait_for
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.model import Element
    from engine.bpmn.tokens import Token, Tokens


class EventSubProcessStart(ElementSpec):
    """While it waits the token listens for the scope around; once it happened it is the way in."""

    def wait(self, token: "Token") -> Wait | None:
        """What the event subprocess waits for."""
        return wait_for(token) if token.state == TaskState.WAITING else None

    def listens_for(self, token: "Token") -> bool:
        """Always, while it waits."""
        return True


def attend(tokens: "Tokens", scope: "Token") -> None:
    """The scope begins: its event subprocesses listen."""
    for start in tokens.process.event_starts(scope):
        if start.event is not None and start.event.kind in LISTENING:
            arm(tokens, start.id, scope)


def triggered(listener: "Token", variables: dict[str, Any]) -> None:
    """The listener's event came: begin its event subprocess, instead of the scope's work or beside it."""
    scope, start = listener.parent, listener.element
    if start.event is not None and not start.event.cancel_activity:
        listen_on(listener)
    begin(scope, start, variables)


def begin(scope: "Token", start: "Element", variables: dict[str, Any], *, serves: str | None = None) -> None:
    """Enter the event subprocess of `start` inside `scope`; what the event brought is its own.

    An interrupting one first ends everything in the scope, the other listeners included. One for
    compensation finds nothing to end; it `serves` the token that undoes the scope.
    """
    tokens = scope.workflow
    if serves is None and (start.event is None or start.event.cancel_activity):
        for other in list(scope.children):
            if other.undoable or (other.listens and other.element.kind != "startEvent"):
                continue  # what is completed stays so; a boundary event on the scope itself listens on
            tokens.cancel_token(other)
    assert start.parent is not None
    inside = tokens.add(start.parent, scope, state=TaskState.STARTED)
    inside.serves = serves
    inside.task_spec.enter(inside)
    attend(tokens, inside)
    if not start.outputs:
        for name, value in variables.items():
            tokens.scopes.put(inside.scope, name, value)
        variables = {}
    tokens.resume(start.id, inside, variables)
