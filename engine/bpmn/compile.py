"""From the model of a file to something that runs: specs wired together, shapes, shared expressions."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.bpmn.failures import UnsupportedElement
from engine.bpmn.graph import Graph
from engine.bpmn.library import WorkflowSpec
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.script import Expressions
from engine.bpmn.specs.call_activity import CallActivity
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.specs.inclusive import InclusiveGateway
from engine.bpmn.specs.multi_instance import ROUND, MultiInstance, round_of
from engine.bpmn.specs.table import class_for

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


@dataclass(frozen=True, eq=False)
class Process:
    """One executable process of one definition version; shared by all its instances and threads."""

    id: str
    source: Model
    model: ProcessModel
    definition: WorkflowSpec
    root: ElementSpec
    specs: dict[str, ElementSpec]
    graphs: dict[str | None, Graph]
    """Shape of the process (None) and of each embedded subprocess (its id)."""
    boundaries: dict[str, list[Element]]
    """Activity id -> its boundary events."""
    event_subprocesses: dict[str | None, list[Element]]
    """Scope (None: the process) -> the start events of its event subprocesses."""
    undoing: dict[str, Element]
    """Activity id -> the compensation event on it."""
    undoes: bool
    """Is anything drawn that undoes?"""
    conditional: bool
    """Does anything wait for a condition?"""
    patient: list[ElementSpec]
    """Specs whose tokens may be released when nothing else moves."""
    expressions: Expressions = field(default_factory=Expressions)

    def event_starts(self, scope: "Token") -> list[Element]:
        """The start events of the event subprocesses that wait beside `scope`."""
        if scope.task_spec.multiplies:
            return []
        inside = None if scope.task_spec is self.root else scope.element.id
        return self.event_subprocesses.get(inside, [])

    def starts_of(self, element: str | None) -> list[str]:
        """Where to begin: at the start event `element`, else the none start, else the only one.

        A process drawn without start events begins at everything that nothing leads to, as the standard
        says. Raises UnsupportedElement when there is no such start, or a choice of several.
        """
        starts = self.graphs[None].entries
        events = [name for name in starts if self.model.elements[name].kind == "startEvent"]
        if element is not None:
            if element not in self.model.start_events:
                raise UnsupportedElement(f"流程“{self.id}”没有开始事件“{element}”", element=element)
            return [element]
        if not events and starts:
            return starts
        plain = [name for name in events if self.model.elements[name].event is None]
        if len(plain or events) != 1:
            raise UnsupportedElement(f"流程“{self.id}”应当有且只有一个普通开始事件", element=self.id)
        return plain or events


def compile_process(model: Model, process_id: str) -> Process:
    """The runnable process `process_id` of a file.

    Cache it per definition version: it is immutable but for compiled expressions. Raises UnsupportedElement
    for what this engine does not run, KeyError when the file has no such process.
    """
    process = model.processes[process_id]
    if not process.executable:
        raise UnsupportedElement(f"流程“{process_id}”没有标为可执行，只画不走", element=process_id)
    definition = WorkflowSpec(name=process_id, filename=model.file)
    root = ElementSpec(
        definition, Element(id=process_id, kind="process", name=process.name, line=process.line)
    )
    definition.start = root
    specs: dict[str, ElementSpec] = {}
    for e in process.elements.values():
        kind = class_for(e, around=process.elements.get(e.parent or ""))
        if e.loop is not None and kind is not CallActivity:
            specs[e.id] = MultiInstance(definition, e)
            specs[e.id + ROUND] = round_of(kind)(definition, e, name=e.id + ROUND)
        else:
            specs[e.id] = kind(definition, e)
    for flow in process.flows.values():
        specs[flow.source].connect(specs[flow.target])
    containers = [None, *(e.id for e in process.elements.values() if e.kind == "subProcess")]
    boundaries: dict[str, list[Element]] = {}
    for element in process.elements.values():
        if element.attached_to is not None:
            boundaries.setdefault(element.attached_to, []).append(element)
    return Process(
        id=process_id,
        source=model,
        model=process,
        definition=definition,
        root=root,
        specs=specs,
        graphs={parent: Graph(process, parent) for parent in containers},
        boundaries=boundaries,
        undoing={
            host: e for host, events in boundaries.items() for e in events if _kind(e) == "compensation"
        },
        undoes=any(_kind(e) == "compensation" for e in process.elements.values()),
        conditional=any(_kind(e) == "conditional" for e in process.elements.values()),
        event_subprocesses=_event_starts(process),
        patient=[spec for spec in specs.values() if isinstance(spec, InclusiveGateway)],
    )


def _kind(element: Element) -> str | None:
    return element.event.kind if element.event is not None else None


def _event_starts(process: ProcessModel) -> dict[str | None, list[Element]]:
    found: dict[str | None, list[Element]] = {}
    for scope in process.elements.values():
        if scope.triggered_by_event:
            starts = [e for e in process.children(scope.id) if e.kind == "startEvent"]
            found.setdefault(scope.parent, []).extend(starts)
    return found
