"""`python -m tests.bench.scale [--only fanout|loop|parallel|timers|messages …] [--database URL] [--small]`.

Each number that the engine promises about size is measured in one run: JSON lines as they come, then a
table that says which were reached. The database is a fresh one on SQLite, or on PostgreSQL with `--home`;
`--database` names one that may be filled. `--small` runs a tenth of everything, to see that it runs.
"""

import argparse
import gc
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from api.commands.line import spare_the_collector
from tests.bench.scale.fanout import fan_out
from tests.bench.scale.figures import Figure, table
from tests.bench.scale.looping import loop, parallel
from tests.bench.scale.town import Town, open_town
from tests.bench.scale.waiting import messages, timers
from tests.databases import HOMES, Templates, create_schema

PARTS: Mapping[str, Callable[[Town], Iterator[Figure]]] = {
    "parallel": parallel,
    "timers": timers,
    "messages": messages,
    "loop": loop,
    "fanout": fan_out,
}


def main() -> int:
    """Measure, print, and answer 1 when a number was missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    arguments.add_argument("--database", help="the URL of a database that may be filled")
    arguments.add_argument("--home", choices=HOMES, default="sqlite")
    arguments.add_argument("--small", action="store_true")
    given = arguments.parse_args()
    found: list[Figure] = []
    for name in given.only:
        with fresh(given.home, given.database) as url, open_town(url, small=given.small) as town:
            gc.collect()
            spare_the_collector()  # as every command of `bihuan` does when it is loaded
            for figure in PARTS[name](town):
                found.append(figure)
                print(json.dumps(figure.row() | {"part": name, "load": os.getloadavg()[0]}), flush=True)
    print(table(found))
    return 0 if all(figure.reached for figure in found) else 1


@contextmanager
def fresh(home: str, database: str | None) -> Iterator[str]:
    """The URL of a migrated database: a new one, gone afterwards, unless one is named."""
    if database:
        create_schema(database)
        yield database
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        Templates(Path(folder)).copy(home, Path(folder) / "copy") as url,
    ):
        yield url


if __name__ == "__main__":
    raise SystemExit(main())
