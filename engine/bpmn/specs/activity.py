"""An activity: an element that takes time, and to which boundary events can be attached."""

from typing import TYPE_CHECKING

from engine.bpmn.specs.catching import LISTENING, arm
from engine.bpmn.specs.element import ElementSpec

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class Activity(ElementSpec):
    """A task without a type of its own (passed at once), and the base of all that take time."""

    def enter(self, token: "Token") -> bool:
        """Input mappings first, then the boundary events begin to listen, in the activity's scope."""
        super().enter(token)
        if self.single:
            return True
        for boundary in token.workflow.process.boundaries.get(self.element.id, ()):
            if boundary.event is not None and boundary.event.kind in LISTENING:
                arm(token.workflow, boundary.id, token)
        return True
