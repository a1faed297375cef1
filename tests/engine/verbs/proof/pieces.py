"""One open work item on paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from .votes import Seat, State

if TYPE_CHECKING:
    from .waiting import Step


@dataclass(eq=False)
class Piece:
    """One open work item. `dirty`: somebody changed it after the others have looked."""

    step: Step
    seat: Seat
    meant: str
    holder: str | None = None
    dirty: bool = False
    claim: bool = False
    shown: State = "open"
    serial: int = field(default_factory=count().__next__)

    @property
    def waits(self) -> bool:
        """Others do something first."""
        return self.seat.state == "held"

    @property
    def asked(self) -> bool:
        """Somebody was asked to do it, and it goes back to whose it is (委派)."""
        return self.seat.kind == "ask"
