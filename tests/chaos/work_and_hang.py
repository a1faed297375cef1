"""Run as a program: runs the oldest due job, and stops for ever before its transaction ends.

Argument: the database's URL.
"""

import sys

from engine.clock import VirtualClock
from engine.jobs import queue
from engine.runtime import finishing, running
from engine.runtime.engine import Engine
from engine.store import Database
from engine.work.bindings import Bindings
from tests.chaos.act_and_hang import after
from tests.engine.runtime.world import BEGIN, accept_all


def main() -> None:
    """Run one job, and hang when everything is written but nothing committed."""
    database = Database(sys.argv[1])
    bindings = Bindings(services={}, records={}, check_form=accept_all)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=bindings)
    with database.read() as connection:
        job_id = queue.due(connection, limit=1)[0]
    after(finishing, "save")
    running.run_job(engine.setup, job_id)


if __name__ == "__main__":
    main()
