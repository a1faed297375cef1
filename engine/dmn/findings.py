"""What is wrong with a decision model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where (file, line, id or name of the element), what, and what to do about it."""

    file: str
    line: int
    element: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" [{self.element}]" if self.element else "")
        return f"{where}: {self.message}" + (f"（{self.hint}）" if self.hint else "")


class DmnRefused(Exception):
    """The model cannot be used; `findings` says every reason."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings[:5]))
        self.findings = findings


class UnknownDecision(Exception):
    """No decision or decision service of that name or id; `known` lists those there are."""

    def __init__(self, wanted: str, known: list[str]) -> None:
        super().__init__(f"没有决策“{wanted}”；现有：{'、'.join(known) or '无'}")
        self.wanted = wanted
        self.known = known
