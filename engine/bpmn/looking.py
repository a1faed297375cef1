"""What can be seen of an instance in memory, changing nothing: what it waits for, where its tokens are, what
its variables are, where a token may go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn import holding, moves
from engine.bpmn.copying import copied
from engine.bpmn.failures import UnknownToken, Unusable
from engine.bpmn.holding import Held, kept
from engine.bpmn.jumps import jumps as places
from engine.bpmn.jumps import plan_jump
from engine.bpmn.scopes import ROOT
from engine.bpmn.script import body_of
from engine.bpmn.tokens import Services, Signal, Token, Tokens, Told
from engine.bpmn.undoing import Trace, trace
from engine.bpmn.waits import Wait

Value = Any


@dataclass(frozen=True)
class Preview:
    """What a move to `target` would do: begin at `place` (the fork, when a whole block is reopened)."""

    target: str
    place: str
    cancelled: list[Wait]
    forward: bool = False


class Looking:
    """The half of an instance that only looks; `engine.bpmn.execution` is the half that acts."""

    _tokens: Tokens
    _broken: bool
    _waits: dict[str, Wait] | None
    """What it waits for, while nothing has changed since that was asked."""

    def waits(self) -> dict[str, Wait]:
        """What the instance waits for now, by key."""
        self._check()
        if self._waits is None:
            self._waits = self._waiting()
        return self._waits

    def _waiting(self) -> dict[str, Wait]:
        heard = (token for token in self._tokens.each() if not token.parked and not holding.silent(token))
        found = (token.task_spec.wait(token) for token in heard)
        return {wait.key: wait for wait in found if wait is not None}

    def active(self) -> list[str]:
        """Ids of the elements that hold a token now, each once, oldest first."""
        return list(dict.fromkeys(t.element.id for t in self._tokens.each() if t.inside))

    @property
    def ended(self) -> bool:
        """Has the last token ended?"""
        return self._tokens.completed

    @property
    def stuck(self) -> list[str]:
        """Where the instance waits for tokens that can no longer come, or for a condition that nothing can
        make true any more; empty while anything moves.

        A fault of the diagram: the runtime makes an incident of it, so that nothing stalls without a word.
        """
        if self.ended or self._tokens.ready or self.waits() or self.held:
            return []
        return sorted({self._tokens.tasks[key].element.id for key in self.parked})

    @property
    def parked(self) -> list[str]:
        """The tokens that have arrived before joins, or wait for a condition in the flow, oldest first."""
        return [token.id for token in self._tokens.each() if token.parked or _waits_for_condition(token)]

    @property
    def held(self) -> dict[str, Held]:
        """The tokens that failed and are held, by their keys, oldest first."""
        found = (token for token in self._tokens.each() if token.held)
        return {t.id: Held(t.id, t.element.id, done=kept(t) is not None) for t in found}

    @property
    def path(self) -> list[tuple[str, str]]:
        """Since start or load: (element, "entered" | "left" | "cancelled") and (flow, "taken"), in order."""
        return self._tokens.path

    @property
    def thrown(self) -> list[Signal]:
        """The signals thrown since start or load, in order."""
        return self._tokens.thrown

    @property
    def told(self) -> list[Told]:
        """What the instance told its caller since start or load, in order."""
        return self._tokens.told

    @property
    def services(self) -> Services:
        """What the instance may ask of the outside."""
        return self._tokens.services

    def scopes(self) -> set[str]:
        """The ids of the scopes that are there now, the root's too: others hold no variables."""
        return {ROOT, *(token.scope for token in self._tokens.each())}

    def results(self) -> dict[str, Value]:
        """The root variables."""
        return self._tokens.own(self._tokens.root)

    def variables_of(self, token: str | None) -> dict[str, Value]:
        """The variables visible to a token, or the root's."""
        return copied(self._tokens.snapshot(self._token(token)))

    def evaluate(self, token: str | None, text: str, *, extra: Mapping[str, Value] | None = None) -> Value:
        """FEEL `text`, with or without `=`, in the token's scope; `extra` hides variables of that name."""
        return self._tokens.feel(body_of(text), self._token(token), extra=extra)

    def ways(self, token: str) -> list[str]:
        """The flows among which `skip` lets a person choose; empty where there is no choice."""
        return holding.ways(self._token(token))

    def jumpable(self, token: str) -> list[Preview]:
        """Where the office may put a token (移动令牌), each with what that would close."""
        return [self._seen(one.target, one.move, forward=one.forward) for one in places(self._token(token))]

    def preview_jump(self, token: str, *, target: str) -> Preview:
        """What `jump` would do, changing nothing. Raises IllegalMove."""
        return self._seen(target, plan_jump(self._token(token), target))

    def returnable(self, token: str) -> list[str]:
        """User tasks on every path from the start to here: the graph's part of where 退回 may go."""
        return moves.returnable(self._token(token))

    def skips(self, token: str, target: str) -> bool:
        """May `complete(token, toward=target)` be used (straight back after 退回)?"""
        return moves.may_skip(self._token(token), target)

    def preview(self, token: str, *, target: str) -> Preview:
        """What `move` would do, changing nothing. Raises IllegalMove."""
        return self._seen(target, moves.plan(self._token(token), target))

    def _seen(self, target: str, move: moves.Move, *, forward: bool = False) -> Preview:
        keys = {child.id for top in move.cancelled for child in (top, *moves.below(top))}
        cancelled = [wait for key, wait in self.waits().items() if key in keys]
        return Preview(target=target, place=move.place, cancelled=cancelled, forward=forward)

    def reopening(self, target: str) -> str:
        """Where `reopen(target)` would begin: the step itself, or the fork or subprocess around it.

        Raises IllegalMove.
        """
        return moves.reopening_place(self._tokens, target)

    def trace(self) -> Trace:
        """What happened to tokens and variables since start or load, for `take_back`."""
        return trace(self._tokens)

    def living(self) -> dict[int, int]:
        """The numbers of all tokens, each with that of the token it stands in."""
        return {int(token.id): int(token.parent.id) for token in self._tokens.each()}

    def _check(self) -> None:
        if self._broken:
            raise Unusable("流程实例在内存中的状态已作废，请重新载入")

    def _token(self, key: str | None) -> Token:
        found = self._tokens.root if key is None else self._tokens.tasks.get(key)
        if found is None:
            raise UnknownToken(key or "")
        return found


def _waits_for_condition(token: Token) -> bool:
    return token.was_true is not None and token.element.kind == "intermediateCatchEvent"
