"""Gateways and conditions: where the token may go must be said, and only where it means something."""

from engine.bpmn.dialect import ACTIVITIES
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape

_CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def check_branching(model: Model, report: Report) -> None:
    """Conditions, defaults and event-based gateways of every process."""
    for process in model.processes.values():
        shape = Shape(process)
        for element in process.elements.values():
            if element.kind in _CHOOSING:
                _choice(shape, element, report)
            elif element.kind in ACTIVITIES:
                _activity(shape, element, report)
            else:
                _unconditional(shape, element, report)
            if element.kind == "eventBasedGateway":
                _race(shape, element, report)
            _default(process, element, report)


def _choice(shape: Shape, gateway: Element, report: Report) -> None:
    flows = shape.outgoing(gateway)
    if len(flows) < 2:
        return
    for flow in flows:
        if flow.condition is None and flow.id != gateway.default:
            rule, message = "condition-missing", f"网关 “{gateway.id}” 出去的顺序流没有条件，也不是默认流。"
            hint = "请填写条件（以“=”开头的 FEEL），或把它设为默认流。"
            severity = "error" if report.level == "dialect" else "warning"
            report.add(flow.line, flow.id, rule, message, hint, severity=severity)  # type: ignore[arg-type]
    if gateway.default is None and all(flow.condition is not None for flow in flows):
        report.add(
            gateway.line,
            gateway.id,
            "default-missing",
            "网关没有默认流；所有条件都不成立时流程会停住。",
            "请把一条出去的顺序流设为默认流。",
            severity="warning",
        )


def _activity(shape: Shape, activity: Element, report: Report) -> None:
    flows = shape.outgoing(activity)
    conditional = [flow for flow in flows if flow.condition is not None]
    always = [flow for flow in flows if flow.condition is None and flow.id != activity.default]
    if activity.default is not None and always:
        report.add(
            activity.line,
            activity.id,
            "default-never",
            f"“{activity.id}” 的默认流永远不会走：另有没有条件的顺序流，每次都走。",
            "请在每条不是默认流的线上填写条件；总要走的，先接一个并行网关。",
            severity="error" if report.level == "dialect" else "warning",
        )
    if not conditional:
        return
    if len(flows) == 1:
        report.add(
            conditional[0].line,
            conditional[0].id,
            "lonely-condition",
            "任务只有一条出去的顺序流，却带条件。",
            "请删去条件，或加一条默认流。",
        )


def _unconditional(shape: Shape, element: Element, report: Report) -> None:
    for flow in shape.outgoing(element):
        if flow.condition is not None:
            report.add(
                flow.line,
                flow.id,
                "condition-not-allowed",
                f"从 {element.kind} “{element.id}” 出去的顺序流不能带条件。",
                "请删去条件，或换成排他、包容网关。",
            )


def _default(process: ProcessModel, element: Element, report: Report) -> None:
    if element.default is not None and process.flows[element.default].condition is not None:
        flow = process.flows[element.default]
        report.add(
            flow.line,
            flow.id,
            "default-with-condition",
            "默认流带有条件，条件不会被计算。",
            "请删去默认流上的条件。",
            severity="warning",
        )


def _race(shape: Shape, gateway: Element, report: Report) -> None:
    """Event-based gateways: only catching events and receive tasks follow, fed by the gateway alone."""
    targets = list(shape.process.after(gateway))
    if len(targets) < 2:
        _race_finding(report, gateway, "race-too-few", "事件网关后面少于两个事件。", "请至少接两个事件。")
    for target in targets:
        catching = target.kind in ("intermediateCatchEvent", "receiveTask")
        if not catching:
            _race_finding(
                report,
                target,
                "race-target",
                f"事件网关后面不能接 {target.kind}。",
                "只能接中间捕获事件或接收任务。",
            )
        elif len(target.incoming) > 1:
            _race_finding(
                report, target, "race-shared", "事件网关后面的事件还有别的入口。", "请只从事件网关进入。"
            )
        if target.kind == "receiveTask" and shape.boundaries(target.id):
            _race_finding(
                report, target, "race-boundary", "事件网关后面的接收任务不能有边界事件。", "请删去边界事件。"
            )
    kinds = {t.kind for t in targets if t.event is None or t.event.kind == "message"}
    if {"receiveTask", "intermediateCatchEvent"} <= kinds:
        _race_finding(
            report,
            gateway,
            "race-mixed",
            "事件网关后面同时有接收任务和消息捕获事件。",
            "请统一用消息捕获事件。",
        )


def _race_finding(report: Report, element: Element, rule: str, message: str, hint: str) -> None:
    report.add(element.line, element.id, rule, message, hint)
