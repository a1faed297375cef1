"""Exclusive gateways: the first condition that holds, in the order of the file, else the default."""

from typing import TYPE_CHECKING

from engine.bpmn.failures import NoFlowTaken
from engine.bpmn.specs.element import ElementSpec, holds

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class ExclusiveGateway(ElementSpec):
    """Passes every token on, never waits."""

    def flows(self, token: "Token") -> list[str]:
        """Exactly one flow (none only when none is drawn). Raises NoFlowTaken."""
        element = self.element
        for flow in element.outgoing:
            condition = token.workflow.process.model.flows[flow].condition
            if flow != element.default and (
                condition is None or holds(condition, token.parent, element=element.id)
            ):
                return [flow]
        if element.default is not None:
            return [element.default]
        if element.outgoing:
            raise NoFlowTaken(f"网关“{element.name or element.id}”没有一个条件成立", element=element.id)
        return []
