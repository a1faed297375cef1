"""One flow node: its BPMN attributes and zeebe extension elements, as an Element."""

from typing import TypedDict

from engine.bpmn.dialect import EVENTS, ZEEBE
from engine.bpmn.model import Element, EventDefinition, Lane, Listener, Loop, Mapping, Repeat
from engine.bpmn.read.events import Definitions, announcements, message_event, read_event
from engine.bpmn.read.markup import (
    Node,
    child,
    is_bpmn,
    is_true,
    line,
    local,
    properties_of,
    reference,
    text_of,
    zeebe,
)


def read_element(
    node: Node,
    definitions: Definitions,
    *,
    lane: Lane | None,
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
    parent: str | None,
    handler: str | None = None,
) -> Element:
    """The Element of a flow node; nothing is checked here."""
    return Element(
        id=node.get("id", ""),
        kind="subProcess" if is_bpmn(node, "transaction") else local(node),
        name=" ".join(node.get("name", "").split()),
        line=line(node),
        parent=parent,
        lane=lane,
        properties=properties_of(node),
        incoming=incoming,
        outgoing=outgoing,
        default=reference(node.get("default")),
        loop=_loop(child(node, "multiInstanceLoopCharacteristics"), definitions),
        repeat=_repeat(child(node, "standardLoopCharacteristics")),
        event=_event(node, definitions),
        attached_to=reference(node.get("attachedToRef")),
        inputs=_mappings(node, "input"),
        outputs=_mappings(node, "output"),
        headers=_headers(node),
        listeners=_listeners(node),
        triggered_by_event=is_true(node, "triggeredByEvent"),
        instantiate=is_true(node, "instantiate"),
        for_compensation=is_true(node, "isForCompensation"),
        handler=handler,
        transaction=is_bpmn(node, "transaction"),
        start_quantity=int(node.get("startQuantity", "1")),
        **_work(node),
        **_calls(node),
    )


def _event(node: Node, definitions: Definitions) -> EventDefinition | None:
    if is_bpmn(node, "receiveTask"):
        return message_event(node, definitions)
    return read_event(node, definitions) if local(node) in EVENTS else None


class _Work(TypedDict):
    form_id: str | None
    form_binding: str
    assignee: str | None
    candidate_groups: str | None
    candidate_users: str | None
    due_date: str | None
    follow_up_date: str | None
    priority: str | None
    native_user_task: bool


def _work(node: Node) -> _Work:
    """What a user task says about people, dates and its form."""
    form, assignment = zeebe(node, "formDefinition"), zeebe(node, "assignmentDefinition")
    schedule, priority = zeebe(node, "taskSchedule"), zeebe(node, "priorityDefinition")
    return {
        "form_id": _get(form, "formId"),
        "form_binding": _get(form, "bindingType") or "deployment",
        "assignee": _get(assignment, "assignee"),
        "candidate_groups": _get(assignment, "candidateGroups"),
        "candidate_users": _get(assignment, "candidateUsers"),
        "due_date": _get(schedule, "dueDate"),
        "follow_up_date": _get(schedule, "followUpDate"),
        "priority": _get(priority, "priority"),
        "native_user_task": zeebe(node, "userTask") is not None,
    }


class _Calls(TypedDict):
    task_type: str | None
    retries: str | None
    decision_id: str | None
    result_variable: str | None
    script: str | None
    called_process: str | None
    propagate_all_parent: bool
    propagate_all_child: bool


def _calls(node: Node) -> _Calls:
    """What a task runs: a job, a decision, a script, another process.

    A message throw carries its task definition on the event or on the message event definition.
    """
    task = zeebe(node, "taskDefinition")
    if task is None:
        definition = child(node, "messageEventDefinition")
        task = zeebe(definition, "taskDefinition") if definition is not None else None
    decision, script, called = (
        zeebe(node, "calledDecision"),
        zeebe(node, "script"),
        zeebe(node, "calledElement"),
    )
    return {
        "task_type": _get(task, "type"),
        "retries": _get(task, "retries"),
        "decision_id": _get(decision, "decisionId"),
        "result_variable": _get(decision, "resultVariable") or _get(script, "resultVariable"),
        "script": _get(script, "expression"),
        "called_process": _get(called, "processId") or reference(node.get("calledElement")),
        "propagate_all_parent": (_get(called, "propagateAllParentVariables") or "true") == "true",
        "propagate_all_child": _propagate_all_child(node, called),
    }


def _propagate_all_child(node: Node, called: Node | None) -> bool:
    """Camunda 8: on by default, off as soon as there are output mappings."""
    said = _get(called, "propagateAllChildVariables")
    if said is not None:
        return said == "true"
    return not _mappings(node, "output")


def _get(node: Node | None, attribute: str) -> str | None:
    """The attribute's text, None when there is no such element, attribute or text."""
    return (node.get(attribute) or "").strip() or None if node is not None else None


def _mappings(node: Node, name: str) -> tuple[Mapping, ...]:
    holder = zeebe(node, "ioMapping")
    if holder is None:
        return ()
    items = holder.iterchildren(f"{{{ZEEBE}}}{name}")
    return tuple(Mapping(item.get("source", "").strip(), item.get("target", "").strip()) for item in items)


def _headers(node: Node) -> dict[str, str]:
    holder = zeebe(node, "taskHeaders")
    if holder is None:
        return {}
    return {item.get("key", ""): item.get("value", "") for item in holder.iterchildren(f"{{{ZEEBE}}}header")}


def _listeners(node: Node) -> tuple[Listener, ...]:
    found = []
    for name, single in (("taskListeners", "taskListener"), ("executionListeners", "executionListener")):
        holder = zeebe(node, name)
        for item in holder.iterchildren(f"{{{ZEEBE}}}{single}") if holder is not None else ():
            event = item.get("eventType", "")
            found.append(Listener(event, item.get("type", ""), item.get("retries", "3")))
    return tuple(found)


def _repeat(node: Node | None) -> Repeat | None:
    """The standard loop."""
    if node is None:
        return None
    return Repeat(text_of(child(node, "loopCondition")) or "", before=is_true(node, "testBefore"))


def _loop(node: Node | None, definitions: Definitions) -> Loop | None:
    """Multi-instance; the standard's own data references are used where zeebe's are missing."""
    if node is None or not is_bpmn(node):
        return None
    extension = zeebe(node, "loopCharacteristics")
    return Loop(
        sequential=node.get("isSequential", "false") in ("true", "1"),
        input_collection=_get(extension, "inputCollection"),
        input_element=_get(extension, "inputElement"),
        output_collection=_get(extension, "outputCollection"),
        output_element=_get(extension, "outputElement"),
        completion_condition=text_of(child(node, "completionCondition")),
        cardinality=text_of(child(node, "loopCardinality")),
        announcements=tuple(announcements(node, definitions)),
    )
