"""The graph of each scope: starts, reachability, connections of events and gateways.

Works on the Model. At level bpmn only what the standard forbids or what cannot be run is an error;
at level dialect also what would surely strand an instance.
"""

from collections.abc import Iterable

from engine.bpmn.dialect import GATEWAYS, INSTANTIATING
from engine.bpmn.findings import Severity
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.markup import Report
from engine.bpmn.read.shape import Shape


def check_structure(model: Model, report: Report) -> None:
    """Starts, ends, reachability and connections of every process."""
    if not model.processes:
        report.add(1, "", "no-process", "文件里没有流程。", "请画一个流程（process）。")
    for process in model.processes.values():
        shape = Shape(process)
        others = [other for other in model.processes.values() if other is not process]
        _starts(process, any(other.start_events for other in others), report)
        for element in process.elements.values():
            _connections(element, report)
            if element.kind == "subProcess":
                _subprocess(shape, element, report)
        _reach(shape, report)
    _links(model, report)


def _at(report: Report, element: Element, rule: str, message: str, hint: str) -> None:
    report.add(element.line, element.id, rule, message, hint)


def _loosely(report: Report, element: Element, rule: str, message: str, hint: str) -> None:
    """An error, but a warning where it only follows from a connection that was left out and said before."""
    severity: Severity = "warning" if element.id in report.severed else "error"
    report.add(element.line, element.id, rule, message, hint, severity=severity)


def _softly(report: Report, element: Element, rule: str, message: str, hint: str) -> None:
    """An error at level dialect, a warning at level bpmn: it runs, but not to any good."""
    severity: Severity = "error" if report.level == "dialect" else "warning"
    report.add(element.line, element.id, rule, message, hint, severity=severity)


def _starts(process: ProcessModel, begun_by_others: bool, report: Report) -> None:
    """A process drawn without a start begins at everything that nothing leads to, as the standard says.

    That is accepted of a pool beside others that do begin (it answers their messages), not of a file in which
    nothing begins.
    """
    if not process.elements and not process.executable:
        return  # a closed pool, drawn only
    starts = [process.elements[name] for name in process.start_events]
    if not starts and not any(element.instantiate for element in process.elements.values()):
        message, hint = f"流程 “{process.id}” 没有开始事件。", "请画一个开始事件。"
        implied = report.level == "bpmn" and begun_by_others and not report.severed & set(process.elements)
        severity: Severity = "warning" if implied else "error"
        report.add(process.line, process.id, "no-start", message, hint, severity=severity)
    for extra in [start for start in starts if start.event is None][1:]:
        _at(
            report,
            extra,
            "several-starts",
            "流程有不止一个空开始事件。",
            "请只留一个空开始事件，其余改成消息开始事件。",
        )


def _subprocess(shape: Shape, scope: Element, report: Report) -> None:
    inside = shape.inside(scope.id)
    starts = [element for element in inside if element.kind == "startEvent"]
    if not starts:
        message, hint = "子流程里没有开始事件。", "请在子流程里画一个空开始事件。"
        severity: Severity = "warning" if report.level == "bpmn" and _needs_none(shape, scope) else "error"
        report.add(scope.line, scope.id, "subprocess-no-start", message, hint, severity=severity)
    elif len(starts) > 1:
        _at(report, scope, "several-starts", "子流程里有不止一个开始事件。", "请只留一个开始事件。")
    if scope.triggered_by_event and (scope.incoming or scope.outgoing):
        _at(
            report,
            scope,
            "event-subprocess-connected",
            "事件子流程不能有顺序流进出。",
            "请删去连到事件子流程的线；它由自己的开始事件触发。",
        )
    if scope.triggered_by_event and shape.boundaries(scope.id):
        _at(report, scope, "event-subprocess-boundary", "事件子流程上不能有边界事件。", "请删去边界事件。")


def _needs_none(shape: Shape, scope: Element) -> bool:
    """Without a start, a subprocess begins at what nothing leads to; where there is an end, there must be one
    (BPMN 2.0.2, 10.5.2). An empty one is drawn, not run."""
    inside = shape.inside(scope.id)
    ends = any(element.kind == "endEvent" for element in inside)
    return not scope.triggered_by_event and not ends and (bool(inside) or not shape.process.executable)


def _connections(element: Element, report: Report) -> None:
    kind = element.kind
    if kind in ("startEvent", "boundaryEvent") and element.incoming:
        _at(report, element, "incoming-not-allowed", "这个事件不能有进来的顺序流。", "请删去进来的线。")
    if kind == "endEvent" and element.outgoing:
        _at(report, element, "outgoing-not-allowed", "结束事件不能有出去的顺序流。", "请删去出去的线。")
    if kind in INSTANTIATING and element.instantiate and (element.incoming or element.parent is not None):
        hint = "请删去进来的线，并把它放在流程一级；或去掉 instantiate。"
        _at(report, element, "instantiate-connected", "启动流程的接收任务必须是流程的第一步。", hint)
    link = element.event is not None and element.event.kind == "link"
    undoes = element.event is not None and element.event.kind == "compensation"
    needs_in = kind in ("endEvent", "intermediateThrowEvent", "intermediateCatchEvent")
    if needs_in and not element.incoming and not (link and kind == "intermediateCatchEvent"):
        _loosely(report, element, "no-incoming", "这个事件没有进来的顺序流。", "请把它接到流程里。")
    needs_out = kind in ("startEvent", "boundaryEvent", "intermediateThrowEvent", "intermediateCatchEvent")
    ends = (undoes and kind == "boundaryEvent") or (link and kind == "intermediateThrowEvent")
    if needs_out and not element.outgoing and not ends:
        _loosely(
            report, element, "no-outgoing", "这个事件没有出去的顺序流。", "请接上下一步，或改成结束事件。"
        )
    if kind in GATEWAYS and not (element.incoming and element.outgoing):
        _loosely(
            report, element, "gateway-unconnected", "网关缺少进来或出去的顺序流。", "请接好网关，或删去它。"
        )


def _reach(shape: Shape, report: Report) -> None:
    process = shape.process
    reached = reachable(shape)
    for element in process.elements.values():
        if element.for_compensation:
            continue  # no flow leads to it: what it undoes says whether it can be reached
        begins = not element.incoming and element.kind in ("startEvent", "boundaryEvent")
        if element.id not in reached and not begins:
            _unreached(process, element, report)


def _unreached(process: ProcessModel, element: Element, report: Report) -> None:
    if not process.start_events and element.parent is None:
        return  # said already: there is no start
    message, hint = "从开始事件走不到这里。", "请接上它，或删去它。"
    if element.incoming:
        _softly(report, element, "unreachable", message, hint)
    else:
        _loosely(report, element, "unreachable", message, hint)


def reachable(shape: Shape) -> set[str]:
    """Ids that a token may reach: from starts, along flows, to boundary events and event subprocesses."""
    process = shape.process
    reached: set[str] = set()
    waiting = list(process.start_events)
    waiting += [e.id for e in process.elements.values() if e.instantiate and e.parent is None]
    waiting += [e.id for e in shape.inside(None) if e.triggered_by_event]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        element = process.elements[name]
        waiting += [following.id for following in process.after(element)]
        waiting += _entered(shape, element)
    return reached


def _entered(shape: Shape, element: Element) -> list[str]:
    """What comes alive with an element: its boundary events, its inner starts, the links it jumps to."""
    found = [boundary.id for boundary in shape.boundaries(element.id)]
    if element.kind == "subProcess":
        inside = shape.inside(element.id)
        starts = [e.id for e in inside if e.kind == "startEvent"]
        implied = [e.id for e in inside if not e.incoming and not e.attached_to and not e.for_compensation]
        found += [e.id for e in inside if e.triggered_by_event] + (starts or implied)
    if (
        element.event is not None
        and element.event.kind == "link"
        and element.kind != "intermediateCatchEvent"
    ):
        found += [e.id for e in _link_targets(shape, element)]
    if element.handler is not None:
        found.append(element.handler)
    return found


def _links(model: Model, report: Report) -> None:
    """A throwing link has one catching link of its name in the same scope, and the other way round."""
    for process in model.processes.values():
        events = [e for e in process.elements.values() if e.event is not None and e.event.kind == "link"]
        for element in events:
            others = [e for e in events if e.parent == element.parent and e.kind != element.kind]
            fitting = [e for e in others if e.event and element.event and e.event.name == element.event.name]
            throws = element.kind == "intermediateThrowEvent"
            name = element.event.name if element.event else None
            if not name:
                _at(report, element, "link-unnamed", "链接事件没有名称。", "请给两端同一个名称。")
            elif not fitting:
                other = "捕获" if throws else "抛出"
                message = f"链接 “{name}” 在这一层里没有{other}的一端。"
                _at(report, element, "link-alone", message, f"请画出名称相同的链接{other}事件。")
            elif element.outgoing if throws else element.incoming:
                which = "抛出事件不能有出去的" if throws else "捕获事件不能有进来的"
                hint = "请删去这条线；两端只靠名称相连。"
                _at(report, element, "link-connected", f"链接{which}顺序流。", hint)
            elif throws and len(fitting) > 1:
                message = f"链接 “{name}” 有几个捕获的一端。"
                _at(report, element, "link-ambiguous", message, "同一名称请只留一个捕获事件。")


def _link_targets(shape: Shape, throw: Element) -> Iterable[Element]:
    name = throw.event.name if throw.event is not None else None
    for element in shape.inside(throw.parent):
        event = element.event if element.kind == "intermediateCatchEvent" else None
        if event is not None and event.kind == "link" and event.name == name:
            yield element
