"""One job on one home, through the one door: `python -m tests.bench.job HOME [-n 500] [--open 10000]`.

start → user task A → exclusive gateway → user task B → end; every step in a transaction of its own, with
rights, form check, history, work items and audit. Then the first page of an inbox with many open tasks. It
prints one JSON line; the scripts of peers print lines of the same shape.
"""

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from api.assembly import check_form
from api.commands.line import spare_the_collector
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work import inbox
from engine.work.bindings import Bindings
from tests.databases import Templates
from tests.engine.bpmn.lint_diagrams import END, START, diagram, flow
from tests.engine.runtime.world import SUBJECT, World, build_world, user

JOB = diagram(
    SUBJECT,
    START,
    user("task_a", "unit.liaison"),
    '<bpmn:exclusiveGateway id="decide" name="同意?" default="no" />',
    user("task_b", "unit.head", form_id="review"),
    END,
    flow("f1", "begun", "task_a"),
    flow("f2", "task_a", "decide"),
    flow("yes", "decide", "task_b", name="是", condition='= value = "1"'),
    flow("no", "decide", "done", name="否"),
    flow("f5", "task_b", "done"),
)


def main() -> None:
    """Measure one home."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("home", choices=["sqlite", "postgresql"])
    arguments.add_argument("-n", type=int, default=500)
    arguments.add_argument("--open", type=int, default=10_000)
    given = arguments.parse_args()
    print(json.dumps(measure(given.home, count=given.n, open_items=given.open)), flush=True)


def measure(home: str, *, count: int, open_items: int) -> dict[str, object]:
    """One row of figures on one home, whose commits wait for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        templates = Templates(Path(folder))
        with templates.copy(home, Path(folder) / "copy") as url:
            database = Database(url)
            try:
                return _measure(home, _checking(build_world(database)), count, open_items)
            finally:
                database.close()


def _checking(world: World) -> World:
    """The world with the product's own check of forms, as a city has it."""
    bindings = Bindings(services={}, records={}, check_form=check_form)
    world.engine = Engine(world.engine.database, clock=world.clock, bindings=bindings)
    return world


def _measure(home: str, world: World, count: int, open_items: int) -> dict[str, object]:
    world.deploy(planning=JOB)
    world.start(drain=False)  # what is read once is read; the others' first one does not count either
    spare_the_collector()  # as every command of `bihuan` does when it is loaded
    row: dict[str, object] = {"peer": "bihuan", "layer": "verbs", "db": home, "model": "review"}
    row["start"] = _timed((lambda: world.start(drain=False)) for _ in range(count))
    for step, who, fields in (("complete_a", "ling", {"value": "1"}), ("complete_b", "tou", {})):
        person = world.person(who)
        with world.engine.database.read() as connection:
            items = inbox.mine(connection, person, limit=count).items
        row[step] = _timed(
            partial(
                act,
                world.engine,
                person,
                item.item_id,
                "complete",
                Request(item.lock_version, fields=dict(fields)),
            )
            for item in items
        )
    if open_items:
        row["inbox"] = _inbox(world, open_items)
    row["max_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    row["load1"] = os.getloadavg()[0]
    return row


def _inbox(world: World, open_items: int) -> dict[str, float]:
    for _ in range(open_items):
        world.start(drain=False)
    person = world.person("ling")

    def first_page() -> None:
        with world.engine.database.read() as connection:
            inbox.mine(connection, person)
            inbox.counts(connection, person)

    return _timed(first_page for _ in range(50))


def _timed(actions: Iterable[Callable[[], object]]) -> dict[str, float]:
    latencies = []
    cpu, began = time.process_time(), time.perf_counter()
    for action in actions:
        start = time.perf_counter()
        action()
        latencies.append(time.perf_counter() - start)
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    ordered = sorted(latencies)
    return {
        "n": len(ordered),
        "per_s": round(len(ordered) / wall, 1),
        "p50_ms": round(1000 * statistics.median(ordered), 2),
        "p95_ms": round(1000 * ordered[int(len(ordered) * 0.95) - 1], 2),
        "cpu_s": round(used, 2),
        "cpu_ms_each": round(1000 * used / len(ordered), 3),
    }


if __name__ == "__main__":
    main()
