"""A process with little memory and little time that answers hostile inputs, one JSON line each.

In: `{"kind": "expression" | "test" | "model", "text"}`. Out: `{"sentence"}`, which is empty when the input
did no harm to anybody, itself included. More than one second of processor time for one input kills it.
"""

from __future__ import annotations

import json
import resource
import signal
import sys

from engine.dmn import DmnRefused, UnknownDecision, read
from engine.feel import FeelError, FeelSyntaxError, Warning, compile_expression, unary_test

MEGABYTES = 200
CONTEXT: dict[str, object] = {"x": {"a": 1, "b": [1, 2]}, "s": "text", "n": 7, "list": [1, 2, 3]}


def answer(kind: str, text: str) -> str:
    """The sentence that an input is answered with."""
    warnings: list[Warning] = []
    try:
        if kind == "model":
            return _decided(text)
        if kind == "test":
            found: object = unary_test(text)(1, CONTEXT, warnings=warnings)
        else:
            found = compile_expression(text)(CONTEXT, warnings=warnings)
    except FeelSyntaxError as error:
        return str(error)
    except FeelError as error:
        return error.message
    return warnings[0].message if warnings else "" if found is not None else "null"


def _decided(text: str) -> str:
    try:
        decisions = read(text.encode("utf-8", "surrogatepass"), file="hostile.dmn")
        outcome = decisions.decide("d", CONTEXT)
    except (DmnRefused, UnknownDecision) as error:
        return str(error)
    return outcome.warnings[0].message if outcome.value is None and outcome.warnings else ""


def main() -> None:
    """Answer until the input ends."""
    answer("expression", "1 + 1")
    answer("model", "<x/>")
    size = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    for line in sys.stdin:
        job = json.loads(line)
        signal.setitimer(signal.ITIMER_PROF, 1.0)
        sentence = answer(job["kind"], job["text"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps({"sentence": sentence}), flush=True)


if __name__ == "__main__":
    main()
