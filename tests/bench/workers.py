"""What a second worker adds on PostgreSQL: `python -m tests.bench.workers [-n 400] [--rounds 3]`.

A queue of real work stands ready: instances that wait for a service task (`bihuan:publish`, then a task for a
person). It is released in one transaction, and real `bihuan worker` processes work it off: one of them, then
two, in turns, on the same database with commits that reach the disk. One JSON line a round: jobs a second,
the CPU that workers and database used for a job, how busy the machine was. The last line is the ratio of the
medians and what the time of one job is made of.

`--jobs children` are the same instances as children of one call: each counts down one row of their parent.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, text

from engine.jobs.postgresql import ProcrastinateQueue
from engine.runtime.background import running
from engine.runtime.engine import Engine
from engine.store import Database
from tests import postgres
from tests.chaos.workers import Worker, until, workers
from tests.databases import Templates
from tests.engine.runtime.test_background import call
from tests.engine.runtime.world import World, build_world, in_a_row, service, user

TELL = (
    '<zeebe:input source="= &#34;assigned&#34;" target="messageName" />'
    '<zeebe:input source="= unit.code" target="correlationKey" />'
)
ONE = in_a_row(
    service("tell", "bihuan:publish", inputs=TELL),
    user("check", "assessor.office.reviewer"),
    process='id="one_unit" name="单位办理"',
)
ALL = in_a_row(call("all_units", "one_unit", many=True), user("look", "assessor.office.reviewer"))
LASTING = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
"""A city's own settings, not those of the tests."""
TICKS = os.sysconf("SC_CLK_TCK")
HELD = datetime(2100, 1, 1, tzinfo=UTC)
WARMING = 40
"""Jobs that each worker does before it is measured: it reads and compiles the diagrams at its first."""


@dataclass(frozen=True)
class Used:
    """CPU seconds so far: of some workers, of the database's processes, and of the whole machine."""

    workers: float
    database: float
    machine: float
    idle: float


def main() -> None:
    """Measure one and two workers in turns."""
    arguments = argparse.ArgumentParser(description="What a second worker adds on PostgreSQL")
    arguments.add_argument("-n", type=int, default=400, help="jobs a round")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--jobs", choices=("call", "children"), default="call")
    arguments.add_argument("--most", type=int, default=2, help="how many workers against one")
    given = arguments.parse_args()
    # Where a city's data lies: on the disk, not in memory.
    with tempfile.TemporaryDirectory() as folder, postgres.private_cluster(**LASTING) as cluster:
        os.environ["BIHUAN_TEST_POSTGRES"] = cluster
        with Templates(Path(folder)).copy("postgresql", Path(folder) / "copy") as url:
            hurried = make_url(url).update_query_dict({"options": "-c synchronous_commit=off"})
            database = Database(hurried.render_as_string(hide_password=False))
            world = build_world(database)
            world.engine = Engine(
                database,
                clock=world.clock,
                bindings=world.engine.setup.bindings,
                queue=ProcrastinateQueue(),
            )
            world.deploy(one=ONE, planning=ALL)
            rows: dict[int, list[float]] = {1: [], given.most: []}
            for _ in range(given.rounds):
                for count in rows:
                    jobs = given.n + WARMING * count
                    fill(world, jobs, children=given.jobs == "children")
                    with workers(url, Path(folder), count=count) as started:
                        row = measure(world, started, jobs=given.n, server=postmaster(cluster))
                    print(json.dumps(row), flush=True)
                    rows[count].append(float(row["jobs_per_s"]))  # type: ignore[arg-type]
            one, more = (statistics.median(found) for found in rows.values())
            told = {"workers": given.most, "jobs": given.jobs, "times_the_work_of_one": round(more / one, 2)}
            print(json.dumps(told), flush=True)
            database.close()


def fill(world: World, count: int, *, children: bool) -> None:
    """Lay a queue of `count` jobs that nobody may take yet."""
    unit = world.unit("U1")
    if children:
        world.start(units=[{**unit, "code": f"N{number}"} for number in range(count)], drain=False)
        while making := world.scalar("select id from job where kind = 'spawn' limit 1"):
            running.run_job(world.engine.setup, making)
    else:
        for number in range(count):
            world.start("one_unit", drain=False, unit={**unit, "code": f"N{number}"})
    with world.engine.database.write() as connection:
        connection.execute(text("update job set run_at = :held"), {"held": HELD})
        connection.execute(text("delete from procrastinate_jobs"))


def release(world: World, count: int) -> None:
    """Let the next `count` jobs be due, in one transaction, as a step queues its jobs."""
    with world.engine.database.write() as connection:
        values = {"now": datetime.now(UTC), "held": HELD, "count": count}
        rows = connection.execute(
            text(
                "update job set run_at = :now where id in "
                "(select id from job where run_at = :held order by id limit :count) "
                "returning id, run_at, kind"
            ),
            values,
        )
        ProcrastinateQueue().announce(connection, [dict(row) for row in rows.mappings()])


def wait_until_done(world: World) -> None:
    """Until nothing is left that may be done."""
    while world.scalar("select exists (select from job where run_at < :held)", held=HELD):
        time.sleep(0.02)


def measure(world: World, started: list[Worker], *, jobs: int, server: int) -> dict[str, object]:
    """Release the queue and wait until it is empty; one row of figures."""
    listening = "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '20 s'"
    until(lambda: int(world.scalar(listening)) >= len(started))
    for _ in range(2):
        release(world, WARMING * len(started) // 2)
        wait_until_done(world)
    before, began = used(started, server), time.perf_counter()
    release(world, jobs)
    wait_until_done(world)
    wall, after = time.perf_counter() - began, used(started, server)
    machine = after.machine - before.machine
    return {
        "workers": len(started),
        "jobs_per_s": round(jobs / wall, 1),
        "worker_cpu_ms": round(1000 * (after.workers - before.workers) / jobs, 2),
        "database_cpu_ms": round(1000 * (after.database - before.database) / jobs, 2),
        "machine_busy": round(1 - (after.idle - before.idle) / machine, 2),
        "load1": round(os.getloadavg()[0], 2),
    }


def postmaster(cluster: str) -> int:
    """The process of a cluster of our own."""
    socket = Path(str(make_url(cluster).query["host"]))
    return int((socket.parent / "data" / "postmaster.pid").read_text().split()[0])


def used(started: list[Worker], server: int) -> Used:
    """What has been used until now."""
    times = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return Used(
        workers=sum(cpu_of(worker.pid) for worker in started),
        database=sum(cpu_of(pid) for pid in family_of(server)),
        machine=sum(times) / TICKS,
        idle=(times[3] + times[4]) / TICKS,
    )


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(word) for word in fields[11:15]) / TICKS


def family_of(parent: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


if __name__ == "__main__":
    main()
