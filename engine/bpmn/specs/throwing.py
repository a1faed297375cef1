"""Throwing events that are over at once: signals for everybody, links to another place of the diagram."""

from typing import TYPE_CHECKING

from engine.bpmn.specs.catching import signal_name
from engine.bpmn.specs.element import ElementSpec

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class SignalThrow(ElementSpec):
    """Throws its signal, with the event's own variables, to all who wait for it in the cycle."""

    def execute(self, token: "Token") -> bool:
        """Put it down for the runtime; nobody has to wait for it."""
        token.workflow.throw_signal(signal_name(token), token.workflow.own(token))
        return True


class LinkThrow(ElementSpec):
    """Goes on at the catching link event of the same name in the same scope."""

    def leave(self, token: "Token") -> None:
        """Jump."""
        tokens, scope = token.workflow, token.parent
        self.settle(token)
        tokens.note_left(token)
        tokens.retire(token)
        tokens.place(tokens.process.graphs[self.element.parent].links[self.element.id], scope)
