"""Events that end more than themselves, or tell those around what happened: terminate, error, escalation."""

from typing import TYPE_CHECKING

from engine.bpmn.failures import UncaughtError
from engine.bpmn.specs.boundary import take_over
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.specs.event_subprocess import begin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from engine.bpmn.compile import Process
    from engine.bpmn.model import Element
    from engine.bpmn.tokens import Token


class TerminateEnd(ElementSpec):
    """Ends its scope: everything else inside is cancelled."""

    def execute(self, token: "Token") -> bool:
        """Cancel the others; then this token, the last one, ends the scope."""
        for other in token.parent.inner():
            if other is not token:
                token.workflow.cancel_token(other)
        return True


class ErrorEnd(ElementSpec):
    """Throws its error to the nearest event around it that catches it."""

    def execute(self, token: "Token") -> None:
        """Raises UncaughtError."""
        event = self.element.event
        code = (event.code if event else None) or ""
        throw(token, code, message=f"错误“{code}”没有边界事件接住", variables=token.workflow.own(token))


class EscalationEvent(ElementSpec):
    """Tells whoever is around that something must be looked at, and goes on unless that interrupts it."""

    def execute(self, token: "Token") -> bool | None:
        """Nobody has to listen: then nothing happens."""
        event = self.element.event
        code = (event.code if event else None) or ""
        escalate(token, code, variables=token.workflow.own(token))
        return True if token.alive else None


def throw(token: "Token", code: str, *, message: str, variables: "dict[str, Any]") -> None:
    """Hand an error to the event around `token` that catches `code`: on an activity, or of its scope.

    Where there is none the instance ends with it if its caller catches it; else UncaughtError, `message`.
    """
    for holder, events in _around(token):
        catcher = _catcher(events, "error", code)
        if catcher is not None:
            _catch(holder, catcher, variables)
            return
    outside = token.workflow.services.caught_outside
    if outside is not None and outside(code):
        token.workflow.fail(code, variables)
        return
    raise UncaughtError(message, element=token.element.id, error_code=code)


def escalate(token: "Token", code: str, *, variables: "dict[str, Any]") -> None:
    """Hand an escalation to the nearest event around `token` that catches `code`, else to the caller."""
    for holder, events in _around(token):
        catcher = _catcher(events, "escalation", code)
        if catcher is not None:
            _catch(holder, catcher, variables)
            return
    token.workflow.tell("escalation", code, variables)


def catches(process: "Process", element: str, code: str) -> bool:
    """Would an error that comes out of the call activity `element` be caught in this process?"""
    here = process.model.elements[element]
    while True:
        events = list(process.boundaries.get(here.id, ()))
        if not here.triggered_by_event:
            events += process.event_subprocesses.get(here.parent, ())
        if _catcher(events, "error", code) is not None:
            return True
        if here.parent is None:
            return False
        here = process.model.elements[here.parent]


def _around(token: "Token") -> "Iterator[tuple[Token, list[Element]]]":
    """From the inside out: each activity with the events on it, each scope with its event subprocesses.

    What happens inside an event subprocess is not caught by another one of the same scope.
    """
    tokens, holder = token.workflow, token
    while holder is not tokens.root:
        if not holder.task_spec.single:
            yield holder, tokens.process.boundaries.get(holder.element.id, [])
        scope = holder.parent
        if not holder.element.triggered_by_event:
            yield scope, tokens.process.event_starts(scope)
        holder = scope


def _catch(holder: "Token", catcher: "Element", variables: "dict[str, Any]") -> None:
    if catcher.attached_to is None:
        begin(holder, catcher, variables)
    elif catcher.event is None or catcher.event.cancel_activity:
        take_over(holder, catcher, variables)
    else:
        holder.workflow.resume(catcher.id, holder.parent, variables)


def _catcher(events: "list[Element]", kind: str, code: str) -> "Element | None":
    """The event for exactly this code, else one that catches all of its kind."""
    fitting = [e for e in events if e.event is not None and e.event.kind == kind]
    exact = [e for e in fitting if e.event is not None and e.event.code == code]
    catch_all = [e for e in fitting if e.event is not None and not e.event.code]
    return next(iter(exact + catch_all), None)
