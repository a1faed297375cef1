"""A token that cannot go on is held where it failed, and the others move on without it.

What failed says at which token (`blame`), and is thrown away with everything it did. The same step is then
done again with that token's id among those to hold: ids are given in the same order each time, so the same
token comes to the same place, and stays there. A person lets it go on (`release`) or past (`skip`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import IllegalMove, blame
from engine.bpmn.library import TaskState
from engine.bpmn.scopes import HIDDEN

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

Value = Any
KEPT = HIDDEN + "kept"
"""What the work of a held token gave, while the token could not leave with it."""
EVERY_FLOW = ("parallelGateway",)
CHOOSING = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


@dataclass(frozen=True)
class Held:
    """A token that is held: where it stands, and whether its work is done and only the way on failed."""

    token: str
    element: str
    done: bool


def stops(token: "Token") -> bool:
    """Is the token held, or to be held here? It does nothing then."""
    if token.id in token.workflow.holding:
        token.held = True
    return token.held


def arrive(token: "Token") -> None:
    """The token comes to its element, unless it is to be held before it."""
    if stops(token):
        return
    try:
        token.task_spec._update(token)
    except Exception as failure:
        blame(failure, token.id)
        raise


def run(token: "Token") -> bool:
    """The element does its work; False when the token is held instead."""
    if stops(token):
        return False
    try:
        token.run()
    except Exception as failure:
        blame(failure, token.id)
        raise
    return True


def finish(token: "Token") -> None:
    """The work is done with `token.result`, and the token leaves; held, it keeps the result for later."""
    if stops(token):
        token.workflow.scopes.put(token.scope, KEPT, token.result)
        return
    try:
        token.complete()
    except Exception as failure:
        blame(failure, token.id)
        raise


def kept(token: "Token") -> dict[str, Value] | None:
    """What a held token would leave with; None when it has not done its work yet."""
    found = token.workflow.scopes.local(token.scope).get(KEPT)
    return found if isinstance(found, dict) else None


def silent(token: "Token") -> bool:
    """Does the outside hear nothing of what the token waits for: is it held, or there for one that is?"""
    return token.held or (token.parent is not None and token.parent.held)


def stranded(token: "Token") -> bool:
    """May it wait for what never comes: others before a join, or a condition?"""
    event = token.element.event
    conditional = event is not None and event.kind == "conditional" and token.state == TaskState.WAITING
    return token.parked or conditional


def hold_stranded(token: "Token") -> None:
    """A token that waits in vain is held as it stands."""
    if stranded(token) and token.id in token.workflow.holding:
        token.held = True


def release(token: "Token") -> dict[str, Value] | None:
    """The token may move again. What it kept is given back: the caller lets it leave with that."""
    token.held = False
    result = kept(token)
    if result is not None:
        token.workflow.scopes.put(token.scope, KEPT, None)
        return result
    if stranded(token):
        stops(token)  # the same join fails again, and the step is done again with it held
    elif token.state == TaskState.FUTURE:
        arrive(token)
    elif token.state == TaskState.READY and not token.task_spec.manual:
        token.workflow.ready.append(token)
    return None


def ways(token: "Token") -> list[str]:
    """The flows among which a person chooses when the token is let past: none where there is no choice."""
    element = token.element
    if token.task_spec.single or element.kind in EVERY_FLOW or len(element.outgoing) < 2:
        return []
    conditional = any(token.workflow.process.model.flows[flow].condition for flow in element.outgoing)
    return list(element.outgoing) if conditional or element.kind in CHOOSING else []


def skip(token: "Token", outputs: Mapping[str, Value], *, flow: str | None = None) -> None:
    """Let the token past its element, whose work is not done: `outputs` are what it would have given.

    Raises IllegalMove when a way has to be chosen and `flow` is none of them.
    """
    tokens, scope, element = token.workflow, token.parent, token.element
    choice = ways(token)
    if choice and flow not in choice:
        name = element.name or element.id
        raise IllegalMove(f"跳过“{name}”要选择走哪一条路", element=element.id)
    chosen = [flow] if choice and flow else [] if token.task_spec.single else list(element.outgoing)
    if token.parked:
        for other in tokens.siblings(token):
            if other is not token:
                tokens.retire(other)
    if not token.inside:
        tokens.note_entered(token)
    for name, value in outputs.items():
        tokens.scopes.merge(token.chain()[1:], name, value)
    for listener in list(token.children):
        tokens.cancel_token(listener)
    tokens.note_left(token)
    token.held = False
    tokens.retire(token)
    for way in chosen:
        tokens.place(tokens.process.model.flows[way].target, scope, flow=way)
    tokens.left(token)
