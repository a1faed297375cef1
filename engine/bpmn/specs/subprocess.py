"""Embedded subprocesses: a scope with tokens of its own."""

from typing import TYPE_CHECKING

from engine.bpmn.specs.activity import Activity
from engine.bpmn.specs.event_subprocess import attend

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class SubProcess(Activity):
    """STARTED while tokens run inside; the tree completes it when the last one has ended."""

    def execute(self, token: "Token") -> None:
        """Start inside."""
        attend(token.workflow, token)
        graph = token.workflow.process.graphs[self.element.id]
        for entry in graph.entries:
            token.workflow.place(entry, token)
