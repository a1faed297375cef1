"""改进建议 on a score sheet: where most of the total was lost against the best of the group, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from processes.evaluation.grading.unfolding import plain

MOST = 2
"""So many components are named; more would not say where to begin."""
_CENTS = Decimal("0.01")


def advice_of(parts: Sequence[Mapping[str, Any]]) -> str:
    """`parts` as a sheet has them. What a gap costs in the total: its share of the full mark, weighted."""
    lost = [(points, part) for part in parts if (points := _lost(part)) >= _CENTS]
    if not lost:
        return "各分项都不低于组内最好，没有失分的地方。"
    lost.sort(key=lambda one: (-one[0], str(one[1]["key"])))
    words = [
        f"“{part['label']}”比组内最好低 {part['gap']}，少得 {plain(points)} 分"
        for points, part in lost[:MOST]
    ]
    return f"与组内最好相比，差距最大的是{'；其次是'.join(words)}。"


def _lost(part: Mapping[str, Any]) -> Decimal:
    if not (part["gap"] and part["weight"] and part["best"]):
        return Decimal(0)
    share = Decimal(part["gap"]) / Decimal(part["best"])
    return (share * Decimal(part["weight"])).quantize(_CENTS)
