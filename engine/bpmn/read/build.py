"""From a checked BPMN tree to the Model. Assumes that ids and references have been found sound."""

from engine.bpmn.dialect import ACTIVITIES, BPMN, FLOW_NODES, INSTANTIATING, SCOPES
from engine.bpmn.model import Element, Flow, Lane, Model, ProcessModel
from engine.bpmn.read.elements import read_element
from engine.bpmn.read.events import Definitions
from engine.bpmn.read.markup import (
    Node,
    all_of,
    child,
    children,
    is_bpmn,
    is_true,
    line,
    local,
    properties_of,
    reference,
    text_of,
)


def build(root: Node, *, file: str, digest: str) -> Model:
    """The Model of a `definitions` element."""
    definitions = Definitions.of(root)
    processes = [read_process(node, definitions) for node in children(root, "process")]
    return Model(
        file=file,
        digest=digest,
        processes={process.id: process for process in processes},
        messages=definitions.messages,
        errors=definitions.errors,
        signals=definitions.signals,
        escalations=definitions.escalations,
    )


def read_process(node: Node, definitions: Definitions) -> ProcessModel:
    """One `process` with everything in it."""
    lanes = tuple(_lanes(node))
    lane_of = {member: lane for lane in lanes for member in lane.members}
    flows = {flow.id: flow for flow in map(read_flow, all_of(node, "sequenceFlow"))}
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows.values():
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    handlers = _handlers(node)
    elements: dict[str, Element] = {}
    for item in node.iter(f"{{{BPMN}}}*"):
        if local(item) not in FLOW_NODES:
            continue
        identity = item.get("id", "")
        elements[identity] = read_element(
            item,
            definitions,
            lane=_lane(item, lane_of),
            incoming=tuple(incoming.get(identity, ())),
            outgoing=tuple(outgoing.get(identity, ())),
            parent=scope_of(item),
            handler=handlers.get(identity),
        )
    return ProcessModel(
        id=node.get("id", ""),
        name=node.get("name", ""),
        line=line(node),
        executable=node.get("isExecutable", "false").strip() in ("true", "1"),
        properties=properties_of(node),
        elements=elements,
        flows=flows,
        lanes=lanes,
        start_events=tuple(e.id for e in elements.values() if e.parent is None and _starts(e)),
    )


def _starts(element: Element) -> bool:
    return element.kind == "startEvent" or (element.kind in INSTANTIATING and element.instantiate)


def _handlers(process: Node) -> dict[str, str]:
    """Event -> the activity that an association joins to it; compensation is drawn so."""
    ends = [
        (reference(node.get("sourceRef")), reference(node.get("targetRef")))
        for node in all_of(process, "association")
    ]
    helpers = {node.get("id") for node in all_of(process, *ACTIVITIES) if is_true(node, "isForCompensation")}
    found: dict[str, str] = {}
    for source, target in [*ends, *((target, source) for source, target in ends)]:
        if source and target in helpers:
            found.setdefault(source, target or "")
    return found


def read_flow(node: Node) -> Flow:
    return Flow(
        id=node.get("id", ""),
        name=node.get("name", ""),
        line=line(node),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        condition=text_of(child(node, "conditionExpression")),
        parent=scope_of(node),
    )


def scope_of(node: Node) -> str | None:
    """The id of the subprocess in which a node lies, None directly in the process."""
    parent = node.getparent()
    return parent.get("id") if parent is not None and is_bpmn(parent, *SCOPES) else None


def _lanes(process: Node) -> list[Lane]:
    found = []
    for node in all_of(process, "lane"):
        holder = node.getparent()
        outer = holder.getparent() if holder is not None and is_bpmn(holder, "childLaneSet") else None
        inner = {text_of(item) for nested in _nested(node) for item in children(nested, "flowNodeRef")}
        members = [text_of(item) or "" for item in children(node, "flowNodeRef")]
        found.append(
            Lane(
                id=node.get("id", ""),
                name=node.get("name", ""),
                line=line(node),
                properties=properties_of(node),
                members=tuple(member for member in members if member not in inner),
                parent=outer.get("id") if outer is not None else None,
            )
        )
    return found


def _nested(lane: Node) -> list[Node]:
    return [node for node in all_of(lane, "lane") if node is not lane]


def _lane(node: Node, lane_of: dict[str, Lane]) -> Lane | None:
    """The lane of a node; what lies in a subprocess is in the subprocess's lane."""
    current: Node | None = node
    while current is not None and not is_bpmn(current, "process"):
        lane = lane_of.get(current.get("id", ""))
        if lane is not None:
            return lane
        current = current.getparent()
    return None
