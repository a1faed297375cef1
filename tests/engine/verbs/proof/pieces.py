"""One open work item on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .places import Step


@dataclass(eq=False)
class Piece:
    """One open work item. `dirty`: somebody changed it after the others have looked."""

    step: Step
    meant: str
    holder: str | None = None
    dirty: bool = False
    claim: bool = False
    serial: int = field(default_factory=count().__next__)
    owner: Piece | None = None
    """Who has asked for it (委派); the owner's own piece waits meanwhile."""

    @property
    def waits(self) -> bool:
        """Others do something first."""
        return any(piece.owner is self for piece in self.step.pieces)
