"""The common life of an element: enter, work, leave along its flows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import ExpressionFailed, NoFlowTaken
from engine.bpmn.library import BpmnSpecMixin, TaskState, WorkflowSpec
from engine.bpmn.model import Element
from engine.bpmn.script import LONGEST_NAME, assign, body_of
from engine.bpmn.specs.completed import remember
from engine.bpmn.waits import Wait

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token, Tokens

Value = Any


class ElementSpec(BpmnSpecMixin):
    """An element that a token passes at once; others override `enter`, `execute`, `flows` or `wait`.

    The library calls the hooks with an underscore; ours have plain names. Nothing is predicted.
    """

    multiplies = False
    """Is it the whole of a multi-instance activity, with the single rounds inside it?"""
    single = False
    """Is it one round of a multi-instance activity? Then events on the border are not its own."""

    def __init__(self, definition: WorkflowSpec, element: Element, *, name: str | None = None) -> None:
        super().__init__(definition, name or element.id, bpmn_name=element.name)
        self.element = element

    # -- the library's hooks ----------------------------------------------------------------------------

    def test(self) -> None:
        """The wiring was checked when the process was compiled."""

    def _predict(self, my_task: "Token", seen: object = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Tokens to come are not made before they come."""

    def _update_hook(self, my_task: "Token") -> bool:
        if self.element.start_quantity > 1 and not self._enough(my_task):
            return False
        if self.passes_by(my_task):
            my_task.workflow.note_entered(my_task)
            return True
        return self.enter(my_task)

    def _on_ready_hook(self, my_task: "Token") -> None:
        my_task.workflow.ready.append(my_task)

    def _run_hook(self, my_task: "Token") -> bool | None:
        my_task.idle = self.passes_by(my_task)
        return True if my_task.idle else self.execute(my_task)

    def _on_complete(self, my_task: "Token") -> None:
        """The library would move what is below it on: of a token that is kept, that is still to be undone."""
        self.leave(my_task)
        my_task.workflow.left(my_task)

    def _on_cancel(self, my_task: "Token") -> None:
        """Removal from the tree tells everybody who needs to know."""

    # -- ours -------------------------------------------------------------------------------------------

    def enter(self, token: "Token") -> bool:
        """A token arrives: True when it can work at once, False when it waits here."""
        token.workflow.note_entered(token)
        self.map_inputs(token)
        return True

    def execute(self, token: "Token") -> bool | None:
        """Do the element's work: True when done, None when the outside will finish it."""
        return True

    def leave(self, token: "Token") -> None:
        """Settle the variables, choose the flows, and send a token along each."""
        tokens, scope = token.workflow, token.parent
        self.settle(token)
        tokens.note_left(token)
        if self.element.repeat is not None and self._goes_on(token):
            if not (tokens.process.undoes and remember(token)):
                tokens.retire(token)
            tokens.place(self.element.id, scope)
            return
        flows = self.flows(token)
        if not (tokens.process.undoes and not token.idle and remember(token)):
            tokens.retire(token)
        for flow in flows:
            tokens.place(tokens.process.model.flows[flow].target, scope, flow=flow)

    def wait(self, token: "Token") -> Wait | None:
        """What the token waits for from the outside."""
        return None

    def listens_for(self, token: "Token") -> bool:
        """Does a waiting token here only listen on behalf of its parent?"""
        return False

    def release(self, tokens: "Tokens") -> bool:
        """Nothing can move: may a token that waits for others go on? True when one did."""
        return False

    def _enough(self, token: "Token") -> bool:
        """Park the arrival, unless it makes the number that the activity begins with: that many are used up.

        A token from nowhere (a round, a move) does not wait.
        """
        if token.arrived_by is None:
            return True
        token._set_state(TaskState.WAITING)
        parked = token.workflow.siblings(token)
        if len(parked) < self.element.start_quantity:
            return False
        for other in parked:
            if other is not token:
                token.workflow.retire(other)
        return True

    def passes_by(self, token: "Token") -> bool:
        """A standard loop that is asked before each round: is there none (or no more)?"""
        repeat = self.element.repeat
        return repeat is not None and repeat.before and not self._goes_on(token)

    def _goes_on(self, token: "Token") -> bool:
        """Does a standard loop go round once more?"""
        repeat = self.element.repeat
        return repeat is not None and holds(repeat.condition, token.parent, element=self.element.id)

    def flows(self, token: "Token") -> list[str]:
        """The flows to take: those without a condition, and those whose condition holds, else the default.

        Raises NoFlowTaken when there are flows and none can be taken.
        """
        element, flows = self.element, token.workflow.process.model.flows
        chosen = [
            flow
            for flow in element.outgoing
            if flow != element.default and _open(flows[flow].condition, token.parent, element=element.id)
        ]
        if chosen or not element.outgoing:
            return chosen
        if element.default is None:
            raise NoFlowTaken(f"“{element.name or element.id}”之后没有一个条件成立", element=element.id)
        return [element.default]

    # -- variables --------------------------------------------------------------------------------------

    def map_inputs(self, token: "Token") -> None:
        """Input mappings make local variables, in order; a later one sees the earlier ones."""
        for mapping in self.element.inputs:
            value = token.workflow.value_of(mapping.source, token)
            put_local(token, mapping.target, value)

    def settle(self, token: "Token") -> None:
        """Hand the work's results out, as Camunda 8 does.

        With output mappings: the results become local, and only what the mappings name goes to the outer
        scopes. Without: each result goes to the nearest scope that has such a variable, else to the root.
        """
        scopes, chain = token.workflow.scopes, token.chain()
        if not self.element.outputs:
            for name, value in token.result.items():
                scopes.merge(chain, name, value)
            return
        for name, value in token.result.items():
            scopes.put(token.scope, name, value)
        for mapping in self.element.outputs:
            value = token.workflow.value_of(mapping.source, token)
            outer = scopes.visible(chain[1:])
            name, stored = assign(mapping.target, value, outer.get(mapping.target.partition(".")[0]))
            scopes.merge(chain[1:], name, stored)


def put_local(token: "Token", target: str, value: Value) -> None:
    """Set a variable (or one entry of a context) in the token's own scope."""
    scopes = token.workflow.scopes
    name, stored = assign(target, value, scopes.local(token.scope).get(target.partition(".")[0]))
    scopes.put(token.scope, name, stored)


def _open(condition: str | None, token: "Token", *, element: str) -> bool:
    return condition is None or holds(condition, token, element=element)


def holds(condition: str, token: "Token", *, element: str, extra: Mapping[str, Value] | None = None) -> bool:
    """Is the condition true in the token's scope (`extra` hides variables of that name)?

    Raises ExpressionFailed unless it gives true or false.
    """
    warnings: list[Any] = []
    value = token.workflow.feel(body_of(condition), token, extra=extra, warnings=warnings)
    if isinstance(value, bool):
        return value
    why = f" ({warnings[0].message})" if warnings else ""
    raise ExpressionFailed(
        f"条件“{body_of(condition)}”的结果不是真或假{why}", element=element, text=condition
    )


def text_of(text: str, token: "Token", *, what: str, extra: Mapping[str, Value] | None = None) -> str:
    """A text that may be FEEL, as text. Raises ExpressionFailed when it gives anything else."""
    value = token.workflow.value_of(text, token, extra=extra)
    if not isinstance(value, str) or not value:
        raise ExpressionFailed(f"{what}“{text}”没有得到文字", element=token.element.id, text=text)
    if len(value) > LONGEST_NAME:
        raise ExpressionFailed(f"{what}“{text}”超过 {LONGEST_NAME} 个字", element=token.element.id, text=text)
    return value
