"""Which class runs which element. What is not here is not run."""

from engine.bpmn.failures import UnsupportedElement
from engine.bpmn.model import Element
from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.boundary import BoundaryEvent
from engine.bpmn.specs.business_rule import BusinessRule
from engine.bpmn.specs.call_activity import CallActivity
from engine.bpmn.specs.catching import CatchEvent
from engine.bpmn.specs.compensation import CancelEnd, CompensationThrow
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.specs.ending import ErrorEnd, EscalationEvent, TerminateEnd
from engine.bpmn.specs.event_gateway import EventGateway
from engine.bpmn.specs.event_subprocess import EventSubProcessStart
from engine.bpmn.specs.exclusive import ExclusiveGateway
from engine.bpmn.specs.inclusive import InclusiveGateway
from engine.bpmn.specs.job import Job
from engine.bpmn.specs.parallel import ParallelGateway
from engine.bpmn.specs.receive_task import ReceiveTask
from engine.bpmn.specs.script_task import ScriptTask
from engine.bpmn.specs.subprocess import SubProcess
from engine.bpmn.specs.throwing import LinkThrow, SignalThrow
from engine.bpmn.specs.user_task import UserTask

RUNS: dict[tuple[str, str | None], type[ElementSpec]] = {
    ("task", None): Activity,
    ("userTask", None): UserTask,
    ("manualTask", None): UserTask,
    ("serviceTask", None): Job,
    ("sendTask", None): Job,
    ("sendTask", "message"): Job,
    ("scriptTask", None): ScriptTask,
    ("businessRuleTask", None): BusinessRule,
    ("receiveTask", "message"): ReceiveTask,
    ("callActivity", None): CallActivity,
    ("subProcess", None): SubProcess,
    ("exclusiveGateway", None): ExclusiveGateway,
    ("parallelGateway", None): ParallelGateway,
    ("inclusiveGateway", None): InclusiveGateway,
    ("eventBasedGateway", None): EventGateway,
    ("startEvent", None): ElementSpec,
    ("startEvent", "timer"): ElementSpec,
    ("startEvent", "message"): ElementSpec,
    ("startEvent", "signal"): ElementSpec,
    ("intermediateThrowEvent", None): ElementSpec,
    ("intermediateThrowEvent", "message"): Job,
    ("intermediateThrowEvent", "signal"): SignalThrow,
    ("intermediateThrowEvent", "escalation"): EscalationEvent,
    ("intermediateThrowEvent", "link"): LinkThrow,
    ("intermediateThrowEvent", "compensation"): CompensationThrow,
    ("intermediateCatchEvent", "timer"): CatchEvent,
    ("intermediateCatchEvent", "message"): CatchEvent,
    ("intermediateCatchEvent", "signal"): CatchEvent,
    ("intermediateCatchEvent", "conditional"): CatchEvent,
    ("intermediateCatchEvent", "link"): ElementSpec,
    ("boundaryEvent", "timer"): BoundaryEvent,
    ("boundaryEvent", "message"): BoundaryEvent,
    ("boundaryEvent", "signal"): BoundaryEvent,
    ("boundaryEvent", "conditional"): BoundaryEvent,
    ("boundaryEvent", "compensation"): BoundaryEvent,
    ("boundaryEvent", "cancel"): BoundaryEvent,
    ("boundaryEvent", "error"): BoundaryEvent,
    ("boundaryEvent", "escalation"): BoundaryEvent,
    ("endEvent", None): ElementSpec,
    ("endEvent", "message"): Job,
    ("endEvent", "signal"): SignalThrow,
    ("endEvent", "escalation"): EscalationEvent,
    ("endEvent", "terminate"): TerminateEnd,
    ("endEvent", "error"): ErrorEnd,
    ("endEvent", "compensation"): CompensationThrow,
    ("endEvent", "cancel"): CancelEnd,
}
"""(kind, kind of its event) -> class. With `zeebe:script` or a decision, see `class_for`."""
EVENT_STARTS = ("timer", "message", "signal", "conditional", "error", "escalation", "compensation")
"""What an event subprocess may begin with."""


def class_for(element: Element, *, around: Element | None = None) -> type[ElementSpec]:
    """The class that runs `element` inside the subprocess `around`. Raises UnsupportedElement."""
    if element.kind == "startEvent" and around is not None and around.triggered_by_event:
        return _event_start(element)
    key = (element.kind, element.event.kind if element.event else None)
    found = RUNS.get(key)
    if found is None or (element.loop is not None and not issubclass(found, Activity)):
        what = "多实例" if found is not None else "类型" + "/".join(part for part in key if part)
        raise UnsupportedElement(f"元素“{element.name or element.id}”的{what}暂不支持", element=element.id)
    if found in (ScriptTask, BusinessRule) and element.task_type:
        return Job  # the dialect lets a script or rule task be a job instead
    return found


def _event_start(element: Element) -> type[ElementSpec]:
    if element.event is None or element.event.kind not in EVENT_STARTS:
        raise UnsupportedElement(f"事件子流程不能由“{element.id}”启动", element=element.id)
    return EventSubProcessStart
