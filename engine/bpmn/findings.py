"""What the gate, the reader and the lint have to say about a file, and the one exception of this room."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One located complaint.

    `line` counts from 1 (0: the file as a whole), `element` is the id of the BPMN element or "",
    `rule` a stable kebab-case name, `message` and `hint` Chinese sentences for the designer.
    """

    file: str
    line: int
    element: str
    rule: str
    severity: Severity
    message: str
    hint: str
    path: tuple[str, ...] = ()
    """Ids of the elements and flows on the way to the fault, where the rule knows one (a deadlock)."""

    def told(self) -> dict[str, str | int | list[str]]:
        """As it is told to programs: the fields by name; `path` only where there is one."""
        told = asdict(self)
        path = told.pop("path")
        return told | ({"path": list(path)} if path else {})


class Refused(Exception):
    """A diagram (or upload) may not be used. `findings` is never empty and says why, with places."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: list[Finding] = ordered(findings)
        super().__init__("; ".join(sentence(finding) for finding in self.findings[:5]))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by file, line, element, rule; each finding once."""
    return sorted(set(findings), key=lambda f: (f.file, f.line, f.element, f.rule, f.message))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only those that refuse the file."""
    return [finding for finding in findings if finding.severity == "error"]


def sentence(finding: Finding) -> str:
    """One line for a terminal: `planning.bpmn:12 [fill_targets] …`."""
    where = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return (
        f"{where} [{finding.element}] {finding.message}" if finding.element else f"{where} {finding.message}"
    )


def to_json(findings: Iterable[Finding]) -> dict[str, list[dict[str, str | int | list[str]]]]:
    """Body of `lint --json`: {"findings": [{file, line, element, rule, severity, message, hint, path?}]}."""
    return {"findings": [finding.told() for finding in findings]}


def from_json(told: Mapping[str, Any]) -> Finding:
    """A finding as it was told."""
    return Finding(**{**told, "path": tuple(told.get("path", ()))})
