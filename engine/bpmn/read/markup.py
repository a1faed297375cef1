"""Small words for talking about a BPMN tree, and the report in which findings are collected."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.dialect import BPMN, EVENT_DEFINITIONS, ZEEBE, Level
from engine.bpmn.findings import Finding, Severity

_INNER = frozenset(EVENT_DEFINITIONS) | {
    "conditionExpression",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
    "timeDuration",
    "timeDate",
    "timeCycle",
    "condition",
    "completionCondition",
    "loopCardinality",
    "documentation",
}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

Node = etree._Element


def local(node: Node) -> str:
    """Name without namespace; "" for comments and the like."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def tags(root: Node) -> Iterator[Node]:
    """Every element below `root`, itself included; comments left out."""
    return (node for node in root.iter() if isinstance(node.tag, str))


def said(node: Node, attribute: str, default: str) -> str:
    """An attribute's stripped text, or the default."""
    return str(node.get(attribute, default)).strip()


def is_true(node: Node, attribute: str, *, default: bool = False) -> bool:
    """A boolean attribute of XML Schema."""
    return said(node, attribute, "true" if default else "false") in ("true", "1")


def prune(root: Node) -> None:
    """Removes BPMN elements from places where they mean nothing: documentation, extensions, drawings.

    Other tools keep such things there; they must not be mistaken for steps of the process.
    """
    inert = [
        node for node in tags(root) if node is not root and is_bpmn(node) and _is_inert(node.getparent())
    ]
    for node in inert:
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)


def _is_inert(parent: Node | None) -> bool:
    return parent is not None and (
        not is_bpmn(parent) or local(parent) in ("documentation", "text", "extensionElements", "script")
    )


def namespace(node: Node) -> str:
    return etree.QName(node).namespace or "" if isinstance(node.tag, str) else ""


def is_bpmn(node: Node, *names: str) -> bool:
    """Is this an element of BPMN (and, when names are given, one of them)?"""
    return namespace(node) == BPMN and (not names or local(node) in names)


def line(node: Node) -> int:
    """The line of the start tag, from 1."""
    number = node.sourceline
    return number if isinstance(number, int) else 0


def all_of(root: Node, *names: str) -> Iterator[Node]:
    """Every BPMN element below `root` (itself included) with one of these names, in the file's order."""
    return root.iter(*(f"{{{BPMN}}}{name}" for name in names))


def children(node: Node, *names: str) -> Iterator[Node]:
    """Direct BPMN children with one of these names."""
    return node.iterchildren(*(f"{{{BPMN}}}{name}" for name in names))


def child(node: Node, name: str) -> Node | None:
    return next(children(node, name), None)


def text_of(node: Node | None) -> str | None:
    """The stripped text, or None where there is no element or only white space."""
    if node is None:
        return None
    return "".join(str(part) for part in node.itertext()).strip() or None


def zeebe(node: Node, name: str) -> Node | None:
    """The zeebe extension element `name` of a BPMN element."""
    extensions = child(node, "extensionElements")
    return None if extensions is None else extensions.find(f"{{{ZEEBE}}}{name}")


def properties_of(node: Node) -> dict[str, str]:
    """`zeebe:properties` as a dictionary; the last of two equal names wins."""
    holder = zeebe(node, "properties")
    if holder is None:
        return {}
    return {
        item.get("name", ""): item.get("value", "") for item in holder.iterchildren(f"{{{ZEEBE}}}property")
    }


def reference(text: str | None) -> str | None:
    """The local part of a QName reference such as `tns:message_1`."""
    if text is None or not text.strip():
        return None
    return text.strip().rpartition(":")[2]


def owner(node: Node) -> str:
    """The id by which a designer finds this place: the nearest element that is drawn or listed."""
    current: Node | None = node
    while current is not None:
        if local(current) not in _INNER and current.get("id") and namespace(current) == BPMN:
            return str(current.get("id"))
        current = current.getparent()
    return ""


FOR_RUNNING = frozenset(
    {"condition-not-feel", "condition-empty", "message-missing", "message-unsendable", "message-uncorrelated"}
    | {"signal-missing", "timer-empty", "code-missing", "loop-empty", "loop-endless", "unsupported-global"}
)
"""What only a process that runs must say.

"A non-executable Process … has been modeled for the purpose of documenting … Thus, information needed for
execution, such as formal condition expressions are typically not included" (BPMN 2.0.2, 10.2).
"""


def executed(node: Node) -> bool:
    """Is this part of a process marked executable; outside of every process: is there one in the file?"""
    outer = [node, *node.iterancestors()]
    processes = [one for one in outer if is_bpmn(one, "process")] or list(all_of(outer[-1], "process"))
    return not processes or any(is_true(process, "isExecutable") for process in processes)


@dataclass(slots=True)
class Report:
    """Collects findings about one file. `strict` complaints are errors at level bpmn, else warnings."""

    file: str
    level: Level = "dialect"
    findings: list[Finding] = field(default_factory=list)
    severed: set[str] = field(default_factory=set)
    """Ids of steps that lost a connection with a wrong end: said once, what follows from it is a warning."""

    def error(self, node: Node, rule: str, message: str, hint: str) -> None:
        drawn = self.level == "bpmn" and rule in FOR_RUNNING and not executed(node)
        self.add(line(node), owner(node), rule, message, hint, severity="warning" if drawn else "error")

    def warning(self, node: Node, rule: str, message: str, hint: str) -> None:
        self.add(line(node), owner(node), rule, message, hint, severity="warning")

    def strict(self, node: Node, rule: str, message: str, hint: str) -> None:
        severity: Severity = "error" if self.level == "bpmn" else "warning"
        self.add(line(node), owner(node), rule, message, hint, severity=severity)

    def dialect(self, node: Node, rule: str, message: str, hint: str) -> None:
        """An error at level dialect, no finding at level bpmn."""
        if self.level == "dialect":
            self.add(line(node), owner(node), rule, message, hint)

    def add(
        self,
        line: int,
        element: str,
        rule: str,
        message: str,
        hint: str,
        *,
        severity: Severity = "error",
        path: tuple[str, ...] = (),
    ) -> None:
        self.findings.append(Finding(self.file, line, element, rule, severity, message, hint, path))

    @property
    def refused(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)
