"""Fan-out: many small child instances, made in batches; a counter says what remains."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from engine.bpmn.failures import ExecutionFailed
from engine.bpmn.script import is_feel
from engine.jobs.queue import NewJob, defer
from engine.people.together import asked_together
from engine.runtime.calls.counting import Over, count_child
from engine.runtime.definitions.versions import ProcessVersion
from engine.runtime.instances.terminating import end_with_caller, terminate
from engine.runtime.setup import Setup
from engine.runtime.steps.finishing import finish
from engine.runtime.steps.rows import lock_instance, read_context, read_instance
from engine.runtime.steps.sharing import Sharing
from engine.runtime.steps.starting import AlreadyStarted, NewInstance, Parent, start_within
from engine.runtime.steps.step import RUNNING, Step, look_at
from engine.store import Queries, Row

QUERIES = Queries(Path(__file__).with_name("fan_out.sql"))
BATCH = 200
"""The most children that one transaction makes, or ends."""
HANDFUL = 50
"""So many children are begun before anybody waits for what the database says to all of them."""
DEEPEST = 50
"""So many calls may lie in each other; a process that goes on calling itself is stopped there."""
LONGEST_SECONDS = 0.25
"""A transaction that has made children for so long leaves the others to the next: nobody waits to write."""
DECIDED = "decided"
"""Enough children have come; the others are no longer waited for."""
SURROUNDINGS = ("cycle", "assessor")
"""What every instance has, whatever the diagram maps."""


class CallsTooDeep(ExecutionFailed):
    """Calls lie too deep in each other. A drawn circle is refused at deployment, a computed one here."""

    code = "calls-too-deep"


@dataclass(frozen=True)
class Batch:
    """What the children that one transaction makes have in common."""

    fan_out: Row
    parent: Step
    version: ProcessVersion
    sender: str
    surroundings: dict[str, Any]
    first: bool
    """No other call has made instances of this process under this root: nobody has a round behind them."""

    def units_of(self, given: Iterable[Mapping[str, Any]]) -> set[str]:
        """The units that children with these variables will probably be about."""
        text = self.version.drawn.properties.get("bihuan:subject")
        if text is None:
            return set()
        found = set()
        for variables in given:
            with suppress(Exception):  # whatever is wrong with it is said where the child begins
                found.add(self.parent.execution.evaluate(None, text, extra=variables))
        return {unit for unit in found if isinstance(unit, str)}

    def child(self, index: int, variables: dict[str, Any]) -> NewInstance:
        """The child of this number."""
        row = self.parent.row
        caller = self.parent.version.element(self.fan_out["element_id"])
        return NewInstance(
            version=self.version,
            cycle_id=self.fan_out["cycle_id"],
            year=row.year,
            variables={**self.surroundings, **variables},
            business_key_text=caller.properties.get("bihuan:businessKey"),
            parent=Parent(row.id, row.root_id, self.fan_out["id"], index, self.first),
            sender=self.sender,
        )


def spawn(
    setup: Setup, connection: Connection, fan_out_id: str, *, sender: str = "", careful: bool = False
) -> None:
    """Make the next children: a batch, or one when they run in turn; their first tasks come from `sender`.

    The caller holds the parent's lock. What each child starts with is cut from the parent's own state, so
    a fan-out keeps no copy of it. Raises `CallsTooDeep`.
    """
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or fan_out["state"] != "open":
        return
    parent = look_at(setup, connection, read_instance(connection, fan_out["instance_id"]))
    wait = parent.before.get(fan_out["wait_key"])
    if wait is None or wait.children is None:
        return
    _check_depth(connection, parent, fan_out)
    latest = setup.definitions.latest(connection, "process", fan_out["process_key"])
    around = parent.execution.variables_of(None)
    surroundings = {name: around[name] for name in SURROUNDINGS if name in around}
    version = setup.definitions.process(connection, latest.id)
    batch = Batch(fan_out, parent, version, sender, surroundings, _is_first(connection, fan_out, parent))
    first = made = fan_out["made"]
    last = min(first + (1 if fan_out["sequential"] else BATCH), fan_out["total"])
    sharing, until = Sharing(connection, fan_out["cycle_id"]), monotonic() + LONGEST_SECONDS
    alike = wait.children.alike()
    while made < last and (made == first or monotonic() < until):
        some = range(made, min(made + HANDFUL, last))
        given = {number: sharing.of(wait.children[number], alike) for number in some}
        made = _start_handful(setup, connection, batch, given, until=until, careful=careful)
    QUERIES.send(connection, "progress", id=fan_out_id, made=made)
    if made < fan_out["total"] and not fan_out["sequential"]:
        payload = {"fan_out_id": fan_out_id, "sender": sender}
        job = NewJob("spawn", fan_out["cycle_id"], fan_out["instance_id"], payload=payload)
        defer(connection, setup.queue, [job])


def _check_depth(connection: Connection, parent: Step, fan_out: Row) -> None:
    """A circle has a call in it whose process is computed: only there it is counted."""
    caller = parent.version.element(fan_out["element_id"])
    if fan_out["made"] or not is_feel(caller.called_process or ""):
        return
    found = QUERIES.row(connection, "depth", id=parent.row.id, deepest=DEEPEST)
    if found is not None and found["depth"] >= DEEPEST:
        said = f"流程的调用已经有 {DEEPEST} 层，不再往下调用：它可能在反复调用自己"
        raise CallsTooDeep(said, element=caller.id)


def _start_handful(
    setup: Setup,
    connection: Connection,
    batch: Batch,
    given: dict[int, dict[str, Any]],
    *,
    until: float,
    careful: bool,
) -> int:
    """Start the children of these numbers, at least one; the number of the next.

    What all of them need is asked together, and what is only looked at afterwards waits until all have begun.
    """
    later: list[Callable[[], None]] = []
    made = first = min(given)
    with asked_together(connection, batch.units_of(given.values())):
        for number, variables in given.items():
            if number > first and monotonic() >= until:
                break
            child = replace(batch.child(number, variables), later=later)
            _start_or_adopt(setup, connection, child, careful=careful)
            made = number + 1
    for look in later:
        look()
    return made


def _is_first(connection: Connection, fan_out: Row, parent: Step) -> bool:
    place = {name: fan_out[name] for name in ("cycle_id", "process_key")}
    found = QUERIES.row(
        connection, "outside_the_call", root_id=parent.row.root_id, fan_out_id=fan_out["id"], **place
    )
    return found is None


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
        if found is None and _given_up(connection, twice.instance_id, parent.fan_out_id):
            start_within(setup, connection, child, careful=careful)
            return
        if found is None:
            raise
        if found["status"] != RUNNING:
            over = Over(
                parent.fan_out_id,
                child.cycle_id,
                parent.instance_id,
                completed=found["status"] == "completed",
                results=read_context(found["result_text"] or "{}"),
                sender=child.sender,
            )
            count_child(setup, connection, over)


def _given_up(connection: Connection, instance_id: str, fan_out_id: str) -> bool:
    """The same was started for a round of this very call that is over, or for a call that waits no more: it
    gives up its key to the new one."""
    given = QUERIES.run(connection, "give_up_key", id=instance_id, fan_out_id=fan_out_id)
    return given == 1


def join(step: Step, fan_out_id: str) -> None:
    """All children have ended: collect their results in index order and move the parent (`step`) on."""
    connection = step.connection
    fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
    if fan_out is None or QUERIES.run(connection, "close", id=fan_out_id) != 1:
        return
    wait = step.before.get(fan_out["wait_key"])
    if wait is None:
        return
    results: list[dict[str, Any] | None] = [None] * int(fan_out["total"])
    for row in QUERIES.rows(connection, "results", fan_out_id=fan_out_id):
        if row["result_text"] is not None:
            results[row["child_index"]] = read_context(row["result_text"])
    step.execution.finish_children(wait.token, results)
    if fan_out["state"] == DECIDED:
        _defer_cancelling(step.setup, connection, fan_out)
    finish(step, act=f"join:{wait.element}")


def cancel_children(
    setup: Setup, connection: Connection, fan_out_id: str, *, because: Row | None = None
) -> None:
    """End the children that still run; in batches, by further jobs. `because`: by which act of a person."""
    rows = QUERIES.rows(connection, "running_children", fan_out_id=fan_out_id, row_limit=BATCH)
    until, ended = monotonic() + LONGEST_SECONDS, 0
    for row in rows:
        if ended and monotonic() > until:
            break
        child = look_at(setup, connection, lock_instance(connection, row["id"]))
        if because is None:
            terminate(child, reason="上级流程不再等待")
        else:
            end_with_caller(child, because)
        ended += 1
    if ended < len(rows) or len(rows) == BATCH:
        fan_out = QUERIES.row(connection, "lock", id=fan_out_id)
        assert fan_out is not None  # its children have just been read
        _defer_cancelling(setup, connection, fan_out, because)


def _defer_cancelling(setup: Setup, connection: Connection, fan_out: Row, because: Row | None = None) -> None:
    payload = {"fan_out_id": fan_out["id"], "because": because}
    place = {"instance_id": fan_out["instance_id"], "payload": payload}
    defer(connection, setup.queue, [NewJob("cancel_children", fan_out["cycle_id"], **place)])
