"""Names that a row of the database takes: what is longer could be drawn and deployed, but never run."""

from engine.bpmn import dialect
from engine.bpmn.dialect import FLOW_NODES
from engine.bpmn.read.markup import Node, Report, is_bpmn, local, namespace, tags
from engine.bpmn.script import LONGEST_NAME

_NAMES = {
    "input": ("target",),
    "output": ("target",),
    "script": ("resultVariable",),
    "calledDecision": ("decisionId", "resultVariable"),
    "calledElement": ("processId",),
    "formDefinition": ("formId",),
    "taskDefinition": ("type",),
    "loopCharacteristics": ("inputElement", "outputCollection"),
}
"""Attributes of zeebe elements that name something; FEEL in them is measured when it is worked out."""


def check_lengths(root: Node, report: Report) -> None:
    """Ids of what runs, names of messages and signals, variables, and what is referred to; and the names that
    people read: they stand in every task, notice and finding."""
    for node in tags(root):
        for attribute in _measured(node):
            text = str(node.get(attribute, "")).strip()
            if len(text) > LONGEST_NAME and not (attribute != "id" and text.startswith("=")):
                report.error(
                    node,
                    "name-too-long",
                    f"{local(node)} 的 {attribute} 有 {len(text)} 个字，超过上限 {LONGEST_NAME} 个字。",
                    "请改短。",
                )
        label = node.get("name") or ""
        if len(label) > LONGEST_NAME and is_bpmn(node, "process", "lane", *FLOW_NODES):
            said = f"{local(node)} 的名称有 {len(label)} 个字，超过上限 {LONGEST_NAME} 个字。"
            report.dialect(node, "name-too-long", said, "请改短。")


def _measured(node: Node) -> tuple[str, ...]:
    if namespace(node) == dialect.ZEEBE:
        return _NAMES.get(local(node), ())
    if is_bpmn(node, "message", "signal"):
        return ("name",)
    return ("id",) if is_bpmn(node, "process", *FLOW_NODES) else ()
