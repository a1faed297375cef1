"""Measures zen-engine on the benchmark's expressions; run by `feel.py` in an environment that has it.

Standard input: a JSON list of [text, context, turns]; output: a JSON list of microseconds or null.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import zen  # type: ignore[import-not-found]


def measured(text: str, context: dict[str, object], turns: int) -> float | None:
    """Median microseconds of one evaluation of a compiled expression; None when ZEN refuses it."""
    try:
        compiled = zen.compile_expression(text)
        compiled.evaluate(context)
    except Exception as error:
        print(f"zen-engine: {text}: {error}", file=sys.stderr)
        return None
    rounds = []
    for _ in range(15):
        start = time.perf_counter()
        for _ in range(turns):
            compiled.evaluate(context)
        rounds.append((time.perf_counter() - start) / turns * 1e6)
    return statistics.median(rounds)


json.dump([measured(*job) for job in json.load(sys.stdin)], sys.stdout)
