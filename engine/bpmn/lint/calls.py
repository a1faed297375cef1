"""Level dialect: what a process refers to exists: forms, decisions, processes, handlers, posts."""

import re
from collections.abc import Iterable, Iterator

from engine.bpmn.due import readable
from engine.bpmn.lint.catalogue import ENGINE_HANDLERS, Catalogue
from engine.bpmn.model import Element, Model, ProcessModel
from engine.bpmn.read.feel import RUNTIME_FUNCTIONS, unknown_calls
from engine.bpmn.read.markup import Report

_STRING = re.compile(r'=\s*"([^"\\]*)"\s*')
_POST = re.compile(r'\bpost\s*\([^"()]*,\s*"([^"]*)"\s*\)')


def check_references_out(process: ProcessModel, catalogue: Catalogue, report: Report) -> None:
    """Literal names only: a name computed by FEEL (leading `=`) is known when it runs, not before."""
    for element in process.elements.values():
        for name, known, rule, word in _names(element, catalogue):
            if name and not name.startswith("=") and known is not None and name not in known:
                report.add(
                    element.line,
                    element.id,
                    rule,
                    f"{word} “{name}” 不存在。",
                    "请检查名称，或把它一起部署。",
                )
        if element.task_type == "bihuan:publish":
            _publishes(element, catalogue.messages, report)
    for line, identity, text in _expressions(process):
        _posts(text, (line, identity), catalogue, report)
        _functions(text, (line, identity), catalogue, report)


def _names(
    element: Element, catalogue: Catalogue
) -> Iterator[tuple[str | None, frozenset[str] | None, str, str]]:
    handlers = None if catalogue.handlers is None else catalogue.handlers | ENGINE_HANDLERS
    yield element.form_id, catalogue.forms, "form-unknown", "表单"
    yield element.decision_id, catalogue.decisions, "decision-unknown", "决策"
    yield element.properties.get("bihuan:advice"), catalogue.decisions, "decision-unknown", "决策"
    for asked in element.properties.get("bihuan:decisions", "").split(","):
        yield asked.strip() or None, catalogue.decisions, "decision-unknown", "决策"
    yield element.called_process, catalogue.processes, "process-unknown", "流程"
    yield element.task_type, handlers, "handler-unknown", "处理程序"


def _publishes(element: Element, awaited: frozenset[str] | None, report: Report) -> None:
    names = [mapping.source for mapping in element.inputs if mapping.target == "messageName"]
    if not names:
        report.add(
            element.line,
            element.id,
            "publish-inputs",
            "发布消息的任务没有 messageName。",
            "请加输入映射 messageName、correlationKey（以及需要的 messageId、variables）。",
        )
    for mapping in element.inputs:
        if mapping.target == "timeToLive" and not _lifetime(mapping.source):
            report.add(
                element.line,
                element.id,
                "time-to-live-unreadable",
                f"看不懂消息保留多久：timeToLive “{mapping.source[:60]}”。",
                "请用 ISO 8601 时长，例如 P30D，或以“=”开头的 FEEL。",
            )
    drawn = element.event.name if element.event is not None else None  # said in the drawing: for the outside
    for name in filter(None, map(_literal, names)):
        if awaited is not None and name not in awaited and name != drawn:
            report.add(
                element.line,
                element.id,
                "message-unknown",
                f"没有流程等待消息 “{name}”。",
                "请检查名称，或把等它的流程一起部署；没有人等，消息过期就作废。",
                severity="warning",
            )


def _lifetime(source: str) -> bool:
    text = _literal(source)
    return text is None or not text or readable("duration", text)


def _literal(source: str) -> str | None:
    """The text that a mapping surely gives: written plainly, or as a FEEL string."""
    if not source.startswith("="):
        return source
    found = _STRING.fullmatch(source)
    return found[1] if found else None


def _expressions(process: ProcessModel) -> Iterator[tuple[int, str, str]]:
    """Every FEEL text of a process with its place, the leading `=` taken off."""
    found: list[tuple[int, str, str | None]] = []
    found += [(process.line, process.id, value) for value in process.properties.values()]
    found += [(lane.line, lane.id, lane.post) for lane in process.lanes]
    found += [(flow.line, flow.id, flow.condition) for flow in process.flows.values()]
    for element in process.elements.values():
        found += [(element.line, element.id, text) for text in _texts(element)]
    return ((line, identity, text[1:]) for line, identity, text in found if text and text.startswith("="))


def _texts(element: Element) -> Iterable[str | None]:
    yield from (element.assignee, element.candidate_groups, element.candidate_users, element.priority)
    yield from (element.due_date, element.follow_up_date, element.script, element.task_type)
    yield from (element.form_id, element.decision_id, element.called_process, element.retries)
    yield from (mapping.source for mapping in (*element.inputs, *element.outputs))
    yield from element.properties.values()
    if element.loop is not None:
        loop = element.loop
        yield from (loop.input_collection, loop.output_element, loop.completion_condition, loop.cardinality)
    if element.event is not None:
        yield from (element.event.timer_value, element.event.correlation_key, element.event.condition)


def _posts(text: str, place: tuple[int, str], catalogue: Catalogue, report: Report) -> None:
    if catalogue.posts is None:
        return
    for key in _POST.findall(text):
        if key not in catalogue.posts:
            report.add(
                *place, "post-unknown", f"没有岗位 “{key}”。", "请检查岗位的键，或先在系统里建立这个岗位。"
            )


def _functions(text: str, place: tuple[int, str], catalogue: Catalogue, report: Report) -> None:
    if catalogue.functions is None:
        return
    for name in unknown_calls(text, RUNTIME_FUNCTIONS | catalogue.functions):
        report.add(*place, "function-unknown", f"FEEL 里没有函数 “{name}”。", "请检查函数名。")


def check_call_cycles(models: Iterable[tuple[Model, Report]], others: Iterable[str] = ()) -> None:
    """A process that calls itself, directly or through others, would start instances for ever.

    `others` are the calls (`caller>called`) of processes beside the files; those of the files come first.
    """
    calls: dict[str, list[tuple[str, Element, Report]]] = {}
    for model, report in models:
        for process in model.processes.values():
            called = [e for e in process.elements.values() if e.called_process]
            calls[process.id] = [(e.called_process or "", e, report) for e in called]
    all_calls = {caller: {target for target, _, _ in made} for caller, made in calls.items()}
    for caller, reached in (text.split(">", 1) for text in others):
        if caller not in calls:
            all_calls.setdefault(caller, set()).add(reached)
    for start, found in calls.items():
        for target, element, report in found:
            path = _path(target, start, all_calls)
            if path is not None:
                report.add(
                    element.line,
                    element.id,
                    "call-cycle",
                    "流程互相调用成环：" + " → ".join([start, *path]) + "。",
                    "请去掉其中一个调用；要重来一轮，请用回路。",
                )


def _path(start: str, goal: str, calls: dict[str, set[str]]) -> list[str] | None:
    """The shortest chain of calls from `start` to `goal`, None when there is none."""
    chains, seen = [[start]], {start}
    while chains:
        chain = chains.pop(0)
        if chain[-1] == goal:
            return chain
        for target in sorted(calls.get(chain[-1], ())):
            if target not in seen:
                seen.add(target)
                chains.append([*chain, target])
    return None
