"""Work that a check of the diagram sends straight back: the page must not call it submitted."""

from engine.bpmn.model import ProcessModel
from engine.verbs.door import Answer
from engine.verbs.showing.view import ItemView

CHECKED = "checked"
"""What the address of the new task says about why it is there."""


def sent_straight_back(task: ItemView, done: Answer) -> str:
    """The task that finishing `task` opened at once at the same step and the same desk; "" without one.

    Where the way back leads over gateways only, nothing was checked: who finished the step chose to go on
    with it (继续整改), and it is submitted.
    """
    was = task.item
    again = [
        one.item_id
        for one in done.opened
        if (one.element_id, one.unit_id, one.post_key) == (was.element_id, was.unit_id, was.post_key)
    ]
    if not again or goes_on_by_choice(task.version.model.processes[was.process_key], was.element_id):
        return ""
    return again[0]


def goes_on_by_choice(process: ProcessModel, start: str) -> bool:
    """Whether a step leads back to itself over nothing but gateways."""
    ways, seen = [start], set[str]()
    while ways:
        here = process.elements[ways.pop()]
        for flow in here.outgoing:
            target = process.flows[flow].target
            if target == start:
                return True
            if target not in seen and process.elements[target].kind.endswith("Gateway"):
                seen.add(target)
                ways.append(target)
    return False
