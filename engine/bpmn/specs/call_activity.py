"""Call activities: always child instances; with multi-instance, one for each item (fan-out)."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.model import Element, Loop
from engine.bpmn.script import MOST_ROUNDS, Functions, assign, body_of, is_feel, variable_read
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.element import text_of
from engine.bpmn.waits import Children, Wait

if TYPE_CHECKING:
    from engine.bpmn.compile import Process
    from engine.bpmn.tokens import Token

Value = Any
ITEMS = "#items"
"""The collection as it was when the activity was entered, kept in the activity's scope."""
COUNT = "#count"
"""How many there are: what is asked at every step, without reading the collection."""


def items_of(token: "Token", loop: Loop) -> list[Value]:
    """What a multi-instance goes through, as it is now: the collection, or the numbers from 1."""
    text = loop.input_collection or loop.cardinality or ""
    items = token.workflow.feel(body_of(text), token)
    if loop.input_collection is None:
        return _numbers(items, token, text)
    if not isinstance(items, list):
        raise ExpressionFailed(f"多实例的集合“{text}”不是列表", element=token.element.id, text=text)
    return items


def _numbers(count: Value, token: "Token", text: str) -> list[Value]:
    """From 1 on. Of more than a list may hold nobody thought: they would take the server's memory."""
    if not isinstance(count, Decimal) or not 0 <= count <= MOST_ROUNDS or count != int(count):
        message = f"多实例的次数“{text}”不是 0 到 {MOST_ROUNDS} 的整数"
        raise ExpressionFailed(message, element=token.element.id, text=text)
    return [Decimal(number) for number in range(1, int(count) + 1)]


def own_of_round(loop: Loop) -> str | None:
    """The variable that a round gives back, where its output element is only that: each round has its own.

    As in Camunda 8 it begins as null, unless it is the item itself; so no round gives another's, or what
    the scope around has under that name.
    """
    name = variable_read(loop.output_element or "") if loop.output_collection else None
    return None if name in ("loopCounter", loop.input_element) else name


class CallActivity(Activity):
    """STARTED until `finish_children`; one token, however many children."""

    def map_inputs(self, token: "Token") -> None:
        """A single call maps once, here. A fan-out maps for each child, with its item in sight."""
        loop = self.element.loop
        if loop is None:
            super().map_inputs(token)
            return
        items = items_of(token, loop)
        token.workflow.scopes.put(token.scope, ITEMS, items)
        token.workflow.scopes.put(token.scope, COUNT, Decimal(len(items)))

    def execute(self, token: "Token") -> bool | None:
        """A fan-out over nothing is done at once."""
        if self.element.loop is not None and not self._count(token):
            self.gather(token, [])
            return True
        process = text_of(self.element.called_process or "", token, what="被调用流程")
        if is_feel(self.element.called_process or ""):
            token.named = [process]
        return None

    def wait(self, token: "Token") -> Wait | None:
        """The children."""
        loop = self.element.loop
        count = 1 if loop is None else self._count(token)
        return Wait(
            key=token.id,
            token=token.id,
            element=self.element.id,
            kind="children",
            inputs=token.workflow.own(token),
            process_id=token.named[0] if token.named else self.element.called_process,
            children=Children(count, lambda index: self.child(token, index), lambda: self.alike(token)),
            sequential=loop is not None and loop.sequential,
            scopes=token.chain() if loop is not None and loop.completion_condition else (),
        )

    def alike(self, token: "Token") -> dict[str, Value]:
        """What every child is given: the parent's variables where they propagate."""
        return token.workflow.snapshot(token) if self.element.propagate_all_parent else {}

    def child(self, token: "Token", index: int) -> dict[str, Value]:
        """The variables of child `index` (from 0): the parent's where they propagate, then its own."""
        alike, loop = self.alike(token), self.element.loop
        if loop is None:
            return {**alike, **token.workflow.own(token)}
        own = own_of_round(loop)
        hidden = {own: None} if own is not None and own in alike else {}
        return {**alike, **hidden, **self._mapped(token, index)}

    def gather(self, token: "Token", results: Sequence[dict[str, Value] | None]) -> None:
        """Turn the children's results, in the order of the items, into this activity's result.

        None stands for a child that was not needed (the completion condition held before it ended).
        """
        loop = self.element.loop
        if loop is None:
            keep = self.element.propagate_all_child or self.element.outputs
            token.result = dict(results[0] or {}) if keep and results else {}
            return
        if not loop.output_collection:
            return
        gathered: list[Value] = []
        own = own_of_round(loop)
        silent = {own: None} if own is not None else {}
        for index, result in enumerate(results):
            if result is None:
                gathered.append(None)
                continue
            extra = {**silent, **self._item(token, index), **result}
            for mapping in self.element.outputs:
                value = token.workflow.value_of(mapping.source, token, extra=extra)
                name, stored = assign(mapping.target, value, extra.get(mapping.target.partition(".")[0]))
                extra[name] = stored
            text = body_of(loop.output_element or "null")
            gathered.append(token.workflow.feel(text, token, extra=extra))
        token.result = {loop.output_collection: gathered}

    def settle(self, token: "Token") -> None:
        """A fan-out gives only its output collection; its mappings were applied to each child."""
        if self.element.loop is None:
            super().settle(token)
            return
        for name, value in token.result.items():
            token.workflow.scopes.merge(token.chain()[1:], name, value)

    def _count(self, token: "Token") -> int:
        return int(token.workflow.scopes.local(token.scope).get(COUNT, 0))

    def _items(self, token: "Token") -> list[Value]:
        items = token.workflow.scopes.local(token.scope).get(ITEMS)
        return items if isinstance(items, list) else []

    def _item(self, token: "Token", index: int) -> dict[str, Value]:
        """What Camunda 8 puts into an inner instance: the item under its name, and the counter from 1."""
        loop = self.element.loop
        own: dict[str, Value] = {"loopCounter": Decimal(index + 1)}
        items = self._items(token)
        if loop is not None and loop.input_element and index < len(items):
            own[loop.input_element] = items[index]
        return own

    def _mapped(self, token: "Token", index: int) -> dict[str, Value]:
        own = self._item(token, index)
        for mapping in self.element.inputs:
            value = token.workflow.value_of(mapping.source, token, extra=own)
            name, stored = assign(mapping.target, value, own.get(mapping.target.partition(".")[0]))
            own[name] = stored
        return own


def enough(process: "Process", element: Element, context: dict[str, Value], *, functions: Functions) -> bool:
    """Does the completion condition of a fan-out hold? `context` has the last child's result in front.

    The activity's output mappings are applied first, as Camunda 8 does. Raises ExpressionFailed.
    """
    condition = body_of((element.loop.completion_condition if element.loop else None) or "false")
    evaluate = partial(process.expressions.evaluate, functions=functions, element=element.id)
    for mapping in element.outputs:
        value = evaluate(body_of(mapping.source), context) if is_feel(mapping.source) else mapping.source
        name, stored = assign(mapping.target, value, context.get(mapping.target.partition(".")[0]))
        context[name] = stored
    holds = evaluate(condition, context)
    if not isinstance(holds, bool):
        raise ExpressionFailed(f"完成条件“{condition}”的结果不是真或假", element=element.id, text=condition)
    return holds
