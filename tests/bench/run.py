"""One job, measured on both homes and, beside it, on other engines: `make bench [PEERS=FOLDER]`.

`python -m tests.bench.run [-n 400] [--open 10000] [--rounds 3] [--peers FOLDER] [--only NAME]`: ours and the
fast peers take turns, `--rounds` times, because what else the machine does changes from minute to minute; of
each step the round with the least CPU counts. The rows and the table stay in `var/bench`, and the table is
printed. Every commit of everybody waits for the disk. A peer that cannot run is named with the reason.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.cluster import NoCluster, durable_cluster
from tests.bench.peers import NotRun, Peer, made_ready, peers_in, rows_of, variants_of
from tests.bench.table import Row, best_of, table
from tests.postgres import PostgresMissing

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "bench"
IN_TURNS = ("bench_spiff.py",)
"""Peers that are measured in every round; the others once, for they are far away."""


def main() -> None:
    """Measure, print the table, keep it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("-n", type=int, default=400)
    arguments.add_argument("--open", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--peers", type=Path, help="a folder with other engines' scripts")
    arguments.add_argument("--only", help="only peers whose script's name holds this")
    given = arguments.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder, ExitStack() as stack:
        homes = ["sqlite"]
        try:
            url = stack.enter_context(durable_cluster(Path(folder)))
            os.environ["BIHUAN_TEST_POSTGRES"] = url
            homes.append("postgresql")
        except (NoCluster, PostgresMissing) as reason:
            _leave_out(left_out, "PostgreSQL", reason)
        rows = list(_rows(given, homes, Path(folder), left_out))
    (KEPT / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    shown = table(best_of(rows), left_out)
    (KEPT / "table.md").write_text(shown, "utf-8")
    print(shown)
    _say(f"kept: {KEPT / 'table.md'} and rows.jsonl beside it")


def _rows(
    given: argparse.Namespace, homes: list[str], folder: Path, left_out: dict[str, str]
) -> Iterator[Row]:
    runs = list(_peers(given, folder, left_out)) if given.peers else []
    for number in range(given.rounds):
        sizes = ["-n", str(given.n), "--open", str(0 if number else given.open)]
        for home in homes:
            yield from _measured([sys.executable, "-m", "tests.bench.job", home, *sizes], ROOT, left_out)
        for peer, command, place in runs:
            if number and peer.script.name not in IN_TURNS:
                continue
            if "postgres" in command and "postgresql" not in homes:
                _leave_out(left_out, _shown(command), NotRun(left_out["PostgreSQL"]))
                continue
            yield from _measured(command, place, left_out)


def _measured(command: list[str], place: Path, left_out: dict[str, str]) -> Iterator[Row]:
    _say(_shown(command))
    try:
        yield from rows_of(command, place)
    except NotRun as reason:
        _leave_out(left_out, _shown(command), reason)


def _shown(command: list[str]) -> str:
    return " ".join(Path(word).name for word in command)


def _peers(
    given: argparse.Namespace, folder: Path, left_out: dict[str, str]
) -> Iterator[tuple[Peer, list[str], Path]]:
    """Each run of each peer that can be made ready: its command, and the copy of its folder to run in."""
    place = folder / "peers"
    try:
        shutil.copytree(given.peers, place)
        found = peers_in(place)
    except (NotRun, OSError) as reason:
        _leave_out(left_out, str(given.peers), reason)
        return
    for peer in found:
        if given.only and given.only not in peer.script.name:
            continue
        try:
            command = made_ready(peer, home=KEPT, place=place)
        except NotRun as reason:
            _leave_out(left_out, peer.script.name, reason)
            continue
        for arguments in variants_of(peer, count=given.n, open_items=given.open):
            yield peer, [*command, *arguments], place


def _leave_out(left_out: dict[str, str], tried: str, reason: Exception) -> None:
    left_out[tried] = str(reason)
    _say(f"{tried} is left out: {reason}")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
