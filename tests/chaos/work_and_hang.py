"""Run as a program: claims what is due as a worker does, and hangs before its first transaction ends.

Argument: the database's URL.
"""

import sys

from engine.clock import VirtualClock
from engine.runtime.background.working import Working
from engine.runtime.engine import Engine
from engine.runtime.steps import finishing
from engine.store import Database
from engine.work.bindings import Bindings
from tests.chaos.act_and_hang import after
from tests.engine.runtime.world import BEGIN, accept_all


def main() -> None:
    """Claim every job, run one, and hang when everything is written but nothing committed."""
    database = Database(sys.argv[1])
    bindings = Bindings(services={}, records={}, check_form=accept_all)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=bindings)
    after(finishing, "save")
    Working(engine.setup).work()


if __name__ == "__main__":
    main()
