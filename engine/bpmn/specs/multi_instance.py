"""Multi-instance tasks and subprocesses inside one instance: one token for the whole, one for each round.

The whole (`MultiInstance`) carries the events on the border; the rounds (`single`) run below its token, all
at once or one after the other. What it needs to know is kept in variables of the whole's own scope.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import Announcement, EventDefinition
from engine.bpmn.script import body_of
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.call_activity import ITEMS, items_of, own_of_round
from engine.bpmn.specs.completed import remember
from engine.bpmn.specs.element import ElementSpec, holds

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

Value = Any
GATHERED = "#gathered"
ROUND = "#"
"""After an element's id: the spec of its single rounds."""


class MultiInstance(Activity):
    """STARTED while rounds run; the tree completes it when the last one has ended."""

    multiplies = True

    def map_inputs(self, token: "Token") -> None:
        """Only the items; input mappings are made for each round, with its item in sight."""
        assert self.element.loop is not None
        items = items_of(token, self.element.loop)
        scopes = token.workflow.scopes
        scopes.put(token.scope, ITEMS, items)
        scopes.put(token.scope, GATHERED, [None] * len(items))
        self._count(token, begun=0, ended=0)

    def execute(self, token: "Token") -> bool | None:
        """Nothing to go through: done at once."""
        loop, items = self.element.loop, self._own(token, ITEMS)
        first = items[:1] if loop is not None and loop.sequential else items
        for index in range(len(first)):
            self._begin(token, index)
        self._count(token, begun=len(first), ended=0)
        return None if first else True

    def proceed(self, whole: "Token", last: Mapping[str, Value]) -> None:
        """A round has ended: stop the others when the completion condition holds, or begin the next.

        The condition sees the counters, what has been gathered so far, and in front what the `last` had.
        """
        loop, name, count = self.element.loop, self.element.id, len(self._own(whole, ITEMS))
        ended = int(self._own(whole, "numberOfCompletedInstances")) + 1
        begun = ended if loop is not None and loop.sequential else count
        self._count(whole, begun=begun, ended=ended)
        if loop is None:
            return
        told = [one for one in loop.announcements if _is_due(one, whole, ended=ended)]
        for one in told:
            _announce(whole, one)
        seen = {loop.output_collection: self._own(whole, GATHERED)} if loop.output_collection else {}
        ends = any(one.when == "condition" for one in told)
        condition = loop.completion_condition
        if ends or (condition and holds(condition, whole, element=name, extra={**seen, **last})):
            for other in whole.inner():
                whole.workflow.cancel_token(other)
        elif loop.sequential and ended < count:
            self._begin(whole, ended)
            self._count(whole, begun=ended + 1, ended=ended)

    def gather(self, whole: "Token", one: "Token") -> None:
        """Put what a round gives at its place in the output collection."""
        loop = self.element.loop
        if loop is None or not loop.output_collection:
            return
        value = one.workflow.feel(body_of(loop.output_element or "null"), one, extra=one.result)
        gathered = list(self._own(whole, GATHERED))
        gathered[int(self._own(one, "loopCounter")) - 1] = value
        one.workflow.scopes.put(whole.scope, GATHERED, gathered)

    def settle(self, token: "Token") -> None:
        """The whole gives only its output collection."""
        loop = self.element.loop
        if loop is not None and loop.output_collection:
            gathered = self._own(token, GATHERED)
            token.workflow.scopes.merge(token.chain()[1:], loop.output_collection, gathered)

    def _begin(self, whole: "Token", index: int) -> None:
        tokens, loop = whole.workflow, self.element.loop
        one = tokens.add(self.element.id + ROUND, whole)
        tokens.scopes.put(one.scope, "loopCounter", Decimal(index + 1))
        if loop is not None and (own := own_of_round(loop)) is not None:
            tokens.scopes.put(one.scope, own, None)
        if loop is not None and loop.input_element:
            tokens.scopes.put(one.scope, loop.input_element, self._own(whole, ITEMS)[index])
        one.task_spec._update(one)

    def _count(self, whole: "Token", *, begun: int, ended: int) -> None:
        """The standard's counters, for the completion condition."""
        counters = {
            "numberOfInstances": len(self._own(whole, ITEMS)),
            "numberOfActiveInstances": begun - ended,
            "numberOfCompletedInstances": ended,
            "numberOfTerminatedInstances": 0,
        }
        for name, number in counters.items():
            whole.workflow.scopes.put(whole.scope, name, Decimal(number))

    def _own(self, token: "Token", name: str) -> Value:
        return token.workflow.scopes.local(token.scope)[name]


def _is_due(told: Announcement, whole: "Token", *, ended: int) -> bool:
    if told.when == "condition":
        return holds(told.condition or "= false", whole, element=whole.element.id)
    return told.when == "each" or ended == 1


def _announce(whole: "Token", told: Announcement) -> None:
    """Let the events on the border that catch this one take place. None of them interrupts the activity.

    Which rounds go on after it is said by the behaviour, and an event that ended the others after the first
    round would leave no difference between "None" and "One". What came along are the counters.
    """
    tokens, thrown = whole.workflow, told.event
    for border in tokens.process.boundaries.get(whole.element.id, ()):
        event = border.event
        if event is not None and thrown is not None and _catches(event, thrown):
            counters = {
                name: value for name, value in tokens.own(whole).items() if name.startswith("numberOf")
            }
            tokens.resume(border.id, whole.parent, counters if border.outputs else {})


def _catches(event: EventDefinition, thrown: EventDefinition) -> bool:
    same = (event.kind, event.name) == (thrown.kind, thrown.name)
    return (
        same if thrown.kind == "signal" else event.kind == thrown.kind and event.code in (None, thrown.code)
    )


class _Round(ElementSpec):
    """What a single round does otherwise than the same activity alone: it leads nowhere but to the whole."""

    single = True

    def leave(self, token: "Token") -> None:
        """Give the result, and let the whole go on."""
        tokens, whole = token.workflow, token.parent
        self.settle(token)
        spec = whole.task_spec
        assert isinstance(spec, MultiInstance)
        spec.gather(whole, token)
        last = {**tokens.own(token), **token.result}
        tokens.note_left(token)
        if not (tokens.process.undoes and remember(token)):
            tokens.retire(token)
        spec.proceed(whole, last)


def round_of(kind: type[ElementSpec]) -> type[ElementSpec]:
    """The class of a single round of an activity of class `kind`."""
    return type(f"{kind.__name__}Round", (_Round, kind), {})
