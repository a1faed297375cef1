"""The living tokens of one instance: a SpiffWorkflow workflow whose tree holds nothing else.

The library keeps every task that ever ran and predicts those to come, each below the one before it. Here a
token lies below the scope it runs in (process, subprocess) and is removed when it has moved on, so the tree
is as deep as subprocesses are nested, however long the instance runs, and needs no history to be joined:
a parallel join counts the tokens that arrived by each of its flows.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from engine.bpmn.due import DEFAULT_ZONE, Due
from engine.bpmn.failures import Runaway, blame
from engine.bpmn.graph import FORKS
from engine.bpmn.holding import arrive, run
from engine.bpmn.library import Task, TaskState, Workflow
from engine.bpmn.scopes import HIDDEN, ROOT, Scopes
from engine.bpmn.script import body_of, is_feel
from engine.bpmn.specs.compensation import served
from engine.bpmn.specs.conditional import judge

if TYPE_CHECKING:
    from engine.bpmn.compile import Process
    from engine.bpmn.model import Element
    from engine.bpmn.specs.element import ElementSpec
    from engine.feel import Warning

Value = Any
ROOT_TOKEN = "0"  # noqa: S105 - a token of the diagram
STEP_LIMIT = 20_000
"""Elements that one run may pass before it is stopped as a loop without an end."""


@dataclass(frozen=True)
class Services:
    """What the outside gives to an execution; nothing here may touch the tokens.

    `now`: the instant (aware) on the cycle's clock. `functions`: FEEL functions by name. `decide`: evaluates
    the decision of that id in a context of variables. `zone`: where civil dates end their day.
    """

    now: Callable[[], datetime]
    functions: Mapping[str, Callable[..., Value]] = field(default_factory=dict)
    decide: Callable[[str, dict[str, Value]], Value] | None = None
    zone: str = DEFAULT_ZONE
    caught_outside: Callable[[str], bool] | None = None
    """Does whoever called this instance catch an error of that code? None: nobody called it."""


AT_ONCE = (*FORKS, "exclusiveGateway", "businessRuleTask", "scriptTask")
"""What a token on the short way passes as drawn: the diagram's own choices and checks."""


@dataclass(frozen=True)
class ShortWay:
    """退回后直达: from the step `here` to `target`, leaving out what was done between them.

    Choices and checks on the way are made anew, and may lead elsewhere.
    """

    scope: "Token"
    here: str
    target: str


@dataclass(frozen=True)
class Signal:
    """A signal that the instance threw: for everybody in the cycle who waits for `name`."""

    name: str
    variables: dict[str, Value]


@dataclass(frozen=True)
class Told:
    """What an instance tells its caller: an escalation that nothing inside took, or the error at its end."""

    kind: Literal["error", "escalation"]
    code: str
    variables: dict[str, Value]


class Token(Task):
    """One token: an activity that runs, an event that waits, or an arrival parked before a join."""

    task_spec: "ElementSpec"
    workflow: "Tokens"

    def __init__(
        self, tokens: "Tokens", spec: "ElementSpec", *, parent: "Token | None", state: int, id: str
    ) -> None:
        super().__init__(tokens, spec, parent=parent, state=state, id=id)
        self.inside = False
        """Has it entered its element (and not left it)? Not so for parked arrivals and listeners."""
        self.held = False
        """Did it fail here, and wait for a person to mend what stopped it?"""
        self.arrived_by: str | None = None
        self.due: Due | None = None
        self.message: tuple[str, str | None] | None = None
        self.signal: str | None = None
        self.named: list[Any] | None = None
        """What the outside has to start, where expressions say so: worked out once, like `due`."""
        self.was_true: bool | None = None
        """Waiting for a condition: did it hold when it was last judged?"""
        self.undo: list[str] | None = None
        """The records that it undoes, the next one last; None unless it undoes something."""
        self.serves: str | None = None
        """The token for which it undoes something, and which goes on when it is done."""
        self.kept: int | None = None
        """Completed, and kept so that it can be undone: when that was, among all numbers given."""
        self.idle = False
        """Did it pass a loop that has no round for it?"""
        self.result: dict[str, Value] = {}
        """What its work gave; the output mappings read it when the token leaves."""

    def _set_state(self, value: int) -> None:
        """As the library's own, without its log line: names of states are made for it that nobody reads."""
        self._state = value

    @property
    def element(self) -> "Element":
        """The BPMN element it stands on."""
        return self.task_spec.element

    @property
    def scope(self) -> str:
        """The id of its variable scope."""
        return ROOT if self.id == ROOT_TOKEN else self.id

    @property
    def alive(self) -> bool:
        """Is it still in the tree?"""
        return self.workflow.tasks.get(self.id) is self

    @property
    def listens(self) -> bool:
        """Is it an event on an activity, behind a gateway or of an event subprocess: there for its parent?"""
        return self.state == TaskState.WAITING and self.task_spec.listens_for(self)

    @property
    def undoable(self) -> bool:
        """Is it the record of something completed that can still be undone?"""
        if self.kept is not None:
            return True
        event = self.element.event
        undoing = event is not None and event.kind == "compensation" and self.element.attached_to is not None
        return undoing and self.state == TaskState.WAITING

    @property
    def parked(self) -> bool:
        """Has it arrived at a join that still waits for others?"""
        gathers = self.element.kind in FORKS or self.element.start_quantity > 1
        return self.state == TaskState.WAITING and gathers

    def chain(self) -> list[str]:
        """Scope ids from its own out to the root."""
        scopes, token = [], self
        while token is not None:
            scopes.append(token.scope)
            token = token.parent
        return scopes

    def inner(self) -> list["Token"]:
        """The tokens that run inside it; listeners, and what is completed and kept, left out."""
        return [child for child in self.children if not child.listens and child.kept is None]


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
        if drawn.kind in AT_ONCE and drawn.task_type is None:
            return element
        self.short_way = None
        graph = self.process.graphs[drawn.parent]
        between = graph.dominates(way.here, element) and graph.dominates(element, way.target)
        return way.target if between else element

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
        return {k: v for k, v in self.visible(token).items() if not k.startswith(HIDDEN)}

    def own(self, token: Token) -> dict[str, Value]:
        """A copy of the token's local variables, without the engine's own."""
        return {k: v for k, v in self.scopes.local(token.scope).items() if not k.startswith(HIDDEN)}

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
            context = {**context, **extra}
        return self.process.expressions.evaluate(
            text, context, functions=self.services.functions, element=token.element.id, warnings=warnings
        )


def _runaway(token: Token) -> Runaway:
    failure = Runaway(
        f"流程一次经过了 {STEP_LIMIT} 个环节仍未停下，可能存在没有出口的循环", element=token.element.id
    )
    blame(failure, token.id)
    return failure
