"""What is remembered of completed activities that can be undone, until their scope ends.

See compensation.py, which undoes them.
"""

from typing import TYPE_CHECKING

from engine.bpmn.library import TaskState

if TYPE_CHECKING:
    from engine.bpmn.model import Element
    from engine.bpmn.tokens import Token


def remember(token: "Token") -> bool:
    """The work of `token` is done: note what can be undone of it. Must the token itself stay for that?"""
    tokens, spec = token.workflow, token.task_spec
    undoing = tokens.process.undoing.get(token.element.id)
    if undoing is not None and not spec.multiplies:
        _record(token, undoing)
    return _keep(token) if undoing is None or spec.multiplies else False


def records_in(scope: "Token") -> list["Token"]:
    """What can be undone directly inside a scope, in the order in which it was completed."""
    return sorted((child for child in scope.children if child.undoable), key=completion)


def completion(record: "Token") -> int:
    """Numbers are given in order: a record's own, or the one that a scope got when it was kept."""
    return record.kept if record.kept is not None else int(record.id)


def own_handler(scope: "Token") -> "Element | None":
    """The start of the event subprocess with which a subprocess undoes itself."""
    starts = scope.workflow.process.event_starts(scope)
    return next((e for e in starts if e.event is not None and e.event.kind == "compensation"), None)


def _record(token: "Token", undoing: "Element") -> None:
    """A token at the compensation event; a round of a multi-instance leaves its item with it."""
    scopes, loop = token.workflow.scopes, token.element.loop
    kept = token.workflow.add(undoing.id, token.parent, state=TaskState.WAITING)
    names = ("loopCounter", loop.input_element) if loop is not None else ()
    for name in names:
        if name in scopes.local(token.scope):
            scopes.put(kept.scope, name or "", scopes.local(token.scope)[name or ""])


def _keep(scope: "Token") -> bool:
    """Keep a completed subprocess or multi-instance when there is something inside to undo."""
    if scope.serves is not None or scope.element.triggered_by_event:
        return False
    if not records_in(scope) and own_handler(scope) is None:
        return False
    for child in list(scope.children):
        if not child.undoable:
            scope.workflow.retire(child)
    scope.workflow.counter += 1
    scope.kept = scope.workflow.counter
    return True
