"""What the reader makes of a diagram: plain frozen values, no XML inside.

Expressions are kept as written: a leading `=` marks FEEL, without it the text is a literal.
Ids of flows and elements are the file's own; an element knows its flows by id.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal[
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "terminate",
    "link",
    "conditional",
    "compensation",
    "cancel",
]
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
TimerKind = Literal["duration", "date", "cycle"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`zeebe:ioMapping`: `source` (FEEL with `=`, else a literal) goes to the variable `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Listener:
    """`zeebe:taskListener` or `zeebe:executionListener`: `event` ("creating", "start" …), job type."""

    event: str
    type: str
    retries: str = "3"


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane (泳道). `members` are ids of flow nodes; those of a nested lane stand in that one only."""

    id: str
    name: str
    line: int
    properties: dict[str, str]
    members: tuple[str, ...]
    parent: str | None = None

    @property
    def post(self) -> str | None:
        """`bihuan:post` of this lane: FEEL giving a post reference."""
        return self.properties.get("bihuan:post")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a multi-instance tells the events on its border when a round ends: `each` round, the `first`, or
    when the `condition` (FEEL with its `=`) holds, which ends the other rounds too. `event` may be None only
    with a condition."""

    when: Literal["each", "first", "condition"]
    event: "EventDefinition | None" = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance. `cardinality` is the standard's loopCardinality (text as written), mostly None.

    `announcements`: none for the behaviour All; one each for None and One; any number for Complex.
    """

    sequential: bool
    input_collection: str | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion_condition: str | None = None
    cardinality: str | None = None
    announcements: tuple[Announcement, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """The standard loop: once more while `condition` (FEEL with its `=`) holds; asked `before` each round or
    only after it."""

    condition: str
    before: bool = False


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws.

    `ref` is the id of the message, error, signal or escalation (None where the standard allows it); `name`
    the message's, signal's or link's name, `code` the error's or escalation's code, both resolved.
    `cancel_activity`: does a boundary event cancel its task, or an event subprocess's start its scope.
    A receive task carries one too (kind "message").
    """

    kind: EventKind
    ref: str | None = None
    name: str | None = None
    code: str | None = None
    timer_kind: TimerKind | None = None
    timer_value: str | None = None
    correlation_key: str | None = None
    condition: str | None = None
    cancel_activity: bool = True
    activity_ref: str | None = None
    """Compensation that is thrown: the one activity to undo; None for all of the scope."""
    waits: bool = True
    """Compensation that is thrown: does the token wait until everything is undone?"""
    also: tuple[str, ...] = ()
    """Names of further signals: a multiple event that throws them all."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` keeps its leading `=`; `parent` is the subprocess it lies in, or None."""

    id: str
    name: str
    line: int
    source: str
    target: str
    condition: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node: `kind` is its local name in BPMN ("userTask", "exclusiveGateway", "subProcess" …).

    `incoming` and `outgoing` are flow ids in the order of the file, taken from the flows themselves.
    """

    id: str
    kind: str
    name: str
    line: int
    parent: str | None = None
    lane: Lane | None = None
    properties: dict[str, str] = field(default_factory=dict)
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    form_id: str | None = None
    form_binding: str = "deployment"
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    task_type: str | None = None
    retries: str | None = None
    decision_id: str | None = None
    result_variable: str | None = None
    script: str | None = None
    called_process: str | None = None
    propagate_all_parent: bool = True
    propagate_all_child: bool = True
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    loop: Loop | None = None
    repeat: Repeat | None = None
    event: EventDefinition | None = None
    attached_to: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    triggered_by_event: bool = False
    instantiate: bool = False
    start_quantity: int = 1
    """How many tokens must have come before the activity begins, once."""
    native_user_task: bool = False
    for_compensation: bool = False
    """Is it there only to undo another activity?"""
    handler: str | None = None
    """A compensation event on an activity: which one undoes it."""
    transaction: bool = False
    """A subprocess that a cancel end event undoes as a whole."""

    @property
    def post(self) -> str | None:
        """`bihuan:post` of the element, else of its lane."""
        own = self.properties.get("bihuan:post")
        return own if own is not None else (self.lane.post if self.lane else None)


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One process: all its flow nodes and flows, those of embedded subprocesses included (see `parent`)."""

    id: str
    name: str
    line: int
    executable: bool
    properties: dict[str, str]
    elements: dict[str, Element]
    flows: dict[str, Flow]
    lanes: tuple[Lane, ...]
    start_events: tuple[str, ...]

    @property
    def awaited(self) -> frozenset[str]:
        """Names of the messages that a process waits for or starts with."""
        events = [e.event for e in self.elements.values() if e.kind not in THROWING and e.event is not None]
        return frozenset(event.name for event in events if event.kind == "message" and event.name)

    @property
    def calls(self) -> frozenset[str]:
        """`caller>called` for every process that it calls by name."""
        called = {e.called_process for e in self.elements.values() if e.called_process}
        return frozenset(f"{self.id}>{name}" for name in called if not name.startswith("="))

    def children(self, parent: str | None) -> list[Element]:
        """The flow nodes directly inside the process (None) or the subprocess `parent`."""
        return [element for element in self.elements.values() if element.parent == parent]

    def boundaries(self, element_id: str) -> list[Element]:
        """The boundary events attached to an activity."""
        return [element for element in self.elements.values() if element.attached_to == element_id]

    def after(self, element: Element) -> Iterator[Element]:
        """The flow nodes that `element`'s flows lead to."""
        return (self.elements[self.flows[flow].target] for flow in element.outgoing)


@dataclass(frozen=True, slots=True)
class MessageModel:
    """`name` is what publishers say, `correlation_key` the FEEL of `zeebe:subscription` or None."""

    id: str
    name: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A file that passed the gate. `digest` is the SHA-256 (hex) of its bytes."""

    file: str
    digest: str
    processes: dict[str, ProcessModel]
    messages: dict[str, MessageModel]
    errors: dict[str, tuple[str, str]]
    """id -> (code, name)"""
    signals: dict[str, str]
    """id -> name"""
    escalations: dict[str, tuple[str, str]]
    """id -> (code, name)"""
