"""Compensation (补偿): what was completed is undone, the last first, by the activities drawn for it.

Source: BPMN 2.0.2, 10.5.7 and 13.5.5. A completed activity with a compensation event on it leaves a record,
a token at that event; a completed subprocess that holds records, or an event subprocess for compensation,
is kept with them and with its variables as they were. Records end with the scope that they lie in.

Whoever undoes (a throwing event, a cancelled transaction, a kept subprocess) is a runner: its token lists
what is still `undo`ne, and each handler `serves` it and lets it go on when it is done. So one handler runs
at a time, whatever it waits for, and nothing is undone twice.
"""

from typing import TYPE_CHECKING

from engine.bpmn.holding import arrive, finish
from engine.bpmn.library import TaskState
from engine.bpmn.specs.boundary import take_over
from engine.bpmn.specs.completed import completion, own_handler, records_in
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.specs.event_subprocess import begin

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class CompensationThrow(ElementSpec):
    """Throwing and end events: undo an activity, or all of the scope; wait for it, or go on beside it."""

    def execute(self, token: "Token") -> bool | None:
        """Nothing to undo: the token goes on at once."""
        token.undo = [record.id for record in _visible(token)]
        if not token.undo:
            return True
        event = self.element.event
        if event is not None and not event.waits:
            self._go_on(token)
        proceed(token)
        return None

    def leave(self, token: "Token") -> None:
        """An event that did not wait has sent its tokens on before."""
        event = self.element.event
        if event is None or event.waits or token.undo is None:
            token.undo = None
            super().leave(token)
            return
        token.workflow.note_left(token)
        token.workflow.retire(token)

    def _go_on(self, token: "Token") -> None:
        tokens = token.workflow
        for flow in self.flows(token):
            tokens.place(tokens.process.model.flows[flow].target, token.parent, flow=flow)


class CancelEnd(ElementSpec):
    """Ends its transaction: what runs in it stops, what was completed is undone, the cancel event goes on."""

    def leave(self, token: "Token") -> None:
        """The nearest transaction around, once this token is gone."""
        tokens, transaction = token.workflow, token.parent
        while not transaction.element.transaction:
            transaction = transaction.parent
        super().leave(token)
        for other in list(transaction.children):
            if not other.undoable and not (other.listens and other.element.attached_to is not None):
                tokens.cancel_token(other)
        transaction.undo = [record.id for record in records_in(transaction)]
        proceed(transaction)


def proceed(runner: "Token") -> None:
    """Undo the next record, the newest first; when none is left the runner is done."""
    tokens = runner.workflow
    while runner.undo:
        record = tokens.tasks.get(runner.undo.pop())
        if record is not None and record.undoable:
            _undo(record, runner)
            return
    _finished(runner)


def served(helper: "Token") -> None:
    """A handler is done and gone: whom it served goes on."""
    runner = helper.workflow.tasks.get(helper.serves or "")
    if runner is not None:
        proceed(runner)


def _visible(token: "Token") -> list["Token"]:
    """What the event may undo, oldest first: in its scope, and from an event subprocess in the one around."""
    event, scope = token.element.event, token.parent
    found = records_in(scope)
    while scope.element.triggered_by_event:
        scope = scope.parent
        found += records_in(scope)
    wanted = event.activity_ref if event is not None else None
    chosen = [one for one in found if wanted in (None, one.element.attached_to or one.element.id)]
    return sorted(chosen, key=completion)


def _undo(record: "Token", runner: "Token") -> None:
    tokens = record.workflow
    if record.kept is None:
        handler = tokens.add(record.element.handler or "", record.parent)
        handler.serves = runner.id
        own = tokens.scopes.local(record.scope)
        for name in list(own):
            tokens.scopes.put(handler.scope, name, own[name])
        tokens.retire(record)
        arrive(handler)
        return
    record.kept, record.serves = None, runner.id
    record._set_state(TaskState.STARTED)
    record.inside = True
    start = own_handler(record)
    record.undo = [] if start is not None else [inner.id for inner in records_in(record)]
    if start is None:
        proceed(record)
    else:
        begin(record, start, {}, serves=record.id)


def _finished(runner: "Token") -> None:
    tokens = runner.workflow
    if runner.element.kind != "subProcess" and not runner.task_spec.multiplies:
        finish(runner)
    elif runner.serves is not None:
        runner.inside = False
        tokens.retire(runner)
        served(runner)
    else:
        events = tokens.process.boundaries.get(runner.element.id, ())
        take_over(runner, next(e for e in events if e.event is not None and e.event.kind == "cancel"), {})
