"""Decisions: DMN 1.1 to 1.5 models, evaluated with `engine.feel`, answering which rules fired.

Knows nothing of processes, people or storage.
"""

from __future__ import annotations

from pathlib import Path

from engine.dmn.decisions import Decisions, DecisionTrace, Outcome
from engine.dmn.findings import DmnRefused, Finding, UnknownDecision
from engine.dmn.reader import read_definitions
from engine.dmn.running import FiredRule, LocatedWarning


def read(data: bytes, *, file: str = "", lenient: bool = False) -> Decisions:
    """The decisions in a file's bytes, compiled. Raises DmnRefused.

    With `lenient`, a text that is no FEEL and an unknown type do not refuse the file: the text is null.
    """
    return Decisions(read_definitions(data, file=file), lenient=lenient)


def load(path: str | Path) -> Decisions:
    """The decisions in a file, compiled. Raises DmnRefused and OSError."""
    where = Path(path)
    return read(where.read_bytes(), file=str(where))


__all__ = [
    "DecisionTrace",
    "Decisions",
    "DmnRefused",
    "Finding",
    "FiredRule",
    "LocatedWarning",
    "Outcome",
    "UnknownDecision",
    "load",
    "read",
]
