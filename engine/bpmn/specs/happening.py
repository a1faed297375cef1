"""What an event waits for has come: on an activity, beside a scope, behind a gateway, or in the flow."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.specs.boundary import happened
from engine.bpmn.specs.catching import again
from engine.bpmn.specs.event_gateway import decided
from engine.bpmn.specs.event_subprocess import triggered

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


def happen(token: "Token", variables: dict[str, Any]) -> None:
    """Let the waiting event take place, with what came along."""
    if token.element.attached_to is not None:
        happened(token, variables)
    elif token.element.kind == "startEvent":
        triggered(token, variables)
    elif token.listens:
        decided(token, variables)
    else:
        again(token)
        token.workflow.wake(token, variables)
