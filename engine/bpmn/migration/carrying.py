"""The state of an instance, carried over to another version: the same tokens, standing on the new elements.

What the diagram says of a wait and has changed (a timer, a message, an input mapping) is worked out anew;
what is new beside a running step begins to listen; all else stays as it was, numbers of tokens included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from engine.bpmn.codec import decode, encode
from engine.bpmn.due import NotATimer, due_of, fixed_length
from engine.bpmn.execution import Execution
from engine.bpmn.failures import ExpressionFailed
from engine.bpmn.library import TaskState
from engine.bpmn.migration.obstacles import dropped
from engine.bpmn.migration.passage import Passage
from engine.bpmn.model import Element, EventDefinition
from engine.bpmn.scopes import Deleted, Scopes
from engine.bpmn.script import is_feel
from engine.bpmn.specs.catching import LISTENING, arm, subscribe
from engine.bpmn.specs.element import put_local
from engine.bpmn.specs.job import Job
from engine.bpmn.specs.multi_instance import ROUND
from engine.bpmn.tokens import Services, Token, Tokens


@dataclass(frozen=True, slots=True)
class Remark:
    """What changes for an instance that is moved, and no reason against it."""

    element: str
    message: str


@dataclass
class Carried:
    """An instance in the new version, and what is different for it now."""

    execution: Execution
    remarks: list[Remark] = field(default_factory=list)


def carry(execution: Execution, passage: Passage, *, services: Services) -> Carried:
    """The instance in the new version. Only for one without obstacles. Raises ExpressionFailed."""
    tokens = execution._tokens
    new = Tokens(passage.new, services=services, scopes=Scopes(tokens.scopes.everything()))
    decode(_rewritten(tokens, passage), new)
    carried = Carried(Execution(new))
    for token in list(new.each()):
        _renew(carried, token, tokens.tasks[token.id], passage)
    for token in [new.root, *new.each()]:
        if token is new.root or (token.inside and not token.listens):
            _listen(carried, token, tokens.tasks.get(token.id), passage)
    _say_what_went(carried, tokens, new)
    return carried


def values_of(execution: Execution) -> dict[tuple[str, str], Any]:
    """All variables of an instance by (scope, name), as `Execution.load` takes them."""
    return execution._tokens.scopes.everything()


def put_back(execution: Execution, values: Mapping[tuple[str, str], Any]) -> None:
    """Set variables exactly where they were; `DELETED` takes one away."""
    scopes = execution._tokens.scopes
    for (scope, name), value in values.items():
        if isinstance(value, Deleted):
            scopes.forget(scope, name)
        else:
            scopes.put(scope, name, value)


# -- the same tokens on the new elements -----------------------------------------------------------------


def _rewritten(tokens: Tokens, passage: Passage) -> bytes:
    state: dict[str, Any] = orjson.loads(encode(tokens))
    gone = dropped(tokens, passage)
    kept = [row for row in state["t"] if str(row[0]) not in gone]
    state["t"] = [_row(row, tokens, passage) for row in kept]
    return orjson.dumps(state)


def _row(row: list[Any], tokens: Tokens, passage: Passage) -> list[Any]:
    """One token's row on its new element."""
    token = tokens.tasks[str(row[0])]
    there = passage.target(token.element.id)
    assert there is not None  # an obstacle otherwise
    row[1] = there.id + (ROUND if token.task_spec.single else "")
    if len(row) > 4 and "b" in row[4]:
        row[4]["b"] = passage.flow(row[4]["b"])
    return row


def _say_what_went(carried: Carried, tokens: Tokens, new: Tokens) -> None:
    for token in tokens.each():
        if token.id not in new.tasks:
            name = token.element.name or token.element.id
            past = token.undoable or token.kept is not None
            said = f"新版里不能再撤销“{name}”。" if past else f"新版里没有“{name}”，不再等待它。"
            carried.remarks.append(Remark(token.element.id, said))


# -- what the new diagram says otherwise -----------------------------------------------------------------


def _renew(carried: Carried, token: Token, before: Token, passage: Passage) -> None:
    old, new = before.element, token.element
    name = new.name or new.id
    if token.due is not None and _timer(old.event) != _timer(new.event):
        token.due = _due_again(token, before)
        carried.remarks.append(Remark(old.id, f"“{name}”的时间按新版重新计算。"))
    elif token.message is not None and _message(old, passage.old) != _message(new, passage.new):
        subscribe(token)
        carried.remarks.append(Remark(old.id, f"“{name}”改为等待新版里的消息。"))
    elif token.signal is not None and _message(old, passage.old) != _message(new, passage.new):
        subscribe(token)
        carried.remarks.append(Remark(old.id, f"“{name}”改为等待新版里的信号。"))
    elif (
        token.was_true is not None and old.event and new.event and old.event.condition != new.event.condition
    ):
        subscribe(token)
        carried.remarks.append(Remark(old.id, f"“{name}”改为等待新版里的条件。"))
    if isinstance(token.task_spec, Job) and (old.task_type, old.retries) != (new.task_type, new.retries):
        dynamic = is_feel(new.task_type or "") or is_feel(new.retries or "")
        token.named = token.task_spec._named(token) if dynamic else None
        if old.task_type != new.task_type:
            carried.remarks.append(Remark(old.id, f"“{name}”改由新版里的服务办理。"))
    if token.inside and new.inputs != old.inputs and new.loop is None:
        for mapping in new.inputs:
            if mapping not in old.inputs:
                put_local(token, mapping.target, token.workflow.value_of(mapping.source, token))
        carried.remarks.append(Remark(old.id, f"“{name}”的输入按新版补上。"))


def _timer(event: EventDefinition | None) -> tuple[str | None, str | None]:
    return (event.timer_kind, event.timer_value) if event else (None, None)


def _message(element: Element, process: Any) -> tuple[str | None, ...]:
    event = element.event
    if event is None:
        return ()
    declared = process.source.messages.get(event.ref or "")
    name = event.name or (declared.name if declared else process.source.signals.get(event.ref or ""))
    return (name, event.correlation_key or (declared.correlation_key if declared else None))


def _due_again(token: Token, before: Token) -> Any:
    """The new timer's date. A duration counts from when the old one began, as far as that can be told."""
    services, event = token.workflow.services, token.element.event
    assert event is not None  # it has a timer
    value = token.workflow.value_of(event.timer_value or "", token)
    now = _begun(before) or services.now()
    try:
        return due_of(event.timer_kind or "duration", value, now=now, zone=services.zone)
    except NotATimer as error:
        raise ExpressionFailed(
            f"计时“{event.timer_value}”不是日期、时长或周期",
            element=token.element.id,
            text=event.timer_value or "",
        ) from error


def _begun(before: Token) -> datetime | None:
    event = before.element.event
    if event is None or before.due is None or event.timer_kind != "duration":
        return None
    value = before.workflow.value_of(event.timer_value or "", before)
    length = fixed_length(value)
    return before.due.at - length if length is not None else None


# -- what begins to listen -------------------------------------------------------------------------------


def _listen(carried: Carried, token: Token, before: Token | None, passage: Passage) -> None:
    """Events that the new version has beside a running step or scope, and the old one had not."""
    if before is None:
        return
    tokens, here = token.workflow, before.element
    if not token.task_spec.single:
        known = passage.images(passage.old.boundaries.get(here.id, []))
        for boundary in passage.new.boundaries.get(token.element.id, []):
            _arm(carried, token, boundary, known)
    started = token.state == TaskState.STARTED  # one that has not begun makes its listeners when it does
    if token.element.kind in ("process", "subProcess") and started:
        known = passage.images(passage.old.event_starts(before))
        for start in tokens.process.event_starts(token):
            _arm(carried, token, start, known)
    if token.element.kind == "eventBasedGateway" and started:
        known = passage.images(passage.behind(here, old=True))
        for flow in token.element.outgoing:
            target = passage.new.model.elements[passage.new.model.flows[flow].target]
            listener = _arm(carried, token, target, known)
            if listener is not None:
                listener.arrived_by = flow


def _arm(carried: Carried, owner: Token, event: Element, known: set[str]) -> Token | None:
    if event.id in known or event.event is None or event.event.kind not in LISTENING:
        return None
    carried.remarks.append(Remark(event.id, f"新版在这里多了“{event.name or event.id}”，从现在起等待它。"))
    return arm(owner.workflow, event.id, owner)
