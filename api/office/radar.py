"""A unit's components beside the group's mean and best, as the points of a radar chart (SVG, no script)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin
from typing import Any

FEWEST = 3
"""Two axes are a line: a chart needs three components with a full mark."""
RADIUS = 100.0
RINGS = (25, 50, 75, 100)
_LABEL_AT = 1.12


@dataclass(frozen=True)
class Axis:
    """One component: its name, where the axis ends, where its name stands and how it is anchored there."""

    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Radar:
    """Polygons as SVG `points`, each in percent of the full mark; the same figures stand in the table."""

    axes: list[Axis]
    rings: list[str]
    own: str
    mean: str
    best: str


def radar_of(parts: Sequence[Mapping[str, Any]]) -> Radar | None:
    """The chart of a sheet's parts that have a full mark; None with fewer than three."""
    shown = [part for part in parts if part["best"] and part["mean"]]
    if len(shown) < FEWEST:
        return None
    axes = [_axis(part["label"], number, len(shown)) for number, part in enumerate(shown)]
    return Radar(
        axes=axes,
        rings=[_polygon([Decimal(ring)] * len(shown)) for ring in RINGS],
        own=_polygon([_percent(part["exact"], part["best"]) for part in shown]),
        mean=_polygon([_percent(part["mean"], part["best"]) for part in shown]),
        best=_polygon([_percent(part["top"], part["best"]) for part in shown]),
    )


def _percent(value: str, best: str) -> Decimal:
    share = Decimal(value) / Decimal(best) * 100
    return min(max(share, Decimal(0)), Decimal(100))


def _direction(number: int, of: int) -> tuple[float, float]:
    """Axes begin at the top and go round like a clock."""
    angle = 2 * pi * number / of
    return sin(angle), -cos(angle)


def _axis(label: str, number: int, of: int) -> Axis:
    x, y = _direction(number, of)
    anchor = "middle" if abs(x) < 0.2 else "start" if x > 0 else "end"
    far = RADIUS * _LABEL_AT
    return Axis(label, _at(x * RADIUS), _at(y * RADIUS), _at(x * far), _at(y * far + 4), anchor)


def _polygon(percents: Sequence[Decimal]) -> str:
    found = []
    for number, percent in enumerate(percents):
        x, y = _direction(number, len(percents))
        length = RADIUS * float(percent) / 100
        found.append(f"{_at(x * length)},{_at(y * length)}")
    return " ".join(found)


def _at(place: float) -> float:
    return round(place, 1) + 0.0
