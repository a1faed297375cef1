"""kill -9 during a submission, at each point of the step, on both databases."""

import json
import subprocess
import sys

import pytest

from engine.audit.chain import broken_chains
from engine.store import Database
from tests.chaos.act_and_hang import POINTS
from tests.engine.runtime.world import World, build_world
from tests.engine.verbs.test_returning import JOINT


def kill_during(world: World, url: str, *, who: str, outcome: str, point: str) -> None:
    """Let another process submit the person's task, and kill it at `point`."""
    item = world.item(who)
    said = {
        "person": world.people[who],
        "item": item.item_id,
        "verb": "complete",
        "request": {"version": item.lock_version, "outcome": outcome},
        "point": point,
    }
    command = [sys.executable, "-m", "tests.chaos.act_and_hang", url, json.dumps(said)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "here"
        process.kill()
        assert process.wait() == -9


@pytest.mark.parametrize("point", POINTS)
def test_a_return_cut_off_by_a_kill_happens_once_or_not_at_all(
    database: Database, database_url: str, point: str
) -> None:
    world = build_world(database)
    world.deploy(planning=JOINT)
    instance = world.start()
    world.complete("kao")
    world.complete("cai", outcome="pass")
    before = world.said(instance)

    kill_during(world, database_url, who="fa", outcome="return", point=point)

    if point == "committed":
        assert world.inbox("fa") == []
    else:
        assert world.said(instance) == before
        world.complete("fa", outcome="return")
    assert world.inbox("wei") == []
    assert world.item("kao").element_id == "resolve"
    verbs = [(event.verb, event.element_id) for event in world.events(instance)]
    assert verbs.count(("complete", "legal")) == 1
    assert verbs.count(("supersede", "finance")) == 1
    assert verbs.count(("close", "planners")) == 1
    world.complete("kao")
    assert {who: world.item(who).round for who in ("cai", "fa", "wei")} == {"cai": 2, "fa": 2, "wei": 2}
    with database.read() as connection:
        assert broken_chains(connection) == []
