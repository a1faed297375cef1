"""Timers, subscriptions and fan-outs of an instance that changes its version, in line with its waits."""

from collections.abc import Mapping

from engine.bpmn.execution import Wait
from engine.jobs.queue import defer
from engine.runtime.events import messages, signals
from engine.runtime.migrating.items import QUERIES
from engine.runtime.steps.closing import cancel_jobs
from engine.runtime.steps.opening import timer_row
from engine.runtime.steps.step import Step
from engine.store import insert_rows
from engine.store.sql import delete_rows

RENAMED = {
    "timer": "rename_timer",
    "message": "rename_subscription",
    "signal": "rename_signal",
    "children": "rename_fan_out",
}


def rewire(step: Step, before: Mapping[str, Wait], after: Mapping[str, Wait]) -> None:
    """Rows of the waits that are there in both versions; those that come or go are the step's business.

    Raises AlreadySubscribed.
    """
    anew = {
        key: wait for key, wait in after.items() if key in before and awaited(before[key]) != awaited(wait)
    }
    for key in anew:
        _wait_no_more(step, key)
    for key, wait in anew.items():
        _wait_anew(step, key, wait)
    for key, wait in after.items():
        old = before.get(key)
        if old is None or key in anew:
            continue
        if old.element != wait.element and wait.kind in RENAMED:
            place = {"instance_id": step.row.id, "wait_key": key}
            QUERIES.run(step.connection, RENAMED[wait.kind], element_id=wait.element, **place)


def awaited(wait: Wait) -> tuple[object, ...]:
    """What somebody waits for, whatever the element is called."""
    return (wait.due_at, wait.message, wait.correlation_key, wait.signal)


def _wait_no_more(step: Step, key: str) -> None:
    """What was on its way for the old wait (a timer that just fired, a message) does not count now."""
    cancel_jobs(step, key)
    for table in ("timer", "subscription", "signal_subscription"):
        delete_rows(step.connection, table, instance_id=step.row.id, wait_key=[key])


def _wait_anew(step: Step, key: str, wait: Wait) -> None:
    if wait.kind == "timer":
        insert_rows(step.connection, "timer", [timer_row(step, key, wait)])
    elif wait.kind == "message":
        defer(step.connection, step.setup.queue, messages.subscribe(step, key, wait))
    elif wait.kind == "signal":
        signals.subscribe(step, {key: wait})
