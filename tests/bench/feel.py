"""Expressions against feelin and zen-engine in one run: `python -m tests.bench.feel [--turns 400] [--json]`.

Ours and zen-engine evaluate a compiled expression in their own Python process; feelin is asked over a pipe,
which is how a Python program would have to use it. Contexts are plain JSON values for all three, so that
converting them counts. Twice: with all variables of a task, and with only those an expression uses.
zen-engine is put into a temporary environment when it is not installed; feelin comes with `npm ci`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from engine.feel import compile_expression
from tests.bench.feel_cases import CASES, CONTEXT, used_by

HERE = Path(__file__).parent
FEELIN = HERE.parents[1] / "node_modules" / "feelin" / "dist" / "index.js"
ZEN = "zen-engine==2.1.3"
ROUNDS = 15

Context = dict[str, object]
Times = list[float | None]


def ours(text: str, context: Context, turns: int) -> float:
    """Median microseconds of one evaluation of a compiled expression."""
    expression = compile_expression(text)
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(turns):
            expression(context)
        rounds.append((time.perf_counter() - start) / turns * 1e6)
    return statistics.median(rounds)


def of_zen(contexts: list[Context], turns: int) -> Times:
    """The same for zen-engine, by whichever Python has it."""
    jobs = [[other or text, context, turns] for (text, other), context in zip(CASES, contexts, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        python = sys.executable
        if subprocess.run([python, "-c", "import zen"], capture_output=True, check=False).returncode:
            venv.create(folder, with_pip=True)
            python = str(Path(folder) / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", ZEN], check=True)
        script = str(HERE / "feel_zen.py")
        answer = subprocess.run(
            [python, script], input=json.dumps(jobs), capture_output=True, text=True, check=True
        )
    print(answer.stderr, end="", file=sys.stderr)
    return list(json.loads(answer.stdout))


def of_feelin(contexts: list[Context], turns: int) -> Times:
    """Median microseconds of a question to feelin and its answer."""
    if not FEELIN.exists():
        raise SystemExit("feelin is missing: npm ci --ignore-scripts")
    command = ["node", str(HERE / "feel_pipe.mjs"), str(FEELIN)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdin is not None and peer.stdout is not None
        found: Times = []
        for (text, _), context in zip(CASES, contexts, strict=True):
            rounds = []
            for _ in range(turns):
                start = time.perf_counter()
                peer.stdin.write(json.dumps({"text": text, "context": context}) + "\n")
                peer.stdin.flush()
                answer = json.loads(peer.stdout.readline())
                rounds.append((time.perf_counter() - start) * 1e6)
            found.append(None if "error" in answer else statistics.median(rounds))
        peer.stdin.close()
    return found


def compared(name: str, contexts: list[Context], turns: int) -> dict[str, object]:
    """One row an expression and the medians over all."""
    mine = [ours(text, context, turns) for (text, _), context in zip(CASES, contexts, strict=True)]
    zen, feelin = of_zen(contexts, turns), of_feelin(contexts, max(30, turns // 10))
    rows = [
        {"text": text, "ours": one, "zen": two, "feelin": three}
        for (text, _), one, two, three in zip(CASES, mine, zen, feelin, strict=True)
    ]
    peers = {"zen": zen, "feelin": feelin}
    medians = {
        "ours": statistics.median(mine),
        **{peer: statistics.median(t for t in times if t is not None) for peer, times in peers.items()},
    }
    ratios = {
        peer: statistics.median(
            other / own for own, other in zip(mine, times, strict=True) if other is not None
        )
        for peer, times in peers.items()
    }
    return {"context": name, "rows": rows, "medians": medians, "ratios": ratios}


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--turns", type=int, default=400)
    arguments.add_argument("--json", action="store_true", help="one JSON line a context")
    given = arguments.parse_args()
    everything: list[Context] = [CONTEXT for _ in CASES]
    for name, contexts in (
        ("all variables of a task", everything),
        ("only the variables used", [used_by(text) for text, _ in CASES]),
    ):
        result = compared(name, contexts, given.turns)
        print(json.dumps(result, ensure_ascii=False) if given.json else table(result), flush=True)


def table(result: dict[str, object]) -> str:
    """The result for people: microseconds."""

    def line(figures: dict[str, float | None], text: str) -> str:
        columns = (figures.get(peer) for peer in ("ours", "zen", "feelin"))
        return " ".join(" " * 8 + "-" if one is None else f"{one:9.2f}" for one in columns) + "  " + text

    rows, medians, ratios = result["rows"], result["medians"], result["ratios"]
    assert isinstance(rows, list) and isinstance(medians, dict) and isinstance(ratios, dict)
    lines = [f"\n{result['context']}, µs", "     ours       zen    feelin"]
    lines += [line(row, row["text"]) for row in rows]
    lines += [line(medians, "median"), line({"ours": 1, **ratios}, "median of the ratios to ours")]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
