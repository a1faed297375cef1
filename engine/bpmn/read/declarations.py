"""What a diagram declares beside its flow: directions, media types, message flows, link events."""

import re
from collections import Counter

from engine.bpmn import dialect
from engine.bpmn.read.markup import (
    Node,
    Report,
    all_of,
    child,
    children,
    is_bpmn,
    local,
    reference,
    tags,
    text_of,
)

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII)
_ARTIFACTS = frozenset({"group", "textAnnotation", "association", "dataObjectReference", "dataObject"})


def check_declarations(root: Node, report: Report) -> None:
    """Rules that change no run here: errors at level bpmn, warnings at level dialect."""
    for node in all_of(root, "documentation", "textAnnotation", "scriptTask"):
        _media_type(node, report)
    after = Counter(flow.get("sourceRef") for flow in all_of(root, "sequenceFlow"))
    before = Counter(flow.get("targetRef") for flow in all_of(root, "sequenceFlow"))
    for gateway in all_of(root, *sorted(dialect.GATEWAYS)):
        if gateway.get("id") not in report.severed:
            _direction(gateway, before[gateway.get("id")], after[gateway.get("id")], report)
    _listed(root, report)
    for flow in all_of(root, "sequenceFlow"):
        if flow.get("isImmediate") == "false":
            report.strict(
                flow, "not-immediate", "可执行流程中的顺序流不能标 isImmediate=false。", "请删去这个属性。"
            )
    for count in all_of(root, "participantMultiplicity"):
        _multiplicity(count, report)
    _message_flows(root, report)


def _media_type(node: Node, report: Report) -> None:
    attribute = "scriptFormat" if is_bpmn(node, "scriptTask") else "textFormat"
    value = node.get(attribute)
    if value is not None and _MEDIA_TYPE.fullmatch(value) is None:
        report.strict(
            node, "media-type", f"{attribute} “{value}” 不是媒体类型。", "请写成 text/plain 这样的形式。"
        )


def _direction(gateway: Node, before: int, after: int, report: Report) -> None:
    """`gatewayDirection` says how many flows come in and go out."""
    direction = gateway.get("gatewayDirection", "Unspecified")
    fits = {
        "Unspecified": True,
        "Mixed": before > 1 and after > 1,
        "Converging": before > 1 and after < 2,
        "Diverging": before < 2 and after > 1,
    }.get(direction, False)
    if before == 1 == after and direction != "Mixed":
        report.strict(
            gateway,
            "gateway-idle",
            "网关只有一条进、一条出，什么也不分、什么也不合。",
            "请删去这个网关。",
        )
    elif not fits:
        report.strict(
            gateway,
            "gateway-direction",
            f"网关标为 {direction}，实际有 {before} 条进、{after} 条出。",
            "请改正或删去 gatewayDirection。",
        )


def _listed(root: Node, report: Report) -> None:
    """`incoming` and `outgoing` only repeat what the flows say."""
    flows = {flow.get("id"): flow for flow in all_of(root, "sequenceFlow")}
    for name, attribute in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for item in all_of(root, name):
            node, ref = item.getparent(), reference(text_of(item))
            flow = flows.get(ref)
            if node is not None and (flow is None or flow.get(attribute) != node.get("id")):
                report.strict(
                    node,
                    "flow-list",
                    f"{name} 里的 “{ref or ''}” 不是连到这里的顺序流。",
                    "请用设计器重新保存。",
                )


def _multiplicity(node: Node, report: Report) -> None:
    try:
        low, high = int(node.get("minimum", "0")), int(node.get("maximum", "1"))
    except ValueError:
        return  # the schema says it better
    if low < 0 or high < 1 or high < low:
        report.strict(
            node,
            "multiplicity",
            f"参与者数量 {low} 至 {high} 不成立。",
            "最小值不小于 0，最大值不小于最小值。",
        )


def _message_flows(root: Node, report: Report) -> None:
    ids = {node.get("id"): node for node in tags(root) if node.get("id")}
    pools = {p.get("id"): reference(p.get("processRef")) for p in all_of(root, "participant")}
    for flow in all_of(root, "messageFlow"):
        source, target = (ids.get(reference(flow.get(a))) for a in ("sourceRef", "targetRef"))
        if source is None or target is None:
            continue  # a dangling drawing, said already
        if local(source) in _ARTIFACTS or local(target) in _ARTIFACTS:
            _wrong_flow(flow, "消息流不能连接注释、分组或数据。", report)
        elif _sends_nothing(source):
            _wrong_flow(flow, f"“{source.get('id')}” 不会发出消息。", report)
        elif _receives_nothing(target):
            _wrong_flow(flow, f"“{target.get('id')}” 不会接收消息。", report)
        elif _pool(source, pools) == _pool(target, pools) != "":
            _wrong_flow(flow, "消息流的两端在同一个泳池里。", report)


def _wrong_flow(flow: Node, message: str, report: Report) -> None:
    report.strict(flow, "message-flow", message, "消息流只能从一个泳池的发送方连到另一个泳池的接收方。")


def _message_event(node: Node) -> bool:
    kinds = list(children(node, *dialect.EVENT_DEFINITIONS, "eventDefinitionRef"))
    return not kinds or any(is_bpmn(kind, "messageEventDefinition", "eventDefinitionRef") for kind in kinds)


def _sends_nothing(node: Node) -> bool:
    if is_bpmn(node, "startEvent", "intermediateCatchEvent", "boundaryEvent"):
        return True
    ends = is_bpmn(node, "endEvent", "intermediateThrowEvent")
    return (
        ends
        and child(node, "messageEventDefinition") is None
        and text_of(child(node, "eventDefinitionRef")) is None
    )


def _receives_nothing(node: Node) -> bool:
    if is_bpmn(node, "endEvent", "intermediateThrowEvent"):
        return True
    return is_bpmn(node, "startEvent", "intermediateCatchEvent", "boundaryEvent") and not _message_event(node)


def _pool(node: Node, pools: dict[str | None, str | None]) -> str:
    """The process in which an end of a message flow lies; a pool without one stands for itself."""
    if is_bpmn(node, "participant"):
        return pools.get(node.get("id")) or str(node.get("id"))
    current: Node | None = node
    while current is not None and not is_bpmn(current, "process"):
        current = current.getparent()
    return str(current.get("id")) if current is not None else ""
