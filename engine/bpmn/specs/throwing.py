"""Throwing events that are over at once: signals for everybody, links to another place of the diagram."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.specs.boundary import happened
from engine.bpmn.specs.catching import signal_name
from engine.bpmn.specs.element import ElementSpec, text_of
from engine.bpmn.specs.event_subprocess import triggered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.bpmn.tokens import Token


class SignalThrow(ElementSpec):
    """Throws its signal (a multiple event: its signals) to all who wait for it in the cycle."""

    def execute(self, token: "Token") -> bool | None:
        """Put it down for the runtime; nobody has to wait for it. It may interrupt the thrower itself."""
        event, variables = self.element.event, token.workflow.own(token)
        further = [text_of(name, token, what="信号名") for name in (event.also if event else ())]
        names = [signal_name(token), *further]
        for name in names:
            token.workflow.throw_signal(name, variables)
        return None if any(_interrupted(token, name, variables) for name in names) else True


def _interrupted(token: "Token", name: str, variables: "dict[str, Any]") -> bool:
    """Was something around the thrower waiting to be interrupted by this very signal? Then it is, now.

    Before the thrower ends what it stands in, that is: the runtime's round would come too late for it. The
    outermost wins, for it ends the others too.
    """
    for scope in reversed(list(_scopes(token))):
        for listener in list(scope.children):
            event = listener.element.event
            if listener.listens and listener.signal == name and event is not None and event.cancel_activity:
                (triggered if listener.element.attached_to is None else happened)(listener, variables)
                return True
    return False


def _scopes(token: "Token") -> "Iterator[Token]":
    """The activities and the process around a token, from the inside out."""
    around = token.parent
    while around is not None:
        yield around
        around = around.parent


class LinkThrow(ElementSpec):
    """Goes on at the catching link event of the same name in the same scope."""

    def leave(self, token: "Token") -> None:
        """Jump."""
        tokens, scope = token.workflow, token.parent
        self.settle(token)
        tokens.note_left(token)
        tokens.retire(token)
        tokens.place(tokens.process.graphs[self.element.parent].links[self.element.id], scope)
