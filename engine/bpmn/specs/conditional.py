"""Conditional events (条件事件): they happen when their condition becomes true.

The condition is judged when the event begins to wait and after every change of a variable, between two
moves of tokens. One that goes on listening must have been false in between before it happens again. Time
alone changes no variable: what is to happen at a time is a timer.
"""

from typing import TYPE_CHECKING

from engine.bpmn.failures import ExpressionFailed, Runaway, blame
from engine.bpmn.holding import stops
from engine.bpmn.library import TaskState
from engine.bpmn.script import body_of
from engine.bpmn.specs.happening import happen

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token, Tokens

MOST_TIMES = 1_000
"""Conditions that become true, one after the other, before anything else moves."""


def judge(tokens: "Tokens") -> None:
    """Let every conditional event happen whose condition has become true. Raises Runaway."""
    for _ in range(MOST_TIMES):
        if tokens.judged == tokens.scopes.changes:
            return
        tokens.judged = tokens.scopes.changes
        for token in _waiting(tokens):
            if not token.alive or token.state != TaskState.WAITING:
                continue
            if not stops(token) and _turns_true(token):
                tokens.judged = None  # what happened may have changed variables, or begun to wait
    raise Runaway("条件事件反复触发，没有停下", element=tokens.process.id)


def _waiting(tokens: "Tokens") -> list["Token"]:
    return [token for token in tokens.each() if token.was_true is not None]


def _turns_true(token: "Token") -> bool:
    """Judge one condition, and let its event happen when it has become true."""
    before = token.was_true
    try:
        token.was_true = _holds(token)
        if token.was_true and not before:
            happen(token, {})
            return True
    except Exception as failure:
        blame(failure, token.id)
        raise
    return False


def _holds(token: "Token") -> bool:
    """Null, as long as a variable is missing, is not true. Raises ExpressionFailed for other values."""
    event = token.element.event
    text = (event.condition if event is not None else None) or "= false"
    value = token.workflow.feel(body_of(text), token)
    if value is not None and not isinstance(value, bool):
        raise ExpressionFailed(f"条件“{body_of(text)}”的结果不是真或假", element=token.element.id, text=text)
    return value is True
