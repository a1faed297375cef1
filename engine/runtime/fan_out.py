"""Fan-out: many small child instances, made in batches; a counter says what remains."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.jobs.queue import NewJob, defer
from engine.runtime.closing import count_child
from engine.runtime.definitions import ProcessVersion
from engine.runtime.finishing import finish
from engine.runtime.rows import read_context, read_instance
from engine.runtime.setup import Setup
from engine.runtime.starting import AlreadyStarted, NewInstance, Parent, start_within
from engine.runtime.step import RUNNING, NotRunning, Step, look_at, open_step
from engine.runtime.terminating import terminate
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("fan_out.sql"))
BATCH = 200
"""The most children that one transaction makes."""
SURROUNDINGS = ("cycle", "assessor")
"""What every instance has, whatever the diagram maps."""


def spawn(
    setup: Setup, connection: Connection, fan_out_id: str, *, sender: str = "", careful: bool = False
) -> None:
    """Make the next children: a batch, or one when they run in turn; their first tasks come from `sender`.

    The caller holds the parent's lock. What each child starts with is cut from the parent's own state, so
    a fan-out keeps no copy of it.
    """
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or fan_out["state"] != "open":
        return
    parent = look_at(setup, connection, read_instance(connection, fan_out["instance_id"]))
    wait = parent.before.get(fan_out["wait_key"])
    if wait is None or wait.children is None:
        return
    first, size = fan_out["made"], 1 if fan_out["sequential"] else BATCH
    last = min(first + size, fan_out["total"])
    QUERIES.run(connection, "progress", id=fan_out_id, made=last)
    latest = setup.definitions.latest(connection, "process", fan_out["process_key"])
    version = setup.definitions.process(connection, latest.id)
    for index, variables in enumerate(wait.children[first:last], first):
        child = _child(parent, fan_out, version, index=index, variables=variables)
        _start_or_adopt(setup, connection, replace(child, sender=sender), careful=careful)
    if last < fan_out["total"] and not fan_out["sequential"]:
        payload = {"fan_out_id": fan_out_id, "sender": sender}
        job = NewJob("spawn", fan_out["cycle_id"], fan_out["instance_id"], payload=payload)
        defer(connection, setup.queue, [job])


def _start_or_adopt(setup: Setup, connection: Connection, child: NewInstance, *, careful: bool) -> None:
    """Start a child; where somebody started the same by hand before, that instance is waited for instead.

    Raises AlreadyStarted when the one that there is belongs to another call.
    """
    parent = child.parent
    assert parent is not None  # `_child` gives one
    try:
        start_within(setup, connection, child, careful=careful)
    except AlreadyStarted as twice:
        place = {
            "fan_out_id": parent.fan_out_id,
            "parent_id": parent.instance_id,
            "child_index": parent.index,
        }
        found = QUERIES.row(connection, "adopt", id=twice.instance_id, **place)
        if found is None:
            raise
        if found["status"] != RUNNING:
            count_child(
                setup,
                connection,
                parent.fan_out_id,
                cycle_id=child.cycle_id,
                parent_id=parent.instance_id,
                sender=child.sender,
            )


def _child(
    parent: Step, fan_out: Row, version: ProcessVersion, *, index: int, variables: dict[str, Any]
) -> NewInstance:
    around = parent.execution.variables_of(None)
    surroundings = {name: around[name] for name in SURROUNDINGS if name in around}
    caller = parent.version.element(fan_out["element_id"])
    return NewInstance(
        version=version,
        cycle_id=fan_out["cycle_id"],
        year=parent.row.year,
        variables={**surroundings, **variables},
        business_key_text=caller.properties.get("bihuan:businessKey"),
        parent=Parent(parent.row.id, parent.row.root_id, fan_out["id"], index),
    )


def join(step: Step, fan_out_id: str) -> None:
    """All children have ended: collect their results in index order and move the parent (`step`) on."""
    connection = step.connection
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or QUERIES.run(connection, "close", id=fan_out_id) != 1:
        return
    wait = step.before.get(fan_out["wait_key"])
    if wait is None:
        return
    rows = QUERIES.rows(connection, "results", fan_out_id=fan_out_id)
    step.execution.finish_children(wait.token, [read_context(row["result_text"]) for row in rows])
    finish(step, act=f"join:{wait.element}")


def cancel_children(setup: Setup, connection: Connection, fan_out_id: str) -> None:
    """End the children that still run; in batches, by further jobs."""
    rows = QUERIES.rows(connection, "running_children", fan_out_id=fan_out_id, row_limit=BATCH)
    for row in rows:
        try:
            terminate(open_step(setup, connection, row["id"]), reason="上级流程不再等待")
        except NotRunning:
            continue
    if len(rows) == BATCH:
        fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
        assert fan_out is not None  # its children have just been read
        place = {"instance_id": fan_out["instance_id"], "payload": {"fan_out_id": fan_out_id}}
        defer(connection, setup.queue, [NewJob("cancel_children", fan_out["cycle_id"], **place)])
