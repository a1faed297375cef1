"""Measures the gate against a folder of BPMN models: `python tests/conformance/bpmn_constraints.py FOLDER`.

FOLDER holds `invalid/` and `valid/` (each .bpmn must be refused, or accepted), or plain .bpmn files, which
must be read or be refused with a place. `--all` prints every file with its first finding. Nothing is copied.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from engine.bpmn.findings import Finding, Refused
from engine.bpmn.reader import read_model


def judge(path: Path) -> list[Finding] | None:
    """The errors of a refused file, None for an accepted one."""
    try:
        read_model(path.read_bytes(), file=path.name, level="bpmn")
    except Refused as refusal:
        return refusal.findings
    return None


def measure(paths: Iterable[Path], *, show: bool, wanted: str) -> Counter[str]:
    """Counts accepted, refused, located and crashed files; prints the surprising ones."""
    counts: Counter[str] = Counter()
    for path in sorted(paths):
        try:
            findings = judge(path)
        except Exception as error:
            counts["crashed"] += 1
            print(f"CRASH    {path.name}: {error!r}")
            continue
        result = "accepted" if findings is None else "refused"
        counts[result] += 1
        if findings and all(finding.line > 0 for finding in findings):
            counts["located"] += 1
        if show or (wanted and result != wanted):
            first = findings[0] if findings else None
            said = f"{first.line} [{first.element}] {first.rule}: {first.message}" if first else ""
            print(f"{result:8} {path.name}  {said}")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="print every file")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    began = time.perf_counter()
    crashed = 0
    parts = [("invalid", "refused"), ("valid", "accepted")]
    found = [(folder / name, wanted) for name, wanted in parts if (folder / name).is_dir()]
    for part, wanted in found or [(folder, "")]:
        counts = measure(part.rglob("*.bpmn"), show=arguments.all, wanted=wanted)
        crashed += counts["crashed"]
        total = counts["accepted"] + counts["refused"] + counts["crashed"]
        print(
            f"{part.name}: {total} files, {counts['refused']} refused ({counts['located']} with a line"
            f" in every finding), {counts['accepted']} accepted, {counts['crashed']} crashed"
        )
    print(f"{time.perf_counter() - began:.1f} s")
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())
