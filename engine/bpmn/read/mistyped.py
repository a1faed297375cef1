"""Level bpmn: references to something of another kind, left out of the reading and said as a warning.

XML lets a flow begin at a pool, or a default point to an event. Such a reference means nothing in BPMN 2.0:
what hangs on it can never happen, and the rest of the diagram runs without it. Level dialect refuses all of
them. So does level bpmn where the reference leads nowhere, or where the standard itself forbids the
connection: to artifacts and data (7.6.1), or of a boundary event to a gateway or another event.
"""

from dataclasses import dataclass

from engine.bpmn import dialect
from engine.bpmn.dialect import BPMN, EVENT_DEFINITIONS, FLOW_NODES
from engine.bpmn.read.markup import Node, Report, all_of, child, children, local, reference, tags, text_of

_NEVER_CONNECTED = frozenset({"textAnnotation", "association", "group", "category", "lane", "laneSet"}) | {
    *("dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "dataInput", "dataOutput")
}


def leave_out(root: Node, report: Report) -> None:
    """Take wrongly typed references out of the tree; each is a warning where it stood."""
    reading = _Reading(
        {node.get("id", ""): node for node in tags(root) if node.tag.startswith(f"{{{BPMN}}}")}, report
    )
    for event in list(all_of(root, "boundaryEvent")):
        reading.boundary(event, root)
    for event in list(all_of(root, "intermediateCatchEvent", "intermediateThrowEvent")):
        reading.link(event, root)
    for flow in list(all_of(root, "sequenceFlow")):
        reading.flow(flow)
    for item in list(all_of(root, "eventDefinitionRef")):
        reading.definition(item)
    for node in list(tags(root)):
        if node.get("default"):
            reading.default(node)
    for item in list(all_of(root, "incoming", "outgoing")):
        reading.listed(item)


@dataclass(frozen=True, slots=True)
class _Reading:
    ids: dict[str, Node]
    report: Report

    def kind(self, ref: str | None) -> str:
        """The local name of what a reference leads to, "" when it leads nowhere."""
        found = self.ids.get(ref or "")
        return local(found) if found is not None else ""

    def say(self, node: Node, attribute: str, ref: str | None, loss: str) -> None:
        self.report.warning(
            node,
            "mistyped-reference",
            f"{attribute} “{ref}” 指向 {self.kind(ref)}，这里不能是它；{loss}。",
            "请在设计器里重新连接或选择。",
        )

    def flow(self, flow: Node) -> None:
        """A sequence flow from or to something that is no step, such as a pool or another flow."""
        for attribute in ("sourceRef", "targetRef"):
            ref = flow.get(attribute)
            kind = self.kind(ref)
            if kind in FLOW_NODES or kind in _NEVER_CONNECTED or not dialect.is_understood(kind):
                continue
            self.say(flow, attribute, ref, "这条顺序流不会走，运行时略去")
            self.sever(flow)
            return

    def sever(self, flow: Node) -> None:
        """Take a flow out, and remember the steps it would have joined."""
        self.report.severed |= {flow.get("sourceRef", ""), flow.get("targetRef", "")}
        identity = flow.get("id", "")
        for item in list(all_of(flow.getroottree().getroot(), "incoming", "outgoing")):
            if reference(text_of(item)) == identity:
                holder = item.getparent()
                if holder is not None:
                    self.report.severed.add(holder.get("id", ""))
                _remove(item)
        self.ids.pop(identity, None)
        _remove(flow)

    def drop(self, event: Node, root: Node) -> None:
        """Take an event out that can never happen, with its flows."""
        identity = event.get("id", "")
        for flow in list(all_of(root, "sequenceFlow")):
            if identity in (flow.get("sourceRef"), flow.get("targetRef")):
                self.sever(flow)
        self.ids.pop(identity, None)
        _remove(event)

    def boundary(self, event: Node, root: Node) -> None:
        """A boundary event on something that is no step at all."""
        ref = reference(event.get("attachedToRef"))
        kind = self.kind(ref)
        if kind and kind not in FLOW_NODES and kind not in _NEVER_CONNECTED and dialect.is_understood(kind):
            self.say(event, "attachedToRef", ref, "这个边界事件不会发生，运行时略去")
            self.drop(event, root)

    def definition(self, item: Node) -> None:
        """A reference to an event definition that is none."""
        ref = reference(text_of(item))
        if self.kind(ref) and self.kind(ref) not in EVENT_DEFINITIONS:
            self.say(item, "eventDefinitionRef", ref, "按没有这一定义处理")
            _remove(item)

    def default(self, node: Node) -> None:
        """A default that is no flow."""
        ref = reference(node.get("default"))
        if self.kind(ref) and self.kind(ref) != "sequenceFlow":
            self.say(node, "default", ref, "按没有默认流处理")
            del node.attrib["default"]

    def listed(self, item: Node) -> None:
        """`incoming` and `outgoing` that name something else than a flow."""
        ref, holder = reference(text_of(item)), item.getparent()
        if holder is not None and self.kind(ref) not in ("", "sequenceFlow"):
            self.say(holder, local(item), ref, "这一项略去")
            _remove(item)

    def link(self, event: Node, root: Node) -> None:
        """A link whose `source` or `target` is no link event, and that no name joins to another either."""
        link = child(event, "linkEventDefinition")
        if link is None:
            return
        wrong = [
            item
            for item in children(link, "source", "target")
            if self.kind(reference(text_of(item))) not in ("", "linkEventDefinition")
        ]
        for item in wrong:
            loss = "这一端没有另一端，运行时略去"
            self.say(event, local(item), reference(text_of(item)), loss)
            _remove(item)
        if wrong and not self._joined(event, link, root):
            if event.tag == f"{{{BPMN}}}intermediateCatchEvent":
                self.drop(event, root)
            else:
                self.report.severed.add(event.get("id", ""))
                _remove(link)

    def _joined(self, event: Node, link: Node, root: Node) -> bool:
        """Is there another link of this name in the same scope?"""
        others = (one for one in all_of(root, "linkEventDefinition") if one is not link)
        for other in others:
            holder = other.getparent()
            same = holder is not None and holder.getparent() is event.getparent()
            if same and other.get("name") == link.get("name"):
                return True
        return False


def _remove(node: Node) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
