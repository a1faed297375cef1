"""撤回: what one step did to the tokens, kept with the step, and how it is undone while nobody has gone on.

A token is known by its number, and numbers grow: what a step made are the numbers after those before it.
What it took away is kept as it was stored, so that an arrival before a join, or the subprocess that ended
with the step, can be put back. Nothing gets its old number back: keys are never used twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn.codec import fill
from engine.bpmn.failures import IllegalMove
from engine.bpmn.scopes import DELETED
from engine.bpmn.token import ROOT_TOKEN
from engine.bpmn.tokens import Token, Tokens

Value = Any
StoredToken = list[Any]
"""A token as `engine.bpmn.codec` stores it: number, element, parent's number, state, more."""


@dataclass(frozen=True)
class Trace:
    """What a step did: the last number before it and now, the tokens that went, the variables as they were.

    A variable that was not there before is DELETED.
    """

    began: int
    counter: int
    gone: list[StoredToken]
    before: Mapping[tuple[str, str], Value]

    def made(self, number: int) -> bool:
        """Did the step make the token of this number?"""
        return self.began < number <= self.counter


@dataclass(frozen=True)
class Undoing:
    """What is to be done: tokens that go, tokens that are put back, and the step that begins anew.

    `scope` is the number of the token in which `element` stood.
    """

    element: str
    scope: int
    cancel: Sequence[int]
    restore: Sequence[StoredToken]
    forget: Sequence[tuple[str, str]] = ()
    steps: Sequence[int] = ()
    """The steps, by their numbers in the record, that are taken back."""
    resumes: bool = False
    """The visit of the step goes on, its token and clocks as they were: it is among those to be put back."""


def trace(tokens: Tokens) -> Trace:
    """What happened since the instance was loaded."""
    gone = [row for number, row in tokens.loaded.items() if str(number) not in tokens.tasks]
    return Trace(tokens.began, tokens.counter, gone, tokens.scopes.before())


def undo(tokens: Tokens, undoing: Undoing, variables: Mapping[tuple[str, str], Value]) -> None:
    """Cancel, put back, set the variables as they were, and let the step begin anew or go on. Raises
    IllegalMove."""
    for number in undoing.cancel:
        token = tokens.tasks.get(str(number))
        if token is None:
            raise IllegalMove("流程此后又有变动，不能撤回", element=undoing.element)
        tokens.cancel_token(token)
    tokens.completed = False
    back: dict[int, Token] = {}
    for row in sorted(undoing.restore, key=lambda one: int(one[0])):
        back[int(row[0])] = _put_back(tokens, row, back)
    for (scope, name), value in variables.items():
        tokens.scopes.put(_scope(tokens, scope, back), name, value)
    for scope, name in undoing.forget:
        if scope not in {str(number) for number in back}:
            tokens.scopes.forget(scope, name)
    if not undoing.resumes:
        tokens.place(undoing.element, _parent(tokens, undoing.scope, back, element=undoing.element))


def _put_back(tokens: Tokens, row: StoredToken, back: Mapping[int, Token]) -> Token:
    _, element, parent, state, *rest = row
    token = tokens.add(element, _parent(tokens, int(parent), back, element=element), state=state)
    fill(token, rest[0] if rest else {})
    return token


def _parent(tokens: Tokens, number: int, back: Mapping[int, Token], *, element: str) -> Token:
    if number == int(ROOT_TOKEN):
        return tokens.root
    found = back.get(number) or tokens.tasks.get(str(number))
    if found is None:
        raise IllegalMove("它所在的子流程已经结束，不能撤回", element=element)
    return found


def _scope(tokens: Tokens, scope: str, back: Mapping[int, Token]) -> str:
    return back[int(scope)].scope if scope and int(scope) in back else scope


__all__ = ["DELETED", "StoredToken", "Trace", "Undoing", "trace", "undo"]
