"""An instance as the checks look at it: its row, and every row that hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.runtime.checks.faults import Fault
from engine.runtime.steps.step import RUNNING, SUSPENDED
from engine.store import Row

LIVING = (RUNNING, SUSPENDED)


@dataclass
class Kept:
    """An instance's row, and every row that hangs on it, by statement."""

    row: Row
    parts: Mapping[str, list[Row]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def living(self) -> bool:
        """Whether it goes on."""
        return self.row["status"] in LIVING

    def fault(self, check: str, place: str, message: str) -> Fault:
        """A fault of this instance."""
        return Fault(check, place, f"流程实例 {self.id}（{self.row['process_key']}）：{message}", self.id)
