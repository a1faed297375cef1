"""One finding about one element."""

from engine.bpmn.findings import Severity
from engine.bpmn.model import Element
from engine.bpmn.read.markup import Report


def say(
    task: Element, rule: str, message: str, hint: str, report: Report, *, severity: Severity = "error"
) -> None:
    """Report a finding where the element stands."""
    report.add(task.line, task.id, rule, message, hint, severity=severity)
