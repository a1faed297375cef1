"""恢复办理: an instance that is over goes on at one of its last steps, and its caller counts it again."""

from sqlalchemy import Connection

from engine.bpmn.failures import IllegalMove
from engine.runtime.instances.terminating import QUERIES
from engine.runtime.steps.rows import InstanceRow
from engine.runtime.steps.step import RUNNING, Step


def last_steps(step: Step) -> list[str]:
    """The user tasks at which the instance may begin again, the last one that was open first."""
    rows = QUERIES.rows(step.connection, "last_steps", instance_id=step.row.id)
    visits, now = step.row.visits, dict[str, list[str]]()
    for one in visits.elements.keys() & step.version.drawn.elements.keys():
        for name in visits.names_of(one):
            now.setdefault(name, []).append(one)
    found = [one for row in rows for one in now.get(row["element_id"], ())]
    return [one for one in dict.fromkeys(found) if _possible(step, one)]


def _possible(step: Step, element_id: str) -> bool:
    try:
        step.execution.reopening(element_id)
    except IllegalMove:
        return False
    return True


def begin_again(step: Step, target: str) -> None:
    """Put the token at `target`; the caller finishes the step. The rows of before are gone already."""
    row = step.row
    row.status, row.ended_at, row.result_json = RUNNING, None, None
    step.before = {}
    step.held_before = frozenset()
    step.execution.reopen(target)


def run_again(step: Step) -> bool:
    """The last submission is taken back, by which the instance came to its end; False where its caller has
    gone on. The caller puts the tokens back."""
    row = step.row
    if row.parent_id is not None and not uncount(step.connection, row):
        return False
    row.status, row.ended_at, row.result_json = RUNNING, None, None
    return True


def waited_for(connection: Connection, row: InstanceRow) -> bool:
    """Does the caller of an ended child still wait, for others that were called with it?"""
    found = QUERIES.row(connection, "waiting_call", id=row.fan_out_id)
    return found is not None


def uncount(connection: Connection, row: InstanceRow) -> bool:
    """The caller waits for this child too again; False when it has gone on meanwhile."""
    terminated = 0 if row.status == "completed" else 1
    return QUERIES.run(connection, "uncount_child", id=row.fan_out_id, terminated=terminated) == 1


def take_key_again(connection: Connection, instance_id: str) -> bool:
    """The business key that a withdrawn instance gave up is its own again; False when another has it."""
    key = QUERIES.row(connection, "key", id=instance_id)
    if key is None or not key["freed"]:
        return True
    return QUERIES.run(connection, "take_key_again", id=instance_id) == 1
