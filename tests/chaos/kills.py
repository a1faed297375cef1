"""`python -m tests.chaos.kills [--kills 500] [--each 50] [--afresh]`: the kills of `make proof`, with a sum.

The kills are dealt to storms of `--each` on a fresh database, SQLite and PostgreSQL in turn. A storm that is
over is one line in `var/proof/kills.jsonl`, so a run that was broken off goes on where it stood, as long as
the code is the same (`--afresh` begins again). Nothing is decided by the clock: a machine with other work on
it takes longer, that is all. On two quiet cores a storm of 50 takes about two minutes.

Answers 1 when something was lost or doubled, and says what.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.storm import Storm, storm
from tests.databases import HOMES, Templates
from tests.engine.runtime.world import WORLD
from tests.postgres import missing

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "proof" / "kills.jsonl"
TOLD_EVERY = 10
Row = dict[str, object]


def main() -> int:
    """Blow every storm that has not been blown, then add up."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=500)
    arguments.add_argument("--each", type=int, default=50)
    arguments.add_argument("--afresh", action="store_true")
    given = arguments.parse_args()
    homes = [home for home in HOMES if home == "sqlite" or missing() is None]
    plan = list(storms(given.kills, given.each, homes))
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    code = code_of(ROOT)
    done = [] if given.afresh else [row for row in rows_in(KEPT) if row["code"] == code]
    held = [one for one in plan if not any(is_of(row, one) for row in done)]
    say(f"{len(plan)} storms, {len(plan) - len(held)} of them blown before")
    failures = 0
    for number, one in enumerate(held, start=1):
        say(f"storm {number} of {len(held)}: {one['kills']} kills on {one['home']}, seed {one['seed']}")
        try:
            row = {**one, **blown(one), "code": code}
        except AssertionError as fault:
            say(f"FAULT: {fault}")
            failures += 1
            continue
        done.append(row)
        with KEPT.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(row) + "\n")
    print(summary([row for one in plan for row in done if is_of(row, one)], failures))
    return 1 if failures else 0


def storms(kills: int, each: int, homes: list[str]) -> Iterator[Row]:
    """So many kills dealt to storms, the homes in turn; each storm's seed is its number."""
    seed = 0
    while kills > 0:
        yield {"home": homes[seed % len(homes)], "seed": seed, "kills": min(each, kills)}
        kills, seed = kills - each, seed + 1


def is_of(row: Row, storm_: Row) -> bool:
    """Whether a kept row is of this storm."""
    return all(row.get(name) == value for name, value in storm_.items())


def blown(one: Row) -> Row:
    """Blow it, wait for the calm, count; what was counted. Raises AssertionError when something is wrong."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bihuan-storm-") as place:
        folder = Path(place)
        with (
            Templates(folder / "templates").copy(str(one["home"]), folder / "copy", filling=WORLD) as url,
            storm(url, folder / "storm", seed=int(str(one["seed"]))) as blowing,
        ):
            blowing.blow(kills=int(str(one["kills"])), told=progress)
            blowing.calm()
            blowing.assert_nothing_lost_or_doubled()
            return {**counted(blowing), "seconds": round(time.monotonic() - began)}


def counted(blowing: Storm) -> Row:
    """What happened in a storm."""
    told = blowing.memory
    return {
        "rounds": len(blowing.rounds),
        "acknowledged": len(told.acknowledged),
        "repeated": told.repeated,
        "unanswered": told.unanswered,
    }


def progress(blowing: Storm) -> None:
    """A line now and then."""
    if blowing.kills % TOLD_EVERY == 0:
        say(f"  {blowing.kills} kills, {len(blowing.memory.acknowledged)} acknowledged")


def summary(rows: list[Row], failures: int) -> str:
    """What all storms came to, by home and together."""
    lines = []
    for home in (*HOMES, "together"):
        mine = [row for row in rows if home in (row["home"], "together")]
        if mine:
            sums = {name: sum(int(str(row[name])) for row in mine) for name in (*SUMMED, "seconds")}
            counts = ", ".join(f"{sums[name]:,} {said}" for name, said in SUMMED.items())
            lines.append(f"{home}: {len(mine)} storms in {sums['seconds'] // 60} min, {counts}")
    wrong = f"{failures} storms with a FAULT" if failures else "0 lost, 0 doubled"
    return "\n".join([*lines, wrong])


SUMMED = {
    "kills": "kills",
    "rounds": "rounds",
    "acknowledged": "acknowledged",
    "repeated": "confirmed only when asked again",
    "unanswered": "without an answer",
}


def rows_in(file: Path) -> list[Row]:
    """The storms that were blown before."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def code_of(root: Path) -> str:
    """What the code is called: its commit, and what has been changed since."""
    commit = _git(root, "rev-parse", "HEAD").strip()
    changed = _git(root, "diff", "HEAD", "--", "engine", "api", "processes", "forms", "tests/chaos")
    return f"{commit}+{len(changed)}" if changed else commit


def _git(root: Path, *command: str) -> str:
    ended = subprocess.run(["git", *command], cwd=root, capture_output=True, text=True, check=False)
    return ended.stdout


def say(sentence: str) -> None:
    """To the one who waits."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
