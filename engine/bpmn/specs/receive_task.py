"""Receive tasks: an activity that waits for a message."""

from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.catching import CatchEvent


class ReceiveTask(CatchEvent, Activity):
    """Catches like an event, and may carry boundary events like a task."""
