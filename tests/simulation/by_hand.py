"""Totals as a person works them out from the components with pencil and paper: nothing of the product."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
MOST_EXTRA = Decimal(50)


def zhangjiajie(components: Mapping[str, Any]) -> Decimal:
    """指标考核 60%, 公众评议 30%, 内部评估 10%, of 1000; 加分 and 减分 of at most 50 each."""
    parts = (
        Decimal(components["indicators"]) * 6
        + Decimal(components["public"]) * 3
        + Decimal(components["internal"])
    )
    plus, minus = (min(Decimal(components[name]), MOST_EXTRA) for name in ("plus", "minus"))
    return (parts + plus - minus).quantize(CENT, rounding=ROUND_HALF_UP)


def hangzhou(components: Mapping[str, Any]) -> Decimal:
    """目标考核 45%, 社会评价 50%, 领导考评 as its five points, 创新创优 on top."""
    parts = Decimal(components["targets"]) * 45 / 100 + Decimal(components["social"]) / 2
    return (parts + Decimal(components["leaders"]) + Decimal(components["innovation"])).quantize(
        CENT, rounding=ROUND_HALF_UP
    )
