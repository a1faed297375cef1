"""The living tokens of one instance: a SpiffWorkflow workflow whose tree holds nothing else.

The library keeps every task that ever ran and predicts those to come, each below the one before it. Here a
token lies below the scope it runs in (process, subprocess) and is removed when it has moved on, so the tree
is as deep as subprocesses are nested, however long the instance runs, and needs no history to be joined:
a parallel join counts the tokens that arrived by each of its flows.
"""

from collections import ChainMap, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from engine.bpmn.failures import Runaway, blame
from engine.bpmn.graph import FORKS
from engine.bpmn.holding import arrive, run
from engine.bpmn.library import TaskState, Workflow
from engine.bpmn.outside import Services, Signal, Told
from engine.bpmn.scopes import Scopes
from engine.bpmn.script import body_of, is_feel
from engine.bpmn.specs.compensation import served
from engine.bpmn.specs.conditional import judge
from engine.bpmn.token import ROOT_TOKEN, Token

if TYPE_CHECKING:
    from engine.bpmn.compile import Process
    from engine.feel import Warning

__all__ = ["ROOT_TOKEN", "Services", "ShortWay", "Signal", "Token", "Tokens", "Told"]

Value = Any
STEP_LIMIT = 20_000
"""Elements that one run may pass before it is stopped as a loop without an end."""


AT_ONCE = (*FORKS, "exclusiveGateway", "businessRuleTask", "scriptTask")
"""What a token on the short way passes as drawn: the diagram's own choices and checks."""


@dataclass(frozen=True)
class ShortWay:
    """退回后直达: from the step `here` to `target`, leaving out what was done between them.

    Choices and checks on the way are made anew, and may lead elsewhere.
    """

    scope: Token
    here: str
    target: str


class Tokens(Workflow):
    """The tree, its variables, and the queue of tokens that can move now."""

    tasks: dict[str, Token]

    def __init__(
        self, process: "Process", *, services: Services, scopes: Scopes, holding: Collection[str] = ()
    ) -> None:
        super().__init__(process.definition, deserializing=True)
        self.holding = frozenset(holding)
        self.process = process
        self.services = services
        self.scopes = scopes
        self.path: list[tuple[str, str]] = []
        self.ready: deque[Token] = deque()
        self.short_way: ShortWay | None = None
        self.thrown: list[Signal] = []
        self.told: list[Told] = []
        self.judged: int | None = None
        """The change of the variables at which conditions were judged last; None: judge them anew."""
        self.counter = 0
        self.began = 0
        """The last number that was given before the instance was loaded."""
        self.loaded: dict[int, list[Any]] = {}
        """The tokens as they were when it was loaded (see `engine.bpmn.undoing`)."""
        self.root = Token(self, process.root, parent=None, state=TaskState.STARTED, id=ROOT_TOKEN)
        self.task_tree = self.root

    # -- the tree ---------------------------------------------------------------------------------------

    def add(
        self, element: str, scope: Token, *, state: int = TaskState.FUTURE, id: str | None = None
    ) -> Token:
        """A new token at `element` inside `scope`; it does nothing yet."""
        if id is None:
            self.counter += 1
            id = str(self.counter)
        return Token(self, self.process.specs[element], parent=scope, state=state, id=id)

    def place(self, element: str, scope: Token, *, flow: str | None = None) -> Token:
        """Let a token arrive at `element`, by `flow` or from nowhere (start, move)."""
        if flow is not None:
            self.path.append((flow, "taken"))
        shortened = self._shortened(element, scope)
        token = self.add(shortened, scope)
        token.arrived_by = flow if shortened == element else None
        arrive(token)
        return token

    def _shortened(self, element: str, scope: Token) -> str:
        """Where to go instead of `element`: the short way's end, at the first step that it leaves out."""
        way, drawn = self.short_way, self.process.model.elements[element]
        if way is None or scope is not way.scope or element == way.here:
            return element
        graph = self.process.graphs[drawn.parent]
        inside = graph.block(element) if drawn.kind in FORKS and graph.splits(element) else []
        if all(map(self._at_once, [element, *inside])):
            return element
        self.short_way = None
        between = graph.dominates(way.here, element) and graph.dominates(element, way.target)
        return way.target if between else element

    def _at_once(self, element: str) -> bool:
        """Whether a token passes it without waiting; a block is left out as a whole where one would wait."""
        drawn = self.process.model.elements[element]
        return drawn.kind in AT_ONCE and drawn.task_type is None

    def resume(self, element: str, scope: Token, result: dict[str, Value]) -> Token:
        """A token at a catching event that has just happened; it leaves the event at once."""
        token = self.add(element, scope)
        self.note_entered(token)
        self.wake(token, result)
        return token

    def throw_signal(self, name: str, variables: dict[str, Value]) -> None:
        """Put a signal down; the runtime carries it to those who wait."""
        self.thrown.append(Signal(name, variables))

    def tell(self, kind: Literal["error", "escalation"], code: str, variables: dict[str, Value]) -> None:
        """Put down what the instance's caller has to hear; the runtime carries it there."""
        self.told.append(Told(kind, code, variables))

    def fail(self, code: str, variables: dict[str, Value]) -> None:
        """An error that the caller catches ends the instance."""
        self.tell("error", code, variables)
        for child in list(self.root.children):
            self.cancel_token(child)
        self.completed = True

    def wake(self, token: Token, result: dict[str, Value]) -> None:
        """What the token waited for has come: it leaves its element with `result`."""
        token.result = result
        token._ready()
        token.run()

    def retire(self, token: Token) -> None:
        """The token has moved on: take it out of the tree, with its listeners and variables."""
        self._remove_task(token.id)

    def cancel_token(self, token: Token) -> None:
        """Stop the token and all that runs inside it."""
        token.cancel()
        self._remove_task(token.id)

    def _task_removed_notify(self, task: Token) -> None:
        if task.inside:
            self.path.append((task.element.id, "cancelled"))
        self.scopes.drop(task.scope)

    def left(self, token: Token) -> None:
        """The token is gone for good: whom it served goes on; a scope whose last token it was is done."""
        if token.serves is not None:
            served(token)
        scope = token.parent
        if scope is None or scope.inner() or scope.undo is not None or scope.kept is not None:
            return
        if scope is self.root:
            self.completed = True
            for listener in list(scope.children):
                self.retire(listener)
            return
        scope.complete()

    # -- moving -----------------------------------------------------------------------------------------

    def note_entered(self, token: Token) -> None:
        """Write down that the token entered its element."""
        token.inside = True
        self.path.append((token.element.id, "entered"))

    def note_left(self, token: Token) -> None:
        """Write down that the token left its element."""
        token.inside = False
        self.path.append((token.element.id, "left"))

    def advance(self) -> None:
        """Move until nothing can move without the outside. Raises Runaway."""
        steps = 0
        while True:
            if self.process.conditional:
                judge(self)
            while self.ready:
                token = self.ready.popleft()
                if not token.alive or token.state != TaskState.READY:
                    continue
                steps += 1
                if steps > STEP_LIMIT and token.id not in self.holding:
                    raise _runaway(token)
                if not run(token):
                    steps = 0
                if self.process.conditional:
                    judge(self)
            if not any(spec.release(self) for spec in self.process.patient):
                self.short_way = None
                return

    def each(self) -> Iterator[Token]:
        """All tokens but the root."""
        return (token for token in self.tasks.values() if token is not self.root)

    def siblings(self, token: Token) -> list[Token]:
        """Tokens parked at the same join in the same scope, this one included, oldest first."""
        return [
            other
            for other in token.parent.children
            if other.task_spec is token.task_spec and other.state == TaskState.WAITING
        ]

    # -- variables --------------------------------------------------------------------------------------

    def visible(self, token: Token) -> Mapping[str, Value]:
        """The variables seen by the token."""
        return self.scopes.visible(token.chain())

    def snapshot(self, token: Token) -> dict[str, Value]:
        """A copy of the variables seen by the token, without the engine's own."""
        return self.scopes.copy(token.chain())

    def own(self, token: Token) -> dict[str, Value]:
        """A copy of the token's local variables, without the engine's own."""
        return self.scopes.copy([token.scope])

    def value_of(
        self,
        text: str,
        token: Token,
        *,
        extra: Mapping[str, Value] | None = None,
        warnings: "list[Warning] | None" = None,
    ) -> Value:
        """A text of the diagram: FEEL after `=` in the token's scope (with `extra` in front), else itself."""
        return self.feel(body_of(text), token, extra=extra, warnings=warnings) if is_feel(text) else text

    def feel(
        self,
        text: str,
        token: Token,
        *,
        extra: Mapping[str, Value] | None = None,
        warnings: "list[Warning] | None" = None,
    ) -> Value:
        """FEEL `text` (no `=`) in the token's scope."""
        context = self.visible(token)
        if extra:
            context = ChainMap(dict(extra), cast(dict[str, Value], context))
        return self.process.expressions.evaluate(
            text, context, functions=self.services.functions, element=token.element.id, warnings=warnings
        )


def _runaway(token: Token) -> Runaway:
    failure = Runaway(
        f"流程一次经过了 {STEP_LIMIT} 个环节仍未停下，可能存在没有出口的循环", element=token.element.id
    )
    blame(failure, token.id)
    return failure
