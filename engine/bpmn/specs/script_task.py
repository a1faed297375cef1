"""Script tasks: one FEEL expression, its value in the result variable."""

from typing import TYPE_CHECKING

from engine.bpmn.script import body_of
from engine.bpmn.specs.activity import Activity

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class ScriptTask(Activity):
    """Evaluates `zeebe:script` in the task's scope."""

    def execute(self, token: "Token") -> bool:
        """Without a result variable the value is only computed."""
        value = token.workflow.feel(body_of(self.element.script or "null"), token)
        if self.element.result_variable:
            token.result = {self.element.result_variable: value}
        return True
