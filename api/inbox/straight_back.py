"""Work that a check of the diagram sends straight back: the page must not call it submitted."""

from engine.verbs.door import Answer
from engine.verbs.view import ItemView

CHECKED = "checked"
"""What the address of the new task says about why it is there."""


def sent_straight_back(task: ItemView, done: Answer) -> str:
    """The task that finishing `task` opened at once at the same step and the same desk; "" without one."""
    was = task.item
    return next(
        (
            one.item_id
            for one in done.opened
            if (one.element_id, one.unit_id, one.post_key) == (was.element_id, was.unit_id, was.post_key)
        ),
        "",
    )
