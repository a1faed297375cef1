"""Run as a program: does one verb and stops for ever at a chosen point of the step, to be killed there.

Arguments: database URL, JSON with person id, item id, verb, request, and the point.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from engine.clock import VirtualClock
from engine.people.persons import person_of
from engine.runtime.engine import Engine
from engine.runtime.steps import finishing, opening, rows
from engine.store import Database
from engine.verbs import visit
from engine.verbs.door import act
from engine.verbs.visit import Request
from engine.work.bindings import Bindings
from tests.engine.runtime.world import BEGIN, accept_all

POINTS = ("history", "items", "audit", "saved", "committed")


def hang(*_args: Any, **_named: Any) -> None:
    """Say where, then wait for the end."""
    print("here", flush=True)
    time.sleep(600)


def after(place: Any, name: str) -> None:
    """Hang after the function `name` of a module has done its work."""
    plain: Callable[..., Any] = getattr(place, name)

    def done_then_hang(*args: Any, **named: Any) -> Any:
        plain(*args, **named)
        hang()

    setattr(place, name, done_then_hang)


def main() -> None:
    """Do the verb, and hang at the point."""
    url, said = sys.argv[1], json.loads(sys.argv[2])
    database = Database(url)
    bindings = Bindings(services={}, records={}, check_form=accept_all)
    engine = Engine(database, clock=VirtualClock(BEGIN), bindings=bindings)
    with database.read() as connection:
        person = person_of(connection, said["person"], on=date(2018, 3, 1))
    point = said["point"]
    if point == "history":
        after(visit, "write_events")
    elif point == "items":
        after(opening, "open_waits")
    elif point == "audit":
        after(finishing.chain, "append")
    elif point == "saved":
        after(rows, "save")
        finishing.save = rows.save  # type: ignore[attr-defined]
    act(engine, person, said["item"], said["verb"], Request(**said["request"]))
    hang()


if __name__ == "__main__":
    main()
