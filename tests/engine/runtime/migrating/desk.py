"""What the tests of migration do again and again: plan, move, move back, and look at all rows."""

from typing import Any

from sqlalchemy import text

from engine.runtime.checks.whole import faults_in, steady
from engine.runtime.migrating.bulk import Settled, carry_out, give_order, read_order, take_back
from engine.runtime.migrating.moving import Checked, check
from engine.runtime.migrating.plan import Plan, plan_of
from engine.runtime.setup import Actor
from tests.engine.runtime.world import World

BY = Actor("p0", "李设计")
QUERIES = {
    "instance": "select state, visits_json, definition_version_id, status from instance order by id",
    "items": "select id, definition_version_id, element_id, wait_key, round, unit_id, post_key, assignee_id,"
    " due_on, due_at, order_at, created_at, search_text, matter, meant_post_key, back_to, returned_from"
    " from work_item order by id",
    "timers": "select wait_key, element_id, due_at from timer order by instance_id, wait_key",
    "messages": "select wait_key, element_id, name, correlation_key from subscription order by wait_key",
    "signals": "select wait_key, element_id, name from signal_subscription order by wait_key",
    "fan_outs": "select wait_key, element_id, remaining, state from fan_out order by wait_key",
    "reminders": "select kind, due_at from reminder order by due_at",
    "variables": "select scope_id, name, value_text from variable order by instance_id, scope_id, name",
}


def plan(world: World, old: int = 1, new: int = 2, **mapping: str) -> Plan:
    with world.engine.database.read() as connection:
        return plan_of(connection, world.engine.definitions, "planning", old=old, new=new, mapping=mapping)


def checked(world: World, plan: Plan, instance_id: str) -> Checked:
    with world.engine.database.read() as connection:
        return check(world.engine.setup, connection, plan, instance_id)


def refused(world: World, plan: Plan, instance_id: str) -> list[tuple[str, str]]:
    """(element, rule) of all that stands in the way; moving it must say the same and change nothing."""
    found = checked(world, plan, instance_id)
    before = rows(world)
    _, done = migrate(world, plan, instance_id)
    assert [one.state for one in done] == ["refused"]
    assert done[0].reason.startswith(found.obstacles[0].message)
    assert rows(world) == before
    return [(one.element, one.rule) for one in found.obstacles]


def migrate(world: World, plan: Plan, *instance_ids: str) -> tuple[str, list[Settled]]:
    setup = world.engine.setup
    with world.engine.database.write() as connection:
        order_id = give_order(setup, connection, plan, by=BY, instance_ids=instance_ids)
        order = read_order(setup, connection, order_id)
    found: list[Settled] = []
    carry_out(setup, order, by=BY, told=found.append)
    return order_id, found


def back(world: World, order_id: str) -> list[Settled]:
    with world.engine.database.read() as connection:
        order = read_order(world.engine.setup, connection, order_id)
    found: list[Settled] = []
    take_back(world.engine.setup, order, by=BY, told=found.append)
    return found


def rows(world: World) -> dict[str, list[dict[str, Any]]]:
    """All that stands behind the waits, but the versions of rows."""
    with world.engine.database.read() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(sql)).mappings()]
            for name, sql in QUERIES.items()
        }


def broken(world: World) -> list[str]:
    """What `bihuan verify` would say: tokens against rows, chains, counters."""
    with world.engine.database.read() as connection:
        steady(connection)
        return [f"{fault.place}: {fault.message}" for fault in faults_in(world.engine.setup, connection)]
