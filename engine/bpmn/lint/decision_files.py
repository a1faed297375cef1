"""Decision files as far as a diagram cares: readable, and the ids that may be called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.findings import Finding, Refused
from engine.bpmn.gate import parse
from engine.bpmn.script import LONGEST_NAME
from engine.dmn import DmnRefused, read


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The ids of a file's decisions and decision services, and what is wrong with it."""

    decisions: frozenset[str]
    findings: list[Finding]


def read_decision_file(data: bytes, *, file: str, models: Mapping[str, bytes] | None = None) -> DecisionFile:
    """Never raises; a file that cannot be read is one finding. What it imports is looked for in `models`."""
    try:
        root = parse(data, file=file)
    except Refused as refusal:
        return DecisionFile(frozenset(), refusal.findings)
    name = etree.QName(root)
    if name.localname != "definitions" or "DMN" not in (name.namespace or ""):
        finding = Finding(
            file,
            root.sourceline if isinstance(root.sourceline, int) else 1,
            "",
            "not-dmn",
            "error",
            "文件的根元素不是 DMN 的 definitions。",
            "请选择 DMN 1.3 以上的决策文件。",
        )
        return DecisionFile(frozenset(), [finding])
    kinds = (f"{{{name.namespace}}}decision", f"{{{name.namespace}}}decisionService")
    ids = frozenset(node.get("id", "") for node in root.iter(*kinds)) - {""}
    return DecisionFile(ids, _too_long(root, kinds, file) + _compile(data, file, models))


def _too_long(root: etree._Element, kinds: Iterable[str], file: str) -> list[Finding]:
    """Ids that no row of the database takes."""
    found = []
    for node in root.iter(*kinds):
        identity, line = node.get("id", ""), node.sourceline if isinstance(node.sourceline, int) else 1
        if len(identity) > LONGEST_NAME:
            message = f"决策的 id 有 {len(identity)} 个字，超过上限 {LONGEST_NAME} 个字。"
            found.append(Finding(file, line, identity, "name-too-long", "error", message, "请改短。"))
    return found


def _compile(data: bytes, file: str, models: Mapping[str, bytes] | None) -> list[Finding]:
    """What the decision engine itself says about the model."""
    try:
        read(data, file=file, others=models)
    except DmnRefused as refused:
        return [
            Finding(
                found.file or file,
                found.line,
                found.element,
                "decision-model",
                "error",
                f"决策模型不能使用：{found.message}。",
                found.hint or "请在决策设计器里改正后重新保存。",
            )
            for found in refused.findings
        ]
    return []
