"""Business rule tasks: a decision is evaluated at once, inside the step."""

from typing import TYPE_CHECKING

from engine.bpmn.failures import UnsupportedElement
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.element import text_of

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class BusinessRule(Activity):
    """`zeebe:calledDecision`: the visible variables go in, the result variable comes out."""

    def execute(self, token: "Token") -> bool:
        """Raises whatever `Services.decide` raises."""
        tokens = token.workflow
        decide = tokens.services.decide
        if decide is None:
            raise UnsupportedElement("没有可用的决策服务", element=self.element.id)
        decision = text_of(self.element.decision_id or "", token, what="决策编号")
        value = decide(decision, tokens.snapshot(token))
        if self.element.result_variable:
            token.result = {self.element.result_variable: value}
        return True
