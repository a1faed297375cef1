"""A child is over: what remains is counted in SQL, and whether enough have come is asked of its own result.

Neither looks at the parent's state or at other children, so the ten-thousandth costs what the first did.
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.execution import Wait
from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.later import Later
from engine.bpmn.model import Element
from engine.bpmn.specs.call_activity import enough
from engine.feel import codec
from engine.ids import new_id
from engine.jobs.queue import NewJob, defer
from engine.runtime.functions import functions_for
from engine.runtime.setup import Setup
from engine.runtime.steps.rows import read_context
from engine.runtime.steps.sharing import stored_value
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("counting.sql"))


@dataclass(frozen=True)
class Over:
    """A child instance that has ended: `completed`, or ended before its diagram did."""

    fan_out_id: str
    cycle_id: str
    parent_id: str
    completed: bool
    results: Mapping[str, Any]
    sender: str = ""


def fan_out_row(instance_id: str, cycle_id: str, key: str, wait: Wait, element: Element) -> Row:
    """The row of a fan-out that begins: how many, and what will be asked when one of them ends."""
    loop, total = element.loop, len(wait.children or [])
    conditional = loop is not None and loop.completion_condition is not None
    return {
        "id": new_id(),
        "cycle_id": cycle_id,
        "instance_id": instance_id,
        "wait_key": key,
        "element_id": wait.element,
        "process_key": wait.process_id,
        "total": total,
        "made": 0,
        "remaining": total,
        "terminated": 0,
        "sequential": wait.sequential,
        "state": "open",
        "scopes_json": list(wait.scopes) if conditional else None,
        "reads_text": _reads(element),
    }


def _reads(element: Element) -> str | None:
    """The expressions that read a child's result; None when the parent takes all of it."""
    loop, outputs = element.loop, [mapping.source for mapping in element.outputs]
    if loop is None:
        return "\n".join(outputs) if outputs or not element.propagate_all_child else None
    asked = [loop.output_element if loop.output_collection else None, loop.completion_condition]
    expressions = [text for text in asked if text]
    return "\n".join([*outputs, *expressions]) if expressions else ""


def count_child(setup: Setup, connection: Connection, child: Over) -> dict[str, Any] | None:
    """The counter goes down; the last child, or enough of them, let the parent go on, one in turn the next.

    Answers what of the child's results the parent will read; None when it no longer waits for any.
    """
    counted = QUERIES.row(
        connection, "child_ended", id=child.fan_out_id, terminated=0 if child.completed else 1
    )
    if counted is None or counted["state"] != "open":
        return None
    reads = counted["reads_text"]
    kept = {name: child.results[name] for name in child.results if reads is None or name in reads}
    payload = {"fan_out_id": child.fan_out_id, "sender": child.sender}
    if counted["remaining"] == 0:
        _queue(setup, connection, child, "join", payload)
    elif counted["scopes_json"] is not None and child.completed:
        try:
            decided = judge(setup, connection, counted, kept)
        except ExecutionFailed:  # the parent's fault, not the child's: told where the parent stands
            _queue(setup, connection, child, "judge", {**payload, "results": codec.dumps(kept)})
        else:
            _go_on(setup, connection, child, counted, decided=decided)
    else:
        _go_on(setup, connection, child, counted, decided=False)
    return kept


def judge_again(setup: Setup, connection: Connection, fan_out_id: str, results: str, *, sender: str) -> None:
    """A condition that could not be told when the child ended. Raises what it raises now."""
    counted = QUERIES.row(connection, "counted", id=fan_out_id)
    if counted is None or counted["state"] != "open":
        return
    decided = judge(setup, connection, counted, read_context(results))
    child = Over(fan_out_id, counted["cycle_id"], counted["instance_id"], True, {}, sender)
    _go_on(setup, connection, child, counted, decided=decided)


def judge(setup: Setup, connection: Connection, counted: Row, results: Mapping[str, Any]) -> bool:
    """Does the completion condition hold, now that one more child has come with `results`?

    It sees that result, the standard's counters, and the parent's variables as they are now.
    """
    parent = QUERIES.row(connection, "parent", id=counted["instance_id"])
    assert parent is not None  # a fan-out belongs to an instance
    version = setup.definitions.process(connection, parent["definition_version_id"])
    element = version.element(counted["element_id"])
    rows = QUERIES.rows(
        connection, "read_by", instance_id=counted["instance_id"], text=counted["reads_text"] or ""
    )
    scopes: dict[str, dict[str, Any]] = {scope: {} for scope in counted["scopes_json"]}
    for row in rows:
        if row["scope_id"] in scopes:
            value = stored_value(connection, row["value_text"])
            scopes[row["scope_id"]][row["name"]] = value.value() if isinstance(value, Later) else value
    context = ChainMap(_counters(counted), dict(results), *scopes.values())
    functions = functions_for(setup, connection, parent["assessor_id"], cycle_id=counted["cycle_id"])
    return enough(version.process, element, dict(context), functions=functions)


def _counters(counted: Row) -> dict[str, Any]:
    """What the standard says of a multi-instance, for the condition. Those not made yet are not active."""
    over = counted["total"] - counted["remaining"]
    begun = max(counted["made"], over)
    return {
        "numberOfInstances": Decimal(counted["total"]),
        "numberOfActiveInstances": Decimal(begun - over),
        "numberOfCompletedInstances": Decimal(over - counted["terminated"]),
        "numberOfTerminatedInstances": Decimal(counted["terminated"]),
    }


def _go_on(setup: Setup, connection: Connection, child: Over, counted: Row, *, decided: bool) -> None:
    payload = {"fan_out_id": child.fan_out_id, "sender": child.sender}
    if decided:
        QUERIES.send(connection, "decide", id=child.fan_out_id)
        _queue(setup, connection, child, "join", payload)
    elif counted["sequential"]:
        _queue(setup, connection, child, "spawn", payload)


def _queue(setup: Setup, connection: Connection, child: Over, kind: str, payload: dict[str, Any]) -> None:
    defer(connection, setup.queue, [NewJob(kind, child.cycle_id, child.parent_id, payload=payload)])
