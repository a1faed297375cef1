"""A measured number beside the one that was promised."""

import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, in `unit`, and the most that it may be (None: told, not promised)."""

    name: str
    value: float
    unit: str
    most: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        """Is it within what was promised?"""
        return self.most is None or self.value <= self.most

    def row(self) -> dict[str, object]:
        """For the JSON line."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "most": self.most,
            "reached": self.reached if self.most is not None else None,
            "note": self.note,
        }


def table(figures: Iterable[Figure]) -> str:
    """One line a figure: what, how much, how much at most, and whether that was reached."""
    lines = []
    for figure in figures:
        most = "" if figure.most is None else f"≤ {figure.most:g} {figure.unit}"
        said = "" if figure.most is None else "reached" if figure.reached else "NOT REACHED"
        lines.append(
            f"{figure.name:<58} {figure.value:>10.3f} {figure.unit:<4} {most:<12} {said:<12} {figure.note}"
        )
    return "\n".join(lines)


@dataclass(frozen=True)
class Cost:
    """Seconds of one doing: on the clock and of this process's CPU."""

    wall: float
    cpu: float


def cost_of(action: Callable[[], object]) -> Cost:
    """Do it once."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def busy() -> bool:
    """Do others work on this machine, so that the clock says more of them than of us?"""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def middle(costs: Iterable[Cost]) -> Cost:
    """The medians."""
    told = list(costs)
    return Cost(statistics.median(c.wall for c in told), statistics.median(c.cpu for c in told))
