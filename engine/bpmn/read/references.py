"""Ids and what refers to them: duplicates, missing ids, dangling references, flows out of their scope."""

from engine.bpmn import dialect
from engine.bpmn.dialect import EVENT_DEFINITIONS, FLOW_NODES
from engine.bpmn.read.markup import (
    Node,
    Report,
    all_of,
    is_bpmn,
    line,
    local,
    namespace,
    reference,
    tags,
    text_of,
)

_ROOT_REFERENCES = {
    "messageRef": ("message", "消息"),
    "signalRef": ("signal", "信号"),
    "errorRef": ("error", "错误"),
    "escalationRef": ("escalation", "升级"),
}


def check_references(root: Node, report: Report) -> None:
    """Everything the engine would follow must lead to the right kind of element."""
    ids = _ids(root, report)
    for flow in all_of(root, "sequenceFlow"):
        _flow(flow, ids, report)
    for node in tags(root):
        if namespace(node) != dialect.BPMN:
            continue
        if node.get("default"):
            _default(node, ids, report)
        if is_bpmn(node, "boundaryEvent"):
            _attached(node, ids, report)
        if local(node) in EVENT_DEFINITIONS or is_bpmn(node, "receiveTask", "sendTask"):
            _root_references(node, ids, report)
    _texts(root, ids, report)
    _drawn(root, ids, report)


def _ids(root: Node, report: Report) -> dict[str, Node]:
    ids: dict[str, Node] = {}
    for node in tags(root):
        if namespace(node) != dialect.BPMN:
            continue
        identity = node.get("id")
        runs = local(node) in FLOW_NODES or is_bpmn(node, "sequenceFlow", "process")
        if not identity:
            if runs:
                report.error(
                    node, "missing-id", f"元素 {local(node)} 没有 id。", "请给它一个能说明用途的 id。"
                )
            continue
        if identity in ids:
            report.error(
                node,
                "duplicate-id",
                f"id “{identity}” 重复，第 {line(ids[identity])} 行已经用过。",
                "每个元素的 id 在文件中必须唯一。",
            )
            continue
        ids[identity] = node
    return ids


def _flow(flow: Node, ids: dict[str, Node], report: Report) -> None:
    for attribute, chinese in (("sourceRef", "起点"), ("targetRef", "终点")):
        ref = flow.get(attribute)
        end = ids.get(ref or "")
        if end is None:
            _dangling(flow, attribute, ref, report)
        elif not dialect.is_understood(local(end)):
            continue  # refused by name already
        elif local(end) not in FLOW_NODES:
            report.error(
                flow,
                "flow-end",
                f"顺序流的{chinese} “{ref}” 是 {local(end)}，不是任务、网关或事件。",
                "顺序流只能连接任务、网关和事件。",
            )
        elif end.getparent() is not flow.getparent():
            report.error(
                flow,
                "flow-crosses-scope",
                f"顺序流的{chinese} “{ref}” 不在同一个流程或子流程里。",
                "顺序流不能穿过流程或子流程的边界；流程之间用消息，子流程用边界事件。",
            )


def _default(node: Node, ids: dict[str, Node], report: Report) -> None:
    ref = reference(node.get("default"))
    flow = ids.get(ref or "")
    if flow is None:
        _dangling(node, "default", ref, report)
    elif not is_bpmn(flow, "sequenceFlow") or flow.get("sourceRef") != node.get("id"):
        report.error(
            node,
            "default-not-outgoing",
            f"默认流 “{ref}” 不是从这里出去的顺序流。",
            "请在出去的顺序流中选一条作默认流。",
        )


def _attached(node: Node, ids: dict[str, Node], report: Report) -> None:
    ref = reference(node.get("attachedToRef"))
    host = ids.get(ref or "")
    if host is None:
        _dangling(node, "attachedToRef", ref, report)
    elif not dialect.is_activity(local(host)) or host.getparent() is not node.getparent():
        report.error(
            node,
            "boundary-host",
            f"边界事件附着的 “{ref}” 不是同一层的任务或子流程。",
            "请把边界事件拖到任务或子流程的边上。",
        )


def _root_references(node: Node, ids: dict[str, Node], report: Report) -> None:
    for attribute, (kind, chinese) in _ROOT_REFERENCES.items():
        ref = reference(node.get(attribute))
        if ref is None:
            continue
        target = ids.get(ref)
        if target is None:
            _dangling(node, attribute, ref, report)
        elif not is_bpmn(target, kind):
            report.error(
                node,
                "wrong-reference",
                f"{attribute} “{ref}” 指向 {local(target)}，应指向{chinese}（{kind}）。",
                f"请选择一个{chinese}定义。",
            )


def _texts(root: Node, ids: dict[str, Node], report: Report) -> None:
    for node in all_of(root, "eventDefinitionRef"):
        ref = reference(text_of(node))
        target = ids.get(ref or "")
        shared = target is not None and local(target) in EVENT_DEFINITIONS
        if not shared or target is None or not is_bpmn(_parent(target), "definitions"):
            report.error(
                node,
                "dangling-reference",
                f"eventDefinitionRef “{ref}” 不是文件顶层的事件定义。",
                "请把事件定义写在事件里。",
            )
    for node in all_of(root, "flowNodeRef"):
        ref = reference(text_of(node))
        target = ids.get(ref or "")
        if target is None or local(target) not in FLOW_NODES:
            _dangling(node, "flowNodeRef", ref, report)
    for name, attribute, kind in (
        ("dataObjectReference", "dataObjectRef", "dataObject"),
        ("participant", "processRef", "process"),
    ):
        for node in all_of(root, name):
            ref = reference(node.get(attribute))
            if ref is not None and not is_bpmn(ids.get(ref, root), kind):
                _dangling(node, attribute, ref, report)


def _drawn(root: Node, ids: dict[str, Node], report: Report) -> None:
    """Connections that are only drawn: a wrong end misleads people, not the engine."""
    for node in all_of(root, "messageFlow", "association"):
        for attribute in ("sourceRef", "targetRef"):
            ref = reference(node.get(attribute))
            if ref not in ids:
                report.warning(
                    node,
                    "dangling-drawing",
                    f"{local(node)} 的 {attribute} “{ref}” 不存在。",
                    "请重新连接或删去这条线。",
                )
    for node in root.iter(f"{{{dialect.BPMNDI}}}BPMNShape", f"{{{dialect.BPMNDI}}}BPMNEdge"):
        ref = reference(node.get("bpmnElement"))
        if ref not in ids:
            report.add(
                line(node),
                ref or "",
                "dangling-drawing",
                f"图形指向不存在的元素 “{ref}”。",
                "请用设计器重新保存。",
                severity="warning",
            )


def _parent(node: Node) -> Node:
    parent = node.getparent()
    return node if parent is None else parent


def _dangling(node: Node, attribute: str, ref: str | None, report: Report) -> None:
    report.error(
        node,
        "dangling-reference",
        f"{attribute} “{ref or ''}” 指向的元素不存在。",
        "请在设计器里重新连接或选择。",
    )
