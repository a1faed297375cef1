"""退回: a task that was sent back says so when it opens, at once or later, and where from and why.

Between the return and the task's next visit there may be a service, or other tasks of its block that begin
anew: the mark waits with the instance until the task opens.
"""

from engine.runtime.steps.rows import Mark
from engine.runtime.steps.step import Returned, Step


def mark_of(step: Step, element_id: str) -> Returned | None:
    """How the task that opens now was sent back; it waits no longer. None when it was not."""
    waiting = step.row.visits.returned.get(element_id)
    put(step, element_id, None)
    if step.returned is not None and step.returned.target == element_id:
        return step.returned
    return read(element_id, waiting)


def keep(step: Step) -> None:
    """The task that was sent back is not open yet: its mark waits. Not where it went straight on instead."""
    returned, opened = step.returned, {row["element_id"] for row in step.opened}
    if returned is not None and not opened & {returned.target, returned.from_element}:
        put(step, returned.target, written(returned))


def put(step: Step, element_id: str, mark: Mark | None) -> None:
    """Let a mark wait for a task, or none; what was there is kept, so that it can be undone (撤回)."""
    waiting = step.row.visits.returned
    before = waiting.get(element_id)
    if before == mark:
        return
    step.marks_before.setdefault(element_id, before)
    if mark is None:
        del waiting[element_id]
    else:
        waiting[element_id] = mark


def written(returned: Returned | None) -> Mark | None:
    """A mark as it is stored: from which element, the reason's id, straight back or not."""
    return None if returned is None else [returned.from_element, returned.reason_id, returned.straight_back]


def read(element_id: str, mark: Mark | None) -> Returned | None:
    """The mark of the task `element_id` as it was stored."""
    return None if mark is None else Returned(element_id, *mark)
