"""What an act costs in a real city: `python -m tests.bench.acts [--units 12] [--months 2] [--profile FILE]`.

The demonstration city plans 2018 and reports months of 2017 through the same door as people: each task is
looked at, answered and followed up until the engine is quiet. One JSON line a stage: how many acts, and per
act the CPU and wall time and the statements of each part (who it is, the look, the verb, what follows).
"""

import argparse
import cProfile
import json
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from api.assembly import build_bindings
from engine.clock import VirtualClock, today
from engine.people.persons import Person, person_of
from engine.runtime.engine import Engine
from engine.store import Database
from engine.verbs.door import act
from engine.verbs.refusals import Refusal
from engine.verbs.showing.view import ItemView, view
from engine.verbs.visit import Request
from processes.cycle.running import engine_cycle
from processes.demo import build_demo
from tests.databases import create_schema
from tests.monitoring.city import library as months_library
from tests.processes.city import library as plans_library

PLANNING = datetime(2018, 2, 1, 1, 0, tzinfo=UTC)
MONTHS = datetime(2017, 7, 3, 1, 0, tzinfo=UTC)
OPEN = """
select id, instance_id, element_id, assignee_id, unit_id, post_key, claim_first from work_item order by id
"""
AGAIN = 3
"""How often somebody does the same step about the same unit before giving up."""
HOLDER = "select user_id from membership where unit_id = :unit and post_key = :post order by user_id"


@dataclass
class Part:
    """What one part of all acts has cost."""

    cpu: float = 0.0
    wall: float = 0.0
    statements: int = 0


@dataclass
class Meter:
    """Costs by part; `statements` counts everything that the driver ran."""

    parts: dict[str, Part] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    statements: int = 0

    def count(self, connection: sqlite3.Connection, _entry: object) -> None:
        """Count what this connection runs from now on."""
        connection.set_trace_callback(self._seen)

    def _seen(self, _statement: str) -> None:
        self.statements += 1

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what happens inside to the part `name`."""
        into = self.parts.setdefault(name, Part())
        cpu, wall, before = time.process_time(), time.perf_counter(), self.statements
        try:
            yield
        finally:
            into.cpu += time.process_time() - cpu
            into.wall += time.perf_counter() - wall
            into.statements += self.statements - before

    def row(self, stage: str) -> dict[str, object]:
        """The figures of a stage, per act."""
        count = sum(self.acts.values())
        shown = {
            name: {
                "cpu_ms": round(1000 * part.cpu / count, 2),
                "wall_ms": round(1000 * part.wall / count, 2),
                "statements": round(part.statements / count, 1),
            }
            for name, part in self.parts.items()
        }
        whole = {
            key: round(sum(float(one[key]) for one in shown.values()), 2)
            for key in ("cpu_ms", "wall_ms", "statements")
        }
        return {"stage": stage, "acts": count, "failed": dict(self.failed), "whole": whole, **shown}


@dataclass
class Town:
    """The city with an engine of its own for one stage."""

    name: str
    engine: Engine
    clock: VirtualClock
    meter: Meter

    def rows(self, sql: str, **values: object) -> list[Mapping[str, Any]]:
        with self.engine.database.read() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def start(self, process: str, year: int, **variables: object) -> None:
        """Start a stage and let the engine make what follows."""
        [row] = self.rows("select id from cycle where year = :year", year=year)
        with self.engine.database.read() as connection:
            cycle = engine_cycle(connection, row["id"])
        with self.meter.part("start"):
            self.engine.start(process, cycle=cycle, variables=variables)
            self.engine.drain()

    def work(self) -> None:
        """Everybody answers what lies on their desk, until nobody can go on."""
        given_up: set[str] = set()
        times: Counter[tuple[str, str]] = Counter()
        while todo := [row for row in self.rows(OPEN) if row["id"] not in given_up]:
            for row in todo:
                place = (row["instance_id"], row["element_id"])
                times[place] += 1
                if times[place] > AGAIN or not self._answer(row):
                    given_up.add(row["id"])

    def _answer(self, row: Mapping[str, Any]) -> bool:
        holder = row["assignee_id"] or self._holder(row)
        if holder is None:
            return False
        with self.meter.part("person"), self.engine.database.read() as connection:
            person = person_of(connection, holder, on=today(self.clock))
        try:
            if row["claim_first"] and row["assignee_id"] is None:
                with self.meter.part("claim"):
                    act(self.engine, person, row["id"], "claim", Request(version=1))
            self._complete(person, row["id"])
        except Refusal as refusal:
            self.meter.failed[f"{refusal.code}: {str(refusal)[:60]}"] += 1
            return False
        with self.meter.part("follow"):
            self.engine.drain()
        return True

    def _holder(self, row: Mapping[str, Any]) -> str | None:
        held = self.rows(HOLDER, unit=row["unit_id"], post=row["post_key"])
        return held[0]["user_id"] if held else None

    def _complete(self, person: Person, item_id: str) -> None:
        with self.meter.part("view"):
            shown = view(self.engine, person, item_id)
        verb = "register_for" if shown.registers_for else "complete"
        request = Request(
            version=shown.item.lock_version,
            outcome=shown.outcomes[0].key,
            opinion="情况属实。" if shown.outcomes[0].key in shown.opinion_required_for else "",
            fields=answered(shown),
        )
        with self.meter.part("act"):
            act(self.engine, person, item_id, verb, request)
        self.meter.acts[shown.element.id] += 1


def answered(shown: ItemView) -> dict[str, Any]:
    """What somebody in a hurry would send."""
    if shown.form is None:
        return {}
    data = dict(shown.form.stored)
    change = FILLED.get(shown.element.id)
    return change(data) if change else data


def _figures(data: dict[str, Any]) -> dict[str, Any]:
    rows = [{**row, "value": str(3 + number), "no_data": False} for number, row in enumerate(data["figures"])]
    return {**data, "figures": rows}


def _targets(data: dict[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "targets": [{**row, "responsible": "张三", "measures": "按季度推进"} for row in data["targets"]],
    }


def _lights(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "lights": [{**row, "text": "雨季停工", "remedy": "增加班组"} for row in data["lights"]]}


FILLED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "report_progress": _figures,
    "explain_light": _lights,
    "fill_targets": _targets,
    "collate_targets": _targets,
}


def lay(url: str) -> None:
    """The city with planning and monitoring deployed."""
    create_schema(url)
    database = Database(url)
    with database.write() as connection:
        build_demo(connection, password_hash="", year=2018)
    Engine(database, clock=VirtualClock(MONTHS), bindings=build_bindings()).deploy(
        plans_library() | months_library()
    )
    database.close()


def town(url: str, name: str, begin: datetime) -> Town:
    """An engine on the city at an instant."""
    database, clock, meter = Database(url), VirtualClock(begin), Meter()
    event.listen(database.engine, "connect", meter.count)
    return Town(name, Engine(database, clock=clock, bindings=build_bindings()), clock, meter)


def monitoring(url: str, *, units: int, months: int) -> Town:
    """Months of 2017, one after another, every unit reporting."""
    here = town(url, "monitoring", MONTHS)
    sql = "select distinct u.code from unit u join target t on t.unit_id = u.id order by u.code"
    codes = [row["code"] for row in here.rows(sql)][:units]
    for month in range(6, 6 + months):
        here.start("monthly_monitor", 2017, period=f"2017-{month:02}", unitCodes=codes)
        here.work()
    return here


def planning(url: str, *, units: int) -> Town:
    """The plan of 2018."""
    here = town(url, "planning", PLANNING)
    sql = "select distinct u.code from unit u join unit_plan p on p.unit_id = u.id order by u.code"
    here.start("plan_setting", 2018, unitCodes=[row["code"] for row in here.rows(sql)][:units])
    here.work()
    return here


def main() -> None:
    """Measure both stages."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--units", type=int, default=12)
    arguments.add_argument("--months", type=int, default=2)
    arguments.add_argument("--profile", help="write what the profiler saw into this file")
    given = arguments.parse_args()
    profiler = cProfile.Profile() if given.profile else None
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'city.db'}"
        lay(url)
        if profiler:
            profiler.enable()
        for here in (
            planning(url, units=given.units),
            monitoring(url, units=given.units, months=given.months),
        ):
            print(json.dumps(here.meter.row(here.name), ensure_ascii=False), flush=True)
            here.engine.database.close()
        if profiler:
            profiler.disable()
            profiler.dump_stats(given.profile)


if __name__ == "__main__":
    main()
