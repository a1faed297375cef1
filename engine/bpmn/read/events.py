"""Event definitions: what an event waits for or throws, references resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from engine.bpmn.dialect import EVENT_DEFINITIONS, Position
from engine.bpmn.model import Announcement, EventDefinition, EventKind, MessageModel, TimerKind
from engine.bpmn.read.markup import (
    Node,
    child,
    children,
    is_bpmn,
    is_true,
    local,
    reference,
    said,
    text_of,
    zeebe,
)

SINGLE_BEHAVIORS: dict[str, tuple[str, Literal["each", "first"]]] = {
    "None": ("noneBehaviorEventRef", "each"),
    "One": ("oneBehaviorEventRef", "first"),
}
"""Behaviours of a multi-instance with one event: the attribute that names it, and which rounds throw it."""
_TIMERS: dict[str, TimerKind] = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}


@dataclass(frozen=True, slots=True)
class Definitions:
    """What stands at the root of a file for events to refer to."""

    messages: dict[str, MessageModel]
    errors: dict[str, tuple[str, str]]
    signals: dict[str, str]
    escalations: dict[str, tuple[str, str]]
    events: dict[str, Node]

    @classmethod
    def of(cls, root: Node) -> "Definitions":
        return cls(
            messages={node.get("id", ""): _message(node) for node in children(root, "message")},
            errors=_codes(root, "error", "errorCode"),
            signals={node.get("id", ""): node.get("name", "") for node in children(root, "signal")},
            escalations=_codes(root, "escalation", "escalationCode"),
            events={node.get("id", ""): node for node in children(root, *EVENT_DEFINITIONS)},
        )


def _message(node: Node) -> MessageModel:
    subscription = zeebe(node, "subscription")
    key = subscription.get("correlationKey") if subscription is not None else None
    return MessageModel(node.get("id", ""), node.get("name", ""), key)


def _codes(root: Node, name: str, attribute: str) -> dict[str, tuple[str, str]]:
    return {
        node.get("id", ""): (node.get(attribute, ""), node.get("name", "")) for node in children(root, name)
    }


def definitions_of(event: Node, shared: dict[str, Node]) -> list[Node]:
    """The event definitions of an event, its own and those it refers to (unknown references left out)."""
    own = list(children(event, *EVENT_DEFINITIONS))
    for item in children(event, "eventDefinitionRef"):
        found = shared.get(reference(text_of(item)) or "")
        if found is not None:
            own.append(found)
    return own


def kind_of(event: Node, shared: dict[str, Node]) -> str:
    """ "none", "multiple" or the kind of the event's only definition."""
    found = definitions_of(event, shared)
    if not found:
        return "none"
    kinds = {EVENT_DEFINITIONS[local(one)] for one in found}
    throws_signals = kinds == {"signal"} and is_bpmn(event, "intermediateThrowEvent", "endEvent")
    return "multiple" if len(found) > 1 and not throws_signals else EVENT_DEFINITIONS[local(found[0])]


def position_of(event: Node) -> Position:
    """Where an event stands, in the words of the dialect's tables."""
    if is_bpmn(event, "startEvent"):
        parent = event.getparent()
        inside = parent is not None and parent.get("triggeredByEvent") in ("true", "1")
        return "event_subprocess_start" if inside else "start"
    names: dict[str, Position] = {
        "endEvent": "end",
        "boundaryEvent": "boundary",
        "intermediateCatchEvent": "catch",
        "intermediateThrowEvent": "throw",
    }
    return names[local(event)]


def read_event(event: Node, definitions: Definitions) -> EventDefinition | None:
    """The EventDefinition of an event, None for a none event."""
    found = definitions_of(event, definitions.events)
    if not found:
        return None
    attribute = "cancelActivity" if is_bpmn(event, "boundaryEvent") else "isInterrupting"
    cancel = event.get(attribute, "true") in ("true", "1")
    others = tuple(_definition(node, definitions, cancel=cancel).name or "" for node in found[1:])
    return replace(_definition(found[0], definitions, cancel=cancel), also=others)


def message_event(task: Node, definitions: Definitions) -> EventDefinition | None:
    """What a receive task waits for."""
    ref = reference(task.get("messageRef"))
    message = definitions.messages.get(ref or "")
    if message is None:
        return None
    return EventDefinition("message", ref=ref, name=message.name, correlation_key=message.correlation_key)


def _definition(node: Node, known: Definitions, *, cancel: bool) -> EventDefinition:
    kind: EventKind = EVENT_DEFINITIONS[local(node)]  # type: ignore[assignment]  # the table's values
    ref = reference(node.get(f"{kind}Ref"))
    name, code, key = node.get("name"), None, None
    if kind == "message" and ref in known.messages:
        name, key = known.messages[ref].name, known.messages[ref].correlation_key
    elif kind == "signal" and ref in known.signals:
        name = known.signals[ref]
    elif kind == "error" and ref in known.errors:
        code, name = known.errors[ref]
    elif kind == "escalation" and ref in known.escalations:
        code, name = known.escalations[ref]
    timer = next(children(node, *_TIMERS), None)
    return EventDefinition(
        kind=kind,
        ref=ref,
        name=name,
        code=code or None,
        timer_kind=_TIMERS[local(timer)] if timer is not None else None,
        timer_value=text_of(timer),
        correlation_key=key,
        condition=text_of(child(node, "condition")),
        cancel_activity=cancel,
        activity_ref=reference(node.get("activityRef")),
        waits=is_true(node, "waitForCompletion", default=True),
    )


def announcements(loop: Node, definitions: Definitions) -> Iterator[Announcement]:
    """What a multi-instance tells the events on its border, by its behaviour (BPMN 2.0.2, table 10.30)."""
    behavior = said(loop, "behavior", "All")
    if behavior in SINGLE_BEHAVIORS:
        attribute, when = SINGLE_BEHAVIORS[behavior]
        found = definitions.events.get(reference(loop.get(attribute)) or "")
        if found is not None:
            yield Announcement(when, _definition(found, definitions, cancel=False))
    for node in children(loop, "complexBehaviorDefinition"):
        event = child(node, "event")
        kinds = definitions_of(event, definitions.events) if event is not None else []
        told = _definition(kinds[0], definitions, cancel=False) if kinds else None
        yield Announcement("condition", told, text_of(child(node, "condition")) or "= false")
