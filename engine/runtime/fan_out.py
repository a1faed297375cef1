"""Fan-out: many small child instances, made in batches; a counter says what remains."""

from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

from engine.feel import codec
from engine.jobs.queue import NewJob, defer
from engine.runtime.rows import lock_instance, read_context
from engine.runtime.setup import Setup
from engine.runtime.starting import NewInstance, Parent, start
from engine.runtime.step import NotRunning, open_step
from engine.runtime.terminating import terminate
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("fan_out.sql"))
BATCH = 200
"""The most children that one transaction makes."""


def spawn(setup: Setup, connection: Connection, fan_out_id: str) -> None:
    """Make the next children: a batch, or one when they run in turn."""
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or fan_out["state"] != "open":
        return
    parent = QUERIES.row(connection, "parent", id=fan_out["instance_id"])
    if parent is None:
        return
    around = _surroundings(connection, fan_out["instance_id"])
    items = cast(list[dict[str, Any]], codec.loads(fan_out["items_text"]))
    size = 1 if fan_out["sequential"] else BATCH
    last = min(fan_out["made"] + size, fan_out["total"])
    QUERIES.run(connection, "progress", id=fan_out_id, made=last)
    for index in range(fan_out["made"], last):
        _start_child(setup, connection, fan_out, parent, index=index, variables={**around, **items[index]})
    if last < fan_out["total"] and not fan_out["sequential"]:
        job = NewJob("spawn", fan_out["cycle_id"], fan_out["instance_id"], payload={"fan_out_id": fan_out_id})
        defer(connection, setup.queue, [job])


def _start_child(
    setup: Setup, connection: Connection, fan_out: Row, parent: Row, *, index: int, variables: dict[str, Any]
) -> None:
    latest = setup.definitions.latest(connection, "process", fan_out["process_key"])
    version = setup.definitions.process(connection, latest.id)
    calling = setup.definitions.process(connection, parent["definition_version_id"])
    start(
        setup,
        connection,
        NewInstance(
            version=version,
            cycle_id=fan_out["cycle_id"],
            year=parent["year"],
            variables=variables,
            business_key_text=calling.element(fan_out["element_id"]).properties.get("bihuan:businessKey"),
            parent=Parent(fan_out["instance_id"], parent["root_id"], fan_out["id"], index),
        ),
    )


def _surroundings(connection: Connection, instance_id: str) -> dict[str, Any]:
    rows = QUERIES.rows(connection, "surroundings", instance_id=instance_id)
    return {row["name"]: codec.loads(row["value_text"]) for row in rows}


def join(setup: Setup, connection: Connection, instance_id: str, fan_out_id: str) -> None:
    """All children have ended: collect their results in index order and move the parent on."""
    step = open_step(setup, connection, instance_id)
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or QUERIES.run(connection, "close", id=fan_out_id) != 1:
        return
    wait = step.before.get(fan_out["wait_key"])
    if wait is None:
        return
    rows = QUERIES.rows(connection, "results", fan_out_id=fan_out_id)
    step.execution.finish_children(wait.token, [read_context(row["result_text"]) for row in rows])
    step.finish(act=f"join:{wait.element}")


def cancel_children(setup: Setup, connection: Connection, fan_out_id: str) -> None:
    """End the children that still run; in batches, by further jobs."""
    rows = QUERIES.rows(connection, "running_children", fan_out_id=fan_out_id, row_limit=BATCH)
    for row in rows:
        try:
            terminate(open_step(setup, connection, row["id"]), reason="上级流程不再等待")
        except NotRunning:
            continue
    if len(rows) == BATCH:
        instance = lock_instance(connection, rows[0]["id"])
        job = NewJob("cancel_children", instance.cycle_id, payload={"fan_out_id": fan_out_id})
        defer(connection, setup.queue, [job])
