"""Runs betsy's BPMN processes: `python -m tests.conformance.betsy FOLDER [--all] [--only NAME]`.

FOLDER holds `tests.json` and the models it names. Each process is read by the gate at level bpmn and run with
its test inputs, its traces compared (sorted, as the suite does). One of four verdicts a process: passed;
refused (by the gate, with element, line and rule); failed; crashed. Nothing is copied.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.bpmn.failures import ExecutionFailed, UncaughtError
from engine.bpmn.findings import Finding, Refused
from engine.bpmn.model import Model
from engine.bpmn.reader import read_model
from tests.conformance.betsy_models import translated
from tests.conformance.betsy_world import NeverQuiet, World

PARALLEL, MARKER = "ParallelProcess", "MARKER_exists"
DEPLOYMENT, RUNTIME = frozenset({"ERROR_deployment", "ERROR"}), frozenset({"ERROR_runtime", "ERROR"})


def run_case(model: Model, process: str, case: dict[str, Any]) -> str:
    """Empty when the case passed, else what was found instead."""
    wanted = sorted(case["traces"])
    world = World(model)
    variables = {"test": case["input"], "integerVariable": Decimal(case["integer"])}
    try:
        if case["parallel"]:
            world.start(PARALLEL, {})
        world.start(process, variables)
        world.live(timedelta(milliseconds=case["delay"]))
    except UncaughtError as error:
        world.trace.append("ERROR_thrownErrorEvent" if "ERROR_thrownErrorEvent" in wanted else error.message)
    except ExecutionFailed as error:
        world.trace += [*(set(wanted) & RUNTIME)] or [f"{error.element}: {error.message}"]
    unasked = {MARKER} - set(wanted)  # a file beside the trace: looked for only where a case asks for it
    found = sorted(line for line in world.trace if line not in unasked)
    if found == wanted:
        return ""
    stuck = f", stuck at {', '.join(world.stuck)}" if world.stuck else ""
    return f"input {case['input']}: expected {' '.join(wanted)}; got {' '.join(found)}{stuck}"


def refusal(findings: list[Finding], expected: set[str]) -> tuple[str, str]:
    """A refused model passes only where the suite wants it refused, and as wrong, not as unsupported."""
    wrong = [one for one in findings if not one.rule.startswith("unsupported")]
    if expected & DEPLOYMENT and wrong:
        return "passed", f"refused as the suite wants: {wrong[0].rule}"
    said = dict.fromkeys(f"{one.line} [{one.element}] {one.rule}: {one.message}" for one in findings)
    return "refused", "; ".join(said)


def judge(folder: Path, test: dict[str, Any]) -> tuple[str, str]:
    """The verdict on one process, and why."""
    path = folder / test["file"]
    expected = {line for case in test["cases"] for line in case["traces"]}
    try:
        model = read_model(translated(path.read_bytes()), file=path.name, level="bpmn")
    except Refused as refused:
        return refusal(refused.findings, expected)
    try:
        failures = [said for case in test["cases"] if (said := run_case(model, test["name"], case))]
    except NeverQuiet as error:
        return "failed", str(error)
    except Exception as error:
        return "crashed", repr(error)
    return ("failed", " | ".join(failures)) if failures else ("passed", "")


def main() -> int:
    """Print a line for each process that did not pass, and the totals; 1 when something crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="print the passed ones too")
    parser.add_argument("--only", default="", help="processes whose name contains this")
    given = parser.parse_args()
    tests = json.loads((given.folder / "tests.json").read_text(encoding="utf-8"))
    chosen = [test for test in tests if given.only in test["name"]]
    totals: Counter[str] = Counter()
    groups: dict[str, Counter[str]] = {}
    for test in chosen:
        verdict, why = judge(given.folder, test)
        totals[verdict] += 1
        totals["cases"] += len(test["cases"]) if verdict == "passed" else 0
        groups.setdefault(test["group"], Counter())[verdict] += 1
        if given.all or verdict != "passed":
            print(f"{verdict:8} {test['group']}/{test['name']}  {why}")
    for group, counts in groups.items():
        print(f"{group}: " + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    cases = sum(len(test["cases"]) for test in chosen)
    print(
        f"processes: {len(chosen)}, {totals['passed']} passed ({totals['cases']} of {cases} cases), "
        f"{totals['refused']} refused by name, {totals['failed']} failed, {totals['crashed']} crashed"
    )
    return 1 if totals["crashed"] or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
