"""Inclusive gateways: all conditions that hold; and a join that waits as long as a token may still come."""

from typing import TYPE_CHECKING

from engine.bpmn.library import TaskState
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.specs.parallel import join

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token, Tokens


class InclusiveGateway(ElementSpec):
    """Source: BPMN 2.0.2, 13.4.3 (the rule of the inclusive join)."""

    def enter(self, token: "Token") -> bool:
        """An arrival is parked; it is looked at when nothing else can move."""
        if token.arrived_by is not None and len(self.element.incoming) > 1:
            token._set_state(TaskState.WAITING)
            return False
        return super().enter(token)

    def release(self, tokens: "Tokens") -> bool:
        """Let one scope's join go on when no token elsewhere can still reach a flow that has none."""
        for token in list(tokens.each()):
            if token.task_spec is self and token.state == TaskState.WAITING:
                parked = tokens.siblings(token)
                if parked[0] is token and not self._more_may_come(token, parked):
                    arrivals: dict[str | None, Token] = {}
                    for other in parked:
                        arrivals.setdefault(other.arrived_by, other)
                    join(token, arrivals)
                    ElementSpec.enter(self, token)
                    token._ready()
                    return True
        return False

    def _more_may_come(self, token: "Token", parked: "list[Token]") -> bool:
        """A token that can reach an empty flow, and cannot reach one that already has a token."""
        graph = token.workflow.process.graphs[self.element.parent]
        upstream = graph.upstream(self.element.id)
        marked = {other.arrived_by for other in parked}
        for other in token.parent.inner():
            if other.task_spec is self:
                continue
            place = other.element.id
            ahead = {flow for flow, nodes in upstream.items() if place in nodes}
            if ahead - marked and not ahead & marked:
                return True
        return False
