"""Many stories, in several processes: `python -m tests.engine.verbs.proof.run --stories 20000`.

Stories are numbered by seed; a run that was broken off goes on where it stood. The first story that fails is
made shorter and printed.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from engine.store import Database
from tests.databases import HOMES, Templates
from tests.engine.runtime.world import WORLD
from tests.temporary import lie_in_memory

from .choosing import numbers_of, shrink
from .machine import Story, Told

BATCH = 25
KEPT = Path(__file__).parents[4] / "var" / "proof"


@dataclass
class Notes:
    """Which batches have been played without a fault, by their first seed: a run goes on where it stood."""

    file: Path

    def done(self) -> set[int]:
        return set(map(int, self.file.read_text().split())) if self.file.exists() else set()

    def add(self, first: int) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as notes:
            notes.write(f"{first}\n")

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)


def quiet() -> None:
    """What fails here fails on purpose: nobody need read of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def fresh(home: str, folder: str) -> Iterator[Database]:
    """A database with the world in it."""
    place = Path(tempfile.mkdtemp())
    try:
        with Templates(Path(folder)).copy(home, place, filling=WORLD) as url:
            database = Database(url, durable=False)
            try:
                yield database
            finally:
                database.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def tell(
    home: str, folder: str, numbers: Sequence[int], told: Told | None = None, *, alone: bool = False
) -> str:
    """Play one story; "" or what went wrong."""
    with fresh(home, folder) as database:
        try:
            Story(database, numbers, told, alone=alone).play()
        except AssertionError as fault:
            return str(fault)
    return ""


def batch(home: str, folder: str, seeds: range) -> tuple[int, Told, float, list[tuple[int, str]]]:
    """Some stories: the first seed, what happened, seconds on the processor, and those that failed."""
    quiet()
    told, began = Told(), time.process_time()
    failed: list[tuple[int, str]] = []
    for seed in seeds:
        if fault := tell(home, folder, numbers_of(seed), told):
            failed.append((seed, fault))
    return seeds.start, told, time.process_time() - began, failed


def shortest(home: str, folder: str, seed: int) -> str:
    """The failing story of a seed, as short as it gets, with what went wrong."""
    numbers = shrink(numbers_of(seed), lambda numbers: bool(tell(home, folder, numbers)))
    return tell(home, folder, numbers)


def covering(home: str, folder: str, seeds: range) -> list[int]:
    """Few and short stories that hold every verb that any of these holds; longest list of verbs first."""
    played = {}
    for seed in seeds:
        told = Told()
        if not tell(home, folder, numbers_of(seed), told, alone=True):
            played[seed] = set(told.done), told.done.total()
    left = set[str]().union(*(verbs for verbs, _ in played.values()))
    found: list[int] = []
    while left:
        found.append(max(played, key=lambda seed: 100 * len(played[seed][0] & left) - played[seed][1]))
        left -= played[found[-1]][0]
    return found


def main() -> int:
    lie_in_memory()
    quiet()
    asked = _asked()
    folder = tempfile.mkdtemp()
    with fresh(asked.home, folder):
        pass  # the template is laid once, before anybody copies it
    if asked.cover:
        print(*covering(asked.home, folder, range(asked.first, asked.first + asked.cover)), sep=", ")
        return 0
    if asked.seed is not None:
        print(tell(asked.home, folder, numbers_of(asked.seed)) or "without a fault")
        return 0
    told, cpu = Told(), 0.0
    failed: list[tuple[int, str]] = []
    seeds = range(asked.first, asked.first + asked.stories)
    notes = Notes(KEPT / f"verbs-{asked.home}-{asked.first}-{asked.stories}")
    with ProcessPoolExecutor(asked.processes) as pool:
        parts = [seeds[at : at + BATCH] for at in range(0, len(seeds), BATCH)]
        parts = [part for part in parts if part.start not in notes.done()]
        print(f"{len(seeds) - sum(map(len, parts))} stories were played before")
        running = [pool.submit(batch, asked.home, folder, part) for part in parts]
        for count, one in enumerate(as_completed(running), 1):
            first, some, seconds, wrong = one.result()
            cpu, failed = cpu + seconds, failed + wrong
            if not wrong:
                notes.add(first)
            for mine, theirs in zip(vars(told).values(), vars(some).values(), strict=True):
                mine.update(theirs)
            for seed, fault in wrong:
                kept = KEPT / f"failed-{asked.home}-{seed}.txt"
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(fault)
                print(f"\nseed {seed} fails: {fault.splitlines()[-1][:600]} ({kept})")
            print(f"\r{min(count * BATCH, len(seeds)):>7} of {len(seeds)}", end="", flush=True)
            if len(failed) >= asked.most_failures:
                for other in running:
                    other.cancel()
                break
    print()
    if not failed:
        notes.forget()
    _print(told, cpu, failed)
    for seed, _ in sorted(failed)[: asked.shorten]:
        print(f"\nseed {seed}, as short as it gets:\n{shortest(asked.home, folder, seed)}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Random verbs of random people on generated models.")
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--home", choices=HOMES, default="sqlite")
    parser.add_argument("--most-failures", type=int, default=1)
    parser.add_argument("--seed", type=int, help="play this one alone, and show what happens")
    parser.add_argument("--cover", type=int, help="find few among so many that hold every verb")
    parser.add_argument("--shorten", type=int, default=1, help="so many that fail are made shorter and shown")
    return parser.parse_args()


def _print(told: Told, cpu: float, failed: list[tuple[int, str]]) -> None:
    stories = told.shapes.pop("stories", 0)
    print(f"{stories} stories without a fault, {len(failed)} with one, {cpu:.0f} s of processor time")
    for title, counted in (("done", told.done), ("refused", told.refused), ("shapes", told.shapes)):
        print(f"{title}: {', '.join(f'{name} {many}' for name, many in counted.most_common())}")
    if failed:
        print("failed seeds:", ", ".join(str(seed) for seed, _ in failed))


if __name__ == "__main__":
    sys.exit(main())
