"""End events that do more than end: terminate, and errors."""

from typing import TYPE_CHECKING

from engine.bpmn.failures import UncaughtError
from engine.bpmn.specs.boundary import take_over
from engine.bpmn.specs.element import ElementSpec

if TYPE_CHECKING:
    from typing import Any

    from engine.bpmn.model import Element
    from engine.bpmn.tokens import Token


class TerminateEnd(ElementSpec):
    """Ends its scope: everything else inside is cancelled."""

    def execute(self, token: "Token") -> bool:
        """Cancel the others; then this token, the last one, ends the scope."""
        for other in token.parent.children:
            if other is not token and not other.listens:
                token.workflow.cancel_token(other)
        return True


class ErrorEnd(ElementSpec):
    """Throws its error to the nearest boundary event around it that catches it."""

    def execute(self, token: "Token") -> None:
        """Raises UncaughtError."""
        event = self.element.event
        code = (event.code if event else None) or ""
        throw(token, code, message=f"错误“{code}”没有边界事件接住", variables=token.workflow.own(token))


def throw(token: "Token", code: str, *, message: str, variables: "dict[str, Any]") -> None:
    """Hand an error to the boundary event on `token` or around it that catches `code`.

    Raises UncaughtError with `message` when there is none.
    """
    tokens, holder = token.workflow, token
    origin = token.element.id
    while holder is not tokens.root:
        boundary = _catcher(tokens.process.boundaries.get(holder.element.id, []), code)
        if boundary is not None:
            take_over(holder, boundary, variables)
            return
        holder = holder.parent
    raise UncaughtError(message, element=origin, error_code=code)


def _catcher(boundaries: "list[Element]", code: str) -> "Element | None":
    """The event for exactly this code, else one that catches every error."""
    errors = [b for b in boundaries if b.event is not None and b.event.kind == "error"]
    exact = [b for b in errors if b.event is not None and b.event.code == code]
    catch_all = [b for b in errors if b.event is not None and not b.event.code]
    return next(iter(exact + catch_all), None)
