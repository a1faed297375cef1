"""Event-based gateways: the first of the events behind it decides."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.specs.catching import arm
from engine.bpmn.specs.element import ElementSpec

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class EventGateway(ElementSpec):
    """STARTED, with a listener below it for each event behind it."""

    def execute(self, token: "Token") -> None:
        """Let every event behind the gateway listen."""
        tokens = token.workflow
        for flow in self.element.outgoing:
            listener = arm(tokens, tokens.process.model.flows[flow].target, token)
            listener.arrived_by = flow


def decided(listener: "Token", variables: dict[str, Any]) -> None:
    """The listener's event came first: go on there, the others stop listening."""
    tokens, gateway = listener.workflow, listener.parent
    scope, flow = gateway.parent, listener.arrived_by or ""
    tokens.note_left(gateway)
    tokens.retire(gateway)
    tokens.path.append((flow, "taken"))
    tokens.resume(listener.element.id, scope, variables)
