"""One token: where it stands, what it waits for, whom it is there for."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.due import Due
from engine.bpmn.graph import FORKS
from engine.bpmn.library import Task, TaskState
from engine.bpmn.scopes import ROOT

if TYPE_CHECKING:
    from engine.bpmn.model import Element
    from engine.bpmn.specs.element import ElementSpec
    from engine.bpmn.tokens import Tokens

Value = Any
ROOT_TOKEN = "0"  # noqa: S105 - a token of the diagram


class Token(Task):
    """One token: an activity that runs, an event that waits, or an arrival parked before a join."""

    task_spec: "ElementSpec"
    workflow: "Tokens"
    _parent: str

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
        return self._state == TaskState.WAITING and self.task_spec.listens_for(self)

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
        if self._state != TaskState.WAITING:
            return False
        element = self.task_spec.element
        return element.kind in FORKS or element.start_quantity > 1

    def chain(self) -> list[str]:
        """Scope ids from its own out to the root."""
        scopes: list[str] = []
        token: Token | None = self
        while token is not None:
            scopes.append(ROOT if token.id == ROOT_TOKEN else token.id)
            token = self.workflow.tasks.get(token._parent)
        return scopes

    def inner(self) -> list["Token"]:
        """The tokens that run inside it; listeners, and what is completed and kept, left out."""
        return [child for child in self.children if not child.listens and child.kept is None]
