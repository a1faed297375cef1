"""Code in a diagram: every expression is FEEL that compiles; Python and other languages are refused."""

import re
from dataclasses import dataclass

from engine.bpmn.dialect import ZEEBE
from engine.bpmn.read.feel import syntax_problem
from engine.bpmn.read.markup import (
    XSI_TYPE,
    Node,
    Report,
    all_of,
    child,
    local,
    namespace,
    reference,
    tags,
    text_of,
    zeebe,
)
from engine.bpmn.read.timers import check_timer
from engine.bpmn.script import MOST_ROUNDS

_FOREIGN = re.compile(r"[$#]\{")

_ZEEBE_TEXTS: dict[str, dict[str, bool]] = {
    "input": {"source": False},
    "output": {"source": False},
    "assignmentDefinition": {"assignee": False, "candidateGroups": False, "candidateUsers": False},
    "taskSchedule": {"dueDate": False, "followUpDate": False},
    "priorityDefinition": {"priority": False},
    "formDefinition": {"formId": False},
    "calledDecision": {"decisionId": False},
    "calledElement": {"processId": False},
    "taskDefinition": {"type": False, "retries": False},
    "subscription": {"correlationKey": True},
    "script": {"expression": True},
    "loopCharacteristics": {"inputCollection": True, "outputElement": True},
}
"""Attributes of zeebe elements that may hold FEEL; True: must hold FEEL."""

_FEEL_PROPERTIES = (
    "bihuan:post",
    "bihuan:signers",
    "bihuan:weights",
    "bihuan:escalate",
    "bihuan:overdueTo",
    "bihuan:handOverTo",
    "bihuan:subject",
    "bihuan:title",
    "bihuan:businessKey",
    "bihuan:withdraw",
)


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of a diagram that may be code: where it stands, what it is called, must it be FEEL?"""

    node: Node
    text: str
    name: str
    required: bool
    rule: str = "not-feel"


def check_code(root: Node, report: Report) -> None:
    """Conditions, scripts, mappings, timers and keys."""
    for node in all_of(root, "scriptTask"):
        _script(node, report)
    for flow in all_of(root, "sequenceFlow"):
        _condition(flow, report)
    for node in tags(root):
        if namespace(node) == ZEEBE:
            _extension(node, report)
    for node in all_of(root, "completionCondition", "condition", "loopCondition"):
        _expression(node, report, required=True)
    for node in all_of(root, "loopCardinality"):
        _cardinality(node, report)
    for node in all_of(root, "timerEventDefinition"):
        check_timer(node, report)
    for node in all_of(root, "timeDuration", "timeDate", "timeCycle"):
        _expression(node, report, required=False)


def _script(node: Node, report: Report) -> None:
    body = child(node, "script")
    if node.get("scriptFormat") or text_of(body) is not None:
        language = node.get("scriptFormat") or "未注明语言"
        report.error(
            node,
            "script-not-feel",
            f"脚本任务含有脚本正文（{language}），不予执行。",
            "请删去正文，用 zeebe:script 写 FEEL 表达式（以“=”开头），或改成服务任务。",
        )
    elif zeebe(node, "script") is None and zeebe(node, "taskDefinition") is None:
        report.dialect(
            node, "script-missing", "脚本任务没有 zeebe:script。", "请填写 FEEL 表达式和结果变量。"
        )


def _condition(flow: Node, report: Report) -> None:
    node = child(flow, "conditionExpression")
    if node is None:
        return
    text = text_of(node)
    if text is None:
        report.error(flow, "condition-empty", "条件是空的。", "请填写条件，或删去条件元素。")
        return
    _check(_Text(node, text, "条件", True, "condition-not-feel"), report)


def _extension(node: Node, report: Report) -> None:
    for attribute, required in _ZEEBE_TEXTS.get(local(node), {}).items():
        text = (node.get(attribute) or "").strip()
        if text:
            _check(_Text(node, text, f"zeebe:{local(node)} 的 {attribute}", required), report)
    if local(node) == "property" and node.get("name") in _FEEL_PROPERTIES:
        text = (node.get("value") or "").strip()
        if text:
            _check(_Text(node, text, f"属性 {node.get('name')}", False), report)


def _expression(node: Node, report: Report, *, required: bool) -> None:
    text = text_of(node)
    if text is None:
        return
    formal = reference(node.get(XSI_TYPE)) == "tFormalExpression" or text.startswith("=")
    if not formal:
        report.strict(
            node,
            "informal-expression",
            f"{local(node)} 不是形式表达式（缺少 xsi:type 为 tFormalExpression）。",
            "请用设计器重新填写，或补上 xsi:type。",
        )
    _check(_Text(node, text, local(node), required), report)


def _cardinality(node: Node, report: Report) -> None:
    text = text_of(node) or ""
    if text.startswith("="):
        _check(_Text(node, text, "loopCardinality", True), report)
    elif not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= MOST_ROUNDS):
        report.error(
            node,
            "bad-cardinality",
            f"多实例的次数 “{text[:60]}” 不是 0 到 {MOST_ROUNDS} 的整数，也不是以“=”开头的 FEEL。",
            "请填写整数，或 FEEL 表达式。",
        )
    else:
        _expression(node, report, required=False)


def _check(item: _Text, report: Report) -> None:
    """A text must be a literal or FEEL that compiles; where FEEL is required, a literal is refused."""
    shown = item.text if len(item.text) <= 60 else item.text[:57] + "…"
    if not item.text.startswith("="):
        if item.required:
            report.error(
                item.node,
                item.rule,
                f"{item.name} “{shown}” 不是 FEEL 表达式。",
                "表达式须以“=”开头并用 FEEL 书写，例如 =amount > 10；不接受 Python、JUEL 等语言。",
            )
        elif _FOREIGN.search(item.text):
            report.error(
                item.node,
                "foreign-expression",
                f"{item.name} “{shown}” 用了 ${{…}} 写法。",
                "请改成以“=”开头的 FEEL 表达式。",
            )
        return
    problem = syntax_problem(item.text[1:])
    if problem is not None:
        report.error(
            item.node,
            "feel-syntax",
            f"{item.name} “{shown}” 不是正确的 FEEL：{problem.message}"
            f"（第 {problem.line} 行第 {problem.column} 列）。",
            "请改正表达式；位置从“=”之后算起。",
        )
