"""What a unit's year weighs on PostgreSQL: `python -m tests.bench.sizes [--units 6 18] [--per-year 1000000]`.

Simulates a whole year for two cities of different size, and takes the difference between them, so that what
every installation has once (definitions, posts, the profile) does not count. Prints one JSON line with what
one unit's year adds (rows, bytes, log, commits, tasks), then one for each number of units a year: what that
comes to. The projection is arithmetic on these figures; what it assumes stands in this file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests import postgres

SETTINGS = {"fsync": "on", "full_page_writes": "on", "autovacuum": "on", "wal_level": "replica"}
TABLES = """
select c.relname as name, c.reltuples::bigint as rows, pg_table_size(c.oid) as bytes,
  pg_indexes_size(c.oid) as index_bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = 'public' and c.reltuples > 0
"""
ENGINE = ("instance", "variable", "work_event", "work_text", "audit_entry", "notification", "file")
BUSY_SHARE, BUSY_DAYS, HOURS = 0.5, 20, 8
"""Assumed: half of a year's work falls into its twenty busiest days of eight hours."""
BIHUAN = Path(sys.executable).with_name("bihuan")


@dataclass(frozen=True)
class Weight:
    """What a database holds after a year, and what it took."""

    rows: dict[str, int]
    bytes: dict[str, int]
    index_bytes: int
    log_bytes: int
    commits: int
    tasks: int

    @property
    def all_bytes(self) -> int:
        """Tables and indexes."""
        return sum(self.bytes.values()) + self.index_bytes


def main() -> None:
    """Measure two cities, and project."""
    arguments = argparse.ArgumentParser(description="What a unit's year weighs on PostgreSQL")
    arguments.add_argument("--units", type=int, nargs=2, default=(6, 18))
    sizes = [10**5, 10**6, 10**7]
    arguments.add_argument("--per-year", type=int, nargs="+", default=sizes, help="units a year")
    given = arguments.parse_args()
    few, many = (weigh(units) for units in given.units)
    one = unit_year(few, many, given.units[1] - given.units[0])
    print(json.dumps(one), flush=True)
    for units in given.per_year:
        print(json.dumps(projected(one, units)), flush=True)


def weigh(units: int) -> Weight:
    """Simulate a year of `units` units on a cluster of its own."""
    with tempfile.TemporaryDirectory() as folder, postgres.private_cluster(**SETTINGS) as cluster:
        engine = create_engine(cluster, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("create database city"))
        city = make_url(cluster).set(database="city").render_as_string(hide_password=False)
        command = [str(BIHUAN), "simulate", "--profile", "zhangjiajie_2009", "--year", "2009", "--seed", "7"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        subprocess.run(
            [*command, "--units", str(units), "--database", city],
            cwd=folder,
            env=kept,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        engine.dispose()
        return _read(city)


def _read(city: str) -> Weight:
    engine = create_engine(city, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        log = connection.execute(text("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")).scalar_one()
        connection.execute(text("vacuum full"))
        connection.execute(text("analyze"))
        tables = connection.execute(text(TABLES)).all()
        found = Weight(
            rows={row.name: row.rows for row in tables},
            bytes={row.name: row.bytes for row in tables},
            index_bytes=sum(row.index_bytes for row in tables),
            log_bytes=int(log),
            commits=int(
                connection.execute(
                    text("select xact_commit from pg_stat_database where datname = current_database()")
                ).scalar_one()
            ),
            tasks=int(
                connection.execute(
                    text("select count(*) from work_event where verb in ('complete', 'register_for')")
                ).scalar_one()
            ),
        )
    engine.dispose()
    return found


def unit_year(few: Weight, many: Weight, units: int) -> dict[str, object]:
    """What one more unit adds to a year."""

    def more(a: int, b: int) -> float:
        return round((b - a) / units, 1)

    rows = {name: more(few.rows.get(name, 0), many.rows[name]) for name in ENGINE}
    each = {name: round(many.bytes[name] / many.rows[name]) for name in ENGINE}
    return {
        "unit_year": {
            "tasks": more(few.tasks, many.tasks),
            "commits": more(few.commits, many.commits),
            "bytes": round(more(few.all_bytes, many.all_bytes)),
            "index_bytes": round(more(few.index_bytes, many.index_bytes)),
            "log_bytes": round(more(few.log_bytes, many.log_bytes)),
            "engine_bytes": round(
                more(sum(few.bytes[name] for name in ENGINE), sum(many.bytes[name] for name in ENGINE))
            ),
        },
        "rows_a_unit_year": rows,
        "bytes_a_row": each,
    }


def projected(one: dict[str, object], units: int) -> dict[str, object]:
    """What so many units a year come to."""
    each = one["unit_year"]
    assert isinstance(each, dict)
    busy_seconds = BUSY_DAYS * HOURS * 3600 / BUSY_SHARE
    return {
        "units_a_year": units,
        "gigabytes_a_year": round(each["bytes"] * units / 1e9, 1),
        "of_it_indexes": round(each["index_bytes"] * units / 1e9, 1),
        "log_gigabytes_a_year": round(each["log_bytes"] * units / 1e9, 1),
        "million_tasks_a_year": round(each["tasks"] * units / 1e6, 2),
        "busy_tasks_a_second": round(each["tasks"] * units / busy_seconds, 1),
        "busy_commits_a_second": round(each["commits"] * units / busy_seconds, 1),
        "busy_log_megabytes_a_second": round(each["log_bytes"] * units / busy_seconds / 1e6, 2),
    }


if __name__ == "__main__":
    main()
