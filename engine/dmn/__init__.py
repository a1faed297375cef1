"""Decisions: DMN 1.1 to 1.5 models, evaluated with `engine.feel`, answering which rules fired.

Knows nothing of processes, people or storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.dmn.decisions import Decisions, DecisionTrace, Outcome
from engine.dmn.findings import DmnRefused, Finding, UnknownDecision
from engine.dmn.imports import siblings
from engine.dmn.reader import Outline, outline, read_definitions
from engine.dmn.running import FiredRule, LocatedWarning
from engine.keeping import Kept

MOST_FILES = 256
READ: Kept[tuple[bytes, str, bool], Decisions] = Kept(MOST_FILES)
"""Compiled files by content; many threads may share them."""


def read(
    data: bytes, *, file: str = "", lenient: bool = False, others: Mapping[str, bytes] | None = None
) -> Decisions:
    """The decisions in a file's bytes, compiled. Raises DmnRefused.

    What the model imports is looked for, by namespace, in `others`: files by name. Nothing is fetched.

    With `lenient`, a text that is no FEEL and an unknown type do not refuse the file: the text is null.
    """
    alone = b"import" not in data  # then its own content says everything
    kept = READ.get((data, file, lenient)) if alone else None
    if kept is not None:
        return kept
    decisions = Decisions(read_definitions(data, file=file, others=others), lenient=lenient)
    return READ.put((data, file, lenient), decisions) if alone else decisions


def load(path: str | Path) -> Decisions:
    """The decisions in a file, compiled; models that it imports are found beside it.

    Raises DmnRefused and OSError.
    """
    where = Path(path)
    data = where.read_bytes()
    return read(data, file=str(where), others=siblings(where) if b"import" in data else None)


__all__ = [
    "DecisionTrace",
    "Decisions",
    "DmnRefused",
    "Finding",
    "FiredRule",
    "LocatedWarning",
    "Outcome",
    "Outline",
    "UnknownDecision",
    "load",
    "outline",
    "read",
]
