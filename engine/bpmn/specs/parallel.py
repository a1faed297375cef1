"""Parallel gateways: wait for a token on every incoming flow, then send one along every outgoing flow."""

from typing import TYPE_CHECKING

from engine.bpmn.library import TaskState
from engine.bpmn.specs.element import ElementSpec

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class ParallelGateway(ElementSpec):
    """Arrivals are parked with the flow they came by; a complete set makes one token."""

    def enter(self, token: "Token") -> bool:
        """A token that comes from nowhere (a block reopened at its fork) does not wait."""
        if token.arrived_by is not None and len(self.element.incoming) > 1:
            token._set_state(TaskState.WAITING)
            first: dict[str | None, Token] = {}
            for parked in token.workflow.siblings(token):
                first.setdefault(parked.arrived_by, parked)
            if len(first) < len(self.element.incoming):
                return False
            first[token.arrived_by] = token
            join(token, first)
        return super().enter(token)

    def flows(self, token: "Token") -> list[str]:
        """All of them; conditions have no meaning here."""
        return list(self.element.outgoing)


def join(token: "Token", arrivals: "dict[str | None, Token]") -> None:
    """Make one token of the arrivals: `token` goes on, the others are used up."""
    for other in arrivals.values():
        if other is not token:
            token.workflow.retire(other)
