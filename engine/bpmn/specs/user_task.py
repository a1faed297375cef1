"""User and manual tasks: a person completes them."""

from typing import TYPE_CHECKING

from engine.bpmn.library import WorkflowSpec
from engine.bpmn.model import Element
from engine.bpmn.specs.activity import Activity
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class UserTask(Activity):
    """Stays READY until `Execution.complete`; never run by the engine itself."""

    def __init__(self, definition: WorkflowSpec, element: Element, *, name: str | None = None) -> None:
        super().__init__(definition, element, name=name)
        self.manual = True

    def _on_ready_hook(self, my_task: "Token") -> None:
        """A person takes it from here: it is not queued, unless a loop has no round for anybody."""
        if self.passes_by(my_task):
            super()._on_ready_hook(my_task)

    def wait(self, token: "Token") -> Wait | None:
        """The person."""
        return Wait(
            key=token.id,
            token=token.id,
            element=self.element.id,
            kind="user",
            inputs=token.workflow.own(token),
        )
